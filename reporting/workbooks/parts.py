"""Writing cells: text that stays text, whatever it begins with, in sheets that are locked but for what is filled in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from reporting.queries.reports import ReportPage
from reporting.workbooks.cells import Value
from reporting.workbooks.kinds import CAPACITY, clean

_NOTE_WIDTH, _NOTE_LINE, _NOTE_SIGNS = 320, 18, 42
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_A4 = 9
_SIGNS = 1.15
"""In one unit of a column's width, at the size of the text."""
_ROW_LINE, _ROW_MOST = 15.0, 400.0


@dataclass(frozen=True)
class Text:
    """A cell: a value (text is never a formula), the name of a style, and a note."""

    value: Value
    style: str
    number_format: str = ""
    note: str = ""


class Sheet:
    """A sheet that is written from above, a row at a time."""

    def __init__(self, book: Workbook, title: str, *, widths: Sequence[float], hidden: bool = False) -> None:
        self._sheet: Any = book.create_sheet(title[:31])
        self._rows = 0
        self._styles: dict[tuple[str, str], Any] = {}
        if hidden:
            self._sheet.sheet_state = "hidden"
        for number, width in enumerate(widths, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width

    @property
    def raw(self) -> Any:
        return self._sheet

    @property
    def rows(self) -> int:
        """How many there are by now."""
        return self._rows

    def add(self, *cells: Text | None, height: float | None = None, hidden: bool = False) -> int:
        """Write the next row and give its number."""
        self._rows += 1
        if height or hidden:
            dimension = self._sheet.row_dimensions[self._rows]
            dimension.height, dimension.hidden = height, hidden
        self._sheet.append([None if cell is None else self._written(cell) for cell in cells])
        return self._rows

    def _written(self, text: Text) -> Any:
        value: Any = _escaped(clean(text.value)[:CAPACITY]) if isinstance(text.value, str) else text.value
        cell: Any = WriteOnlyCell(self._sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell._style = self._style(text.style, text.number_format)  # noqa: SLF001 (to look up a style's name takes as long as the cell)
        if text.note:
            cell.comment = note(text.note)
        return cell

    def _style(self, name: str, number_format: str) -> Any:
        """Shared by all the cells that look so."""
        if (name, number_format) not in self._styles:
            cell: Any = WriteOnlyCell(self._sheet)
            cell.style = name
            if number_format:
                cell.number_format = number_format
            self._styles[name, number_format] = cell._style  # noqa: SLF001
        return self._styles[name, number_format]

    def fit_to_page(self, orientation: str) -> None:
        """Printed on A4, as wide as the paper."""
        setup = self._sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToHeight = orientation, _A4, 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def protect(self) -> None:
        """Against slips alone: there is no password, and widths, heights and colours stay free."""
        protection = self._sheet.protection
        protection.enable()
        protection.formatCells = protection.formatColumns = protection.formatRows = False


def _escaped(text: str) -> str:
    """Of `_x0041_` a spreadsheet makes an A: its first sign is written in this way itself."""
    return _ESCAPE.sub("_x005F_", text)


def note(text: str) -> Comment:
    lines = sum(1 + len(line) // _NOTE_SIGNS for line in text.split("\n"))
    return Comment(clean(text), _("District Reporting Portal"), height=30 + _NOTE_LINE * min(lines, 20), width=_NOTE_WIDTH)


def height_of(texts: Sequence[tuple[str, float]], least: int = 1) -> float | None:
    """Of a row whose texts are wrapped at these widths: Chinese letters take the room of two. None: one line, as it is anyhow."""
    lines = max(
        (sum(1 + int(_room(line) / (width * _SIGNS)) for line in text.split("\n")) for text, width in texts if text), default=1
    )
    return None if max(lines, least) == 1 else min(_ROW_MOST, 6 + _ROW_LINE * max(lines, least))


def _room(line: str) -> float:
    return len(line) if line.isascii() else sum(1 if sign.isascii() else 1.9 for sign in line)


def words_of_report(page: ReportPage) -> str:
    cycle = page.submission.cycle
    return _("%(report)s, %(period)s") % {"report": cycle.definition, "period": cycle.period}
