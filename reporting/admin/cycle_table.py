"""A cycle as a flat table, for everybody at the bureau: of the own portfolio."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from districts.admin.pages import refused
from districts.errors import DomainError
from reporting.exports.cycle_table import cycle_csv, cycle_xlsx
from reporting.models import Cycle
from reporting.queries.cycle_table import CycleTable, cycle_table


@dataclass(frozen=True)
class Download:
    content_type: str
    stream: Callable[[CycleTable, str], Iterator[bytes]]


DOWNLOADS = {
    "csv": Download("text/csv; charset=utf-8", lambda table, _title: cycle_csv(table)),
    "xlsx": Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", cycle_xlsx),
}


@require_safe
def download_table(request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
    cycle = get_object_or_404(Cycle.objects.opened(), pk=pk)
    download = DOWNLOADS.get(extension)
    if download is None:
        raise Http404
    try:
        chunks = download.stream(cycle_table(request.user, cycle), cycle.period)
    except DomainError as error:
        back = f"{reverse('admin:index')}?cycle={cycle.pk}"
        instead = reverse("admin:reporting_cycle_table", args=[cycle.pk, "csv"])
        return refused(request, error, back, model=Cycle, instead=instead)
    response = StreamingHttpResponse(chunks, content_type=download.content_type)
    response["Content-Disposition"] = f'attachment; filename="cycle-{cycle.period}.{extension}"'
    return response
