"""Bullet bars: results as bars, targets as ticks across them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.pictures.canvas import SIZE, Canvas, Scale, brief, shortened, width_of
from reporting.pictures.marks import draw_mark
from reporting.pictures.picture import WIDE, Column, Picture, Words

_ROW, _BAR = 30, 14
_MARK = 22
_GAP = 10


@dataclass(frozen=True)
class Bullet:
    """One result against its target, both in the unit that all bars share or, without `is_shared`, each in its own. `expected` is
    where a cumulative figure should be by now. `light_words` is what `light` means."""

    label: str
    result: Decimal | None
    target: Decimal
    result_text: str
    target_text: str
    light: str
    light_words: str
    expected: Decimal | None = None


def bullet_bars(words: Words, bullets: Sequence[Bullet], *, is_shared: bool = True) -> Picture:
    """`is_shared`: one scale for all bars, so that they compare; else each bar has a scale of its own."""
    return Picture(
        words,
        (Column(""), Column(_("Result"), True), Column(_("Target"), True), Column(_("Standing"))),
        [(one.label, one.result_text, one.target_text, one.light_words) for one in bullets],
        lambda width: _draw(bullets, width, is_shared=is_shared),
    )


def _draw(bullets: Sequence[Bullet], width: int, *, is_shared: bool) -> Canvas:
    is_wide = width >= WIDE
    row = _ROW if is_wide else _ROW + SIZE + 5
    canvas = Canvas(width, row * len(bullets) + 4)
    texts = [f"{one.result_text} / {one.target_text}" for one in bullets]
    told = max((width_of(text) for text in texts), default=0)
    names = min(max((width_of(brief(one.label)) for one in bullets), default=0), width // 3) if is_wide else 0
    start, end = names + _MARK + (_GAP if is_wide else 0), width - (told + _GAP if is_wide else 4)
    common = Scale(_numbers(bullets), start, end) if is_shared and bullets else None
    for number, (one, text) in enumerate(zip(bullets, texts, strict=True)):
        top = row * number
        if is_wide:
            canvas.text(shortened(brief(one.label), names), names, top + 20, anchor="end")
            canvas.text(text, width, top + 20, kind="p-number", anchor="end")
        else:
            canvas.text(shortened(brief(one.label), width - told - _GAP), 0, top + SIZE)
            canvas.text(text, width, top + SIZE, kind="p-number", anchor="end")
        middle = top + row - _ROW // 2
        draw_mark(canvas, one.light, start - _MARK // 2 - 2, middle)
        _bar(canvas, one, common or Scale(_numbers([one]), start, end), start, end, middle)
    return canvas


def _bar(canvas: Canvas, one: Bullet, scale: Scale, start: int, end: int, middle: int) -> None:
    canvas.rectangle("p-track", start, middle - _BAR // 2, end - start, _BAR, radius=2)
    if one.expected is not None:
        canvas.line("p-expected", scale(one.expected), middle - _BAR // 2, scale(one.expected), middle + _BAR // 2)
    if one.result is not None:
        left, right = sorted((scale.zero, scale(one.result)))
        canvas.rectangle("p-bar" if one.result >= 0 else "p-less", left, middle - 4, max(right - left, Decimal(1)), 8)
    canvas.line("p-target", scale(one.target), middle - _BAR // 2 - 3, scale(one.target), middle + _BAR // 2 + 3)


def _numbers(bullets: Sequence[Bullet]) -> list[Decimal]:
    found = [one.target for one in bullets]
    return [*found, *(number for one in bullets for number in (one.result, one.expected) if number is not None)]
