"""A draft as its editor shows it: the order of its parts, what depends on them, which keys are frozen."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps

from districts.queries.history import LIMIT, Change, changes_around, history_of
from reporting.enums import BuiltIn, VersionState
from reporting.models import Check, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.queries.definitions import Questionnaire, questionnaire
from reporting.queries.problems import Problem, problems_of
from reporting.rules import ExpressionError, parse_formula, parse_rule
from reporting.validators.tuning import read_tuning

Order = dict[int, list[int]]
"""The sections in order, each with its questions in order, by their numbers."""


@dataclass(frozen=True)
class Outline:
    asked: Questionnaire
    frozen: frozenset[str]

    @property
    def version(self) -> DefinitionVersion:
        return self.asked.version

    @property
    def is_draft(self) -> bool:
        return self.version.state == VersionState.DRAFT

    @cached_property
    def problems(self) -> list[Problem]:
        return problems_of(self.asked) if self.is_draft else []

    @property
    def broken(self) -> set[tuple[str, int | None]]:
        return {(problem.kind, problem.pk) for problem in self.problems}

    @property
    def token(self) -> str:
        return order_token({section.pk: [one.pk for one in section.questions.all()] for section in self.asked.sections})


def outline_of(version_id: int) -> Outline:
    """Seven queries, however much the version asks."""
    asked = questionnaire(version_id)
    return Outline(asked, published_keys(asked.version.definition_id))


def published_keys(definition_id: int) -> frozenset[str]:
    """The keys of all questions that a published or retired version of the definition has."""
    published = Question.objects.filter(section__version__definition_id=definition_id).exclude(
        section__version__state=VersionState.DRAFT
    )
    return frozenset(published.values_list("key", flat=True).distinct())


def order_of(version_id: int) -> Order:
    sections = Section.objects.filter(version_id=version_id).order_by("position", "pk")
    order: Order = {pk: [] for pk in sections.values_list("pk", flat=True)}
    questions = Question.objects.filter(section__version_id=version_id).order_by("position", "pk")
    for pk, section_id in questions.values_list("pk", "section_id"):
        order[section_id].append(pk)
    return order


def order_token(order: Order) -> str:
    """Stands for the order in a page, and comes back with what is moved there."""
    return hashlib.sha256(repr(list(order.items())).encode()).hexdigest()[:32]


def history_of_version(version: DefinitionVersion) -> list[Change]:
    """What was changed of the version and its parts, latest first; of the questions of deleted sections too."""
    events = apps.get_model("reporting", "SectionEvent")
    sections = events._default_manager.filter(version_id=version.pk).values_list("pgh_obj_id", flat=True).distinct()  # noqa: SLF001
    questions = changes_around([Section(pk=pk) for pk in sections], models=(Question,))
    changes = [*history_of(version, children=(Section, Check, Rule)), *questions]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:LIMIT]


@dataclass(frozen=True)
class Dependents:
    """What needs a question, and would have a problem without it."""

    rules: tuple[Rule, ...]
    checks: tuple[Check, ...]
    indicators: tuple[Indicator, ...]
    shares: tuple[Question, ...]
    """Those whose share of it is compared."""

    def __bool__(self) -> bool:
        return bool(self.rules or self.checks or self.indicators or self.shares)


def dependents_of(asked: Questionnaire, *questions: Question) -> Dependents:
    """The rules that are shown at the questions or read their indicators, the checks and computed indicators that read them, and
    the questions that name one of them as their total, even where that check is off."""
    keys = {question.key for question in questions}
    codes = {question.indicator.code for question in questions if question.indicator}
    formulas = {one.indicator for one in asked.questions if one.is_computed and one.indicator and one.key not in keys}
    return Dependents(
        rules=tuple(rule for rule in asked.rules if keys & set(rule.question_keys) or codes & codes_in(rule.expression)),
        checks=tuple(check for check in asked.checks if codes & set(check.codes)),
        indicators=tuple(
            sorted((one for one in formulas if codes & codes_in(one.formula)), key=lambda indicator: indicator.code)
        ),
        shares=tuple(one for one in asked.questions if one.key not in keys and _total_of(one) in codes),
    )


def _total_of(question: Question) -> str | None:
    share = read_tuning(question.tuning).get(BuiltIn.SHARE_SHIFT)
    return share.total if share else None


def codes_in(text: str) -> frozenset[str]:
    """The codes that a rule or formula names; none where it does not read."""
    for parse in (parse_rule, parse_formula):
        try:
            return frozenset(parse(text).codes)
        except ExpressionError:
            continue
    return frozenset()
