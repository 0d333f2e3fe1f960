"""Contributions, one below the other, each starting where the one before ends; the last bar is their sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.formats import signed
from reporting.pictures.canvas import SIZE, Canvas, Scale, brief, shortened, width_of
from reporting.pictures.picture import WIDE, Column, Picture, Words

SHOWN = 20
"""Of the largest, up or down; the others are drawn as one."""
_BAR = 14
_GAP = 8


@dataclass(frozen=True)
class Part:
    label: str
    amount: Decimal


def waterfall(words: Words, parts: Sequence[Part], total: Part, header: str, decimals: int = 2) -> Picture | None:
    """The parts in the order of their amounts, and the total. What parts and total differ by, beyond what rounding to 18
    decimals explains, is a fault of the caller: ValueError. None where there are no parts."""
    if not parts:
        return None
    if abs(sum((one.amount for one in parts), Decimal(0)) - total.amount) > Decimal("1e-12"):
        raise ValueError(f"the parts sum to {sum(one.amount for one in parts)}, not {total.amount}")
    shown = _few(sorted(parts, key=lambda one: -one.amount))
    return Picture(
        words,
        (Column(_("District")), Column(header, True)),
        [(one.label, signed(one.amount, decimals)) for one in (*shown, total)],
        lambda width: _draw(shown, total, decimals, width),
    )


def _few(parts: Sequence[Part]) -> list[Part]:
    """Those with the smallest amounts as one, where there are many."""
    if len(parts) <= SHOWN:
        return list(parts)
    kept = set(sorted(range(len(parts)), key=lambda number: -abs(parts[number].amount))[: SHOWN - 1])
    rest = [one for number, one in enumerate(parts) if number not in kept]
    said = ngettext("%(number)d other", "%(number)d others", len(rest)) % {"number": len(rest)}
    others = Part(said, sum((one.amount for one in rest), Decimal(0)))
    return [*(one for number, one in enumerate(parts) if number in kept), others]


def _draw(parts: Sequence[Part], total: Part, decimals: int, width: int) -> Canvas:
    is_wide = width >= WIDE
    row = 24 if is_wide else 40
    rows = [*parts, total]
    canvas = Canvas(width, row * len(rows) + 4)
    texts = [signed(one.amount, decimals) for one in rows]
    told = max(width_of(text) for text in texts)
    names = min(max(width_of(brief(one.label)) for one in rows), width // 3) + _GAP if is_wide else 0
    scale = Scale(_sums(parts), names, width - (told + _GAP if is_wide else 4))
    canvas.line("p-axis", scale.zero, 0, scale.zero, canvas.height)
    at = Decimal(0)
    for number, (one, text) in enumerate(zip(rows, texts, strict=True)):
        top, is_total = row * number, number == len(parts)
        _names(canvas, one, text, top, names, told, width, is_total=is_total)
        start, end = (Decimal(0), one.amount) if is_total else (at, at + one.amount)
        _bar(canvas, scale, start, end, top + row - _BAR - 4, is_total=is_total)
        if not is_total:
            canvas.line("p-step", scale(end), top + row - 4, scale(end), top + 2 * row - _BAR - 4)
        at = end
    return canvas


def _names(canvas: Canvas, one: Part, text: str, top: int, names: int, told: int, width: int, *, is_total: bool) -> None:
    strong = " p-strong" if is_total else ""
    if names:
        canvas.text(shortened(brief(one.label), names - _GAP), names - _GAP, top + 17, kind=f"p-text{strong}", anchor="end")
        canvas.text(text, width, top + 17, kind=f"p-number{strong}", anchor="end")
    else:
        canvas.text(shortened(brief(one.label), width - told - _GAP), 0, top + SIZE + 2, kind=f"p-text{strong}")
        canvas.text(text, width, top + SIZE + 2, kind=f"p-number{strong}", anchor="end")


def _bar(canvas: Canvas, scale: Scale, start: Decimal, end: Decimal, y: int, *, is_total: bool) -> None:
    left, right = sorted((scale(start), scale(end)))
    kind = "p-total" if is_total else "p-bar" if end >= start else "p-less"
    canvas.rectangle(kind, left, y, max(right - left, Decimal(1)), _BAR)


def _sums(parts: Sequence[Part]) -> list[Decimal]:
    found, at = [Decimal(0)], Decimal(0)
    for one in parts:
        at += one.amount
        found.append(at)
    return found
