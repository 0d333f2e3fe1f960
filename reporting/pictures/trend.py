"""A line over the periods, with the same periods of the year before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.formats import grouped
from reporting.pictures.canvas import Canvas, Scale, clear_of, decimals_of_ticks, width_of
from reporting.pictures.picture import WIDE, Column, Picture, Words

_TOP, _BELOW = 34, 30
_SMALL = 11


@dataclass(frozen=True)
class Point:
    """One period: its short name for the axis, its name in words, the value and the same period's last year; None is n/a."""

    short: str
    label: str
    value: Decimal | None
    before: Decimal | None
    value_text: str
    before_text: str
    change_text: str


def trend(words: Words, points: Sequence[Point]) -> Picture | None:
    """None where fewer than two periods have a value: a point is no line."""
    if sum(point.value is not None for point in points) <= 1:
        return None
    return Picture(
        words,
        (Column(_("Period")), Column(_("Value"), True), Column(_("Same period last year"), True), Column(_("Change"), True)),
        [(one.label, one.value_text, one.before_text, one.change_text) for one in points],
        lambda width: _draw(points, width),
    )


def _draw(points: Sequence[Point], width: int) -> Canvas:
    height = 260 if width >= WIDE else 220
    canvas = Canvas(width, height)
    numbers = [number for one in points for number in (one.value, one.before) if number is not None]
    # Lines do not start at nought where that would press them flat; the axis says where it starts.
    scale = Scale(numbers, height - _BELOW, _TOP, from_zero=min(numbers) < max(numbers) / 3)
    marks = [grouped(tick, decimals_of_ticks(scale)) for tick in scale.ticks]
    left = max(width_of(mark, _SMALL) for mark in marks) + 8
    for tick, mark in zip(scale.ticks, marks, strict=True):
        canvas.line("p-grid", left, scale(tick), width, scale(tick))
        canvas.text(mark, left - 6, scale(tick) + 4, kind="p-small", anchor="end")
    inset = min(30, (width - left) // (2 * len(points)))
    step = Decimal(width - left - 2 * inset) / max(1, len(points) - 1)
    places = [left + inset + step * number for number in range(len(points))]
    _names(canvas, points, places, height)
    _line(canvas, points, places, scale, lambda one: one.before, "before")
    _line(canvas, points, places, scale, lambda one: one.value, "now")
    _legend(canvas, left)
    return canvas


def _names(canvas: Canvas, points: Sequence[Point], places: Sequence[Decimal], height: int) -> None:
    """All names where they fit; else every second, third … counted from the last."""
    longest = max(width_of(one.short, _SMALL) for one in points) + 6
    every = next((number for number in range(1, len(points)) if clear_of(places[::number], longest)), len(points))
    for number, (one, place) in enumerate(zip(points, places, strict=True)):
        if (len(points) - 1 - number) % every == 0:
            canvas.text(one.short, place, height - 10, kind="p-small", anchor="middle")


def _line(
    canvas: Canvas,
    points: Sequence[Point],
    places: Sequence[Decimal],
    scale: Scale,
    number_of: Callable[[Point], Decimal | None],
    kind: str,
) -> None:
    """Broken where a period has no number: what is missing is not drawn over."""
    run: list[tuple[Decimal | int, Decimal | int]] = []
    for one, place in zip(points, places, strict=True):
        number = number_of(one)
        if number is not None:
            run.append((place, scale(number)))
            continue
        _run(canvas, run, kind)
        run = []
    _run(canvas, run, kind)


def _run(canvas: Canvas, run: Sequence[tuple[Decimal | int, Decimal | int]], kind: str) -> None:
    if len(run) > 1:
        canvas.path(f"p-line p-line-{kind}", run)
    for x, y in run:
        canvas.circle(f"p-dot p-dot-{kind}", x, y, 4)


def _legend(canvas: Canvas, left: int) -> None:
    place = left
    for kind, said in (("now", _("Value")), ("before", _("Same period last year"))):
        canvas.line(f"p-line p-line-{kind}", place, 12, place + 26, 12)
        canvas.circle(f"p-dot p-dot-{kind}", place + 13, 12, 4)
        canvas.text(said, place + 34, 16, kind="p-small")
        place += 34 + width_of(said, _SMALL) + 20
