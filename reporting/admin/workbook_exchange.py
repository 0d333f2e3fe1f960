"""Workbooks and tables of a cycle: everything that leaves the portal as files for many districts, and comes back."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of
from districts.admin.pages import framed
from districts.errors import DomainError
from districts.views.uploads import given_file, takes_files
from reporting.admin.bulk import numbers
from reporting.domain.jobs import ask_for_workbooks, take_workbooks
from reporting.models import Cycle, Job
from reporting.queries.cycles import latest_cycles
from reporting.workbooks.bundles import read_each


@takes_files("ARCHIVE_MAX_BYTES")
@require_http_methods(["GET", "HEAD", "POST"])
def exchange_workbooks(request: HttpRequest) -> HttpResponse:
    """GET shows the cycle (`cycle`, or the latest); POST begins the job of its form."""
    cycles = latest_cycles()
    cycle = _chosen(request, cycles)
    refusal: DomainError | None = None
    if request.method == "POST" and cycle is not None:
        try:
            return redirect("admin:reporting_job_change", _begin(request, cycle).pk)
        except DomainError as error:
            refusal = error
    return framed(
        request,
        "admin/reporting/job/exchange.html",
        model=Job,
        status=refusal.status if refusal else 200,
        title=_("Workbooks and tables"),
        cycle=cycle,
        cycles=cycles,
        refusals=refusal.messages if refusal else (),
        limit=settings.ARCHIVE_MAX_BYTES // 1024**2,
    )


def _chosen(request: HttpRequest, cycles: list[Cycle]) -> Cycle | None:
    """None where no cycle was opened yet."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("cycle")
    if given:
        found = numbers(given[:1])
        return get_object_or_404(Cycle.objects.opened().select_related("definition"), pk=found[0] if found else 0)
    if request.method == "POST":
        raise Http404
    return cycles[0] if cycles else None


def _begin(request: HttpRequest, cycle: Cycle) -> Job:
    asked: dict[str, Any] = {"cycle": cycle, "actor": actor_of(request), "now": timezone.now()}
    if request.POST.get("what") == "download":
        return ask_for_workbooks(**asked)
    limit = {"megabytes": settings.ARCHIVE_MAX_BYTES // 1024**2}
    file = given_file(
        request,
        "archive",
        missing=_("Choose the ZIP file with the workbooks."),
        too_large=_("The ZIP file is too large: %(megabytes)d MB are possible. Send it in parts.") % limit,
    )
    return take_workbooks(name=file.name or "", files=read_each(file.read()), **asked)
