"""Reads broken workbooks and counts what became of them."""

import logging
import re
import threading
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random

from districts.errors import Refused
from reporting.workbooks import limits
from reporting.workbooks.bundles import read_archive
from reporting.workbooks.cells import Book, Cell
from reporting.workbooks.reading import read_book
from tests.fuzz.mutators import mutated

READ, OURS = "read", "ours"
_WHERE = re.compile(r"“[^”]*”|\b[A-Z]{1,3}[0-9]+\b")
_CONTROLS = frozenset(map(chr, range(32))) - {"\t", "\n"}


@dataclass(frozen=True)
class Broken:
    number: int
    origin: str
    content: bytes


@dataclass
class Tally:
    """How often what was said, and which files did harm."""

    said: Counter[str] = field(default_factory=Counter)
    harm: list[tuple[Broken, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """Of the pages, to those that were sent through HTTP besides."""
    mailed: Counter[str] = field(default_factory=Counter)
    """What became of those that were sent to the bureau besides, many in an archive."""

    def lines(self) -> Iterator[str]:
        yield from (f"{count:>8,}  {said}" for said, count in self.said.most_common())
        yield from (f"{count:>8,}  through HTTP: {answers}" for answers, count in self.answers.most_common())
        yield from (f"{count:>8,}  in an archive: {became}" for became, count in self.mailed.most_common())
        besides = f"{self.answers.total():,} of them through HTTP besides, {self.mailed.total():,} in archives"
        yield f"{self.said.total():>8,}  files, {besides}; {len(self.harm)} did harm"


def broken(corpus: dict[str, bytes], seed: int, number: int) -> Broken:
    random = Random(f"{seed}:{number}")
    (origin,) = random.choices(sorted(corpus), [3 if origin.startswith(OURS) else 1 for origin in sorted(corpus)])
    return Broken(number, origin, mutated(corpus[origin], random))


def judge(files: Sequence[Broken]) -> list[tuple[Broken, str, str]]:
    """Each file, what was said of it, and the harm it did, if any; two at a time."""
    with ThreadPoolExecutor(limits.PROCESSES) as pool:
        return list(pool.map(_judged, files))


def _judged(file: Broken) -> tuple[Broken, str, str]:
    with Listening() as heard:
        try:
            book = read_book(file.content)
        except Refused as refused:
            said, harm = what(refused), ""
        except Exception:  # noqa: BLE001 (any other error is what is looked for)
            said, harm = "an error", traceback.format_exc()
        else:
            said, harm = READ, "; ".join(wrong_in(book))
    return file, said, harm or heard.text


def judge_bundle(file: Broken) -> tuple[str, str]:
    """Of a ZIP file of many files: what was said of it, and the harm it did, if any."""
    try:
        names = [name for name, content in read_archive(file.content) if len(content) <= limits.FILE_BYTES]
    except Refused as refused:
        return what(refused), ""
    except Exception:  # noqa: BLE001 (any other error is what is looked for)
        return "an error", traceback.format_exc()
    good = all(name.isprintable() and ".." not in name.split("/") and not name.startswith("/") for name in names)
    return READ, "" if good else f"names {names}"


def what(refused: Refused) -> str:
    """The refusal, without where."""
    (message,) = refused.messages
    return without_place(str(message))


def without_place(message: str) -> str:
    return _WHERE.sub("…", message)


class Listening(logging.Handler):
    """What the reader logs in this thread: it logs only what should not be."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text, self._thread = "", threading.get_ident()

    def __enter__(self) -> "Listening":
        self._log = logging.getLogger("reporting.workbooks.reading")
        self._log.addHandler(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self._log.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.text += self.format(record)


def wrong_in(book: Book) -> Iterator[str]:
    """What a book may not hold, whatever was read."""
    cells = [(place, cell) for sheet in book.sheets for place, cell in sheet.cells.items()]
    if len(cells) > limits.CELLS or len(book.sheets) > limits.SHEETS:
        yield "too many"
    for (row, column), cell in cells:
        if not (1 <= row <= limits.ROWS and 1 <= column <= limits.COLUMNS):
            yield f"a cell at {row}, {column}"
        if not _is_good(cell):
            yield f"a cell of {cell.value!r} as {cell.number_format!r}"
    for sheet in book.sheets:
        if not sheet.name or not _is_text(sheet.name):
            yield f"a sheet of the name {sheet.name!r}"


def _is_good(cell: Cell) -> bool:
    value = cell.value
    if not _is_text(cell.number_format) or (value is None and not cell.formula):
        return False
    if isinstance(value, str):
        return 0 < len(value) <= limits.TEXT_LENGTH and _is_text(value)
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) <= 400
    return value is None or isinstance(value, (bool, date))


def _is_text(text: str) -> bool:
    """What PostgreSQL stores and every page can send."""
    text.encode()
    return not _CONTROLS & set(text)
