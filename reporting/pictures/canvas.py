"""The few shapes that the pictures are made of. Lengths are user units, which are pixels where a picture is not scaled."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Length = Decimal | int
SIZE = 13
"""Of the letters."""
_IN_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]\s*$")
# What XML cannot hold at all, however it is escaped.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Canvas:
    """Shapes in the order in which they are drawn. All text is escaped; classes are those of `pictures.css`."""

    def __init__(self, width: Length, height: Length) -> None:
        self.width, self.height = width, height
        self._shapes: list[str] = []

    def rectangle(self, kind: str, x: Length, y: Length, width: Length, height: Length, *, radius: int = 0) -> None:
        rounded = f' rx="{radius}"' if radius else ""
        self._shapes.append(
            f'<rect class="{kind}" x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(height)}"{rounded}/>'
        )

    def line(self, kind: str, x1: Length, y1: Length, x2: Length, y2: Length) -> None:
        self._shapes.append(f'<path class="{kind}" d="M{_at(x1)} {_at(y1)}L{_at(x2)} {_at(y2)}"/>')

    def path(self, kind: str, points: Sequence[tuple[Length, Length]], *, is_closed: bool = False) -> None:
        steps = "L".join(f"{_at(x)} {_at(y)}" for x, y in points)
        self._shapes.append(f'<path class="{kind}" d="M{steps}{"Z" if is_closed else ""}"/>')

    def circle(self, kind: str, x: Length, y: Length, radius: Length) -> None:
        self._shapes.append(f'<circle class="{kind}" cx="{_at(x)}" cy="{_at(y)}" r="{_at(radius)}"/>')

    def text(self, said: str, x: Length, y: Length, *, kind: str = "p-text", anchor: str = "start") -> None:
        """`y` is the line that the letters stand on."""
        aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._shapes.append(f'<text class="{kind}" x="{_at(x)}" y="{_at(y)}"{aligned}>{_plain(said)}</text>')

    def drawn(self, title: str) -> SafeString:
        """The SVG element, which a reader of the screen hears as one picture with this title."""
        name = quoteattr(_CONTROL.sub("", str(title)))
        opening = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawn" role="img" aria-label={name} '
            f'viewBox="0 0 {_at(self.width)} {_at(self.height)}">'
        )
        return mark_safe(f"{opening}{''.join(self._shapes)}</svg>")  # noqa: S308 (every text is escaped above)


def _at(length: Length) -> str:
    """With a tenth at most, as people see no more."""
    return f"{Decimal(length).quantize(Decimal('0.1')):f}".removesuffix(".0")


def _plain(said: str) -> str:
    return escape(_CONTROL.sub("", str(said)))


def width_of(said: str, size: int = SIZE) -> int:
    """About how long a text is: a Chinese character is as wide as it is high, a Latin letter a little over half of that."""
    ems = sum(100 if unicodedata.east_asian_width(letter) in "WF" else 56 for letter in said)
    return -(-ems * size // 100)


def shortened(said: str, width: Length, size: int = SIZE) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if width_of(said, size) <= width:
        return said
    while said and width_of(said + "…", size) > width:
        said = said[:-1]
    return said.rstrip() + "…"


def brief(name: str) -> str:
    """`E-Town` of `Beijing Economic-Technological Development Area (E-Town)`: what a long name is called for short."""
    found = _IN_BRACKETS.search(name)
    return found[1].strip() if found and width_of(name) > 20 * SIZE // 2 else name


def wrapped(said: str, width: Length, size: int = SIZE, lines: int = 2) -> list[str]:
    """At most so many lines, broken at spaces where there are some; the last is shortened."""
    found: list[str] = []
    rest = said
    while rest and len(found) < lines - 1 and width_of(rest, size) > width:
        cut = _break(rest, width, size)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, shortened(rest, width, size)]


def _break(said: str, width: Length, size: int) -> int:
    fits = next((cut for cut in range(len(said), 1, -1) if width_of(said[:cut], size) <= width), 1)
    space = said.rfind(" ", 0, fits + 1)
    return space if space > 0 else fits


class Scale:
    """From values to places, with round numbers as ticks."""

    def __init__(self, values: Sequence[Decimal], start: Length, end: Length, *, from_zero: bool = True, ticks: int = 4) -> None:
        low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        if from_zero:
            low, high = min(low, Decimal(0)), max(high, Decimal(0))
        if low == high:
            high = low + (abs(low) or Decimal(1))
        step = _round_step((high - low) / ticks)
        first, last = (low / step).__floor__(), (high / step).__ceil__()
        self.step = step
        self.ticks = [step * number for number in range(first, last + 1)]
        self._low, self._span = self.ticks[0], self.ticks[-1] - self.ticks[0]
        self._start, self._length = Decimal(start), Decimal(end) - Decimal(start)

    def __call__(self, value: Decimal) -> Decimal:
        return self._start + self._length * (value - self._low) / self._span

    @property
    def zero(self) -> Decimal:
        """Where nought is, or the end nearest to it."""
        return self(min(max(Decimal(0), self.ticks[0]), self.ticks[-1]))


def _round_step(rough: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, not below what is asked."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough)


def decimals_of_ticks(scale: Scale) -> int:
    """How many decimals its ticks need."""
    exponent = scale.step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def clear_of(places: Sequence[Length], least: Length) -> bool:
    """Whether neighbours are at least so far apart."""
    return all(abs(Decimal(right) - Decimal(left)) >= Decimal(least) for left, right in pairwise(places))
