"""What is typed about key tasks. The domain judges it; the forms only read."""

from typing import Any

from django import forms
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
from reporting.domain.key_tasks.assigning import Assignment
from reporting.domain.texts import MAX_TEXT
from reporting.enums.key_tasks import KeyTaskSource
from reporting.forms.review import NoteField
from reporting.models import KeyTask
from reporting.queries.key_tasks import Standing

_INPUT, _TEXT = {"class": " ".join(INPUT_CLASSES)}, {"class": " ".join(TEXTAREA_CLASSES), "rows": 4}


class ProgressForm(forms.Form):
    progress = forms.IntegerField(
        label=_("Progress (%)"), required=False, widget=forms.NumberInput(attrs={"min": 0, "max": 100, "class": "input"})
    )
    text = forms.CharField(
        label=_("What was done?"), required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DoneForm(forms.Form):
    note = forms.CharField(
        label=_("What was delivered, and where can it be seen?"),
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AskExtensionForm(forms.Form):
    wanted = DayField(label=_("Until when do you need?"), required=False)
    why = forms.CharField(label=_("Why?"), required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class StepForm(forms.Form):
    note = NoteField(required=False, label=_("Note"), help_text=_("The districts read it in the mail and at the task."))


class AnswerExtensionForm(forms.Form):
    until = DayField(label=_("New deadline"), classes=INPUT_CLASSES, required=False)
    answer = NoteField(required=False, label=_("Note"), help_text=_("The districts read it in the mail and at the task."))


class TaskForm(forms.Form):
    """A task's wording and dates."""

    title = forms.CharField(label=pgettext_lazy("of a task", "Title"), max_length=200, widget=forms.TextInput(attrs=_INPUT))
    deliverable = forms.CharField(
        label=_("Deliverable"),
        max_length=300,
        widget=forms.TextInput(attrs=_INPUT),
        help_text=_("What can be shown when it is done."),
    )
    deadline = DayField(label=_("Deadline"), classes=INPUT_CLASSES, help_text=_("To the end of that day."))
    begins_on = DayField(
        label=_("Begins"), classes=INPUT_CLASSES, required=False, help_text=_("Progress is measured from then. Blank: today.")
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_INPUT),
        help_text=_("Where it comes from: the plan's chapter, the meeting."),
    )
    description = forms.CharField(label=_("Description"), required=False, max_length=MAX_TEXT, widget=forms.Textarea(attrs=_TEXT))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def assignment(self, lead: District, **more: Any) -> Assignment:
        given = {name: self.cleaned_data[name] for name in ("title", "deliverable", "deadline", "begins_on", "reference")}
        return Assignment(lead=lead, description=self.cleaned_data["description"], **given, **more)


class AssignForm(TaskForm):
    """For one district or for many: each lead gets a task of its own."""

    source = forms.ChoiceField(
        label=_("Source"), choices=KeyTaskSource.choices, widget=UnfoldAdminSelectWidget(choices=KeyTaskSource.choices)
    )
    leads = forms.ModelMultipleChoiceField(
        label=_("Lead districts"),
        queryset=District.objects.none(),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("Each of them gets a task of its own."),
    )
    co_leads = forms.ModelMultipleChoiceField(
        label=_("Co-leads"),
        queryset=District.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("They read each of these tasks and tell their own progress."),
    )
    field_order = ["title", "leads", "co_leads", "deliverable", "deadline", "begins_on", "source", "reference", "description"]

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("leads", "co_leads"):
            field: forms.ModelMultipleChoiceField = self.fields[name]  # type: ignore[assignment]
            field.queryset = districts

    @property
    def assignments(self) -> list[Assignment]:
        given = self.cleaned_data
        more = {"source": KeyTaskSource(given["source"])}
        return [
            self.assignment(lead, co_leads=[one for one in given["co_leads"] if one != lead], **more) for lead in given["leads"]
        ]


def task_as_typed(task: KeyTask) -> dict[str, Any]:
    names = ("title", "deliverable", "deadline", "begins_on", "reference", "description", "version")
    return {name: getattr(task, name) for name in names}


def progress_as_typed(standing: Standing, party_id: int) -> dict[str, Any]:
    update = standing.latest.get(party_id)
    return {"progress": update.progress if update else 0}
