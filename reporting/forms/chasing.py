"""What the bureau writes when it chases districts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.forms.review import NoteField


class ChaseForm(forms.Form):
    text = NoteField(
        label=_("What the mail says"),
        help_text=_("Beside the report, its state and its due time. Left as it is, everybody reads it in their own language."),
    )
