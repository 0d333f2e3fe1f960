"""Reporting periods: `2024-Q1`, `2024-S1` (January-June), `2024-Q3` (January-September), `2024-A1` (the year).

Official flows are cumulative from 1 January, so a period is named by its end.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from reporting.enums import Frequency

_LAST_DAY = {"Q1": (3, 31), "S1": (6, 30), "Q3": (9, 30), "A1": (12, 31)}
_PARTS: dict[str, tuple[str, ...]] = {
    Frequency.QUARTERLY: ("Q1", "S1", "Q3", "A1"),
    Frequency.HALF_YEARLY: ("S1", "A1"),
    Frequency.YEARLY: ("A1",),
}
_PATTERN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<part>Q1|S1|Q3|A1)")


@total_ordering
@dataclass(frozen=True)
class Period:
    """From 1 January of its year to the last day of its part."""

    year: int
    part: str

    def __str__(self) -> str:
        return f"{self.year}-{self.part}"

    def __lt__(self, other: "Period") -> bool:
        return self.ends_on < other.ends_on

    @property
    def ends_on(self) -> date:
        return date(self.year, *_LAST_DAY[self.part])

    @property
    def last_year(self) -> "Period":
        """The same period of the year before: what a cumulative flow is compared with."""
        return Period(self.year - 1, self.part)

    @property
    def next_year(self) -> "Period":
        return Period(self.year + 1, self.part)

    def earlier_in_year(self, frequency: str) -> "Period | None":
        """The period before this one in the same calendar year; None for the year's first."""
        parts = _PARTS[frequency]
        index = parts.index(self.part)
        return Period(self.year, parts[index - 1]) if index else None

    def before(self, frequency: str) -> "Period":
        """The period that ended just before this one, across the year's end (what stocks and rates are compared with)."""
        return self.earlier_in_year(frequency) or Period(self.year - 1, _PARTS[frequency][-1])

    def after(self, frequency: str) -> "Period":
        """The period that ends next."""
        parts = _PARTS[frequency]
        index = parts.index(self.part) + 1
        return Period(self.year, parts[index]) if index < len(parts) else Period(self.year + 1, parts[0])


def parse_period(text: str) -> Period:
    """Read `2024-S1`; ValueError where the text is not a period."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"Not a period: {text!r}; expected a year and Q1, S1, Q3 or A1, such as 2024-S1.")
    return Period(int(match["year"]), match["part"])


def parts_of(frequency: str) -> tuple[str, ...]:
    """The period parts that a definition of this frequency asks for, in order."""
    return _PARTS[frequency]
