"""The cells of one sheet."""

from __future__ import annotations

from reporting.workbooks import limits
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.markup import Attributes
from reporting.workbooks.child.strings import RichText
from reporting.workbooks.child.styles import GENERAL
from reporting.workbooks.child.texts import clean

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TEXT, NUMBER, FLAG, ERROR, DAY, NOTHING = "s", "n", "b", "e", "d", "-"
_KINDS = {"s": TEXT, "str": TEXT, "inlineStr": TEXT, "n": NUMBER, "b": FLAG, "e": ERROR, "d": DAY}
_SHARED = "s"
Said = tuple[int, int, str, bool, str, str]
"""Row, column, kind, whether a formula, number format, text."""


class Totals:
    """Over all sheets."""

    __slots__ = ("cells", "text")

    def __init__(self) -> None:
        self.cells = self.text = 0

    def add(self, text: str) -> None:
        self.cells += 1
        self.text += len(text)
        if self.cells > limits.CELLS:
            raise Fault("cells")
        if self.text > limits.TEXT:
            raise Fault("text")


class Cells(RichText):
    """Says each cell that is not empty, in order. One that stands before the one before it makes the sheet damaged."""

    def __init__(self, say: Callable[[Said], None], totals: Totals, shared: Sequence[str], formats: Sequence[str]) -> None:
        super().__init__()
        self._say, self._totals, self._shared, self._formats = say, totals, shared, formats
        self._row = self._column = 0
        self._row_text = ""
        self._columns: dict[str, int] = {}
        self._in_row = self._in_cell = self._formula = False
        self._kind, self._style, self._value = "n", "0", ""
        self.at("row", self._begin_row, self._end_row)
        self.at("c", self._begin_cell, self._end_cell)
        self.at("v", self.begin_text, self._end_value)
        self.at("f", self._begin_formula)
        self.at("is", self._begin_inline, self._end_inline)

    @property
    def place(self) -> str:
        """Of the cell that was met last."""
        return cell_name(self._row, self._column) if self._row and self._column else ""

    def _begin_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        row = self._row + 1 if number is None else _whole(number)
        if self._in_row or row <= self._row:
            raise Fault("damaged")
        self._row, self._row_text, self._column, self._in_row = row, str(row), 0, True

    def _end_row(self) -> None:
        self._in_row = False

    def _begin_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        before = self._column
        if reference is None:
            self._column += 1
        else:
            letters = reference[: -len(self._row_text)]
            self._column = self._columns.get(letters) or self._new_column(letters)
            if not reference.endswith(self._row_text):
                raise Fault("damaged")
        if self._column <= before or self._in_cell or not self._in_row:
            raise Fault("damaged")
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._in_cell, self._formula, self._value = True, False, ""

    def _end_cell(self) -> None:
        self._in_cell = False
        text = self._text()
        if not text and not self._formula:
            return
        if self._row > limits.ROWS or self._column > limits.COLUMNS:
            raise Fault("far")
        self._totals.add(text)
        kind = _KINDS[self._kind] if text else NOTHING
        self._say((self._row, self._column, kind, self._formula, self._format(), text))

    def _text(self) -> str:
        """What the cell holds, as the file has it for numbers, as a person sees it for texts."""
        value, kind = self._value, self._kind
        if kind == "n":
            return value.strip()
        if kind not in _KINDS:
            raise Fault("damaged")
        if kind == _SHARED:
            value = self._shared_text(value)
        elif kind != "inlineStr":
            value = clean(value)
        if len(value) > limits.TEXT_LENGTH:
            raise Fault("long")
        return value

    def _shared_text(self, value: str) -> str:
        if not value:
            return ""
        number = _whole(value.strip())
        if number >= len(self._shared):
            raise Fault("damaged")
        return self._shared[number]

    def _format(self) -> str:
        if self._style == "0" and not self._formats:
            return GENERAL
        number = _whole(self._style)
        if number >= len(self._formats):
            raise Fault("damaged")
        return self._formats[number]

    def _end_value(self) -> None:
        if self._in_cell:
            self._value = self.taken()

    def _begin_formula(self, _attributes: Attributes) -> None:
        self._formula = True

    def _begin_inline(self, _attributes: Attributes) -> None:
        self.runs.clear()

    def _end_inline(self) -> None:
        if self._in_cell and self._kind == "inlineStr":
            self._value = self.whole()

    def _new_column(self, letters: str) -> int:
        """Of at most three capital letters, up to XFD."""
        column = 0
        if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3):
            raise Fault("damaged")
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self._columns[letters] = column
        return column


def cell_name(row: int, column: int) -> str:
    """As people write it: B7."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _whole(text: str) -> int:
    """A number of few digits, as counters of a file are."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Fault("damaged")
    return int(text)
