"""What stands in the way of publishing a version, each with the place where it is mended."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reporting.enums import BuiltIn, QuestionKind
from reporting.models import Question, Rule
from reporting.queries.definitions import Questionnaire
from reporting.rules import Expression, ExpressionError, in_order, parse_formula, parse_rule
from reporting.validators.tuning import read_tuning

_Found = dict[str, Expression]


@dataclass(frozen=True)
class Problem:
    """A sentence. `kind` and `pk` say where it is mended: at a section, question, check or rule; both blank for the whole."""

    text: str
    kind: str = ""
    pk: int | None = None

    def __str__(self) -> str:
        return self.text


def problems_of(asked: Questionnaire) -> list[Problem]:
    """Nothing asked or confirmed, doubled keys, what does not read or needs what is not asked, circles."""
    problems = []
    if not asked.version.statement.strip():
        problems.append(Problem(_("The head confirms nothing: write the statement."), "statement"))
    if not asked.questions:
        problems.append(Problem(_("The version asks nothing.")))
    formulas: _Found = {}
    return [
        *problems,
        *_doubled(asked),
        *_empty_sections(asked),
        *_unfit(asked),
        *_untuned(asked),
        *_formulas(asked, formulas),
        *_circle(asked, formulas),
        *_checks(asked),
        *_rules(asked),
    ]


def _doubled(asked: Questionnaire) -> Iterator[Problem]:
    keys = [question.key for question in asked.questions]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(_("The key %(key)s stands twice.") % {"key": key}, "question", asked.by_key[key].pk)
    codes = [question.indicator.code for question in asked.questions if question.indicator]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        text = _("Two questions ask for %(code)s: one figure would stand for both.") % {"code": code}
        yield Problem(text, "question", asked.by_code[code].pk)


def _empty_sections(asked: Questionnaire) -> Iterator[Problem]:
    filled = {question.section_id for question in asked.questions}
    for section in asked.sections if asked.questions else ():
        if section.pk not in filled:
            yield Problem(_("The section “%(section)s” asks nothing.") % {"section": section}, "section", section.pk)


def _unfit(asked: Questionnaire) -> Iterator[Problem]:
    """A question asks for a number of the kind that its indicator is."""
    for question in asked.questions:
        for sentence in _unfit_kind(question):
            yield Problem(sentence, "question", question.pk)


def _unfit_kind(question: Question) -> Iterator[str]:
    indicator = question.indicator
    if indicator is None:
        return
    names = {"key": question.key, "code": indicator.code, "unit": indicator.unit_label, "decimals": indicator.decimals}
    if question.kind == QuestionKind.PERCENT and indicator.unit != "%":
        yield _("%(key)s asks for a percentage, and %(code)s is measured in %(unit)s: choose another kind.") % names
    if question.kind == QuestionKind.WHOLE and indicator.decimals:
        yield _("%(key)s asks for a whole number, and %(code)s has decimals (%(decimals)d): choose another kind.") % names
    if question.kind == QuestionKind.MONEY and not indicator.price_basis:
        yield _("%(key)s asks for an amount of money, and %(code)s has no price basis: choose another kind.") % names


def _untuned(asked: Questionnaire) -> Iterator[Problem]:
    """What questions say of built-in checks that there are not for them, and of totals that nobody asks for."""
    for question in asked.questions:
        for sentence in _untuned_checks(asked, question):
            yield Problem(sentence, "question", question.pk)


def _untuned_checks(asked: Questionnaire, question: Question) -> Iterator[str]:
    possible = asked.checks_for(question)
    for kind, tuning in read_tuning(question.tuning).items():
        names = {"key": question.key, "check": kind.label, "code": tuning.total}
        if kind not in possible:
            yield _("%(key)s has no check “%(check)s”: leave it out.") % names
        elif kind != BuiltIn.SHARE_SHIFT:
            continue
        elif not tuning.total:
            yield _("%(key)s: name the total for the check “%(check)s”.") % names
        elif tuning.total not in asked.by_code or asked.by_code[tuning.total] == question:
            yield _("%(key)s: the check “%(check)s” needs %(code)s as its total, which this version does not ask for.") % names


def _formulas(asked: Questionnaire, formulas: _Found) -> Iterator[Problem]:
    """What is wrong with the computed indicators; those that read are put into `formulas`."""
    for code, question in asked.by_code.items():
        if question.is_computed and question.indicator:
            yield from _unread(code, question.indicator.formula, parse_formula, asked, question, formulas)


def _circle(asked: Questionnaire, formulas: _Found) -> Iterator[Problem]:
    try:
        in_order(formulas)
    except ExpressionError as error:
        named = (word for word in re.findall(r"\w+", str(error)) if word in formulas)
        yield Problem(str(error), "question", asked.by_code[next(named)].pk)


def _checks(asked: Questionnaire) -> Iterator[Problem]:
    for check in asked.checks:
        for code in sorted(set(check.codes) - asked.by_code.keys()):
            text = _("%(place)s needs %(code)s, which this version does not ask for.") % {"place": check, "code": code}
            yield Problem(text, "check", check.pk)


def _rules(asked: Questionnaire) -> Iterator[Problem]:
    for rule in asked.rules:
        yield from _unread(rule.key, rule.expression, parse_rule, asked, rule, {})
        for sentence in _misplaced(rule, asked):
            yield Problem(sentence, "rule", rule.pk)


def _unread(
    place: str,
    text: str,
    parse: Callable[[str], Expression],
    asked: Questionnaire,
    row: Question | Rule,
    found: _Found,
) -> Iterator[Problem]:
    """What is wrong with a formula or rule; what reads is put into `found`."""
    kind = "rule" if isinstance(row, Rule) else "question"
    try:
        expression = parse(text)
    except ExpressionError as error:
        yield Problem(f"{place}: {error}", kind, row.pk)
        return
    found[place] = expression
    for sentence in expression.unknown(asked.by_code.keys()):
        yield Problem(f"{place}: {sentence}", kind, row.pk)


def _misplaced(rule: Rule, asked: Questionnaire) -> Iterator[str]:
    """A rule is shown at questions that somebody fills in: elsewhere it could be neither corrected nor explained."""
    entered = {question.key for question in asked.entered}
    if not rule.question_keys:
        yield _("%(place)s names no question where it is shown.") % {"place": rule.key}
    for key in rule.question_keys:
        if key not in asked.by_key:
            yield _("%(place)s is to be shown at %(key)s, which this version does not ask.") % {"place": rule.key, "key": key}
        elif key not in entered:
            yield _("%(place)s is to be shown at %(key)s, which is computed: name a question that is filled in.") % {
                "place": rule.key,
                "key": key,
            }
