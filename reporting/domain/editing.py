"""Changing a draft: by administrators, one at a time."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field, QuerySet
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from districts.queries.access import is_bureau_administrator
from reporting.enums import VersionState
from reporting.models import Check, DefinitionVersion, Question, Rule, Section

Part = Section | Question | Check | Rule


def need_administrator(actor: User) -> None:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes definitions."))


def lock_draft(*, version_id: int, actor: User) -> DefinitionVersion:
    """The draft, which nobody else changes until the transaction ends. Conflict where it was published meanwhile."""
    need_administrator(actor)
    version = DefinitionVersion.objects.select_for_update(of=("self",)).select_related("definition").get(pk=version_id)
    if version.state != VersionState.DRAFT:
        raise Conflict(_("“%(version)s” is published and does not change. Make a draft from it.") % {"version": version})
    return version


def end_of(parts: QuerySet[Any]) -> int:
    """The position behind all of these."""
    last = parts.order_by("-position").values_list("position", flat=True).first()
    return int(last or 0) + 1


def save_part(part: Part | DefinitionVersion) -> None:
    """Store what the model allows; Refused with all that it does not."""
    try:
        part.full_clean()
    except ValidationError as error:
        raise Refused(*_sentences(part, error)) from error
    part.save()


def _sentences(part: Part | DefinitionVersion, error: ValidationError) -> list[str]:
    found = []
    for name, messages in error.message_dict.items():
        field = None if name == NON_FIELD_ERRORS else part._meta.get_field(name)  # noqa: SLF001 (Django's name)
        label = str(field.verbose_name) if isinstance(field, Field) else ""
        found += [f"{label}: {message}" if label else message for message in messages]
    return found
