"""The supervision register: the bureau's list of key tasks, assigning them, and the page of each with its steps."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display
from unfold.views import ChangeList

from districts.admin.base import PortfolioAdmin
from districts.admin.pages import Question, ask_then_do, framed
from districts.enums import DistrictPermission
from districts.errors import Text
from districts.models import District, User
from districts.queries.access import bureau_may, districts_for
from reporting.admin.bulk import numbers
from reporting.admin.filters import (
    KeyTaskSignalFilter,
    KeyTaskSourceFilter,
    KeyTaskStateFilter,
    PartyDistrictFilter,
    TaskExtensionFilter,
    narrowed_by,
)
from reporting.domain.key_tasks.assigning import assign_key_task, change_key_task
from reporting.domain.key_tasks.closing import chase_key_task, close_key_task, drop_key_task, send_back_key_task
from reporting.domain.key_tasks.extensions import answer_task_extension
from reporting.enums.key_tasks import WITH_DISTRICT, KeyTaskState
from reporting.exports import write_csv, write_xlsx
from reporting.exports.key_tasks import register_rows
from reporting.forms.key_tasks import AnswerExtensionForm, AssignForm, StepForm, TaskForm, task_as_typed
from reporting.models import KeyTask, KeyTaskFile, KeyTaskUpdate
from reporting.pictures.timeline import SHOWN
from reporting.queries.illustrations import task_timeline
from reporting.queries.key_tasks import Standing, closes, register_for, standings

_LABELS = {"assigned": "info", "answered": "warning", "sent_back": "danger", "closed": "success", "dropped": "info"}
_DOWNLOADS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NAME = "reporting_keytask_{}".format


class _Row(Protocol):
    """A task of the list's page, and how it stands."""

    is_open: bool
    standing: Standing


