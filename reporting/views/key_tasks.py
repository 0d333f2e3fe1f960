"""Key tasks as the districts' people see them: the list, one task with its history, and what is said of it in a report."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed
from districts.queries.access import district_ids_for, works_at_bureau
from districts.queries.people import memberships_of
from districts.views.pages import PortalView
from districts.views.uploads import given_file, takes_files
from reporting.domain.evidence import file_too_large
from reporting.domain.key_tasks.closing import answer_key_task
from reporting.domain.key_tasks.evidence import add_task_file, remove_task_file
from reporting.domain.key_tasks.extensions import ask_task_extension
from reporting.domain.key_tasks.progress import save_report_progress, tell_progress
from reporting.enums.key_tasks import OPEN_TASKS, WITH_DISTRICT
from reporting.forms.key_tasks import AskExtensionForm, DoneForm, ProgressForm, progress_as_typed
from reporting.models import KeyTask, KeyTaskFile, KeyTaskParty, KeyTaskUpdate
from reporting.queries.illustrations import task_timeline
from reporting.queries.key_tasks import Standing, open_parties, standings, tasks_for, updates_on
from reporting.views.base import ReportView
from reporting.views.stored import stored_response

_CLOSED_ON_A_PAGE = 50


class KeyTasksView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not (works_at_bureau(self.person) or memberships_of(self.person)):
            raise PermissionDenied
        tasks = tasks_for(self.person)
        current = standings(tasks.filter(state__in=OPEN_TASKS), self.now)
        closed = tasks.exclude(state__in=OPEN_TASKS).order_by("-closed_at", "-pk")
        page = Paginator(closed, _CLOSED_ON_A_PAGE).get_page(request.GET.get("page"))
        ordered = sorted(current, key=lambda one: one.urgency)
        context = {
            "current": ordered,
            "closed": standings(page.object_list, self.now),
            "page_obj": page,
            "picture": task_timeline(ordered, self.now),
        }
        return render(request, "reporting/key_tasks/list.html", context)


class _OfOneTask(PortalView):
    """One task. What the person may not know of answers as what does not exist."""

    @cached_property
    def key_task(self) -> KeyTask:
        return get_object_or_404(tasks_for(self.person), pk=self.kwargs["pk"])

    @cached_property
    def standing(self) -> Standing:
        return standings([self.key_task], self.now)[0]

    @cached_property
    def own(self) -> KeyTaskParty | None:
        """The side of the district that the person works for, the lead's first."""
        mine = district_ids_for(self.person, DistrictPermission.FILE)
        parties = self.key_task.parties.filter(district__in=mine).select_related("district")
        return parties.order_by("-role", "pk").first()

    def back_url(self) -> str:
        return reverse("key_task", args=[self.kwargs["pk"]])

    def may_change(self, party: KeyTaskParty) -> bool:
        """Whether the person adds and removes the district's evidence now."""
        return self.key_task.state in WITH_DISTRICT and updates_on(self.person, party.district_id)

    def need_own(self) -> KeyTaskParty:
        if self.own is None or not updates_on(self.person, self.own.district_id):
            raise NotAllowed(_("You can read this task and not tell its progress."))
        return self.own

    def page(self, *, form: forms.Form | None = None, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        key_task, own = self.key_task, self.own
        updates = KeyTaskUpdate.objects.filter(party__task=key_task).select_related("actor", "district", "revision")
        told = [one for one in updates.order_by("-at", "-pk") if one.revision is None or one.revision.signed_at]
        context = {
            "standing": self.standing,
            "task": key_task,
            "own": own,
            "may_tell": own is not None and key_task.is_open,
            "may_answer": own is not None and own.is_lead and key_task.state in {"assigned", "sent_back"},
            "extension": key_task.extensions.filter(answered_at=None).first(),
            "form": form or ProgressForm(initial=progress_as_typed(self.standing, own.pk) if own else None),
            "updates": told,
            "files": KeyTaskFile.objects.filter(party__task=key_task).select_related("district", "added_by"),
            "may_add": own is not None and self.may_change(own),
            "file_limit": settings.FILE_MAX_BYTES // 1024**2,
            "records": key_task.records.select_related("actor", "district"),
            "refusals": error.messages if error else (),
        }
        return render(self.request, "reporting/key_tasks/task.html", context, status=status)

    def ask(self, form: forms.Form, template: str, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        context = {
            "standing": self.standing,
            "task": self.key_task,
            "form": form,
            "refusals": error.messages if error else (),
            "action_url": self.request.path,
            "back_url": self.back_url(),
        }
        return render(self.request, template, context, status=status)

    def take(self, form: forms.Form, template: str, step: Callable[[dict[str, Any]], object], done: str) -> HttpResponse:
        if not form.is_valid():
            return self.ask(form, template, status=422)
        try:
            step(form.cleaned_data)
        except DomainError as error:
            return self.ask(form, template, error=error, status=error.status)
        messages.success(self.request, done)
        return redirect("key_task", self.kwargs["pk"])

    def need_lead(self) -> None:
        if not self.need_own().is_lead:
            raise NotAllowed(_("Only the lead district does this."))


class KeyTaskView(_OfOneTask):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far the own district is."""
        party = self.need_own()
        form = ProgressForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        given = form.cleaned_data
        try:
            tell_progress(party=party, progress=given["progress"], text=given["text"], actor=self.person, now=self.now)
        except DomainError as error:
            return self.page(form=form, error=error, status=error.status)
        messages.success(request, _("Noted. It counts from now on."))
        return redirect("key_task", pk)


@takes_files("FILE_MAX_BYTES")
class KeyTaskFilesView(_OfOneTask):
    """Adds a file to the own district's evidence."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        party = self.need_own()
        try:
            file = given_file(request, "file", missing=_("Choose the file to add."), too_large=file_too_large())
            add_task_file(party=party, name=file.name or "", content=file.read(), actor=self.person, now=self.now)
        except NotAllowed:
            raise
        except DomainError as error:
            return self.page(error=error, status=error.status)
        messages.success(request, _("The file is added."))
        return redirect(reverse("key_task", args=[pk]) + "#evidence")


class KeyTaskFileView(_OfOneTask):
    """The file itself, for everybody who sees the task."""

    @cached_property
    def file(self) -> KeyTaskFile:
        files = KeyTaskFile.objects.filter(party__task=self.key_task).select_related("party")
        return get_object_or_404(files, pk=self.kwargs["file_pk"])

    def get(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:  # noqa: ARG002
        return stored_response(self.file)


class KeyTaskFileRemoveView(KeyTaskFileView):
    """Asks, and takes the file away."""

    def get(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:  # noqa: ARG002
        if not self.may_change(self.file.party):
            raise NotAllowed(_("Only the officers and the head of the district add and remove its evidence."))
        context = {"task": self.key_task, "file": self.file, "back_url": self.back_url() + "#evidence"}
        return render(request, "reporting/key_tasks/remove_file.html", context)

    def post(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:  # noqa: ARG002
        file = self.file
        try:
            remove_task_file(file=file, actor=self.person)
        except NotAllowed:
            raise
        except DomainError as error:
            return self.page(error=error, status=error.status)
        messages.success(request, _("“%(name)s” is removed.") % {"name": file})
        return redirect(reverse("key_task", args=[pk]) + "#evidence")


class KeyTaskAnswerView(_OfOneTask):
    template = "reporting/key_tasks/done.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_lead()
        return self.ask(DoneForm(), self.template)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_lead()

        def step(given: dict[str, Any]) -> object:
            return answer_key_task(task=self.key_task, note=given["note"], actor=self.person, now=self.now)

        return self.take(DoneForm(request.POST), self.template, step, _("Reported as done. The bureau gets a mail and decides."))


class KeyTaskExtensionView(_OfOneTask):
    template = "reporting/key_tasks/extension.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_lead()
        return self.ask(AskExtensionForm(), self.template)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_lead()

        def step(given: dict[str, Any]) -> object:
            return ask_task_extension(task=self.key_task, actor=self.person, now=self.now, **given)

        return self.take(AskExtensionForm(request.POST), self.template, step, _("Asked. The bureau gets a mail and answers."))


class ReportTaskView(ReportView):
    """What the report says of one task, saved by itself."""

    def post(self, request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
        party = get_object_or_404(open_parties(self.submission.district_id), pk=party_pk)
        form = ProgressForm(request.POST)
        if not form.is_valid():
            said = [str(message) for messages in form.errors.values() for message in messages]
            return self._again(party, request, DomainError(*said), 422)
        given = form.cleaned_data
        try:
            save_report_progress(
                submission=self.submission,
                party_id=party.pk,
                seen_version=given["seen"] or 0,
                progress=given["progress"],
                text=given["text"],
                actor=self.person,
                now=self.now,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            return self._again(party, request, error, error.status)
        messages.success(request, _("Saved."))
        return redirect(reverse("report", args=[pk]) + f"#task-{party.pk}")

    def _again(self, party: KeyTaskParty, request: HttpRequest, error: DomainError, status: int) -> HttpResponse:
        """The report's page with what was typed at the task."""
        self.forget()
        typed = {"party": party.pk, "progress": request.POST.get("progress", ""), "text": request.POST.get("text", "")}
        return self.render_report(refusal=error, status=status, typed_task=typed)
