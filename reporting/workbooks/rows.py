"""Where the questions stand in a workbook now: found by the keys in its hidden row and column, wherever these were moved to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, quote_sheetname

from districts.errors import Refused
from reporting.workbooks.cells import Book, Cell, Sheet

KEY, VALUE, STATUS, EXPLANATION = "portal:key", "portal:value", "portal:status", "portal:explanation"
"""In the hidden row: what the column below holds."""
HEADING = "portal:heading"
"""In the key column: a row of words, not of a question."""
INPUTS = (VALUE, STATUS, EXPLANATION)


class Place(NamedTuple):
    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """`Report!F12`, as a spreadsheet writes it."""
        sheet = self.sheet if self.sheet.isalnum() else quote_sheetname(self.sheet)
        return f"{sheet}!{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class FoundRow:
    sheet: Sheet
    row: int
    columns: Mapping[str, int]

    def cell(self, column: str) -> Cell | None:
        return self.sheet.cells.get((self.row, self.columns[column])) if column in self.columns else None

    def place(self, column: str = VALUE) -> Place:
        return Place(self.sheet.name, self.row, self.columns.get(column, self.columns[VALUE]))

    @property
    def values(self) -> tuple[object, ...]:
        return tuple(getattr(self.cell(column), "value", None) for column in INPUTS)


@dataclass
class Rows:
    """`strays` hold something where answers stand and have no key of a question."""

    by_key: dict[str, list[FoundRow]] = field(default_factory=dict)
    strays: list[FoundRow] = field(default_factory=list)
    missing_columns: list[tuple[str, str]] = field(default_factory=list)
    """(sheet, column)."""


def rows_of(book: Book) -> Rows:
    """Raises Refused where no sheet has the hidden keys."""
    found = Rows()
    tables = [(sheet, head) for sheet in book.sheets if (head := head_of(sheet))]
    if not tables:
        raise Refused(
            _(
                "The hidden row and column of this workbook are gone, so nobody knows which cell answers which question. "
                "Download a new workbook."
            )
        )
    for sheet, (head_row, columns) in tables:
        found.missing_columns += [(sheet.name, column) for column in INPUTS if column not in columns]
        _collect(found, sheet, head_row, columns)
    return found


def head_of(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The hidden row and what it says of each column."""
    for (row, _column), cell in sheet.cells.items():
        if cell.value == KEY:
            names = {
                str(other.value): column
                for (at, column), other in sheet.cells.items()
                if at == row and other.value in {KEY, *INPUTS}
            }
            if VALUE in names:
                return row, names
    return None


def _collect(found: Rows, sheet: Sheet, head_row: int, columns: Mapping[str, int]) -> None:
    inputs = {columns[column] for column in INPUTS if column in columns}
    keys = {row: str(cell.value).strip() for (row, column), cell in sheet.cells.items() if column == columns[KEY]}
    filled = {row for (row, column), cell in sheet.cells.items() if column in inputs}
    for row in sorted(keys.keys() | filled):
        key = keys.get(row, "")
        if row == head_row or key == HEADING:
            continue
        if key:
            found.by_key.setdefault(key, []).append(FoundRow(sheet, row, columns))
        else:
            found.strays.append(FoundRow(sheet, row, columns))
