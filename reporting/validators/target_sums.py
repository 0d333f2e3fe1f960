"""Whether the districts' targets add up to the city's. Plain numbers, unrounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from reporting.enums.targets import TargetKind

_WHOLE = Decimal(100)
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_LEVELS = frozenset({TargetKind.LEVEL, TargetKind.STOCK})


@dataclass(frozen=True)
class Part:
    """One district's target; `base` is last year's approved figure of the year."""

    kind: str
    value: Decimal
    base: Decimal | None


@dataclass(frozen=True)
class Sum:
    """What the districts' targets come to in the city's measure, over `counted` of them."""

    implied: Decimal | None
    counted: int


def implied_level(part: Part) -> Decimal | None:
    """The level that the target means; growth needs a base."""
    if part.kind in _LEVELS:
        return part.value
    if part.kind != TargetKind.GROWTH or part.base is None or part.base <= 0:
        return None
    with localcontext(_CONTEXT):
        return part.base * (_WHOLE + part.value) / _WHOLE


def summed(city_kind: str, parts: Sequence[Part]) -> Sum:
    """Levels as they are; for a city's growth those with a base, as the growth of their sum. Shares do not add up."""
    levels = [(level, part.base) for part in parts if (level := implied_level(part)) is not None]
    with localcontext(_CONTEXT):
        if city_kind in _LEVELS:
            return Sum(sum((level for level, _base in levels), Decimal(0)) if levels else None, len(levels))
        if city_kind != TargetKind.GROWTH:
            return Sum(None, 0)
        both = [(level, base) for level, base in levels if base is not None and base > 0]
        if not both:
            return Sum(None, 0)
        total, base = (sum(column, Decimal(0)) for column in zip(*both, strict=True))
        return Sum((total / base - 1) * _WHOLE, len(both))
