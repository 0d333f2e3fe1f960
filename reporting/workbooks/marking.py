"""The uploaded workbook once more, with what is wrong at its cells.

It is written anew from the cells that were read, at the same places: nothing else of the file that somebody sent is opened. What
formulas gave stays, the formulas do not; own colours, pictures and charts are left behind. It can be corrected and uploaded.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from reporting.models import Question
from reporting.workbooks.cells import Book, Cell
from reporting.workbooks.cells import Sheet as ReadSheet
from reporting.workbooks.parts import Sheet, Text, height_of
from reporting.workbooks.rows import EXPLANATION, HEADING, INPUTS, KEY, STATUS, VALUE, Place, head_of
from reporting.workbooks.styles import HEAD, INPUT_TEXT, KEYS, LABEL, TO_CORRECT, TO_EXPLAIN, WORDS, named_styles

_PLAIN_WIDTH = 18.0
_WIDTHS = {KEY: 10.0, VALUE: 24.0, STATUS: 18.0, EXPLANATION: 34.0}
_LABEL_WIDTH = 46.0


@dataclass(frozen=True)
class Mark:
    """`place` is None for what has no cell any more."""

    place: Place | None
    message: str
    is_hard: bool = True
    question: Question | None = None

    @property
    def style(self) -> str:
        return TO_CORRECT if self.is_hard else TO_EXPLAIN


def marked_copy(book: Book, marks: Sequence[Mark]) -> bytes:
    """An .xlsx file: first the list of all marks, then the sheets as they were read, the marks as notes at their cells."""
    copy = Workbook(write_only=True)
    for style in named_styles():
        copy.add_named_style(style)
    _list(copy, book, marks)
    at: dict[tuple[str, int, int], list[Mark]] = {}
    for mark in marks:
        if mark.place:
            at.setdefault((mark.place.sheet, mark.place.row, mark.place.column), []).append(mark)
    for sheet in book.sheets:
        _copy(copy, sheet, at)
    file = io.BytesIO()
    copy.save(file)
    return file.getvalue()


def _list(copy: Workbook, book: Book, marks: Sequence[Mark]) -> None:
    sheet = Sheet(copy, _free_title(book), widths=[24, 110])
    sheet.add(Text(_("Cell"), HEAD), Text(_("What to correct"), HEAD))
    for mark in marks:
        sheet.add(Text(mark.place.address if mark.place else "–", WORDS), Text(mark.message, mark.style))


def _free_title(book: Book) -> str:
    taken, title = {sheet.name.casefold() for sheet in book.sheets}, _("To correct")
    numbers = (f"{title} {number}" for number in count(2))
    return title if title.casefold() not in taken else next(name for name in numbers if name.casefold() not in taken)


def _copy(copy: Workbook, read: ReadSheet, at: Mapping[tuple[str, int, int], list[Mark]]) -> None:
    head_row, columns = head_of(read) or (0, {})
    marked = {(row, column): marks for (name, row, column), marks in at.items() if name == read.name}
    rows: dict[int, set[int]] = {}
    for row, column in [*read.cells, *marked]:
        rows.setdefault(row, set()).add(column)
    widths = _widths(columns, max((max(found) for found in rows.values()), default=1))
    sheet = Sheet(copy, read.name, widths=widths)
    sheet.raw.sheet_state = "hidden" if read.hidden else "visible"
    if columns:
        sheet.raw.column_dimensions[get_column_letter(columns[KEY])].hidden = True
    for row in range(1, max(rows, default=0) + 1):
        reach = range(1, max(rows.get(row, {0})) + 1)
        key = read.cells.get((row, columns.get(KEY, 0)))
        kind = (
            "" if not columns else "keys" if row == head_row else "words" if key is None or key.value == HEADING else "question"
        )
        cells = [
            _text(read.cells.get((row, column)), _style(kind, column, columns), marked.get((row, column), [])) for column in reach
        ]
        texts = [(str(text.value), width) for text, width in zip(cells, widths, strict=False) if text and text.value]
        sheet.add(*cells, height=height_of(texts) if columns else None, hidden=kind == "keys")


def _widths(columns: Mapping[str, int], width: int) -> list[float]:
    """The question's own words stand right of its key, where nobody moved them."""
    known = {columns[name]: _WIDTHS[name] for name in columns} | ({columns[KEY] + 1: _LABEL_WIDTH} if columns else {})
    return [known.get(column, _PLAIN_WIDTH) for column in range(1, width + 1)]


def _style(kind: str, column: int, columns: Mapping[str, int]) -> str:
    if kind == "question":
        return INPUT_TEXT if column in {columns.get(name) for name in INPUTS} else LABEL
    return KEYS if kind == "keys" else WORDS


def _text(cell: Cell | None, style: str, marks: Sequence[Mark]) -> Text | None:
    if cell is None and not marks:
        return None
    note = "\n".join(mark.message for mark in marks)
    hard = any(mark.is_hard for mark in marks)
    shown = (TO_CORRECT if hard else TO_EXPLAIN) if marks else style
    number_format = "@" if cell is None or isinstance(cell.value, str) else cell.number_format
    return Text(cell.value if cell else None, shown, number_format, note)
