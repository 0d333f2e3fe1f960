"""Forms that say no and keep what was typed: to the domain's refusals, and where somebody else saved after the page was shown."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

SEEN = "_seen"


def guarded(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """The form, refusing to overwrite what its page did not show. `seen` goes into the page and comes back with it."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        super(subclass, self).__init__(*args, **kwargs)
        self.seen, self.is_stale = _fingerprint(self), False

    def clean(self: Any) -> dict[str, Any]:
        cleaned = super(subclass, self).clean()
        shown = self.data.get(SEEN)
        if shown and shown != self.seen:
            self.is_stale = True
            self.add_error(None, _conflict(self))
        return cleaned or {}

    subclass: Any = type(form.__name__, (form,), {"__init__": init, "clean": clean})
    return subclass


def refusing(form: type[forms.ModelForm], messages: Sequence[object]) -> type[forms.ModelForm]:
    """The form with the reasons for which the domain refused what it says."""

    def clean(self: Any) -> dict[str, Any]:
        cleaned = super(subclass, self).clean()
        for message in messages:
            self.add_error(None, str(message))
        return cleaned or {}

    subclass: Any = type(form.__name__, (form,), {"clean": clean})
    return subclass


def is_stale(response: TemplateResponse) -> bool:
    """Whether the page was sent back because its record had moved."""
    shown = (response.context_data or {}).get("adminform")
    return getattr(getattr(shown, "form", None), "is_stale", False)


def _fingerprint(form: forms.ModelForm) -> str:
    stored = {name: _plain(value) for name, value in model_to_dict(form.instance, fields=list(form.fields)).items()}
    return hashlib.sha256(json.dumps(stored, sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Rows in any order are the same; a list of texts in another order is another list."""
    rows = isinstance(value, list) and all(isinstance(row, Model) for row in value)
    return sorted(row.pk for row in value) if rows else value


def _conflict(form: forms.ModelForm) -> str:
    moved = [name for name in form.changed_data if name in form.fields]
    stored = "; ".join(f"{form.fields[name].label}: {_in_words(form, name)}" for name in moved)
    sentence = _(
        "Somebody changed this record since you opened the page. Stored now: %(stored)s. Save again to put yours in its place."
    )
    return sentence % {"stored": stored or _("the same as yours")}


def _in_words(form: forms.ModelForm, name: str) -> str:
    """What is stored, as the field's own choices call it."""
    field = form.fields[name]
    value = form.get_initial_for_field(field, name)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return str(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.filter(pk=value).first() or "") if field.queryset is not None else ""
    return str(dict(getattr(field, "choices", ())).get(value, value))
