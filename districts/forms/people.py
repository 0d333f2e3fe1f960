"""Inviting somebody to a district and changing a role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.domain.people import MANAGED_BY_HEADS
from districts.enums import DistrictRole
from districts.forms.days import first_day, last_day

_CHOICES = [(role.value, role.label) for role in DistrictRole if role in MANAGED_BY_HEADS]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    full_name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=_CHOICES, initial=DistrictRole.OFFICER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=_CHOICES)


class PeriodForm(forms.Form):
    first_day = first_day()
    last_day = last_day()
