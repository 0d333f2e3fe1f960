"""Growth, bounds, order and sums at their edges."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.validators.comparison import (
    MULTIPLES,
    among,
    changed_beyond,
    difference,
    fell_below,
    first_descent,
    growth,
    moved_beyond,
    out_of_bounds,
    rounding_tolerance,
    share,
    sum_mismatch,
    unit_slip,
)

D = Decimal
THIRTY = D(30)
positive = st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=2)
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


@pytest.mark.parametrize(
    ("value", "before", "tolerance", "fell"),
    [
        ("99.99", "100", "0", True),
        ("100", "100", "0", False),
        ("94.99", "100", "5", True),
        ("95", "100", "5", False),
        ("-1", "0", "0", True),
        ("0", "0", "0", False),
        ("-105.01", "-100", "5", True),
        ("-105", "-100", "5", False),
        ("5", None, "0", False),
    ],
)
def test_fall_at_the_tolerance_is_within_it(value: str, before: str | None, tolerance: str, fell: bool) -> None:
    assert fell_below(D(value), D(before) if before else None, D(tolerance)) is fell


@pytest.mark.parametrize(
    ("value", "before", "tolerance", "moved"),
    [("100.01", "100", "0", True), ("99.99", "100", "0", True), ("100", "100", "0", False), ("101", "100", "1", False),
     ("101.01", "100", "1", True), ("98.99", "100", "1", True), ("3", "0", "30", True), ("0", "0", "30", False),
     ("7", None, "0", False)],
)  # fmt: skip
def test_move_at_the_tolerance_is_within_it(value: str, before: str | None, tolerance: str, moved: bool) -> None:
    assert moved_beyond(D(value), D(before) if before else None, D(tolerance)) is moved


@pytest.mark.parametrize(
    ("value", "factor"),
    [
        ("85", "10"), ("84.99", None), ("100", "10"), ("115", "10"), ("115.01", None),
        ("850", "100"), ("1150", "100"), ("8500", "1000"), ("85000", "10000"), ("115000", "10000"), ("1000000", None),
        ("1000000000", "100000000"), ("1.15", "0.1"), ("0.85", "0.1"), ("0.8499", None), ("1.1501", None), ("0.1", "0.01"),
        ("0.01", "0.001"), ("0.001", "0.0001"), ("0.0000001", "1e-8"), ("10", None), ("-100", None), ("0", None),
    ],
)  # fmt: skip
def test_unit_slip_is_near_a_multiple_of_the_last_value(value: str, factor: str | None) -> None:
    assert unit_slip(D(value), D(10), D(15)) == (D(factor) if factor else None)


def test_unit_slip_is_of_values_of_the_same_sign_and_above_zero() -> None:
    assert unit_slip(D(-100), D(-10), D(15)) == D(10)
    assert (unit_slip(D(100), D(0), D(15)), unit_slip(D(100), None, D(15))) == (None, None)


@given(last=positive, multiple=st.sampled_from(MULTIPLES))
def test_unit_slip_is_found_up_and_down_at_exactly_the_multiple(last: Decimal, multiple: int) -> None:
    assert unit_slip(last * multiple, last, D(0)) == multiple
    assert unit_slip(last, last * multiple, D("0.000001")) == D(1) / multiple


def test_share_has_no_value_without_a_total_above_zero() -> None:
    assert (share(D(1), D(8)), share(D(0), D(8))) == (D("12.5"), D(0))
    assert (share(D(1), D(0)), share(D(1), D(-8)), share(None, D(8)), share(D(1), None)) == (None, None, None, None)


EARLIER = [D(value) for value in ("10", "12", "14", "16", "18")]
"""In the middle 14, and 2 in the middle of the deviations: 10.37 more or less has a score of 3.497, 10.38 of 3.501."""


@pytest.mark.parametrize(("value", "left"), [("24", False), ("24.37", False), ("24.38", True), ("3.63", False), ("3.62", True)])
def test_outlier_has_a_modified_z_score_beyond_the_bound(value: str, left: bool) -> None:
    history = among(D(value), EARLIER)
    assert history is not None
    assert (history.count, history.middle, history.is_left(D(value), D("3.5"), D(30))) == (5, D(14), left)


def test_score_is_that_of_iglewicz_and_hoaglin() -> None:
    history = among(D(24), EARLIER)
    assert history is not None
    assert history.score == D("0.6745") * 10 / 2


def test_four_periods_are_too_few_for_an_outlier() -> None:
    assert (among(D(1000), EARLIER[:4]), among(D(1000), [])) == (None, None)


@pytest.mark.parametrize(
    ("earlier", "value", "left"),
    [
        ("10 10 10 10 10", "13", False),
        ("10 10 10 10 10", "13.01", True),
        ("10 10 10 10 10", "7", False),
        ("10 10 10 10 10", "6.99", True),
        ("10 10 10 99 99", "13.01", True),
        ("0 0 0 0 0", "0", False),
        ("0 0 0 0 0", "1", True),
    ],
)
def test_without_a_deviation_any_change_beyond_the_year_on_year_bound_is_an_outlier(earlier: str, value: str, left: bool) -> None:
    history = among(D(value), [D(one) for one in earlier.split()])
    assert history is not None
    assert (history.score, history.is_left(D(value), D("3.5"), D(30))) == (None, left)
