"""The kept history of a row of configuration: what changed, when, and who changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _
from pghistory.models import Events

from districts.models import User

LIMIT = 200
"""The latest changes that a page shows."""


@dataclass(frozen=True)
class FieldChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One write. `who` is blank where no person made it through the portal's pages (a command, the operator)."""

    at: datetime
    label: str
    what: str
    who: str
    fields: tuple[FieldChange, ...]


def history_of(row: Model, *, children: Sequence[type[Model]] = ()) -> list[Change]:
    """The row's changes, latest first, and those of the tracked `children` that point to it. Two queries.

    None for what is not tracked: rows that are only ever added, and the ledger of mail, are their own history.
    """
    kept = [name for model in (type(row), *children) if (name := _events_of(model))]
    if not kept:
        return []
    events = Events.objects.references(row).across(*kept)
    found = list(events.order_by("-pgh_created_at", "-pgh_id")[:LIMIT])
    wanted = {user_id for event in found if (user_id := _user_id(event)) is not None}
    names = dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name"))
    return [_change(event, names) for event in found]


def _events_of(model: type[Model]) -> str:
    """The label of the model that keeps the changes of this one; blank where none does."""
    options = model._meta  # noqa: SLF001 (Django's name)
    name = f"{options.object_name}Event"
    return f"{options.app_label}.{name}" if name.lower() in apps.all_models[options.app_label] else ""


def _user_id(event: Events) -> int | None:
    return (event.pgh_context or {}).get("user")


def _change(event: Events, names: Mapping[int, str]) -> Change:
    model = apps.get_model(event.pgh_obj_model)
    user_id = _user_id(event)
    return Change(
        at=event.pgh_created_at,
        label=event.pgh_label,
        what=str(model._meta.verbose_name),  # noqa: SLF001
        who=names.get(user_id, "") if user_id is not None else "",
        fields=tuple(_fields(model, event)),
    )


def _fields(model: type[Model], event: Events) -> list[FieldChange]:
    """What an update changed; everything that was given, for an insert."""
    if event.pgh_diff:
        pairs = {name: (before, after) for name, (before, after) in event.pgh_diff.items()}
    elif event.pgh_label == "insert":
        pairs = {name: (None, after) for name, after in event.pgh_data.items() if after not in (None, "", []) and name != "id"}
    else:
        pairs = {}
    return [FieldChange(_label(model, name), *_in_words(model, name, *values)) for name, values in pairs.items()]


def _in_words(model: type[Model], column: str, *values: Any) -> list[Any]:
    """Stored codes as people read them: choices by their labels, yes and no."""
    try:
        choices = dict(getattr(model._meta.get_field(column), "flatchoices", ()))  # noqa: SLF001
    except FieldDoesNotExist:
        choices = {}
    yes_no = {True: _("Yes"), False: _("No")}
    return [yes_no[value] if isinstance(value, bool) else choices.get(str(value), value) for value in values]


def _label(model: type[Model], column: str) -> str:
    try:
        return str(getattr(model._meta.get_field(column.removesuffix("_id")), "verbose_name", column))  # noqa: SLF001
    except FieldDoesNotExist:
        return column
