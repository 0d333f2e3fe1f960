"""What a bureau administrator types about a district."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from districts.domain.district_rules import clean_name, name_problems, place_problems
from districts.forms.days import DayField
from districts.languages import DistrictName
from districts.models import District
from reporting.domain.notices import when
from reporting.enums import OpenReports
from reporting.forms.review import InstantField
from reporting.models import Cycle, Submission
from reporting.queries.districts import joinable_cycles, mergeable, open_reports

MAX_TILE = 60


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Name in English"), max_length=100, widget=UnfoldAdminTextInputWidget())
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=100, widget=UnfoldAdminTextInputWidget())
    first_day = DayField(
        label=_("With effect from"),
        required=False,
        classes=INPUT_CLASSES,
        help_text=_("The first day of the new name, past or to come. Blank: the present name was misspelt and is corrected."),
    )


class _Chosen(forms.ModelMultipleChoiceField):
    """Boxes to tick, each with what the row says of itself."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, required=False, **kwargs)


class _CyclesField(_Chosen):
    def label_from_instance(self, cycle: Cycle) -> str:
        return _("%(cycle)s, due %(due)s") % {"cycle": cycle, "due": when(cycle.due_at)}


class _ReportsField(_Chosen):
    def label_from_instance(self, report: Submission) -> str:
        return f"{report.cycle} · {report.get_state_display()}"


def _joins() -> _CyclesField:
    return _CyclesField(label=_("Joins these open cycles"), help_text=_("A report is made in each; without a tick, in none."))


def _due_at() -> InstantField:
    return InstantField(
        label=_("Due time where the cycle's has passed"),
        required=False,
        help_text=_("In the portal's time, for this district alone."),
    )


class DistrictForm(forms.ModelForm):
    """What holds of a district at all times."""

    class Meta:
        model = District
        fields = ("peer_group", "specialty", "specialty_zh", "begins_on", "grid_row", "grid_column")

    def clean_grid_row(self) -> int:
        return self._tile("grid_row")

    def clean_grid_column(self) -> int:
        return self._tile("grid_column")

    def _tile(self, field: str) -> int:
        number: int = self.cleaned_data[field]
        if number > MAX_TILE:
            raise forms.ValidationError(
                _("The map has no more than this many rows and columns: %(limit)d."), params={"limit": MAX_TILE}
            )
        return number

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._report(place_problems(self.instance, given))
        return given

    def _report(self, problems: dict[str, str]) -> None:
        for field, problem in problems.items():
            if field not in self.errors:
                self.add_error(field, problem)


class AddDistrictForm(DistrictForm):
    joins = _joins()
    due_at = _due_at()

    class Meta(DistrictForm.Meta):
        fields = ("code", "name", "name_zh", *DistrictForm.Meta.fields)  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joins"].queryset = joinable_cycles(None, timezone.now())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given |= {field: clean_name(given[field]) for field in ("name", "name_zh") if field in given}
        self._report(name_problems(self.instance, DistrictName(given.get("name", ""), given.get("name_zh", ""))))
        return given


class JoinForm(forms.Form):
    joins = _joins()
    due_at = _due_at()

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["joins"].queryset = joinable_cycles(district, timezone.now())  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    first_day = DayField(
        label=_("Closed from"), classes=INPUT_CLASSES, help_text=_("The first day without the district, past or to come.")
    )
    released = _ReportsField(
        label=_("Reports not expected any more"), help_text=_("Those ticked are let go; all others the district still files.")
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["released"].queryset = owed = open_reports(district)  # type: ignore[attr-defined]
        if not owed:
            del self.fields["released"]


class _DistrictsField(_Chosen):
    def label_from_instance(self, district: District) -> str:
        return f"{district.code} · {district}"


class MergeForm(forms.Form):
    predecessors = _DistrictsField(label=_("Districts that are merged into it"))
    first_day = DayField(
        label=_("With effect from"), classes=INPUT_CLASSES, help_text=_("The first day without them, past or to come.")
    )
    reports = forms.ChoiceField(
        label=_("Their open reports"),
        choices=OpenReports.choices,
        initial=OpenReports.LATER_GO,
        widget=UnfoldAdminRadioSelectWidget,
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["predecessors"].queryset = mergeable(district)  # type: ignore[attr-defined]
