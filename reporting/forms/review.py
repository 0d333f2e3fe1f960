"""What the bureau types when it takes a step. The domain judges it; the forms only read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES

from reporting.enums import TransitionName


class InstantField(forms.DateTimeField):
    """A date and a clock time of the portal's zone, with the browser's own picker."""

    def __init__(self, *, classes: Sequence[str] = INPUT_CLASSES, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": " ".join(classes)})
        messages = {"invalid": _("Give a date and a time, such as 2024-07-31 18:00.")}
        super().__init__(widget=widget, error_messages=messages, **kwargs)


class NoteField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "class": " ".join(TEXTAREA_CLASSES)})
        super().__init__(widget=widget, max_length=2000, **kwargs)


class SeenForm(forms.Form):
    """Carries the revision that the person read."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReturnForm(SeenForm):
    comment = NoteField(
        required=False,
        label=_("Comment on the whole report"),
        help_text=_("What the district should change. It answers each comment before it hands the report over again."),
    )
    due_at = InstantField(
        required=False,
        label=_("New due time"),
        help_text=_("In the portal's time. The report's lock moves to no earlier than this."),
    )
    note = NoteField(
        required=False, label=_("Note"), help_text=_("Beside the comments; the district reads it in the mail and the history.")
    )


class ReopenForm(SeenForm):
    note = NoteField(required=False, label=_("Reason"), help_text=_("The district reads it in the mail and the history."))
    due_at = InstantField(required=False, label=_("New due time"), help_text=_("In the portal's time."))


class ReleaseForm(SeenForm):
    note = NoteField(required=False, label=_("Reason"), help_text=_("The district reads it in the report's history."))


class ApproveForm(SeenForm):
    note = NoteField(required=False, label=_("Note"), help_text=_("Optional. It stands in the history."))


class CheckForm(SeenForm):
    note = NoteField(required=False, label=_("Note"), help_text=_("Optional. The district does not read it."))


class OwnDueTimeForm(forms.Form):
    due_at = InstantField(
        label=_("Due time of this district"),
        help_text=_("In the portal's time, for this report alone. Its lock moves to no earlier than this."),
    )
    note = NoteField(required=False, label=_("Reason"), help_text=_("It stands in the report's history."))


STEP_FORMS: dict[str, type[SeenForm]] = {
    TransitionName.BEGIN_REVIEW: SeenForm,
    TransitionName.RETURN: ReturnForm,
    TransitionName.APPROVE: ApproveForm,
    TransitionName.REOPEN: ReopenForm,
    TransitionName.RELEASE: ReleaseForm,
    TransitionName.EXPECT: SeenForm,
}
