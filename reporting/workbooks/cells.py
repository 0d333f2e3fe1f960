"""What a workbook says, without how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = str | Decimal | bool | date | datetime | None
Place = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty.

    A text has at least one character, no control characters but tab and new line, and is at most 32,767 long. A number is as
    the file has it: 12.5 % is 0.125 with the format "0.00%". Only where a program wrote out the 16 or 17 digits of a binary
    number (6.6 % as 6.6000000000000003E-2) is it the shortest that means the same, which is what a person typed. What has
    the format of a day is a date, of a day and a time a datetime without zone; a number that is no day, or a time alone,
    stays a number.
    """

    value: Value
    """Of a formula the result that the program kept, None if it kept none. Of an error its text, such as "#DIV/0!"."""
    number_format: str
    formula: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    cells: Mapping[Place, Cell]


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets with cells, in the workbook's order; sheets that are one chart are left out."""

    sheets: tuple[Sheet, ...]
