"""A definition version read whole: what a report asks, in order."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch

from reporting.enums import BuiltIn, QuestionKind, VersionState
from reporting.models import Answer, Check, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.rules import Expression, evaluate, in_order, parse_formula, parse_rule
from reporting.rules.tree import Moment
from reporting.validators.tuning import Tuning, applicable, read_tuning

Numbers = dict[str, Decimal | None]
"""Values by indicator code."""


@dataclass(frozen=True)
class Questionnaire:
    version: DefinitionVersion
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def by_code(self) -> dict[str, Question]:
        """The number questions by indicator code."""
        return {question.indicator.code: question for question in self.questions if question.indicator}

    @cached_property
    def codes(self) -> dict[int, str]:
        """The indicators' codes by id."""
        return {question.indicator.pk: code for code, question in self.by_code.items() if question.indicator}

    @cached_property
    def formulas(self) -> dict[str, Expression]:
        """The computed indicators, each after those it needs."""
        found = {
            code: parse_formula(question.indicator.formula)
            for code, question in self.by_code.items()
            if question.is_computed and question.indicator
        }
        return {code: found[code] for code in in_order(found)}

    @cached_property
    def sources(self) -> dict[str, frozenset[str]]:
        """By the code of each computed indicator the keys of the questions that are filled in for it, however far away."""
        found: dict[str, frozenset[str]] = {}
        for code, formula in self.formulas.items():
            found[code] = frozenset().union(*(found.get(one, {self.by_code[one].key}) for one in formula.codes))
        return found

    @cached_property
    def read_rules(self) -> dict[Rule, Expression]:
        """Of a version that was published: every rule reads."""
        return {rule: parse_rule(rule.expression) for rule in self.rules}

    @cached_property
    def other_periods(self) -> list[tuple[str, Moment, Indicator]]:
        """What the rules refer to beyond the report's own values, each once, with the name of the reference."""
        found = {reference for read in self.read_rules.values() for reference in read.references if reference.moment}
        asked = {code: question.indicator for code, question in self.by_code.items()}
        return [(each.name, each.moment, indicator) for each in found if (indicator := asked[each.code])]

    @cached_property
    def originals(self) -> dict[int, list[Indicator]]:
        """For an indicator that holds revised bases, the indicators whose base it is."""
        found: dict[int, list[Indicator]] = {}
        for question in self.questions:
            if question.indicator and question.indicator.base_indicator_id:
                found.setdefault(question.indicator.base_indicator_id, []).append(question.indicator)
        return found

    @cached_property
    def tuned(self) -> dict[str, dict[BuiltIn, Tuning]]:
        """By the key of each question the built-in checks that there are for it, those that are off among them."""
        return {question.key: self._tuned(question) for question in self.questions}

    def _tuned(self, question: Question) -> dict[BuiltIn, Tuning]:
        said = read_tuning(question.tuning)
        return {kind: said.get(kind, Tuning()) for kind in self.checks_for(question)}

    def checks_for(self, question: Question) -> frozenset[BuiltIn]:
        indicator = question.indicator
        if indicator is None:
            return frozenset()
        return applicable(indicator.measure, is_computed=question.is_computed, holds_base=indicator.pk in self.originals)

    def touched_by(self, keys: Iterable[str]) -> set[str]:
        """The keys of all questions whose value or findings may change with the answers to these: computed from them (in order,
        so that one pass is enough), under a check or rule with them, or compared with them as their base."""
        found = {key for key in keys if key in self.by_key}
        codes = {question.indicator.code for key in found if (question := self.by_key[key]).indicator}
        for code, formula in self.formulas.items():
            if formula.codes & codes:
                codes.add(code)
        bases = {question.indicator.pk for code in codes if (question := self.by_code[code]).indicator}
        codes |= {original.code for pk in bases for original in self.originals.get(pk, [])}
        found |= self._shares_of(codes)
        for check in self.checks:
            if codes & set(check.codes):
                found |= {self.by_code[code].key for code in check.codes}
        for rule, read in self.read_rules.items():
            if read.codes & codes or found & set(rule.question_keys):
                found |= set(rule.question_keys)
        return found | {self.by_code[code].key for code in codes}

    def _shares_of(self, codes: set[str]) -> set[str]:
        """Where it is said that a share moved which any of these is the part or the total of."""
        found: set[str] = set()
        for code, question in self.by_code.items():
            share = self.tuned[question.key].get(BuiltIn.SHARE_SHIFT)
            if share and share.total and codes & {code, share.total}:
                found |= self.sources[code] if question.is_computed else {question.key}
        return found

    @cached_property
    def asks_files(self) -> bool:
        return any(question.kind == QuestionKind.FILE for question in self.questions)

    @cached_property
    def entered(self) -> tuple[Question, ...]:
        """What a person answers: everything but the computed indicators."""
        return tuple(question for question in self.questions if not question.is_computed)

    def numbers(self, answers: Mapping[str, Answer]) -> Numbers:
        """Every indicator's value: as answered, and computed from those. A missing operand makes a computed value None."""
        values: Numbers = {
            question.indicator.code: answers[question.key].number if question.key in answers else None
            for question in self.entered
            if question.indicator
        }
        for code, formula in self.formulas.items():
            values[code] = evaluate(formula, values)
        return values


_kept: dict[int, tuple[float, Questionnaire]] = {}


def questionnaire(version_id: int) -> Questionnaire:
    """The version's sections, questions with their indicators, checks and rules: six queries, or none.

    A version that is no longer a draft does not change but for the wording of its indicators, so each process keeps it for
    QUESTIONNAIRE_SECONDS. Whoever gets one must not write to its rows.
    """
    until, known = _kept.get(version_id, (0.0, None))
    if known is not None and time.monotonic() < until:
        return known
    asked = _read(version_id)
    if asked.version.state != VersionState.DRAFT and settings.QUESTIONNAIRE_SECONDS:
        _kept[version_id] = (time.monotonic() + settings.QUESTIONNAIRE_SECONDS, asked)
    return asked


def _read(version_id: int) -> Questionnaire:
    questions = Question.objects.select_related("indicator__weight_indicator").order_by("position", "pk")
    version = (
        DefinitionVersion.objects.select_related("definition")
        .prefetch_related(
            Prefetch("sections", Section.objects.order_by("position", "pk")),
            Prefetch("sections__questions", questions),
            "checks",
            "rules",
        )
        .get(pk=version_id)
    )
    sections = tuple(version.sections.all())
    return Questionnaire(
        version=version,
        sections=sections,
        questions=tuple(question for section in sections for question in section.questions.all()),
        checks=tuple(version.checks.all()),
        rules=tuple(version.rules.all()),
    )


def answers_by_key(answers: Iterable[Answer]) -> dict[str, Answer]:
    """A revision's single answers by question key (rows of lists are left to their own readers)."""
    return {answer.question_key: answer for answer in answers if not answer.row_key}


def version_before(version: DefinitionVersion) -> DefinitionVersion | None:
    """The latest version of the definition that was published and has a smaller number."""
    earlier = DefinitionVersion.objects.filter(definition=version.definition_id, number__lt=version.number)
    return earlier.exclude(state=VersionState.DRAFT).select_related("definition").order_by("-number").first()
