"""A person's own settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import fields_for_model
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from districts.models import User


def _languages() -> list[tuple[str, str]]:
    """Each under its own name."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


_MAIL = fields_for_model(User, ["daily_digest", "morning_digest"])
"""With the model's own words."""


class PreferencesForm(forms.Form):
    phone = forms.RegexField(
        label=_("Telephone"),
        regex=r"^[0-9+() /x.-]*$",
        max_length=40,
        required=False,
        help_text=_("For the people of your district and of the bureau."),
        error_messages={"invalid": _("Give digits, such as 010 5555 0123 or +86 10 5555 0123.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of these pages and of your mail."), choices=_languages)
    daily_digest = _MAIL["daily_digest"]
    morning_digest = _MAIL["morning_digest"]

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        """The morning digest is the bureau's; nobody else is asked for it."""
        super().__init__(*args, **kwargs)
        if not person.is_staff:
            del self.fields["morning_digest"]
