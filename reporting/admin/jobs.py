"""The bureau's jobs: each person's own list, the page of each with its progress, and what it gave."""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from districts.admin.base import BureauAdmin, ReadOnlyMixin, actor_of
from districts.admin.pages import framed
from districts.queries.access import works_at_bureau
from reporting.admin.bulk import numbers
from reporting.admin.cells import cycle_cell, minute
from reporting.admin.workbook_exchange import exchange_workbooks
from reporting.domain.jobs import cancel_job
from reporting.enums import ItemState, JobKind
from reporting.exports import Cell, write_csv
from reporting.exports.jobs import result_rows
from reporting.exports.xlsx import xlsx_chunks
from reporting.exports.zips import zip_chunks
from reporting.models import Job
from reporting.queries.jobs import counts_of, files_of, items_of, jobs_of, with_counts

SHOWN = 200
_LABELS = {"waiting": "info", "running": "warning", "done": "success", "cancelled": "danger", "expired": "info"}
_FILES = {
    JobKind.DOWNLOAD: "content",
    JobKind.UPLOAD: "marked",
    JobKind.BRIEFING: "marked",
    JobKind.MINUTES: "marked",
}
"""What of the items the archive of a finished job holds."""


@admin.register(Job)
class JobAdmin(ReadOnlyMixin, BureauAdmin):
    list_display = ("kind_shown", "cycle_shown", "begun_shown", "progress_shown", "kept_shown", "state_shown")
    list_display_links = ("kind_shown",)
    list_before_template = "admin/reporting/job/_list_head.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return works_at_bureau(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return with_counts(jobs_of(request.user))

    @display(description=_("job"))
    def kind_shown(self, job: Job) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', job.get_kind_display(), job.name)

    @display(description=_("cycle"))
    def cycle_shown(self, job: Job) -> SafeString:
        return cycle_cell(job.cycle)

    @display(description=_("begun"), ordering="created_at")
    def begun_shown(self, job: Job) -> SafeString:
        return minute(job.created_at)

    @display(description=_("progress"))
    def progress_shown(self, job: Job) -> str:
        done = job.settled if job.is_unfinished else job.done_count  # type: ignore[attr-defined]
        return gettext("%(done)d of %(total)d") % {"done": done, "total": job.item_count}

    @display(description=_("kept until"), ordering="expires_at")
    def kept_shown(self, job: Job) -> SafeString | str:
        return minute(job.expires_at) if job.expires_at else "–"

    @display(description=_("state"), label=_LABELS)
    def state_shown(self, job: Job) -> tuple[str, str]:
        return job.state, job.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """All there is to say of a job stands on its page."""
        return to_job(job_for(request, object_id))

    def add_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        views = {"progress": progress, "cancel": cancel, "result": result}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"reporting_job_{name}")
            for name, view in views.items()
        ]
        page = path("exchange/", self.admin_site.admin_view(exchange_workbooks), name="reporting_job_exchange")
        table = path("<int:pk>/results.<slug:extension>", self.admin_site.admin_view(results), name="reporting_job_results")
        return [page, *own, table, *super().get_urls()]


def job_for(request: HttpRequest, pk: str | int) -> Job:
    """The person's own; to everybody else it is not there."""
    found = numbers([str(pk)])
    if not found:
        raise Http404
    return get_object_or_404(jobs_of(request.user), pk=found[0])


def to_job(job: Job) -> HttpResponseRedirect:
    return redirect("admin:reporting_job_change", job.pk)


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    job = job_for(request, object_id)
    items = items_of(job, request.user).exclude(state=ItemState.WAITING)
    return framed(
        request,
        "admin/reporting/job/job.html",
        model=Job,
        title=str(job),
        original=job,
        items=items[:SHOWN],
        is_cut=items[SHOWN : SHOWN + 1].exists(),
        has_files=items.exclude(**{_FILES[JobKind(job.kind)]: None}).exists(),
        **_how_far(job),
    )


def _how_far(job: Job) -> dict[str, Any]:
    counts = counts_of(job)
    done = sum(counts.values()) - counts[ItemState.WAITING] if job.is_unfinished else job.done_count
    wrong = counts[ItemState.REFUSED] + counts[ItemState.FAILED]
    return {"job": job, "done": done, "wrong": wrong, "has_result": job.has_result(timezone.now())}


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, which asks for itself again; when the job is finished, for the whole page."""
    job = job_for(request, pk)
    response = render(request, "admin/reporting/job/_progress.html", _how_far(job))
    if not job.is_unfinished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = job_for(request, pk)
    if cancel_job(job=job, actor=actor_of(request), now=timezone.now()):
        messages.success(request, gettext("The job was cancelled; what it had done stays."))
    else:
        messages.info(request, gettext("The job was finished already."))
    return to_job(job)


def _finished(request: HttpRequest, pk: int) -> Job:
    job = job_for(request, pk)
    if not job.has_result(timezone.now()):
        raise Http404
    return job


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The workbooks that were written, or the marked copies of those that were read, as one archive."""
    job = _finished(request, pk)
    chunks = zip_chunks(files_of(items_of(job, request.user), _FILES[JobKind(job.kind)]))
    return _file(chunks, "application/zip", f"{job.kind}-{job.cycle.period}.zip")


@require_safe
def results(request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
    """What became of each file, as a table."""
    job = _finished(request, pk)
    if extension not in _TABLES:
        raise Http404
    content_type, chunks = _TABLES[extension]
    # Made whole here: when it goes out, the request's language is over.
    rows = list(result_rows(items_of(job, request.user).exclude(state=ItemState.WAITING)))
    return _file(chunks(rows), content_type, f"{job.kind}-{job.cycle.period}.{extension}")


def _file(chunks: Iterable[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(chunks, content_type=content_type, headers=headers)


def _csv(rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    file = BytesIO()
    write_csv(rows, file)
    yield file.getvalue()


_TABLES: dict[str, tuple[str, Callable[[Iterable[list[Cell]]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda rows: xlsx_chunks(rows, gettext("Results")),
    ),
}
