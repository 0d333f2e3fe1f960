"""What is typed about a profile. The domain judges it; the forms only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import TEXTAREA_CLASSES

from districts.domain.profiles import ProfileText
from districts.models import Industry, Profile
from districts.queries.profiles import FIELDS


def _text(label: Any, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=5000, widget=widget, **kwargs)


class ProfileForm(forms.Form):
    """`version` is the one that the person read; 0 of none."""

    positioning = forms.CharField(
        label=_("Positioning"), required=False, max_length=300, help_text=_("What the district stands for, in one sentence.")
    )
    industries = forms.ModelMultipleChoiceField(
        label=_("Leading industries"), queryset=Industry.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    advantages = _text(_("Resource advantages"), 4)
    brand = forms.CharField(label=_("Brand"), required=False, max_length=300)
    path = _text(_("Development path"), 6)
    contacts = _text(_("Contacts"), 3, help_text=_("Whom other districts and firms turn to. All districts read it."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, profile: Profile | None = None, version: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if profile is not None:
            self.initial = {name: getattr(profile, name) for name in FIELDS}
            self.initial["industries"] = [one.pk for one in profile.industries.all()]
        self.initial["version"] = version

    @property
    def text(self) -> ProfileText:
        return ProfileText(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class DecisionForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReturnProfileForm(DecisionForm):
    reason = forms.CharField(
        label=_("What should be changed?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": " ".join(TEXTAREA_CLASSES)}),
    )
    field_order = ["reason", "version"]
