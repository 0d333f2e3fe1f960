"""A figure against its target: at each threshold, in both directions, and with what is missing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums import Direction
from reporting.enums.targets import Light, NoLight, ScheduleKind, TargetKind
from reporting.validators.targets import Aim, Bounds, Measured, Pace, Schedule, light_of, measure, schedule_of

BOUNDS = Bounds(schedule=Decimal(10), gap=Decimal(1), stock=Decimal(10))
HALF = Schedule(Decimal(50), ScheduleKind.LINEAR)
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def aim(kind: TargetKind, target: str, direction: Direction = Direction.UP, **changed: Any) -> Aim:
    values: dict[str, Any] = {"schedule": HALF, "passed": 2, "periods": 4}
    return Aim(kind=kind, target=Decimal(target), direction=direction, **values | changed)


def measured(to: Aim, value: str | None, grown: str | None = None) -> Measured:
    numbers = [None if text is None else Decimal(text) for text in (value, grown)]
    return measure(to, numbers[0], numbers[1], BOUNDS)


@pytest.mark.parametrize(
    ("value", "light"),
    [
        ("501", Light.GREEN),
        ("500", Light.GREEN),
        ("499.999999", Light.YELLOW),
        ("400.000001", Light.YELLOW),
        ("400", Light.RED),
        ("399.999999", Light.RED),
        ("0", Light.RED),
        ("1300", Light.GREEN),
    ],
)
def test_level_is_lit_by_points_behind_its_schedule(value: str, light: Light) -> None:
    assert measured(aim(TargetKind.LEVEL, "1000"), value).light == light


@pytest.mark.parametrize(
    ("value", "light"),
    [("500", Light.GREEN), ("500.000001", Light.YELLOW), ("599.999999", Light.YELLOW), ("600", Light.RED)],
)
def test_level_of_which_less_is_better_is_behind_above_its_schedule(value: str, light: Light) -> None:
    assert measured(aim(TargetKind.LEVEL, "1000", Direction.DOWN), value).light == light


@pytest.mark.parametrize(
    ("grown", "light"),
    [
        ("9", Light.GREEN),
        ("9.000001", Light.GREEN),
        ("8.999999", Light.YELLOW),
        ("8.000001", Light.YELLOW),
        ("8", Light.RED),
        ("7.8", Light.RED),
    ],
)
def test_growth_is_lit_by_percentage_points(grown: str, light: Light) -> None:
    assert measured(aim(TargetKind.GROWTH, "9"), "100", grown).light == light


@pytest.mark.parametrize(
    ("value", "light"),
    [("40", Light.GREEN), ("40.000001", Light.YELLOW), ("40.999999", Light.YELLOW), ("41", Light.RED), ("39", Light.GREEN)],
)
def test_share_of_which_less_is_better(value: str, light: Light) -> None:
    assert measured(aim(TargetKind.SHARE, "40", Direction.DOWN), value).light == light


@pytest.mark.parametrize(
    ("value", "light"),
    [("120", Light.GREEN), ("119", Light.YELLOW), ("108.000001", Light.YELLOW), ("108", Light.RED), ("107", Light.RED)],
)
def test_stock_is_lit_by_per_cent_of_its_target(value: str, light: Light) -> None:
    assert measured(aim(TargetKind.STOCK, "120"), value).light == light


def test_growth_of_the_first_half_of_2024_is_1_2_points_short() -> None:
    found = measured(aim(TargetKind.GROWTH, "9"), "9900", "7.8")
    assert found == Measured(Light.RED, Decimal("7.8"), completion=None, gap=Decimal("-1.2"))


def test_level_says_completion_schedule_gap_and_pace() -> None:
    found = measured(aim(TargetKind.LEVEL, "1000"), "450")
    assert (found.result, found.completion, found.gap) == (Decimal(450), Decimal(45), Decimal(-5))
    assert found.pace == Pace(needed=Decimal(275), so_far=Decimal(225), left=2)
    assert found.pace.times == Decimal(275) / Decimal(225)


def test_pace_is_nothing_more_once_the_target_is_reached_and_none_at_the_end_of_the_year() -> None:
    reached = measured(aim(TargetKind.LEVEL, "1000"), "1200").pace
    assert reached == Pace(needed=Decimal(0), so_far=Decimal(600), left=2)
    assert measured(aim(TargetKind.LEVEL, "1000", passed=4), "900").pace is None


def test_pace_without_anything_so_far_is_no_multiple() -> None:
    pace = measured(aim(TargetKind.LEVEL, "1000"), "0").pace
    assert pace is not None
    assert (pace.needed, pace.times) == (Decimal(500), None)


def test_stock_says_its_distance() -> None:
    assert measured(aim(TargetKind.STOCK, "120"), "90").gap == -30


@pytest.mark.parametrize("kind", list(TargetKind))
def test_missing_value_gives_no_light(kind: TargetKind) -> None:
    assert measured(aim(kind, "9"), None) == Measured(Light.NONE, reason=NoLight.NO_VALUE)


def test_missing_base_gives_no_light() -> None:
    assert measured(aim(TargetKind.GROWTH, "9"), "100", None) == Measured(Light.NONE, reason=NoLight.NO_BASE)


@pytest.mark.parametrize("target", ["0", "-1"])
def test_level_of_nothing_has_no_completion_rate(target: str) -> None:
    found = measured(aim(TargetKind.LEVEL, target), "5")
    assert (found.light, found.completion, found.reason) == (Light.NONE, None, NoLight.NO_SCALE)


@pytest.mark.parametrize("kind", list(TargetKind))
def test_where_neither_more_nor_less_is_better_there_is_a_gap_without_a_light(kind: TargetKind) -> None:
    found = measured(aim(kind, "9", Direction.NONE), "100", "7")
    assert (found.light, found.reason) == (Light.NONE, NoLight.NO_DIRECTION)
    assert found.gap is not None


def test_stock_with_a_target_of_zero_is_green_or_red() -> None:
    to = aim(TargetKind.STOCK, "0", Direction.DOWN)
    assert [measured(to, value).light for value in ("0", "0.000001")] == [Light.GREEN, Light.RED]


@pytest.mark.parametrize(("passed", "periods", "share"), [(1, 4, 25), (2, 4, 50), (3, 4, 75), (4, 4, 100), (1, 2, 50)])
def test_linear_schedule_is_the_share_of_the_year(passed: int, periods: int, share: int) -> None:
    assert schedule_of(passed, periods, [], 3) == Schedule(Decimal(share), ScheduleKind.LINEAR)


def test_seasonal_schedule_is_the_mean_share_of_past_years() -> None:
    """40 of 100, 45 of 150, 67.2 of 120: 40 %, 30 %, 56 %."""
    past = [(Decimal(40), Decimal(100)), (Decimal(45), Decimal(150)), (Decimal("67.2"), Decimal(120))]
    assert schedule_of(2, 4, past, 3) == Schedule(Decimal(42), ScheduleKind.SEASONAL, 3)
    assert schedule_of(2, 4, past, 4) == HALF
    assert schedule_of(2, 4, past[:2], 3) == HALF


def test_seasonal_schedule_leaves_years_without_a_total_aside() -> None:
    past = [(Decimal(40), Decimal(100)), (Decimal(1), Decimal(0)), (Decimal(-1), Decimal(10))]
    assert schedule_of(2, 4, past, 2) == HALF
    assert schedule_of(2, 4, past, 1) == Schedule(Decimal(40), ScheduleKind.SEASONAL, 1)


def test_all_of_the_year_is_expected_at_its_end() -> None:
    assert schedule_of(4, 4, [(Decimal(90), Decimal(100))] * 5, 3).share == 100


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=6))
def test_seasonal_schedule_lies_between_its_years(past: list[tuple[Decimal, Decimal]]) -> None:
    found = schedule_of(1, 2, past, 1)
    shares = [then * 100 / whole for then, whole in past if whole > 0]
    if not shares:
        assert found == HALF
    else:
        assert min(shares) - Decimal("0.01") <= found.share <= max(shares) * Decimal("1.000001") + Decimal("0.01")


@given(AMOUNTS, st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2))
def test_keeping_the_pace_needed_reaches_the_target(value: Decimal, target: Decimal) -> None:
    pace = measure(aim(TargetKind.LEVEL, str(target)), value, None, BOUNDS).pace
    assert pace is not None
    reached = value + pace.needed * pace.left
    assert reached == value if value >= target else abs(reached - target) < Decimal("1e-12")


@given(
    st.decimals(min_value=-500, max_value=500, places=4),
    st.decimals(min_value=Decimal("0.01"), max_value=100, places=4),
)
def test_directions_mirror_one_another_and_the_light_never_improves_backwards(gap: Decimal, bound: Decimal) -> None:
    order = [Light.RED, Light.YELLOW, Light.GREEN]
    assert light_of(gap, bound, Direction.UP) == light_of(-gap, bound, Direction.DOWN)
    assert order.index(light_of(gap, bound, Direction.UP)) <= order.index(light_of(gap + 1, bound, Direction.UP))


@given(st.sampled_from(list(TargetKind)), AMOUNTS, AMOUNTS, AMOUNTS)
def test_every_measure_has_either_a_light_or_a_reason(kind: TargetKind, target: Decimal, value: Decimal, grown: Decimal) -> None:
    found = measure(aim(kind, str(target)), value, grown, BOUNDS)
    assert found.is_lit == (found.reason is None)
