"""The book that the reading process tells of. What it says is only data, and is not believed: it read a file of somebody's."""

from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from datetime import date, datetime

from reporting.workbooks.cells import Book, Cell, Place, Sheet, Value
from reporting.workbooks.child.answer import BOOK, CRASH, END, FAULT, FIELD, FORMAT, RECORD, SHEET
from reporting.workbooks.child.sheet import DAY, ERROR, FLAG, NOTHING, NUMBER, TEXT, cell_name
from reporting.workbooks.numbers import day_of, kind_of, number_of
from reporting.workbooks.refusals import refusal


class Crashed(Exception):
    """The reading process met an error of its own; the text says which and where."""


class Decoder:
    """Takes the answer piece by piece, and has the book when the last record has come."""

    def __init__(self) -> None:
        self.ended = False
        self._rest = ""
        self._decode = getincrementaldecoder("utf-8")().decode
        self._since_1904 = False
        self._formats: list[tuple[str, type[date] | None]] = []
        self._sheets: list[Sheet] = []
        self._cells: dict[Place, Cell] = {}
        self._records: Mapping[str, Callable[..., None]] = {
            BOOK: self._book,
            SHEET: self._sheet,
            FORMAT: self._format,
            FAULT: self._fault,
            CRASH: self._crash,
            END: self._end,
        }
        self._values: Mapping[str, Callable[[str, type[date] | None], Value]] = {
            TEXT: _text,
            ERROR: _text,
            NUMBER: self._number,
            FLAG: _flag,
            DAY: _day,
            NOTHING: _nothing,
        }

    def take(self, piece: bytes) -> None:
        """Raises Refused, Crashed, or ValueError or its like for what no reading process says."""
        *records, self._rest = (self._rest + self._decode(piece)).split(RECORD)
        for record in records:
            kind, *fields = record.split(FIELD)
            if kind.isdigit():
                self._cell(kind, *fields)
            else:
                self._records[kind](*fields)

    def book(self) -> Book:
        return Book(tuple(self._sheets))

    def _cell(self, row: str, column: str, kind: str, formula: str, number_format: str, text: str) -> None:
        place, (code, shown_as) = (int(row), int(column)), self._formats[int(number_format)]
        value = self._values[kind](text, shown_as)
        if value is None and kind != NOTHING:
            raise refusal("number", sheet=self._sheets[-1].name, cell=cell_name(*place))
        self._cells[place] = Cell(value, code, bool(formula))

    def _number(self, text: str, shown_as: type[date] | None) -> Value:
        number = number_of(text)
        if number is None or shown_as is None:
            return number
        day = day_of(number, shown_as, since_1904=self._since_1904)
        return number if day is None else day

    def _format(self, code: str) -> None:
        self._formats.append((code, kind_of(code)))

    def _book(self, since_1904: str) -> None:
        self._since_1904 = bool(since_1904)

    def _sheet(self, name: str, hidden: str) -> None:
        self._cells = {}
        self._sheets.append(Sheet(name, bool(hidden), self._cells))

    def _fault(self, code: str, sheet: str, cell: str) -> None:
        raise refusal(code, sheet=sheet, cell=cell)

    def _crash(self, kind: str, line: str) -> None:
        raise Crashed(kind, line)

    def _end(self, cells: str) -> None:
        if int(cells) != sum(len(sheet.cells) for sheet in self._sheets):
            raise ValueError(cells)
        self.ended = True


def _text(text: str, _shown_as: type[date] | None) -> Value:
    return text


def _nothing(_text: str, _shown_as: type[date] | None) -> Value:
    return None


def _flag(text: str, _shown_as: type[date] | None) -> Value:
    return {"1": True, "0": False, "true": True, "false": False}.get(text)


def _day(text: str, _shown_as: type[date] | None) -> Value:
    """As the strict edition writes days."""
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return moment if "T" in text else moment.date()
