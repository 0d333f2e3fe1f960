"""The checks of a report: what must be corrected or explained before it is handed over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.enums import AnswerStatus, CheckKind, Measure, QuestionKind, Severity
from reporting.formats import grouped, signed
from reporting.models import Answer, Check, Indicator, Question, Rule
from reporting.queries.definitions import Numbers, Questionnaire
from reporting.queries.evidence import Files
from reporting.queries.priors import Priors
from reporting.rules import Failure, failure_of, verdicts
from reporting.rules.compute import Values
from reporting.rules.tree import Moment
from reporting.validators.comparison import changed_beyond, first_descent, growth, out_of_bounds, sum_mismatch
from reporting.validators.numbers import round_half_up


@dataclass(frozen=True)
class Finding:
    """One thing to correct (hard) or to explain (soft) at a question. `rule` names the check."""

    rule: str
    severity: Severity
    question: Question
    message: str
    explained: bool = False

    @property
    def is_hard(self) -> bool:
        return self.severity == Severity.HARD

    @property
    def blocks(self) -> bool:
        """Whether the report cannot be handed over because of it."""
        return self.is_hard or not self.explained


@dataclass(frozen=True)
class Content:
    """A report's answers and values, ready to be checked."""

    questionnaire: Questionnaire
    answers: dict[str, Answer]
    numbers: Numbers
    priors: Priors
    files: Files = field(default_factory=dict)

    def base_of(self, indicator: Indicator) -> Decimal | None:
        """What growth is on: the revised base that this report gives, else last year's approved figure."""
        base = self.questionnaire.codes.get(indicator.base_indicator_id or 0)
        reported = self.numbers.get(base) if base else None
        return self.priors.last_year(indicator) if reported is None else reported

    def explained(self, question: Question) -> bool:
        answer = self.answers.get(question.key)
        return answer is not None and bool(answer.explanation.strip())


def findings_of(content: Content) -> list[Finding]:
    """Every finding, in the order of the questions."""
    found = [finding for question in content.questionnaire.entered for finding in _own_findings(content, question)]
    found += [finding for check in content.questionnaire.checks for finding in _check_findings(content, check)]
    found += rule_findings(content)
    order = {question.key: index for index, question in enumerate(content.questionnaire.questions)}
    return sorted(found, key=lambda finding: order[finding.question.key])


def _own_findings(content: Content, question: Question) -> Iterator[Finding]:
    """What one entered answer shows by itself and against earlier periods."""
    if question.kind == QuestionKind.FILE:
        if question.required and not content.files.get(question.key):
            yield Finding("required", Severity.HARD, question, _("At least one file is required."))
        return
    answer = content.answers.get(question.key)
    hard = _entry_problem(question, answer)
    if hard:
        yield Finding(hard[0], Severity.HARD, question, hard[1])
        return
    if answer is None or question.indicator is None:
        return
    if answer.status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED}:
        if not answer.explanation.strip():
            yield Finding("status_reason", Severity.SOFT, question, _("Say why no value is given."))
        return
    if answer.number is not None:
        yield from _comparisons(content, question, question.indicator, answer.number)


def _entry_problem(question: Question, answer: Answer | None) -> tuple[str, str] | None:
    """(rule, message) where the answer is missing, cannot be read or is outside its bounds."""
    if answer is not None and answer.status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED}:
        return None
    if answer is None or not answer.raw.strip():
        return ("required", _("An answer is required.")) if question.required else None
    if answer.status != AnswerStatus.REPORTED:
        return "unreadable", _unreadable(question, answer.raw)
    indicator = question.indicator
    if indicator and answer.number is not None and out_of_bounds(answer.number, indicator.minimum, indicator.maximum):
        return "bounds", _bounds(indicator, answer.number)
    return None


