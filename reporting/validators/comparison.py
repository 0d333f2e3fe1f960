"""Change, growth and the checks that compare values."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

_HUNDRED = Decimal(100)


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
