"""Change, growth and the checks that compare values."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

_HUNDRED = Decimal(100)
MULTIPLES = (10, 100, 1_000, 10_000, 100_000_000)
"""What a value in the wrong unit is of the right one: a slipped point, thousands, 万, and yuan for 亿元."""
FEWEST_FOR_OUTLIER = 5
_NORMAL = Decimal("0.6745")
"""Makes the median absolute deviation of a normal distribution its standard deviation (Iglewicz and Hoaglin)."""


def growth(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Growth in per cent; None (n/a) where the base is missing, zero or negative."""
    if value is None or base is None or base <= 0:
        return None
    return (value / base - 1) * _HUNDRED


def difference(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    """For rates: the change in percentage points, or in the rate's own unit."""
    return None if value is None or before is None else value - before


def changed_beyond(value: Decimal | None, base: Decimal | None, bound: Decimal) -> bool:
    """Whether growth, up or down, is beyond the bound (per cent); at the bound is within it."""
    change = growth(value, base)
    return change is not None and abs(change) > bound


def out_of_bounds(value: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    return (minimum is not None and value < minimum) or (maximum is not None and value > maximum)


def first_descent(values: Sequence[Decimal | None]) -> int | None:
    """The index of the first value larger than the next one that is known; None where they ascend."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    for (index, value), (_next_index, following) in pairwise(known):
        if value > following:
            return index
    return None


def rounding_tolerance(components: int, decimals: int) -> Decimal:
    """(n + 1) / 2 x 10^-decimals: what rounding alone can make of a sum of n components."""
    return (Decimal(components) + 1) / 2 * Decimal(1).scaleb(-decimals)


def sum_mismatch(total: Decimal | None, components: Sequence[Decimal | None], decimals: int) -> Decimal | None:
    """Total less the sum of its components where it is outside the tolerance; None where it fits or something is missing."""
    known = [component for component in components if component is not None]
    if total is None or len(known) < len(components):
        return None
    gap = total - sum(known, Decimal(0))
    return gap if abs(gap) > rounding_tolerance(len(components), decimals) else None


def fell_below(value: Decimal, before: Decimal | None, tolerance: Decimal) -> bool:
    """Whether the value is lower than the one before by more than the tolerance (per cent of that)."""
    return before is not None and value < before - abs(before) * tolerance / _HUNDRED


def moved_beyond(value: Decimal, before: Decimal | None, tolerance: Decimal) -> bool:
    """Whether the two differ by more than the tolerance (per cent of the one before)."""
    return before is not None and abs(value - before) > abs(before) * tolerance / _HUNDRED


def unit_slip(value: Decimal, last: Decimal | None, tolerance: Decimal) -> Decimal | None:
    """The multiple of the last value that this one is within the tolerance (per cent of it): 10 and so on, or 0.1 and so on. None
    where it is none of them, or the last value is missing, zero or of another sign."""
    if last is None or value * last <= 0:
        return None
    for multiple in MULTIPLES:
        for factor in (Decimal(multiple), Decimal(1) / multiple):
            if abs(value / (last * factor) - 1) * _HUNDRED <= tolerance:
                return factor
    return None


def share(part: Decimal | None, total: Decimal | None) -> Decimal | None:
    """In per cent; None where either is missing or the total is not above zero."""
    return None if part is None or total is None or total <= 0 else part / total * _HUNDRED


@dataclass(frozen=True)
class History:
    """How a value lies among those of comparable periods. `score` is the modified z-score; None where the deviation is 0."""

    count: int
    middle: Decimal
    score: Decimal | None

    def is_left(self, value: Decimal, score_bound: Decimal, change_bound: Decimal) -> bool:
        """Whether the value is an outlier; without a deviation, whether it changed by more than the bound (per cent)."""
        if self.score is None:
            return moved_beyond(value, self.middle, change_bound)
        return abs(self.score) > score_bound


def among(value: Decimal, earlier: Sequence[Decimal]) -> History | None:
    """None where there are too few to say."""
    if len(earlier) < FEWEST_FOR_OUTLIER:
        return None
    middle = median(earlier)
    deviation = median([abs(one - middle) for one in earlier])
    return History(len(earlier), middle, _NORMAL * (value - middle) / deviation if deviation else None)
