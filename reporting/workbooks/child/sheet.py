"""The cells of one sheet."""

from __future__ import annotations

from reporting.workbooks import limits
from reporting.workbooks.child.answer import Answer
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.markup import Attributes
from reporting.workbooks.child.strings import RichText
from reporting.workbooks.child.styles import GENERAL
from reporting.workbooks.child.texts import clean

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, NUMBER, FLAG, ERROR, DAY, NOTHING = "s", "n", "b", "e", "d", "-"
FORMULA = "="
_KINDS = {"s": TEXT, "str": TEXT, "inlineStr": TEXT, "n": NUMBER, "b": FLAG, "e": ERROR, "d": DAY}
_NUMBER, _SHARED, _INLINE = "n", "s", "inlineStr"


class Totals:
    """Over all sheets."""

    __slots__ = ("cells", "places", "rows", "text")

    def __init__(self) -> None:
        self.cells = self.text = self.rows = self.places = 0


class Cells(RichText):
    """Says each cell that is not empty, in order. One that stands before the one before it makes the sheet damaged."""

    def __init__(self, answer: Answer, totals: Totals, shared: Mapping[str, str], formats: Mapping[str, str]) -> None:
        super().__init__()
        self._answer, self._totals, self._shared = answer, totals, shared
        self._formats = formats or {"0": GENERAL}
        self._format_numbers: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._row = self._column = self._said_row = self._said_column = 0
        self._row_text = ""
        self._in_row = self._in_cell = False
        self._kind, self._style, self._value, self._formula = _NUMBER, "0", "", ""
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
        reference, column = attributes.get("r"), self._column + 1
        if reference is not None:
            letters = reference[: -len(self._row_text)]
            column = self._columns.get(letters) or self._new_column(letters)
            if not reference.endswith(self._row_text):
                raise Fault("damaged")
        if column <= self._column or self._in_cell or not self._in_row:
            raise Fault("damaged")
        self._column, self._in_cell = column, True
        self._kind, self._style = attributes.get("t", _NUMBER), attributes.get("s", "0")
        self._value = self._formula = ""

    def _end_cell(self) -> None:
        self._in_cell = False
        kind = _KINDS.get(self._kind)
        if kind is None:
            raise Fault("damaged")
        text = self._value.strip() if self._kind == _NUMBER else self._text()
        if text or self._formula:
            style = self._format_numbers.get(self._style) or self._new_format(self._style)
            self._count(text)
            self._answer.say(self._row_text, str(self._column), kind if text else NOTHING, self._formula, style, text)

    def _text(self) -> str:
        """What the cell holds, as a person sees it."""
        text = self._value
        if self._kind == _SHARED:
            text = text.strip()
            if text and text not in self._shared:
                raise Fault("damaged")
            text = self._shared.get(text, "")
        elif self._kind != _INLINE:
            text = clean(text)
        if len(text) > limits.TEXT_LENGTH:
            raise Fault("long")
        return text

    def _count(self, text: str) -> None:
        totals = self._totals
        if self._row != self._said_row:
            totals.rows += self._row - self._said_row
            self._said_row, self._said_column = self._row, 0
        totals.cells += 1
        totals.text += len(text)
        totals.places += self._column - self._said_column
        self._said_column = self._column
        if self._row > limits.ROWS or self._column > limits.COLUMNS:
            raise Fault("far")
        if totals.cells > limits.CELLS:
            raise Fault("cells")
        if totals.text > limits.TEXT:
            raise Fault("text")
        if totals.rows > limits.ALL_ROWS or totals.places > limits.PLACES:
            raise Fault("spread")

    def _end_value(self) -> None:
        self._value = self.taken()

    def _begin_formula(self, _attributes: Attributes) -> None:
        self._formula = FORMULA

    def _begin_inline(self, _attributes: Attributes) -> None:
        self.runs.clear()

    def _end_inline(self) -> None:
        if self._kind == _INLINE:
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

    def _new_format(self, style: str) -> str:
        code = self._formats.get(style)
        if code is None:
            raise Fault("damaged")
        number = self._format_numbers[style] = self._answer.format_number(code)
        return number


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
