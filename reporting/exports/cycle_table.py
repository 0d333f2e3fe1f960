"""A cycle's flat table as a file that goes out while it is read."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from districts.errors import Refused
from reporting.exports.xlsx import MAX_ROWS, xlsx_chunks
from reporting.queries.cycle_table import CycleTable, csv_rows, plain_rows, snapshot

_MARK = b"\xef\xbb\xbf"


def cycle_csv(table: CycleTable) -> Iterator[bytes]:
    """UTF-8 with a byte order mark. One snapshot; closing the generator ends the statement."""
    language = translation.get_language()
    return _csv(table, language)


def _csv(table: CycleTable, language: str | None) -> Iterator[bytes]:
    with snapshot() as instant:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(_headings(instant, language))
        yield _MARK + line.getvalue().encode()
        yield from csv_rows(table)


def cycle_xlsx(table: CycleTable, title: str) -> Iterator[bytes]:
    """The same as a workbook. Raises Refused where a sheet cannot hold the rows."""
    if len(table) >= MAX_ROWS:
        raise Refused(_("A sheet holds %(limit)d rows and this table has more. Take the CSV file.") % {"limit": MAX_ROWS})
    return xlsx_chunks(_rows(table, translation.get_language()), title)


def _rows(table: CycleTable, language: str | None) -> Iterator[Sequence[Any]]:
    with snapshot() as instant:
        yield _headings(instant, language)
        yield from plain_rows(table)


def _headings(instant: datetime, language: str | None) -> list[str]:
    """The last heading has no column below it: it says of when the file is and what is in it."""
    local = timezone.localtime(instant).isoformat(sep=" ", timespec="seconds")
    with translation.override(language):
        return [
            _("District code"),
            _("District"),
            _("Indicator code"),
            _("Indicator"),
            _("Period"),
            _("Value"),
            _("Unit"),
            _("Status"),
            _("Explanation"),
            _("Approved reports only, as of %(instant)s") % {"instant": local},
        ]
