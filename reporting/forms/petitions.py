"""What a district asks of the bureau, and what the bureau answers. The domain judges it; the forms only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.domain.texts import MAX_TEXT
from reporting.forms.review import InstantField, NoteField


def _words(**kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4, "maxlength": MAX_TEXT, "required": True})
    return forms.CharField(required=False, widget=widget, **kwargs)


class ExtensionForm(forms.Form):
    due_at = InstantField(
        required=False, classes=(), label=_("Until when do you need?"), help_text=_("In the portal's time, after the due time.")
    )
    why = _words(label=_("Why?"), help_text=_("The reviewer reads it; it stands in the report's history."))


class CorrectionForm(forms.Form):
    what = _words(label=_("What is to be corrected?"), help_text=_("Which answers, and what they should say."))
    why = _words(label=_("Why?"), help_text=_("The approver reads it; it stands in the report's history."))


class GrantExtensionForm(forms.Form):
    due_at = InstantField(
        required=False,
        label=_("Due time of this district"),
        help_text=_("In the portal's time, for this report alone. Its lock moves to no earlier than this."),
    )
    note = NoteField(required=False, label=_("Note"), help_text=_("Optional. The district reads it in the mail and the history."))


class GrantCorrectionForm(forms.Form):
    note = NoteField(required=False, label=_("Reason"), help_text=_("The district reads it in the mail and the history."))
    due_at = InstantField(required=False, label=_("New due time"), help_text=_("In the portal's time."))


class RefuseForm(forms.Form):
    reason = NoteField(required=False, label=_("Reason"), help_text=_("The district reads it in the mail and the history."))
