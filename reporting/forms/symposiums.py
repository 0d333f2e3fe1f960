"""What is typed about a symposium. The domain judges it; the forms only read."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    INPUT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
)

from districts.forms.days import DayField
from districts.models import District
from reporting.domain.symposiums.planning import Meeting
from reporting.domain.symposiums.results import Item
from reporting.domain.texts import MAX_TEXT
from reporting.enums.symposiums import Attending, Decision, Priority
from reporting.forms.review import InstantField
from reporting.models import Cycle, Problem, Symposium

_INPUT, _TEXT = {"class": " ".join(INPUT_CLASSES)}, {"class": " ".join(TEXTAREA_CLASSES), "rows": 4}


def _line(label: Any, *, required: bool = True, length: int = 200) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=length, widget=forms.TextInput(attrs=_INPUT))


class MeetingForm(forms.Form):
    """`cycle` only while it is new."""

    cycle = forms.ModelChoiceField(label=_("Cycle"), queryset=Cycle.objects.none(), widget=UnfoldAdminSelectWidget())
    title = _line(pgettext_lazy("of a symposium", "Title"))
    title_zh = _line(_("Title in Chinese"), required=False)
    starts_at = InstantField(label=_("Begins"), help_text=_("In the portal's time."))
    place = _line(_("Place"))
    chair = _line(_("Chair"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, symposium: Symposium | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if symposium is None:
            cycles: forms.ModelChoiceField = self.fields["cycle"]  # type: ignore[assignment]
            cycles.queryset = Cycle.objects.opened().select_related("definition").order_by("-period", "-pk")
        else:
            del self.fields["cycle"]
            names = ("title", "title_zh", "starts_at", "place", "chair", "version")
            self.initial = {name: getattr(symposium, name) for name in names}

    @property
    def meeting(self) -> Meeting:
        return Meeting(**{name: value for name, value in self.cleaned_data.items() if name not in {"cycle", "version"}})


class MinutesForm(forms.Form):
    minutes = forms.IntegerField(required=False)


class TextForm(forms.Form):
    text = forms.CharField(label=_("Text"), required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs=_TEXT))


class DecisionForm(TextForm):
    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision.choices, widget=UnfoldAdminSelectWidget(choices=Decision.choices)
    )
    field_order = ["decision", "text"]

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"decision": problem.decision, "text": problem.text}
        self.fields["text"].label = _("Wording")
        self.fields["text"].help_text = _("Blank: the sentence that is made from the numbers.")


class ConclusionForm(TextForm):
    group = forms.ChoiceField(
        label=_("Work priority"), choices=Priority.choices, widget=UnfoldAdminSelectWidget(choices=Priority.choices)
    )
    field_order = ["group", "text"]


class ItemForm(forms.Form):
    title = _line(pgettext_lazy("of a task", "Title"))
    lead = forms.ModelChoiceField(label=_("Lead"), queryset=District.objects.none(), widget=UnfoldAdminSelectWidget())
    co_leads = forms.ModelMultipleChoiceField(
        label=_("Co-leads"),
        queryset=District.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )
    deliverable = _line(_("Deliverable"))
    deadline = DayField(label=_("Deadline"), classes=INPUT_CLASSES)

    def __init__(self, *args: Any, districts: QuerySet[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "co_leads"):
            chosen: forms.ModelChoiceField = self.fields[name]  # type: ignore[assignment]
            chosen.queryset = districts

    @property
    def item(self) -> Item:
        return Item(**self.cleaned_data)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(label=_("Does somebody come?"), choices=Attending.choices, widget=forms.RadioSelect)
    person = forms.CharField(label=_("Who comes?"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
