"""Key tasks over time: a bar from assignment to deadline, filled as far as the task is, with its signal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reporting.pictures.canvas import SIZE, Canvas, shortened, width_of
from reporting.pictures.marks import draw_mark
from reporting.pictures.picture import WIDE, Column, Picture, Words

SHOWN = 40
"""More bars than this nobody reads."""
_ROW, _BAR, _TOP, _HEAD = 28, 12, 26, 26
_SMALL = 11
_MARK = 22
_BARS = {"green": "p-good", "yellow": "p-warn", "red": "p-bad", "blue": "p-soon"}


@dataclass(frozen=True)
class Span:
    """One task; `progress` in per cent, `signal` the name of a mark."""

    label: str
    who: str
    begins: date
    ends: date
    progress: int
    signal: str
    signal_words: str


def timeline(words: Words, spans: Sequence[Span], today: date, *, is_grouped: bool = False) -> Picture | None:
    """The first ones, as many as can be read; None where there are none. `is_grouped`: those of one lead follow each other, and
    stand below its name."""
    shown = list(spans[:SHOWN])
    if not shown:
        return None
    columns = (
        Column(_("Key task")),
        Column(_("Lead")),
        Column(_("Deadline")),
        Column(_("Progress"), True),
        Column(_("Standing")),
    )
    rows = [
        (
            one.label,
            one.who,
            date_format(one.ends, "DATE_FORMAT"),
            _("%(number)s %%") % {"number": one.progress},
            one.signal_words,
        )
        for one in shown
    ]
    return Picture(words, columns, rows, lambda width: _draw(shown, today, width, is_grouped=is_grouped))


class _Days:
    """From days to places, from the first of a month to the first of another."""

    def __init__(self, spans: Sequence[Span], today: date, start: int, end: int) -> None:
        self.first = min(today, *(one.begins for one in spans)).replace(day=1)
        self.last = _next_month(max(today, *(one.ends for one in spans)))
        self.start, self.length = start, end - start

    def __call__(self, day: date) -> Decimal:
        inside = min(max(day, self.first), self.last)
        return self.start + Decimal(self.length) * (inside - self.first).days / (self.last - self.first).days

    def months(self) -> list[date]:
        found, day = [], self.first
        while day < self.last:
            found.append(day)
            day = _next_month(day)
        return found


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _draw(spans: Sequence[Span], today: date, width: int, *, is_grouped: bool) -> Canvas:
    """The line of today goes over the bars and below the words, which stand above the bars where there is little room."""
    is_wide = width >= WIDE
    row = _ROW if is_wide else _ROW + SIZE + 5
    heads = _heads(spans) if is_grouped else [""] * len(spans)
    canvas = Canvas(width, _TOP + row * len(spans) + _HEAD * sum(map(bool, heads)) + 6)
    names = min(max(width_of(one.label) for one in spans), width * 2 // 5) if is_wide else 0
    days = _Days(spans, today, names + _MARK + (8 if is_wide else 0), width - 4)
    tops, top = [], _TOP
    for head in heads:
        top += _HEAD if head else 0
        tops.append(top)
        top += row
    _months(canvas, days)
    for one, top in zip(spans, tops, strict=True):
        _span(canvas, one, days, top + row - _ROW // 2)
    canvas.line("p-today", days(today), _TOP - 6, days(today), canvas.height)
    for one, head, top in zip(spans, heads, tops, strict=True):
        if head:
            canvas.text(shortened(head, width), 0, top - 7, kind="p-text p-strong p-over")
        if is_wide:
            canvas.text(shortened(one.label, names), names, top + 19, anchor="end")
        else:
            canvas.text(shortened(one.label, width), 0, top + SIZE, kind="p-text p-over")
    return canvas


def _heads(spans: Sequence[Span]) -> list[str]:
    """The lead before the first of its tasks, nothing before its others."""
    before = ["", *(one.who for one in spans)]
    return [one.who if one.who != last else "" for one, last in zip(spans, before, strict=False)]


def _months(canvas: Canvas, days: _Days) -> None:
    """A line for each month, or for each quarter or year where those would be too close."""
    months = days.months()
    longest = width_of(date_format(months[0], "YEAR_MONTH_FORMAT"), _SMALL) + 8
    for every in (1, 3, 6, 12):
        shown = [month for month in months if (month.month - 1) % every == 0] or months[:1]
        if all(days(later) - days(month) >= longest for month, later in pairwise(shown)):
            break
    free = days(shown[0])
    for month in shown:
        canvas.line("p-grid", days(month), 18, days(month), canvas.height)
        if free <= days(month) <= canvas.width - longest:
            canvas.text(date_format(month, "YEAR_MONTH_FORMAT"), days(month) + 3, 12, kind="p-small")
            free = days(month) + longest


def _span(canvas: Canvas, one: Span, days: _Days, middle: int) -> None:
    begins, ends = days(one.begins), max(days(one.ends), days(one.begins) + 2)
    draw_mark(canvas, one.signal, days.start - _MARK // 2, middle)
    canvas.rectangle("p-track p-outline", begins, middle - _BAR // 2, ends - begins, _BAR, radius=2)
    done = (ends - begins) * min(max(one.progress, 0), 100) / 100
    if done:
        canvas.rectangle(f"p-bar {_BARS.get(one.signal, 'p-total')}", begins, middle - 3, done, 6)
    canvas.line("p-target", ends, middle - _BAR // 2 - 2, ends, middle + _BAR // 2 + 2)