def _unreadable(question: Question, raw: str) -> str:
    expected = {
        QuestionKind.NUMBER: _("a number such as 1,234.5"),
        QuestionKind.WHOLE: _("a whole number such as 1,234"),
        QuestionKind.PERCENT: _("a percentage such as 12.5"),
        QuestionKind.MONEY: _("an amount in %(unit)s such as 1,234.5, without another unit")
        % {"unit": question.indicator.unit_label if question.indicator else ""},
        QuestionKind.DATE: _("a date such as 2024-06-30"),
        QuestionKind.CHOICE: _("one of the choices"),
        QuestionKind.CHOICES: _("some of the choices"),
        QuestionKind.YES_NO: _("yes or no"),
    }.get(QuestionKind(question.kind), _("a text"))
    return _("Expected %(expected)s; found “%(found)s”. It is kept as typed: correct it.") % {
        "expected": expected,
        "found": raw[:60],
    }


def _bounds(indicator: Indicator, number: Decimal) -> str:
    below = indicator.minimum is not None and number < indicator.minimum
    limit = indicator.minimum if below else indicator.maximum
    sentence = (
        _("Expected at least %(limit)s %(unit)s; found %(found)s.")
        if below
        else _("Expected at most %(limit)s %(unit)s; found %(found)s.")
    )
    return sentence % {
        "limit": _shown(limit or Decimal(0), indicator),
        "unit": indicator.unit_label,
        "found": _shown(number, indicator),
    }


def _comparisons(content: Content, question: Question, indicator: Indicator, number: Decimal) -> Iterator[Finding]:
    explained = content.explained(question)
    compared = content.questionnaire.originals.get(indicator.pk, [])
    for original in compared:
        approved = content.priors.last_year(original)
        if approved is not None and round_half_up(number, indicator.decimals) != round_half_up(approved, indicator.decimals):
            yield Finding("base_differs", Severity.SOFT, question, _base_differs(original, number, approved), explained)
    bound = content.questionnaire.version.year_on_year_bound
    # A computed value takes no explanation: its growth is explained at its base.
    computed = [original for original in compared if original.formula]
    for grown in computed if compared else [indicator]:
        value, base = content.numbers.get(grown.code), content.base_of(grown)
        if grown.measure != Measure.RATE and value is not None and base is not None and changed_beyond(value, base, bound):
            yield Finding("year_on_year", Severity.SOFT, question, _year_on_year(grown, value, base, bound), explained)


def _base_differs(original: Indicator, number: Decimal, approved: Decimal) -> str:
    return _(
        "Last year %(approved)s %(unit)s was approved for “%(name)s”; the base given here is %(found)s. "
        "If the figure was revised, say why; if not, correct it."
    ) % {
        "approved": _shown(approved, original),
        "unit": original.unit_label,
        "name": original.label,
        "found": _shown(number, original),
    }


def _year_on_year(indicator: Indicator, number: Decimal, last_year: Decimal, bound: Decimal) -> str:
    change = growth(number, last_year) or Decimal(0)
    return _(
        "“%(name)s” is %(found)s %(unit)s, %(change)s %% against %(base)s in the same period last year, beyond ±%(bound)s %%. "
        "Check the value; if it is right, explain it."
    ) % {
        "name": indicator.label,
        "found": _shown(number, indicator),
        "unit": indicator.unit_label,
        "change": signed(change, 1),
        "base": _shown(last_year, indicator),
        "bound": f"{bound.normalize():f}",
    }


def _check_findings(content: Content, check: Check) -> Iterator[Finding]:
    values = [content.numbers.get(code) for code in check.codes]
    if check.kind == CheckKind.ASCENDING:
        index = first_descent(values)
        if index is not None:
            following = next(i for i in range(index + 1, len(values)) if values[i] is not None)
            yield _ascending(content, check.codes[index], check.codes[following])
    else:
        total = content.questionnaire.by_code[check.codes[0]]
        decimals = total.indicator.decimals if total.indicator else 0
        gap = sum_mismatch(values[0], values[1:], decimals)
        if gap is not None and total.indicator:
            message = _("The total is %(gap)s away from the sum of %(parts)s: correct the total or its parts.") % {
                "gap": f"{_shown(gap, total.indicator)} {total.indicator.unit_label}",
                "parts": ", ".join(_label(content, code) for code in check.codes[1:]),
            }
            yield Finding("sum", Severity.HARD, total, message)


