"""The filters of the figures page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models.district import PeerGroup


class FigureFilterForm(forms.Form):
    name = forms.CharField(label=_("District"), max_length=100, required=False)
    peer_group = forms.ChoiceField(
        label=_("Peer group"), choices=[("", _("All peer groups")), *PeerGroup.choices], required=False
    )
