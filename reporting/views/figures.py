"""The city's and the districts' figures, and their downloads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.errors import DomainError
from districts.views.pages import PortalView
from reporting.exports import Cell, figure_cells, write_csv, write_xlsx
from reporting.forms.figures import FigureFilterForm
from reporting.pictures import Picture
from reporting.queries.figures import Selection
from reporting.queries.figures.page import FigureSheet, figure_sheet
from reporting.queries.illustrations import city_trend, growth_waterfall
from reporting.tables import FigureRows, FigureTable
from reporting.templatetags.reports import short_instant

ON_A_PAGE = 20
_DRAWN = 200
"""Of more districts than this no picture is drawn: the table has them."""
_IN_MEMORY = 1024 * 1024


class FigureSheetView(PortalView):
    def sheet(self, pk: int | None) -> FigureSheet | None:
        return figure_sheet(self.person, self.now, pk, self.request.GET.get("indicator", ""))

    @cached_property
    def filters(self) -> FigureFilterForm:
        form = FigureFilterForm(self.request.GET)
        if not form.is_valid():
            raise DomainError(*(str(message) for messages in form.errors.values() for message in messages))
        return form

    @property
    def selection(self) -> Selection:
        """What is asked for; what of it may be had the sheet says."""
        sort = self.request.GET.get("sort", "")
        return Selection(
            name=self.filters.cleaned_data["name"],
            peer_group=self.filters.cleaned_data["peer_group"],
            order=(sort,) if sort else (),
        )


class FiguresView(FigureSheetView):
    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        chosen = request.GET.get("cycle", "")
        if pk is None and chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
            query = request.GET.copy()
            del query["cycle"]
            return redirect(f"{reverse('figures_of', args=[int(chosen)])}?{query.urlencode()}")
        sheet = self.sheet(pk)
        if sheet is None:
            if pk is None and not request.GET.get("indicator"):
                return render(request, "reporting/figures/none.html")
            raise Http404
        return render(request, "reporting/figures/figures.html", self._context(sheet))

    def _context(self, sheet: FigureSheet) -> dict[str, Any]:
        return {
            "sheet": sheet,
            "table": self._table(sheet),
            "form": self.filters,
            "is_filtered": any(self.filters.cleaned_data.values()),
            "sort": self.request.GET.get("sort", ""),
            "gap": gap_of(sheet),
            "opens": opening_of(sheet),
            "pictures": pictures_of(sheet),
        }

    def _table(self, sheet: FigureSheet) -> FigureTable:
        """The page asked for; the last one where there are fewer."""
        selection = sheet.ordered(self.selection)
        number = page_number(self.request.GET.get("page", ""))
        rows = sheet.rows(on_page(selection, number))
        if not rows and number > 1:
            number = 1
            rows = sheet.rows(on_page(selection, number))
        table = FigureTable(sheet, FigureRows(rows, rows[0].matched if rows else 0))
        table.order_by = selection.order
        table.paginate(page=number, per_page=ON_A_PAGE)
        return table


def pictures_of(sheet: FigureSheet) -> list[Picture]:
    """What the city's figure is made of, and its past; nothing for who sees no total."""
    if sheet.figure is None:
        return []
    rows = sheet.rows(Selection(limit=_DRAWN + 1))
    is_complete = sheet.sight.districts is None
    parts = None
    if len(rows) <= _DRAWN:
        parts = growth_waterfall(sheet.cycle, sheet.indicator, sheet.figure, rows, is_complete=is_complete)
    return [picture for picture in (parts, city_trend(sheet.cycle, sheet.indicator)) if picture is not None]


def page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def on_page(selection: Selection, number: int) -> Selection:
    return Selection(
        selection.districts,
        selection.name,
        selection.peer_group,
        selection.order,
        limit=ON_A_PAGE,
        offset=(number - 1) * ON_A_PAGE,
    )


def gap_of(sheet: FigureSheet) -> str:
    """What the total does not cover, in words; blank where it covers all."""
    figure = sheet.figure
    if figure is None or figure.value_reported >= figure.expected:
        return ""
    missing = figure.expected - figure.value_reported
    return ngettext(
        "The total is incomplete: %(missing)d of %(expected)d districts is not in it. Shares and ranks are among the others.",
        "The total is incomplete: %(missing)d of %(expected)d districts are not in it. Shares and ranks are among the others.",
        missing,
    ) % {"missing": missing, "expected": figure.expected}


def opening_of(sheet: FigureSheet) -> str:
    """When the districts see the rest."""
    cycle = sheet.cycle
    if cycle.figures_opened_at is not None:
        return _(
            "Until %(when)s you see your own figures only. The city's total, ranks and the other districts' figures open then."
        ) % {"when": short_instant(cycle.figures_opened_at)}
    return _(
        "For now you see your own figures only. The city's total, ranks and the other districts' figures open when the bureau "
        "opens them, at the latest when this round of reports is locked: %(when)s."
    ) % {"when": short_instant(cycle.locks_at)}


@dataclass(frozen=True)
class Download:
    content_type: str
    write: Callable[[Iterator[list[Cell]], IO[bytes], str], None]


DOWNLOADS = {
    "csv": Download("text/csv; charset=utf-8", lambda rows, file, _title: write_csv(rows, file)),
    "xlsx": Download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
}


class FiguresDownloadView(FigureSheetView):
    """What the page shows, all rows of it: the same districts, columns, filters and order."""

    def get(self, request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:  # noqa: ARG002
        download, sheet = DOWNLOADS.get(extension), self.sheet(pk)
        if download is None or sheet is None:
            raise Http404
        note = _("Demonstration data: district figures are synthetic") if settings.PORTAL_DEMO else ""
        file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the response closes it)
        title = f"{sheet.cycle.period} {sheet.indicator.code}"
        download.write(figure_cells(sheet, sheet.all_rows(self.selection), note), file, title)
        file.seek(0)
        name = f"figures-{sheet.cycle.period}-{sheet.indicator.code}.{extension}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=download.content_type)
