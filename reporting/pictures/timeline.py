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
_ROW, _BAR, _TOP = 28, 12, 26
_SMALL = 11
_MARK = 22


@dataclass(frozen=True)
class Span:
    """One task; `progress` in per cent."""

    label: str
    who: str
    begins: date
    ends: date
    progress: int
    signal: str
    signal_words: str


def timeline(words: Words, spans: Sequence[Span], today: date) -> Picture | None:
    """The first ones, as many as can be read; None where there are none."""
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
    return Picture(words, columns, rows, lambda width: _draw(shown, today, width))


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


def _draw(spans: Sequence[Span], today: date, width: int) -> Canvas:
    is_wide = width >= WIDE
    row = _ROW if is_wide else _ROW + SIZE + 5
    canvas = Canvas(width, _TOP + row * len(spans) + 6)
    names = min(max(width_of(one.label) for one in spans), width * 2 // 5) if is_wide else 0
    days = _Days(spans, today, names + _MARK + (8 if is_wide else 0), width - 4)
    _months(canvas, days)
    for number, one in enumerate(spans):
        top = _TOP + row * number
        if is_wide:
            canvas.text(shortened(one.label, names), names, top + 19, anchor="end")
        else:
            canvas.text(shortened(one.label, width), 0, top + SIZE)
        _span(canvas, one, days, top + row - _ROW // 2)
    canvas.line("p-today", days(today), _TOP - 6, days(today), canvas.height)
    return canvas


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
        canvas.rectangle("p-bar", begins, middle - 3, done, 6)
    canvas.line("p-target", ends, middle - _BAR // 2 - 2, ends, middle + _BAR // 2 + 2)
