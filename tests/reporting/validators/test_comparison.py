"""Growth, bounds, order and sums at their edges."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.validators.comparison import (
    changed_beyond,
    difference,
    first_descent,
    growth,
    out_of_bounds,
    rounding_tolerance,
    sum_mismatch,
)

D = Decimal
THIRTY = D(30)
_AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)


def _numbers(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else D(text) for text in texts]


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [
        ("110", "100", "10"),
        ("90", "100", "-10"),
        ("0", "100", "-100"),
        ("-50", "100", "-150"),
        ("100", "100", "0"),
        ("0.000001", "0.000001", "0"),
    ],
)
def test_growth_is_per_cent_of_the_base(value: str, base: str, expected: str) -> None:
    assert growth(D(value), D(base)) == D(expected)


@pytest.mark.parametrize(("value", "base"), [("10", "0"), ("0", "0"), ("10", "-5"), ("-10", "-5"), (None, "5"), ("5", None)])
def test_growth_without_a_positive_base_is_not_available(value: str | None, base: str | None) -> None:
    assert growth(*_numbers(value, base)) is None


def test_difference_is_in_points_whatever_the_signs() -> None:
    assert difference(D("-2.5"), D("1.5")) == D(-4)
    assert difference(D(3), D(0)) == D(3)
    assert difference(None, D(1)) is None
    assert difference(D(1), None) is None


@pytest.mark.parametrize(
    ("value", "base", "beyond"),
    [
        ("130", "100", False),
        ("130.000001", "100", True),
        ("70", "100", False),
        ("69.999999", "100", True),
        ("39", "30", False),
        ("9.1", "7", False),
        ("9.100001", "7", True),
        ("4.9", "7", False),
        ("0.91", "0.7", False),
        ("3.9", "3", False),
        ("1000", "0", False),
        ("1000", "-1", False),
        ("1000", None, False),
        (None, "1000", False),
    ],
)
def test_year_on_year_at_the_bound_is_within_it(value: str | None, base: str | None, beyond: bool) -> None:
    number, before = _numbers(value, base)
    assert changed_beyond(number, before, THIRTY) is beyond


@given(st.decimals(min_value="0.01", max_value=10**9, places=2))
def test_year_on_year_of_exactly_thirty_per_cent_is_within_for_any_base(base: Decimal) -> None:
    step = D("0.0001")
    assert not changed_beyond(base * D("1.3"), base, THIRTY)
    assert not changed_beyond(base * D("0.7"), base, THIRTY)
    assert changed_beyond(base * D("1.3") + step, base, THIRTY)
    assert changed_beyond(base * D("0.7") - step, base, THIRTY)


@pytest.mark.parametrize(
    ("value", "minimum", "maximum", "out"),
    [
        ("0", "0", None, False),
        ("-0.000001", "0", None, True),
        ("100", "0", "100", False),
        ("100.000001", "0", "100", True),
        ("-5", None, "0", False),
        ("1", None, "0", True),
        ("99999", None, None, False),
    ],
)
def test_bounds_include_their_ends(value: str, minimum: str | None, maximum: str | None, out: bool) -> None:
    assert out_of_bounds(D(value), *_numbers(minimum, maximum)) is out


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ([], None),
        (["1"], None),
        (["1", "1", "1"], None),
        (["1", "2", "3"], None),
        (["2", "1", "3"], 0),
        (["1", "3", "2"], 1),
        (["3", None, "2"], 0),
        ([None, "3", "2"], 1),
        (["1", None, None], None),
        (["-1", "0"], None),
        (["0.000001", "0"], 0),
    ],
)
def test_order_finds_the_first_value_above_the_next_known(values: list[str | None], index: int | None) -> None:
    assert first_descent(_numbers(*values)) == index


@pytest.mark.parametrize(
    ("components", "decimals", "expected"), [(1, 2, "0.01"), (2, 2, "0.015"), (4, 2, "0.025"), (4, 0, "2.5"), (3, 1, "0.2")]
)
def test_tolerance_is_half_a_unit_for_each_component_and_one_for_the_total(components: int, decimals: int, expected: str) -> None:
    assert rounding_tolerance(components, decimals) == D(expected)


@pytest.mark.parametrize(
    ("total", "parts", "gap"),
    [
        ("10", ["4", "6"], None),
        ("10.015", ["4", "6"], None),
        ("9.985", ["4", "6"], None),
        ("10.015001", ["4", "6"], "0.015001"),
        ("9.984999", ["4", "6"], "-0.015001"),
        ("10.02", ["4", "6"], "0.02"),
        ("10", ["4", None], None),
        (None, ["4", "6"], None),
        ("0", ["0", "0"], None),
        ("1", ["0", "0"], "1"),
    ],
)
def test_sum_at_the_tolerance_fits_and_beyond_it_does_not(total: str | None, parts: list[str | None], gap: str | None) -> None:
    expected = None if gap is None else D(gap)
    assert sum_mismatch(None if total is None else D(total), _numbers(*parts), 2) == expected


@given(st.lists(_AMOUNTS, min_size=1, max_size=8))
def test_sum_of_rounded_parts_never_mismatches(parts: list[Decimal]) -> None:
    """Each part is off by at most half a unit, and so is the total: what rounding makes is never a mistake."""
    rounded = [part.quantize(D(1)) for part in parts]
    total = sum(parts, D(0)).quantize(D(1))
    assert sum_mismatch(total, list(rounded), 0) is None