def _ascending(content: Content, lower: str, upper: str) -> Finding:
    """Placed at the one of the two that a person can correct."""
    questions = content.questionnaire.by_code
    place = questions[upper] if questions[lower].is_computed and not questions[upper].is_computed else questions[lower]
    message = _(
        "“%(lower)s” is %(lower_value)s and cannot be larger than “%(upper)s”, which is %(upper_value)s: correct one of them."
    ) % {
        "lower": _label(content, lower),
        "lower_value": _value(content, lower),
        "upper": _label(content, upper),
        "upper_value": _value(content, upper),
    }
    return Finding("ascending", Severity.HARD, place, message)


def rule_findings(content: Content) -> list[Finding]:
    """What the version's own rules find. One that is n/a finds nothing."""
    rules, values = content.questionnaire.read_rules, _values_for_rules(content)
    judged = zip(rules, verdicts(rules.values(), values), strict=True)
    broken = [rule for rule, holds in judged if holds is False]
    return [finding for rule in broken for finding in _broken(content, rule, failure_of(rules[rule], values))]


def _values_for_rules(content: Content) -> Values:
    """The report's values, and those of other periods that the rules refer to, by the names of the references."""
    values, priors = dict(content.numbers), content.priors
    earlier = {Moment.LAST_PERIOD: priors.previous, Moment.LAST_YEAR: priors.last_year}
    for name, moment, indicator in content.questionnaire.other_periods:
        if moment in earlier:
            values[name] = earlier[moment](indicator)
    return values


def _broken(content: Content, rule: Rule, failure: Failure | None) -> Iterator[Finding]:
    """At each question of the rule. An explanation at one of them is enough."""
    questions = [content.questionnaire.by_key[key] for key in rule.question_keys]
    explained = any(content.explained(question) for question in questions)
    message = f"{rule.text} {_expectation(content, failure)}" if failure else rule.text
    for question in questions:
        yield Finding(f"rule-{rule.key}", Severity(rule.severity), question, message, explained)


def _expectation(content: Content, failure: Failure) -> str:
    sentence = {
        "<": _("Expected less than %(limit)s; found %(found)s."),
        "<=": _("Expected at most %(limit)s; found %(found)s."),
        ">": _("Expected more than %(limit)s; found %(found)s."),
        ">=": _("Expected at least %(limit)s; found %(found)s."),
        "=": _("Expected %(limit)s; found %(found)s."),
        "!=": _("Expected anything but %(limit)s; found %(found)s."),
    }[failure.operator]
    indicator = content.questionnaire.by_code[failure.code].indicator if failure.code else None
    limit, found = _told_apart(failure, indicator.decimals if indicator else 2)
    return sentence % {"limit": f"{limit} {indicator.unit_label}" if indicator else limit, "found": found}


def _told_apart(failure: Failure, decimals: int) -> tuple[str, str]:
    """What was expected and found, with all six decimals where they look the same with fewer."""
    limit, found = (grouped(number, decimals) for number in (failure.expected, failure.found))
    if limit != found or failure.expected == failure.found:
        return limit, found
    return grouped(failure.expected, 6), grouped(failure.found, 6)


def _label(content: Content, code: str) -> str:
    indicator = content.questionnaire.by_code[code].indicator
    return indicator.label if indicator else code


def _value(content: Content, code: str) -> str:
    indicator, number = content.questionnaire.by_code[code].indicator, content.numbers[code]
    return f"{_shown(number, indicator)} {indicator.unit_label}" if indicator and number is not None else ""


def _shown(number: Decimal, indicator: Indicator) -> str:
    return grouped(number, indicator.decimals)
