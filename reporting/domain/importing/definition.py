"""A whole file: everything that is wrong with it at once, and nothing written where anything is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as File
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import User
from reporting.domain.definitions import publish_version
from reporting.domain.editing import need_administrator
from reporting.domain.importing.catalogue import Catalogue, take_indicators
from reporting.domain.importing.rows import judge
from reporting.domain.importing.version import take_version
from reporting.enums import VersionState
from reporting.models import Definition, DefinitionVersion
from reporting.queries.exchange import DEFINITION, exported
from reporting.validators.definition_files import read_definition, top_names
from reporting.validators.places import Found, Problem, in_order_of_file, sentences


@dataclass(frozen=True)
class Preview:
    """What the file would make, or what is wrong with it."""

    problems: tuple[Problem, ...]
    definition: Definition | None = None
    number: int = 0
    is_new: bool = False
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Sections, questions, checks, rules."""
    catalogue: Catalogue | None = None
    kept: tuple[str, ...] = ()
    """What the file says otherwise of the definition, which stays as it is."""
    drafts: tuple[int, ...] = ()
    """The numbers of the drafts that there are already."""

    @property
    def sentences(self) -> list[str]:
        return sentences(self.problems)


@dataclass(frozen=True)
class _Taken:
    version: DefinitionVersion
    definition: Definition
    is_new: bool
    catalogue: Catalogue
    kept: tuple[str, ...]


def preview_import(*, content: bytes, actor: User) -> Preview:
    """What `import_definition` would do with the file, done and taken back."""
    need_administrator(actor)
    with transaction.atomic():
        taken, problems = _take(content)
        seen = _seen(taken, problems) if taken else Preview(tuple(problems))
        transaction.set_rollback(True)
    return seen


def import_definition(*, content: bytes, actor: User) -> DefinitionVersion:
    """A draft of what the file says, with the indicators that are missing; raises Refused with everything that is wrong.

    Where the newest draft of the definition says the same already, that one is given.
    """
    need_administrator(actor)
    try:
        with transaction.atomic():
            taken = _taken(content)
            equal = _equal_draft(taken)
            transaction.set_rollback(equal is not None)
    except IntegrityError as error:
        clash = _("Somebody changed the catalogue or this definition at the same moment. Import the file again.")
        raise Conflict(clash) from error
    else:
        return equal or taken.version


def load_definition(*, path: File, now: datetime) -> DefinitionVersion:
    """Make a new, published version of a definition from a JSON file; raises Refused with every problem.

    The definition's name, and whether two people approve, are set as the file says them.
    """
    with transaction.atomic():
        taken = _taken(path.read_bytes(), rename=True)
        publish_version(version=taken.version, now=now)
        return taken.version


def _taken(content: bytes, *, rename: bool = False) -> _Taken:
    taken, problems = _take(content, rename=rename)
    if problems or taken is None:
        raise Refused(*sentences(problems))
    return taken


def _take(content: bytes, *, rename: bool = False) -> tuple[_Taken | None, list[Problem]]:
    """Write everything; where there are problems, whoever calls takes it back."""
    data, problems = read_definition(content)
    if data is None:
        return None, problems
    found = Found(problems)
    catalogue = take_indicators(data, found)
    definition, is_new, kept = _definition(data, found, rename=rename)
    version = take_version(definition, data, found)
    return _Taken(version, definition, is_new, catalogue, kept), in_order_of_file(found.problems, top_names())


def _definition(data: Mapping[str, Any], found: Found, *, rename: bool) -> tuple[Definition, bool, tuple[str, ...]]:
    """The definition, whether it is new, and what of the file is not taken over where it is not."""
    fields = {"name": "–", "slug": ""} | found.sound(data, (), DEFINITION)
    stored = Definition.objects.select_for_update().filter(slug=fields["slug"]).first()
    if stored is None:
        made = Definition(**fields)
        judge(made, (), DEFINITION, found)
        made.save()
        return made, True, ()
    if stored.frequency != fields.get("frequency", stored.frequency):
        text = _("The reports of “%(definition)s” are of another frequency (%(frequency)s), which no version changes.")
        found.add(("frequency",), text % {"definition": stored, "frequency": stored.get_frequency_display()})
    differing = {name: value for name, value in fields.items() if getattr(stored, name) != value and name != "frequency"}
    if not rename:
        names = [str(stored._meta.get_field(name).verbose_name) for name in differing]  # type: ignore[union-attr]  # noqa: SLF001
        return stored, False, tuple(names)
    for name, value in differing.items():
        setattr(stored, name, value)
    judge(stored, (), DEFINITION, found)
    stored.save()
    return stored, False, ()


def _seen(taken: _Taken, problems: list[Problem]) -> Preview:
    version = taken.version
    counts = (
        version.sections,
        version.sections.filter(questions__isnull=False).values("questions"),
        version.checks,
        version.rules,
    )
    others = taken.definition.versions.filter(state=VersionState.DRAFT).exclude(pk=version.pk)
    sections, questions, checks, rules = (rows.count() for rows in counts)
    return Preview(
        problems=tuple(problems),
        definition=taken.definition,
        number=version.number,
        is_new=taken.is_new,
        counts=(sections, questions, checks, rules),
        catalogue=taken.catalogue,
        kept=taken.kept,
        drafts=tuple(others.order_by("number").values_list("number", flat=True)),
    )


def _equal_draft(taken: _Taken) -> DefinitionVersion | None:
    """A file that is sent twice makes one draft."""
    version = taken.version
    if taken.catalogue.added or taken.catalogue.changed:
        return None
    drafts = version.definition.versions.filter(state=VersionState.DRAFT).exclude(pk=version.pk)
    latest = drafts.order_by("-number").first()
    return latest if latest and exported(latest.pk) == exported(version.pk) else None
