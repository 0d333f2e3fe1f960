"""What is typed about the publicity plan. The domain judges it; the forms only read."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    INPUT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
)

from districts.forms.days import DayField, day_input
from districts.models import District
from reporting.domain.publicity import Plan
from reporting.enums.publicity import PublicityKind
from reporting.forms.review import NoteField
from reporting.models import Outlet, PublicityItem


class PlanForm(forms.Form):
    """A plan, new or as it stands; `version` is the one that the person read."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=PublicityKind.choices)
    title = forms.CharField(label=pgettext_lazy("publicity", "Title"), max_length=200)
    summary = forms.CharField(label=_("What is told?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    first_day = DayField(label=_("Day"), help_text=_("When it takes place, or is to come out."))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Only where it takes longer than a day."))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    outlets = forms.ModelMultipleChoiceField(
        label=_("Outlets"), queryset=Outlet.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: PublicityItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = as_typed(item) if item else {}
        chosen: forms.ModelMultipleChoiceField = self.fields["outlets"]  # type: ignore[assignment]
        offered = Q(is_active=True) | Q(placements__item=item) if item else Q(is_active=True)
        chosen.queryset = Outlet.objects.filter(offered).distinct().order_by("kind", "name", "pk")

    @property
    def plan(self) -> Plan:
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "district"}}
        return Plan(**given | {"kind": PublicityKind(given["kind"])})


class DistrictPlanForm(PlanForm):
    """With the district, for who plans for several."""

    district = forms.ModelChoiceField(label=_("District"), queryset=District.objects.none())
    field_order = ["district"]

    def __init__(self, *args: Any, districts: Collection[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: forms.ModelChoiceField = self.fields["district"]  # type: ignore[assignment]
        chosen.queryset = District.objects.filter(pk__in=[district.pk for district in districts])
        if len(districts) == 1:
            chosen.initial, chosen.widget = next(iter(districts)).pk, forms.HiddenInput()


class BureauPlanForm(PlanForm):
    """In the look of the bureau's pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "place"):
            self.fields[name].widget.attrs["class"] = " ".join(INPUT_CLASSES)
        self.fields["summary"].widget.attrs["class"] = " ".join(TEXTAREA_CLASSES)
        for name in ("first_day", "last_day"):
            self.fields[name].widget = day_input(INPUT_CLASSES)
        self.fields["kind"].widget = UnfoldAdminSelectWidget(choices=PublicityKind.choices)
        chosen: forms.ModelMultipleChoiceField = self.fields["outlets"]  # type: ignore[assignment]
        choices = chosen.choices
        chosen.widget = UnfoldAdminCheckboxSelectMultipleWidget()
        chosen.choices = choices


class PlacementForm(forms.Form):
    outlet = forms.IntegerField(widget=forms.HiddenInput)
    link = forms.CharField(label=_("Address"), max_length=1000, required=False, widget=forms.URLInput)
    out_on = DayField(label=_("Out on"), required=False)


class BureauPlacementForm(forms.Form):
    link = forms.CharField(
        label=_("Address"), max_length=1000, required=False, widget=forms.URLInput(attrs={"class": " ".join(INPUT_CLASSES)})
    )
    out_on = DayField(label=_("Out on"), required=False, classes=INPUT_CLASSES)


class DeclineForm(forms.Form):
    reason = NoteField(required=False, label=_("Reason"), help_text=_("The district reads it in the mail and at the plan."))


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not take place?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def as_typed(item: PublicityItem) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "title": item.title,
        "summary": item.summary,
        "first_day": item.first_day,
        "last_day": item.last_day if item.last_day != item.first_day else None,
        "place": item.place,
        "outlets": [place.outlet_id for place in item.placements.all()],
        "version": item.version,
    }
