"""What is typed to issue targets. The domain judges it; the forms only read."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import INPUT_CLASSES, TEXTAREA_CLASSES, UnfoldAdminSelectWidget

from districts.models import District
from reporting.domain.targets.issuing import NewTarget
from reporting.enums.targets import TargetKind
from reporting.forms.review import NoteField
from reporting.models import Indicator
from reporting.models.target import FIRST_YEAR, LAST_YEAR

_INPUT = {"class": " ".join(INPUT_CLASSES)}
MAX_TABLE = 500_000


class _IssueForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.NumberInput(attrs=_INPUT))
    note = NoteField(label=_("Why? The districts read it."))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class TargetForm(_IssueForm):
    """One target; without a value it is withdrawn."""

    district = forms.ModelChoiceField(
        label=_("District"),
        queryset=District.objects.order_by("code"),
        required=False,
        empty_label=_("The city"),
        widget=UnfoldAdminSelectWidget,
    )
    indicator = forms.ModelChoiceField(
        label=_("Indicator"), queryset=Indicator.objects.order_by("code"), widget=UnfoldAdminSelectWidget
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a target", "Kind"), choices=TargetKind.choices, widget=UnfoldAdminSelectWidget
    )
    value = forms.DecimalField(
        label=_("Target"),
        max_digits=24,
        decimal_places=6,
        required=False,
        widget=forms.TextInput(attrs=_INPUT),
        help_text=_("A level or a stock in the indicator's unit, growth and shares in per cent. Blank withdraws the target."),
    )
    field_order = ["district", "indicator", "year", "kind", "value", "note", "seen"]

    @property
    def targets(self) -> list[NewTarget]:
        given: dict[str, Any] = self.cleaned_data
        value: Decimal | None = given["value"]
        return [NewTarget(given["district"], given["indicator"], given["year"], TargetKind(given["kind"]), value)]


class TableForm(_IssueForm):
    table = forms.CharField(
        label=_("Table"),
        required=False,
        max_length=MAX_TABLE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": " ".join(TEXTAREA_CLASSES)}),
        help_text=_(
            "Copied from a spreadsheet. First row: District, then a column for each indicator's code: A01, or A01 2025, or "
            "A01 2025 growth. A row for each district by code or name, and one for “city”. Blank cells change nothing; a dash "
            "withdraws."
        ),
    )
    field_order = ["year", "note", "table", "seen"]
