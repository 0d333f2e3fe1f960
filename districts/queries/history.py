"""The kept history of a row of configuration: what changed, when, and who changed it."""

from collections import defaultdict
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
    """The row's changes, latest first, and those of the tracked `children` that point to it. Two queries, and one for each kind
    of row that the changes name.

    None for what is not tracked: rows that are only ever added, and the ledger of mail, are their own history.
    """
    return changes_around([row], models=(type(row), *children))


def changes_around(rows: Sequence[Model], *, models: Sequence[type[Model]]) -> list[Change]:
    """The changes of rows of these models that are one of `rows` or point to one, latest first. The rows are of one model."""
    kept = [name for model in models if (name := _events_of(model))]
    if not kept or not rows:
        return []
    events = Events.objects.references(list(rows)).across(*kept)
    found = list(events.order_by("-pgh_created_at", "-pgh_id")[:LIMIT])
    wanted = {user_id for event in found if (user_id := _user_id(event)) is not None}
    names = dict(User.objects.filter(pk__in=wanted).values_list("pk", "full_name"))
    named = _rows_named_by(found)
    return [_change(event, names, named, type(rows[0])) for event in found]


def _events_of(model: type[Model]) -> str:
    """The label of the model that keeps the changes of this one; blank where none does."""
    options = model._meta  # noqa: SLF001 (Django's name)
    name = f"{options.object_name}Event"
    return f"{options.app_label}.{name}" if name.lower() in apps.all_models[options.app_label] else ""


def _user_id(event: Events) -> int | None:
    return (event.pgh_context or {}).get("user")


Rows = dict[type[Model], dict[Any, Model]]
"""By model and number."""


def _rows_named_by(events: Sequence[Events]) -> Rows:
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for event in events:
        model = apps.get_model(event.pgh_obj_model)
        for column, values in _pairs(event).items():
            if related := _related(model, column):
                wanted[related].update(value for value in values if value is not None)
    return {model: model._base_manager.in_bulk(numbers) for model, numbers in wanted.items()}  # noqa: SLF001


def _related(model: type[Model], column: str) -> type[Model] | None:
    """What the column points to; None for a plain value."""
    field = _field(model, column)
    return getattr(field, "related_model", None) if column.endswith("_id") else None


def _field(model: type[Model], column: str) -> Any:
    try:
        return model._meta.get_field(column.removesuffix("_id"))  # noqa: SLF001
    except FieldDoesNotExist:
        return None


def _change(event: Events, names: Mapping[int, str], rows: Rows, parent: type[Model]) -> Change:
    """That a child belongs to the row whose history it is goes without saying."""
    model = apps.get_model(event.pgh_obj_model)
    user_id = _user_id(event)
    return Change(
        at=event.pgh_created_at,
        label=event.pgh_label,
        what=_what(model, event.pgh_data if model is not parent else {}),
        who=names.get(user_id, "") if user_id is not None else "",
        fields=tuple(
            FieldChange(_label(model, name), *_in_words(model, name, rows, *values))
            for name, values in _pairs(event).items()
            if model is parent or _related(model, name) is not parent
        ),
    )


def _what(model: type[Model], data: Mapping[str, Any]) -> str:
    """The kind of row, and which one of its parent's where it has a key."""
    return f"{model._meta.verbose_name} {data.get('key', '')}".strip()  # noqa: SLF001


def _pairs(event: Events) -> dict[str, tuple[Any, Any]]:
    """What was there before and after: of what an update changed, and of all that an added or a removed row said."""
    if event.pgh_diff:
        return {name: (before, after) for name, (before, after) in event.pgh_diff.items()}
    said = {name: value for name, value in event.pgh_data.items() if value not in (None, "", []) and name != "id"}
    if event.pgh_label == "delete":
        return {name: (value, None) for name, value in said.items()}
    return {name: (None, value) for name, value in said.items()} if event.pgh_label == "insert" else {}


def _in_words(model: type[Model], column: str, rows: Rows, *values: Any) -> list[Any]:
    """Stored codes as people read them: rows by their names, choices by their labels, yes and no."""
    if related := _related(model, column):
        return [rows[related].get(value, value) for value in values]
    choices = dict(getattr(_field(model, column), "flatchoices", ()))
    yes_no = {True: _("Yes"), False: _("No")}
    return [yes_no[value] if isinstance(value, bool) else choices.get(str(value), value) for value in values]


def _label(model: type[Model], column: str) -> str:
    field, related = _field(model, column), _related(model, column)
    name = str(getattr(field, "verbose_name", column))
    if related is not None and name == field.name:  # without a name of its own, as in a list that Django keeps
        return str(related._meta.verbose_name)  # noqa: SLF001
    return name
