"""A new draft of a definition, to be changed and then published."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import need_administrator
from reporting.enums import VersionState
from reporting.models import Check, Definition, DefinitionVersion, Question, Rule, Section


def draft_of(*, definition: Definition, actor: User) -> DefinitionVersion:
    """The definition's draft: the one that there is, else a copy of the latest version, else an empty one."""
    need_administrator(actor)
    with transaction.atomic():
        locked = Definition.objects.select_for_update().get(pk=definition.pk)
        latest = locked.versions.order_by("-number").first()
        return (
            draft_from(version=latest, actor=actor) if latest else DefinitionVersion.objects.create(definition=locked, number=1)
        )


def draft_from(*, version: DefinitionVersion, actor: User) -> DefinitionVersion:
    """A draft with the version's sections, questions (their keys stay), checks and rules. Where the definition has a draft
    already, that one is given."""
    need_administrator(actor)
    with transaction.atomic():
        definition = Definition.objects.select_for_update().get(pk=version.definition_id)
        existing = definition.versions.filter(state=VersionState.DRAFT).order_by("-number").first()
        if existing is not None:
            return existing
        latest = definition.versions.order_by("-number").values_list("number", flat=True)[0]
        draft = DefinitionVersion.objects.create(
            definition=definition,
            number=latest + 1,
            statement=version.statement,
            statement_zh=version.statement_zh,
            year_on_year_bound=version.year_on_year_bound,
        )
        for section in version.sections.prefetch_related("questions"):
            _copy_section(section, draft)
        Check.objects.bulk_create(
            Check(version=draft, kind=check.kind, codes=check.codes, position=check.position) for check in version.checks.all()
        )
        rules = list(version.rules.all())
        for rule in rules:
            rule.pk, rule.version, rule._state.adding = None, draft, True  # noqa: SLF001 (Django's way to copy a row)
        Rule.objects.bulk_create(rules)
        return draft


def _copy_section(section: Section, draft: DefinitionVersion) -> None:
    questions = list(section.questions.all())
    section.pk, section.version, section._state.adding = None, draft, True  # noqa: SLF001 (Django's way to copy a row)
    section.save()
    for question in questions:
        question.pk, question.section, question._state.adding = None, section, True  # noqa: SLF001
    Question.objects.bulk_create(questions)
