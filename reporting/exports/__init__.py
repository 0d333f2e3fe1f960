"""Figures as files: numbers are numbers, all else is text and stays text in any spreadsheet. Deadlines as a feed."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from districts.models.district import PeerGroup
from reporting.enums import FigureStatus
from reporting.queries.calendar import Deadline
from reporting.queries.figures import DistrictFigure
from reporting.queries.figures.page import FigureSheet, Summary, headers_of
from reporting.validators.numbers import round_half_up

Cell = str | int | Decimal | None
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take text for a formula, or split it."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for."""
_DECIMALS = 6
_LABELS = {"peer_group": dict(PeerGroup.choices), "status": dict(FigureStatus.choices)}


def figure_cells(sheet: FigureSheet, rows: Iterable[DistrictFigure], note: str = "") -> Iterator[list[Cell]]:
    """A header, a row a district, and the rows below them; the columns are those of the page and the status."""
    columns = _columns(sheet)
    yield [_header(sheet, column) for column in columns]
    for row in rows:
        yield [_cell(row, column) for column in columns]
    for summary in sheet.summaries:
        yield [_summary_cell(summary, column) for column in columns]
    if note:
        yield [note]


def _columns(sheet: FigureSheet) -> list[str]:
    columns = ["code", *sheet.columns]
    columns.insert(columns.index("value"), "status")
    columns.insert(columns.index("base") + 1, "base_is_revised")
    if sheet.indicator.measure == "rate":
        columns[columns.index("growth")] = "change"
    return columns


def _header(sheet: FigureSheet, column: str) -> str:
    indicator = sheet.indicator
    change_unit = _("percentage points") if indicator.unit == "%" else indicator.unit_label
    return {
        **headers_of(indicator),
        "code": _("Code"),
        "name": _("District"),
        "peer_group": _("Peer group"),
        "status": _("Status"),
        "base_is_revised": _("Base"),
        "growth": _("Growth (%)"),
        "change": _("Change (%(unit)s)") % {"unit": change_unit},
        "share": _("Share of the city (%)"),
        "contribution": _("Contribution (percentage points)"),
        "value_rank": _("Rank by value"),
    }[column]


def _cell(row: DistrictFigure, column: str) -> Cell:
    if column == "name":
        return row.label
    if column == "base_is_revised":
        return {True: _("revised"), False: _("as approved last year"), None: ""}[row.base_is_revised]
    value = getattr(row, column)
    return str(_LABELS[column][value]) if column in _LABELS else _number(value)


def _summary_cell(summary: Summary, column: str) -> Cell:
    if column == "name":
        return _("The city") if summary.is_city else _("Not allocated to a district")
    return _number(getattr(summary, column, None))


def _number(value: Cell) -> Cell:
    """Computed numbers to six decimals, without trailing zeros."""
    if not isinstance(value, Decimal):
        return value
    plain = f"{round_half_up(value, _DECIMALS):f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def writable(text: str) -> str:
    """Text that a workbook can hold: what it has no place for becomes a mark that something stood there."""
    return _UNWRITABLE.sub("\ufffd", text)


def write_csv(rows: Iterable[Sequence[Cell]], file: IO[bytes]) -> None:
    """UTF-8 with a byte order mark, as spreadsheets expect it; a row at a time."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    text.detach()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return safe_text(cell) if isinstance(cell, str) else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def write_xlsx(rows: Iterable[Sequence[Cell]], file: IO[bytes], title: str) -> None:
    """One sheet, written a row at a time; text is stored as text, never as a formula."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    workbook.save(file)


def _typed(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=writable(value))
    cell.data_type = "s"
    return cell


def calendar_of(deadlines: Iterable[Deadline], now: datetime) -> bytes:
    """An iCalendar file (RFC 5545): one entry a deadline, at its instant, whose identity outlives its being moved."""
    calendar = Calendar()
    calendar.add("prodid", "-//District Reporting Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("District Reporting"))
    for deadline in deadlines:
        entry = Event()
        entry.add("uid", f"{deadline.uid}@{urlsplit(settings.PORTAL_URL).hostname}")
        entry.add("dtstamp", now)
        entry.add("dtstart", deadline.at)
        entry.add("summary", deadline_words(deadline))
        if deadline.submission:
            entry.add("url", settings.PORTAL_URL + reverse("report", args=[deadline.submission.pk]))
        calendar.add_component(entry)
    return calendar.to_ical()


def deadline_words(deadline: Deadline) -> str:
    what = _("%(cycle)s locks") if deadline.is_lock else _("%(cycle)s is due")
    words = what % {"cycle": deadline.cycle}
    return f"{words} ({deadline.submission.district_label})" if deadline.submission else words
