"""The checks of a report: what must be corrected or explained before it is handed over."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.enums import AnswerStatus, BuiltIn, CheckKind, QuestionKind, Severity
from reporting.formats import grouped
from reporting.models import Answer, Check, Indicator, Question, Rule
from reporting.queries.comparisons import comparisons, computed_shares
from reporting.queries.content import Content, Finding, shown
from reporting.queries.definitions import Questionnaire
from reporting.rules import Failure, failure_of, verdicts
from reporting.rules.compute import Values
from reporting.rules.tree import Moment
from reporting.validators.comparison import first_descent, out_of_bounds, sum_mismatch


def findings_of(content: Content) -> list[Finding]:
    """Every finding, in the order of the questions."""
    found = [finding for question in content.questionnaire.entered for finding in _own_findings(content, question)]
    found += computed_shares(content, {finding.question.key for finding in found if finding.rule == BuiltIn.UNIT_SLIP})
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
    hard = _entry_problem(content, question, answer)
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
        yield from comparisons(content, question, question.indicator, answer.number)


def _entry_problem(content: Content, question: Question, answer: Answer | None) -> tuple[str, str] | None:
    """(rule, message) where the answer is missing, cannot be read or is outside its bounds."""
    if answer is not None and answer.status in {AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED}:
        return None
    if answer is None or not answer.raw.strip():
        return ("required", _("An answer is required.")) if question.required else None
    if answer.status != AnswerStatus.REPORTED:
        return "unreadable", _unreadable(question, answer.raw)
    indicator, tuning = question.indicator, content.tuning(question, BuiltIn.BOUNDS)
    if indicator is None or tuning is None or answer.number is None:
        return None
    minimum = indicator.minimum if tuning.minimum is None else tuning.minimum
    maximum = indicator.maximum if tuning.maximum is None else tuning.maximum
    if out_of_bounds(answer.number, minimum, maximum):
        return BuiltIn.BOUNDS.value, _bounds(indicator, answer.number, minimum, maximum)
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


def _bounds(indicator: Indicator, number: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> str:
    below = minimum is not None and number < minimum
    limit = minimum if below else maximum
    sentence = (
        _("Expected at least %(limit)s %(unit)s; found %(found)s.")
        if below
        else _("Expected at most %(limit)s %(unit)s; found %(found)s.")
    )
    return sentence % {
        "limit": shown(limit or Decimal(0), indicator),
        "unit": indicator.unit_label,
        "found": shown(number, indicator),
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
                "gap": f"{shown(gap, total.indicator)} {total.indicator.unit_label}",
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
    """The report's values, those of other periods and the targets that the rules refer to, by the names of the references."""
    values, priors = dict(content.numbers), content.priors
    earlier = {Moment.LAST_PERIOD: priors.previous, Moment.LAST_YEAR: priors.last_year, Moment.TARGET: priors.target}
    for name, moment, indicator in content.questionnaire.other_periods:
        values[name] = earlier[moment](indicator)
    return values


def _broken(content: Content, rule: Rule, failure: Failure | None) -> Iterator[Finding]:
    """At each question of the rule. An explanation at one of them is enough."""
    questions = [content.questionnaire.by_key[key] for key in rule.question_keys]
    explained = any(content.explained(question) for question in questions)
    message = f"{rule.text} {expectation(content.questionnaire, failure)}" if failure else rule.text
    for question in questions:
        yield Finding(f"rule-{rule.key}", Severity(rule.severity), question, message, explained)


def expectation(asked: Questionnaire, failure: Failure) -> str:
    """What a rule that does not hold expected, and what it found."""
    sentence = {
        "<": _("Expected less than %(limit)s; found %(found)s."),
        "<=": _("Expected at most %(limit)s; found %(found)s."),
        ">": _("Expected more than %(limit)s; found %(found)s."),
        ">=": _("Expected at least %(limit)s; found %(found)s."),
        "=": _("Expected %(limit)s; found %(found)s."),
        "!=": _("Expected anything but %(limit)s; found %(found)s."),
    }[failure.operator]
    indicator = asked.by_code[failure.code].indicator if failure.code else None
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
    return f"{shown(number, indicator)} {indicator.unit_label}" if indicator and number is not None else ""
