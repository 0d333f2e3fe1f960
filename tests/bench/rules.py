"""The 60 rules of a report of 250 questions, against the same arithmetic written in plain Python by somebody who knows that
every value is there."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from reporting.rules import parse_rule, verdicts
from tests.bench.harness import Figure, in_turns

QUESTIONS, RULES, TO_REACH = 250, 60, 5
REPORTS = 100
Values = Mapping[str, Decimal]

VALUES: dict[str, Decimal] = {
    f"N{number:03}{moment}": Decimal(number * 37 % 101) + factor
    for number in range(QUESTIONS)
    for moment, factor in (("", Decimal("100.25")), (".last_year", Decimal("97.5")))
}


def kinds(a: str, b: str, c: str, d: str) -> list[tuple[str, Callable[[Values], bool]]]:
    """Six rules of the kinds that definitions have, as written in the language and in Python."""
    before = f"{a}.last_year"
    return [
        (f"{a} <= {b} + {c}", lambda v: v[a] <= v[b] + v[c]),
        (f"sum({a}, {b}, {c}) >= {d}", lambda v: v[a] + v[b] + v[c] >= v[d]),
        (f"abs({a} / {before} - 1) * 100 <= 30", lambda v: abs(v[a] / v[before] - 1) * 100 <= 30),
        (f"{a} > 0 and {b} >= {a} or {c} < {d}", lambda v: (v[a] > 0 and v[b] >= v[a]) or v[c] < v[d]),
        (f"round({a} / {b} * 100, 1) <= 100", lambda v: (v[a] / v[b] * 100).quantize(Decimal("0.1")) <= 100),
        (f"if({a} > {b}, {a} - {b}, {b} - {a}) < max({c}, {d})", lambda v: abs(v[a] - v[b]) < max(v[c], v[d])),
    ]


def measure() -> list[Figure]:
    written = [
        pair
        for number in range(0, RULES, 6)
        for pair in kinds(*(f"N{(number * 4 + step) % QUESTIONS:03}" for step in (0, 1, 2, 3)))
    ]
    rules, functions = [parse_rule(text) for text, _function in written], [function for _text, function in written]
    ours, plain = verdicts(rules, VALUES), [function(VALUES) for function in functions]
    if ours != plain or len(rules) != RULES:
        raise RuntimeError("the rules and the plain Python do not say the same")

    def by_rules() -> None:
        for _report in range(REPORTS):
            verdicts(rules, VALUES)

    def by_python() -> None:
        for _report in range(REPORTS):
            for function in functions:
                function(VALUES)

    figure = in_turns("rules", by_rules, by_python)
    verdict = "reached" if figure.ratio <= TO_REACH else "NOT REACHED"
    note = f"{RULES} rules over {QUESTIONS} questions, {REPORTS} reports; to reach: ratio <= {TO_REACH}: {verdict}"
    return [Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)]
