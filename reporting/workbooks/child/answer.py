"""What the process says, as bytes: records of fields, parted by the two characters of ASCII that are there for it.

No text holds them, since texts have no control characters, so nothing is escaped and nothing can be mistaken.
"""

from __future__ import annotations

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable

FIELD, RECORD = "\x1f", "\x1e"
BOOK, SHEET, FORMAT, END, FAULT, CRASH = "W", "S", "F", "E", "!", "?"
"""Kinds of record; a cell's begins with its row."""
_ROOM = 1_000


class Answer:
    """Collects records and writes them a thousand at a time."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._waiting: list[str] = []
        self._formats: dict[str, str] = {}

    def say(self, *fields: str) -> None:
        self._waiting.append(FIELD.join(fields))
        if len(self._waiting) >= _ROOM:
            self.flush()

    def format_number(self, code: str) -> str:
        """The number by which cells name the format; it is said when it is first asked for."""
        number = self._formats.get(code)
        if number is None:
            number = self._formats[code] = str(len(self._formats))
            self.say(FORMAT, code)
        return number

    def flush(self) -> None:
        if self._waiting:
            self._write((RECORD.join(self._waiting) + RECORD).encode())
            self._waiting.clear()

    def drop(self) -> None:
        """Forget what was not written, to have memory for a last word."""
        self._waiting.clear()
