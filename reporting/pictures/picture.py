"""What every picture has beside its drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reporting.pictures.canvas import Canvas

WIDE, NARROW = 720, 340
"""The widths at which a picture is drawn."""


@dataclass(frozen=True)
class Words:
    """`unit` as people read it, `source` with the cycle and the instant of its numbers, `note` on how it is read."""

    title: str
    unit: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Column:
    header: str
    is_number: bool = False


@dataclass(frozen=True)
class Picture:
    """`draw` gives the shapes at a width; `rows` are the same numbers, whose first cell names the row."""

    words: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    draw: Callable[[int], Canvas]

    @property
    def wide(self) -> SafeString:
        return self.draw(WIDE).drawn(self.words.title)

    @property
    def narrow(self) -> SafeString:
        return self.draw(NARROW).drawn(self.words.title)

    @property
    def cells(self) -> list[list[tuple[Column, str]]]:
        """The rows with the column of each cell."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]
