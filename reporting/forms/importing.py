"""A file with a definition, as it is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # which is said to be no JSON, like any other text that is none
        error_messages={"required": _("Choose the file with the definition.")},
        help_text=_("One JSON file, as “Export” on the page of a version gives it. What it would make is shown first."),
        widget=forms.FileInput(attrs={"accept": "application/json,.json", "class": " ".join(INPUT_CLASSES)}),
    )

    @property
    def content(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read()
        return content
