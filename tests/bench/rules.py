"""The 60 rules of a report of 250 questions, judged as its page judges them, against the same arithmetic written in plain Python
by somebody who knows that every value is there."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from reporting.enums import Frequency, Measure, QuestionKind, Severity
from reporting.models import DefinitionVersion, Indicator, Question, Rule
from reporting.periods import parse_period
from reporting.queries.content import Content
from reporting.queries.definitions import Questionnaire
from reporting.queries.findings import rule_findings
from reporting.queries.priors import Priors
from tests.bench.harness import Figure, in_turns

QUESTIONS, RULES, TO_REACH = 250, 60, 5
REPORTS = 5
CODES = [f"N{number:03}" for number in range(QUESTIONS)]
NUMBERS: dict[str, Decimal] = {code: Decimal(number * 37 % 101) + 100 for number, code in enumerate(CODES)}
Values = Mapping[str, Decimal]
Judge = Callable[[Values], bool]


def kinds(a: str, b: str, c: str, d: str) -> list[tuple[str, Judge]]:
    """Six rules of the kinds that definitions have, as written in the language and in Python. All of them hold."""
    before = f"{a}.last_year"
    return [
        (f"{a} <= {b} + {c}", lambda v: v[a] <= v[b] + v[c]),
        (f"sum({a}, {b}, {c}) >= {d}", lambda v: v[a] + v[b] + v[c] >= v[d]),
        (f"abs({a} / {before} - 1) * 100 <= 300", lambda v: abs(v[a] / v[before] - 1) * 100 <= 300),
        (f"{a} > 0 and {b} >= {a} or {c} < 201", lambda v: (v[a] > 0 and v[b] >= v[a]) or v[c] < 201),
        (f"round({a} / {b} * 100, 1) <= 300", lambda v: (v[a] / v[b] * 100).quantize(Decimal("0.1")) <= 300),
        (f"if({a} > {b}, {a} - {b}, {b} - {a}) < max({c}, {d})", lambda v: abs(v[a] - v[b]) < max(v[c], v[d])),
    ]


def report(written: list[str]) -> Content:
    """A report in memory, with approved values of the year before."""
    period = parse_period("2026-S1")
    indicators = [Indicator(pk=number, code=code, measure=Measure.FLOW_YTD) for number, code in enumerate(CODES, start=1)]
    questions = tuple(
        Question(pk=indicator.pk, key=indicator.code, kind=QuestionKind.NUMBER, indicator=indicator) for indicator in indicators
    )
    rules = tuple(
        Rule(pk=number, key=f"r{number}", expression=text, severity=Severity.SOFT, question_keys=CODES[:1])
        for number, text in enumerate(written, start=1)
    )
    before = {(str(period.last_year), indicator.pk): Decimal("97.5") for indicator in indicators}
    asked = Questionnaire(DefinitionVersion(pk=1), (), questions, (), rules)
    return Content(asked, {}, {**NUMBERS}, Priors(period, Frequency.HALF_YEARLY, dict(before)))


def measure() -> list[Figure]:
    groups = [[CODES[(number * 4 + step) % QUESTIONS] for step in range(4)] for number in range(RULES // 6)]
    pairs = [pair for group in groups for pair in kinds(*group)]
    content = report([text for text, _judge in pairs])
    judges = [judge for _text, judge in pairs]
    values = {**NUMBERS, **{f"{code}.last_year": Decimal("97.5") for code in CODES}}
    if rule_findings(content) or not all(judge(values) for judge in judges) or len(judges) != RULES:
        raise RuntimeError("the rules and the plain Python do not say the same")

    def by_rules() -> None:
        for _report in range(REPORTS):
            rule_findings(content)

    def by_python() -> None:
        for _report in range(REPORTS):
            for judge in judges:
                judge(values)

    figure = in_turns("rules", by_rules, by_python, rounds=41)
    verdict = "reached" if figure.ratio <= TO_REACH else "NOT REACHED"
    note = f"{RULES} rules over {QUESTIONS} questions, {REPORTS} reports; to reach: ratio <= {TO_REACH}: {verdict}"
    return [Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)]
