"""What a bureau administrator types about a district."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextInputWidget

from districts.forms.days import DayField


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Name in English"), max_length=100, widget=UnfoldAdminTextInputWidget())
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=100, widget=UnfoldAdminTextInputWidget())
    first_day = DayField(
        label=_("With effect from"),
        required=False,
        classes=INPUT_CLASSES,
        help_text=_("The first day of the new name, past or to come. Blank: the present name was misspelt and is corrected."),
    )
