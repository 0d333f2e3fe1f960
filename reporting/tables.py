"""The table of districts' figures."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.data import TableData

from districts.models.district import PeerGroup
from reporting.enums import FigureStatus, Measure
from reporting.formats import change_of, grouped, signed, value_of
from reporting.queries.figures import DistrictFigure
from reporting.queries.figures.page import FigureSheet, Summary, headers_of

_Row = TypeVar("_Row", DistrictFigure, Summary)
_PEER_GROUPS = dict(PeerGroup.choices)
_STATUSES = dict(FigureStatus.choices)
_PARTS = 2
"""Decimals of shares and contributions."""
_BAR_WIDTH = 96
"""Of the whole drawing, in its own units; half of it for each direction where there are two."""


class FigureRows(TableData):
    """One page of rows that the database has already filtered, ordered and counted."""

    def __init__(self, rows: Sequence[DistrictFigure], total: int) -> None:
        super().__init__(rows)
        self.total = total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, key: slice | int) -> Any:
        return self.data if isinstance(key, slice) else self.data[key]

    def order_by(self, aliases: Sequence[str]) -> None:
        """They are in order."""


class NumberColumn(tables.Column):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"th": {"class": "number"}, "td": {"class": "number"}}, empty_values=(), **kwargs)


class FigureTable(tables.Table):
    """Has only the columns that the reader may see: what is not there cannot be ordered by."""

    name = tables.Column(verbose_name=gettext_lazy("District"), empty_values=())
    peer_group = tables.Column(verbose_name=gettext_lazy("Peer group"))
    value = NumberColumn()
    base = NumberColumn()
    growth = NumberColumn()
    share = NumberColumn(verbose_name=gettext_lazy("Share of the city (%)"))
    contribution = NumberColumn(verbose_name=gettext_lazy("Contribution (percentage points)"))
    value_rank = NumberColumn(verbose_name=gettext_lazy("Rank by value"))
    growth_rank = NumberColumn()

    class Meta:
        template_name = "reporting/figures/_table.html"
        attrs = {"class": "table table-cards table-wide figures"}
        empty_text = gettext_lazy("No district fits the filter.")

    def __init__(self, sheet: FigureSheet, data: FigureRows) -> None:
        self.indicator = sheet.indicator
        self.summaries = sheet.summaries
        named = {name: NumberColumn(verbose_name=header) for name, header in headers_of(sheet.indicator).items()}
        hidden = {name: None for name in self.base_columns if name not in sheet.columns}
        super().__init__(data=data, extra_columns=list((named | hidden).items()))

    def orders(self) -> list[tuple[str, str]]:
        """(what to order by, in words): for where the headers do not show."""
        found = []
        for column in self.columns:
            found.append((column.name, _("%(column)s, ascending") % {"column": column.header}))
            found.append((f"-{column.name}", _("%(column)s, descending") % {"column": column.header}))
        return found

    def render_name(self, record: DistrictFigure) -> str:
        return record.label

    def render_peer_group(self, value: str) -> str:
        return str(_PEER_GROUPS[value])

    def render_value(self, record: DistrictFigure) -> str | SafeString:
        if record.value is not None:
            return value_of(record.value, self.indicator)
        status = FigureStatus.MISSING if record.status == FigureStatus.REPORTED else record.status
        return format_html('<span class="na">{}</span>', _STATUSES[status])

    def render_base(self, record: DistrictFigure) -> str | SafeString:
        if record.base is None:
            return not_available(_("There is no figure of the same period last year."))
        shown = value_of(record.base, self.indicator)
        if record.base_is_revised:
            return shown
        return format_html('<abbr class="mark" title="{}">{}</abbr> {}', _("unrevised: as approved last year"), _("u"), shown)

    def render_growth(self, record: DistrictFigure) -> str | SafeString:
        return self._growth(record, why_no_growth(record))

    def render_share(self, record: DistrictFigure) -> str | SafeString:
        return _rounded(record.share, why_no_part(record))

    def render_contribution(self, record: DistrictFigure) -> str | SafeString:
        if record.contribution is None:
            return not_available(why_no_part(record))
        shown = signed(record.contribution, _PARTS)
        return format_html("{} {}", bar(record), shown)

    def render_value_rank(self, record: DistrictFigure) -> str | SafeString:
        return not_available(_("There is no value to rank.")) if record.value_rank is None else str(record.value_rank)

    def render_growth_rank(self, record: DistrictFigure) -> str | SafeString:
        return not_available(why_no_growth(record)) if record.growth_rank is None else str(record.growth_rank)

    def summary_rows(self) -> list[tuple[str, bool, list[tuple[str, str | SafeString]]]]:
        """(label, whether it is the city, (header, cell) of every column after the first) of the rows below the districts."""
        columns = [column for column in self.columns if column.name != "name"]
        return [
            (
                _("The city") if summary.is_city else _("Not allocated to a district"),
                summary.is_city,
                [(str(column.header), self._summary_cell(summary, column.name)) for column in columns],
            )
            for summary in self.summaries
        ]

    def _summary_cell(self, summary: Summary, name: str) -> str | SafeString:
        if name in {"peer_group", "value_rank", "growth_rank"}:
            return ""
        if name == "growth":
            return self._growth(summary, _("There is no base."))
        if name == "contribution":
            return not_available(_("There is no base.")) if summary.contribution is None else signed(summary.contribution, _PARTS)
        if name == "share":
            return _rounded(summary.share, _("There is no total."))
        number = getattr(summary, name)
        return not_available(_("No district has a figure.")) if number is None else value_of(number, self.indicator)

    def _growth(self, row: _Row, reason: str) -> str | SafeString:
        number = row.change if self.indicator.measure == Measure.RATE else row.growth
        return not_available(reason) if number is None else change_of(number, self.indicator)


def why_no_growth(row: DistrictFigure) -> str:
    if row.value is None:
        return _("There is no value.")
    if row.base is None:
        return _("There is no figure of the same period last year.")
    return _("The base is zero or negative.")


def why_no_part(row: DistrictFigure) -> str:
    if row.is_contained:
        return _("The city counts this unit's figure inside another district's.")
    return _("There is no value.") if row.value is None else _("There is no figure of the same period last year.")


def not_available(reason: str) -> SafeString:
    return format_html('<abbr class="na" title="{}">{}</abbr>', reason, _("n/a"))


def _rounded(number: Decimal | None, reason: str) -> str | SafeString:
    return not_available(reason) if number is None else grouped(number, _PARTS)


def bar(row: DistrictFigure) -> SafeString:
    """A bar to the right for a contribution up, to the left for one down. The number stands beside it."""
    number, scale = row.contribution or Decimal(0), row.scale or Decimal(0)
    axis = Decimal(_BAR_WIDTH) / 2 if row.is_two_sided else Decimal(0)
    length = abs(number) / scale * (_BAR_WIDTH - axis) if scale else Decimal(0)
    context = {
        "width": _BAR_WIDTH,
        "axis": f"{axis:.1f}",
        "start": f"{axis - length if number < 0 else axis:.2f}",
        "length": f"{length:.2f}",
        "is_negative": number < 0,
    }
    return SafeString(render_to_string("reporting/figures/_bar.html", context).strip())