class _Register(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[KeyTask] = list(self.result_list)  # type: ignore[has-type]
        self.result_list = rows
        for standing in standings(rows, timezone.now()):
            standing.task.standing = standing  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Step:
    title: Text
    submit: Text
    done: Text
    operation: Callable[..., Any]
    fact: Text = ""
    danger: bool = False
    is_chase: bool = False


_STEPS: dict[str, _Step] = {
    "close": _Step(
        _("Close “%(title)s”?"), _("Close"), _("Closed."), close_key_task, _("Say on what evidence. The districts get a mail.")
    ),
    "send_back": _Step(
        _("Send “%(title)s” back?"),
        _("Send back"),
        _("Sent back."),
        send_back_key_task,
        _("It is the district's turn again; reminders go on. The districts get a mail with the reason."),
    ),
    "drop": _Step(
        _("Drop “%(title)s”?"),
        _("Drop"),
        _("Dropped."),
        drop_key_task,
        _("It is not wanted any more. The districts get a mail with the reason."),
        danger=True,
    ),
    "chase": _Step(
        _("Chase “%(title)s”?"), _("Send the mail"), _("The mail goes out."), chase_key_task, _("The districts get a mail."),
        is_chase=True,
    ),
}  # fmt: skip


@admin.register(KeyTask)
class KeyTaskAdmin(PortfolioAdmin):
    list_display = ("title_shown", "districts_shown", "deadline_shown", "progress_shown", "signal_shown", "state_shown")
    list_display_links = ("title_shown",)
    list_filter = (KeyTaskStateFilter, KeyTaskSignalFilter, TaskExtensionFilter, KeyTaskSourceFilter, PartyDistrictFilter)
    search_fields = ("title", "reference", "deliverable")
    search_help_text = _("Title, reference or deliverable")
    date_hierarchy = "deadline"
    ordering = ("deadline", "pk")
    list_before_template = "admin/reporting/keytask/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeyTask]:
        return register_for(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:  # noqa: ARG002
        return _Register

    @display(description=_("progress"))
    def progress_shown(self, row: "_Row") -> SafeString:
        """What the lead said last, and when."""
        told, day = row.standing.told, gettext("nothing told yet")
        if told:
            day = date_format(timezone.localdate(told.at), "SHORT_DATE_FORMAT")
        return format_html('<div class="bureau-cell bureau-nowrap">{} %<small>{}</small></div>', row.standing.progress, day)

    @display(description=_("standing"))
    def signal_shown(self, row: "_Row") -> SafeString | None:
        given = {"task": row, "signal": row.standing.signal, "is_bare": True}
        return render_to_string("components/_signal.html", given) if row.is_open else None

    @display(description=_("task"), ordering="title")
    def title_shown(self, task: KeyTask) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', task.title, task.get_source_display())

    @display(description=_("districts"))
    def districts_shown(self, task: KeyTask) -> str:
        return ", ".join(str(party.district) for party in task.parties.all())

    @display(description=_("deadline"), ordering="deadline")
    def deadline_shown(self, task: KeyTask) -> SafeString:
        return format_html('<span class="bureau-nowrap">{}</span>', date_format(task.deadline, "SHORT_DATE_FORMAT"))

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, task: KeyTask) -> tuple[str, str]:
        return task.state, task.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return assign(request)

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return bureau_may(request.user, DistrictPermission.APPROVE)

    @method_decorator(require_safe)
    def timeline(self, request: HttpRequest) -> HttpResponse:
        """What the list shows with the same filters, over time, by lead and deadline."""
        now, listed = timezone.now(), self.listed(request)
        shown = listed.queryset.prefetch_related(None)
        ordered = sorted(standings(shown, now), key=lambda one: (one.lead.district.code, one.task.deadline, one.task.pk))
        return framed(
            request,
            "admin/reporting/keytask/timeline.html",
            model=KeyTask,
            title=gettext("Key tasks over time"),
            picture=task_timeline(ordered, now, by_lead=True),
            count=len(ordered),
            drawn=SHOWN,
            query=_asked(request),
            narrowed=narrowed_by(listed),
        )

    @method_decorator(require_safe)
    def export(self, request: HttpRequest, extension: str) -> HttpResponse:
        """What the list shows with the same filters, in its order."""
        content_type = _DOWNLOADS.get(extension)
        if content_type is None:
            raise Http404
        shown = self.listed(request).queryset.prefetch_related(None)
        rows, file = register_rows(standings(shown, timezone.now())), io.BytesIO()
        if extension == "csv":
            write_csv(rows, file)
        else:
            write_xlsx(rows, file, gettext("Key tasks"))
        response = HttpResponse(file.getvalue(), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="key-tasks.{extension}"'
        return response

    def listed(self, request: HttpRequest) -> ChangeList:
        """The list for this address; its `queryset` is all rows, on all pages. 404 for filters that it does not have."""
        try:
            return self.get_changelist_instance(request)
        except IncorrectLookupParameters as error:
            raise Http404 from error

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("timeline/", view(self.timeline), name=_NAME("timeline")),
            path("export/<slug:extension>/", view(self.export), name=_NAME("export")),
            path("<int:pk>/edit/", view(edit), name=_NAME("edit")),
            path("<int:pk>/extension/<slug:answer>/", view(extend), name=_NAME("extension")),
            path("<int:pk>/step/<slug:step>/", view(take_step), name=_NAME("step")),
        ]
        return own + super().get_urls()


def _asked(request: HttpRequest) -> str:
    """The filters of the address, to go on with."""
    asked = request.GET.urlencode()
    return f"?{asked}" if asked else ""


def task_for(request: HttpRequest, pk: int | str) -> KeyTask:
    """From the person's portfolio; 404 for any other as for one that is not there."""
    for number in numbers([str(pk)]):
        return get_object_or_404(register_for(request.user), pk=number)
    raise Http404


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    task = task_for(request, object_id)
    (standing,) = standings([task], timezone.now())
    decides = closes(request.user, task)
    updates = KeyTaskUpdate.objects.filter(party__task=task).select_related("actor", "district", "revision")
    return framed(
        request,
        "admin/reporting/keytask/task.html",
        model=KeyTask,
        title=task.title,
        original=task,
        task=task,
        standing=standing,
        decides=decides and task.is_open,
        may_send_back=decides and task.state == KeyTaskState.ANSWERED,
        may_chase=task.state in WITH_DISTRICT,
        extension=task.extensions.filter(answered_at=None).select_related("asked_by").first(),
        updates=[one for one in updates.order_by("-at", "-pk") if one.revision is None or one.revision.signed_at],
        records=task.records.select_related("actor", "district"),
        files=KeyTaskFile.objects.filter(party__task=task).select_related("district", "added_by"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """One form, a task for each lead: all of them, or none."""
    if not bureau_may(request.user, DistrictPermission.APPROVE):
        raise PermissionDenied
    mine = districts_for(request.user, DistrictPermission.APPROVE)
    districts = District.objects.existing(timezone.localdate()).filter(pk__in=mine.values("pk")).order_by("code")
    form = AssignForm(request.POST if request.method == "POST" else None, districts=districts)
    facts = [gettext("The officers and heads of its districts get a mail, and it stands in their next report.")]
    back = reverse("admin:reporting_keytask_changelist")
    question = Question(gettext("Assign a key task"), gettext("Assign"), back, facts)

    def make(actor: User) -> None:
        now = timezone.now()
        for assignment in form.assignments:
            assign_key_task(assignment=assignment, actor=actor, now=now)

    return _answer(request, question, form, make, gettext("Assigned."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = _to_decide(request, pk)
    lead = next(party.district for party in task.parties.all() if party.is_lead)
    form = TaskForm(request.POST if request.method == "POST" else None, initial=task_as_typed(task))
    question = Question(gettext("Change “%(title)s”") % {"title": task.title}, gettext("Save"), _back(task))

    def change(actor: User) -> KeyTask:
        version = form.cleaned_data["version"] or 0
        return change_key_task(task=task, version=version, assignment=form.assignment(lead), actor=actor, now=timezone.now())

    return _answer(request, question, form, change, gettext("Changed."), task=task)


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    found = _STEPS.get(step)
    if found is None:
        raise Http404
    task = task_for(request, pk) if found.is_chase else _to_decide(request, pk)
    form = StepForm(request.POST if request.method == "POST" else None)
    title = str(found.title) % {"title": task.title}
    question = Question(title, str(found.submit), _back(task), [found.fact], danger=found.danger)

    def take(actor: User) -> Any:
        return found.operation(task=task, note=form.cleaned_data["note"], actor=actor, now=timezone.now())

    return _answer(request, question, form, take, str(found.done), task=task)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Give the time that the lead asks for, or refuse it."""
    task = _to_decide(request, pk)
    waiting = task.extensions.order_by("-asked_at").first()
    if waiting is None or answer not in {"grant", "refuse"}:
        raise Http404
    is_grant = answer == "grant"
    form = AnswerExtensionForm(request.POST if request.method == "POST" else None, initial={"until": waiting.wanted})
    if not is_grant:
        del form.fields["until"]
    asked = gettext("%(person)s asks for time until %(day)s: %(why)s") % {
        "person": waiting.asked_by,
        "day": date_format(waiting.wanted, "DATE_FORMAT"),
        "why": waiting.why,
    }
    title = gettext("Give more time?") if is_grant else gettext("Refuse the request?")
    question = Question(title, gettext("Give more time") if is_grant else gettext("Refuse"), _back(task), [asked])

    def decide(actor: User) -> Any:
        given = form.cleaned_data
        return answer_task_extension(
            extension=waiting,
            grant=is_grant,
            answer=given["answer"],
            until=given.get("until"),
            actor=actor,
            now=timezone.now(),
        )

    return _answer(request, question, form, decide, gettext("Answered."), task=task)


def _answer(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Any],
    done: str,
    *,
    task: KeyTask | None = None,
) -> HttpResponse:
    def shown() -> dict[str, Any]:
        current = task_for(request, task.pk) if task else None
        return {"original": current, "task": current}

    template = "admin/reporting/keytask/step.html" if task else "admin/confirm.html"
    return ask_then_do(request, question, form, operation, done, model=KeyTask, template=template, shown=shown)


def _to_decide(request: HttpRequest, pk: int) -> KeyTask:
    """403 for who sees it and does not decide on it."""
    task = task_for(request, pk)
    if not closes(request.user, task):
        raise PermissionDenied
    return task


def _back(task: KeyTask) -> str:
    return reverse("admin:reporting_keytask_change", args=[task.pk])
