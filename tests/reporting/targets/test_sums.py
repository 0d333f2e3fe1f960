"""Whether the districts' targets add up to the city's, by hand and for any numbers."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from districts.enums import BureauRoleName
from reporting.enums.targets import TargetKind
from reporting.models import Inclusion
from reporting.queries.targets.year import SumCheck, YearTable, year_table
from reporting.validators.target_sums import Part, Sum, summed
from tests.factories import NOW, make_bureau
from tests.reporting.figures.build import World
from tests.reporting.targets.test_standings import aim, world

__all__ = ["world"]
K = TargetKind
AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def part(kind: TargetKind, value: str, base: str | None = None) -> Part:
    return Part(kind, Decimal(value), None if base is None else Decimal(base))


def test_levels_are_summed_with_those_that_growth_means() -> None:
    parts = [part(K.LEVEL, "300.05"), part(K.LEVEL, "0.1"), part(K.GROWTH, "10", "1000"), part(K.GROWTH, "10")]
    assert summed(K.LEVEL, parts) == Sum(Decimal("1400.15"), 3)


def test_growth_is_that_of_the_sums_not_the_mean() -> None:
    """100 to 120 and 900 to 918: 1000 to 1038, 3.8 % and not 11 %."""
    assert summed(K.GROWTH, [part(K.GROWTH, "20", "100"), part(K.GROWTH, "2", "900")]) == Sum(Decimal("3.8"), 2)


def test_growth_takes_levels_with_a_base_and_leaves_the_others() -> None:
    parts = [part(K.LEVEL, "110", "100"), part(K.LEVEL, "50"), part(K.GROWTH, "5", "0")]
    assert summed(K.GROWTH, parts) == Sum(Decimal(10), 1)


@pytest.mark.parametrize("kind", [K.SHARE, ""])
def test_shares_do_not_add_up(kind: str) -> None:
    assert summed(kind, [part(K.SHARE, "20")]) == Sum(None, 0)


def test_nothing_comes_to_nothing_known() -> None:
    assert [summed(kind, []) for kind in (K.LEVEL, K.GROWTH)] == [Sum(None, 0), Sum(None, 0)]


@given(st.lists(AMOUNTS, min_size=1, max_size=20))
def test_levels_come_to_their_exact_sum(values: list[Decimal]) -> None:
    assert summed(K.LEVEL, [Part(K.LEVEL, value, None) for value in values]).implied == sum(values)


@given(st.lists(st.tuples(st.integers(-50, 200), st.integers(1, 10**9)), min_size=1, max_size=20))
def test_implied_growth_lies_between_the_districts(rows: list[tuple[int, int]]) -> None:
    found = summed(K.GROWTH, [Part(K.GROWTH, Decimal(grown), Decimal(base)) for grown, base in rows]).implied
    assert found is not None
    slack = Decimal("1e-30")
    assert min(grown for grown, _base in rows) - slack <= found <= max(grown for grown, _base in rows) + slack


def seen(world: World, user: str = "sums") -> YearTable:
    return year_table(make_bureau(user, BureauRoleName.ADMINISTRATOR), 2026)


def check_of(world: World, code: str, user: str = "sums") -> SumCheck:
    return next(one for one in seen(world, user).checks if one.indicator.code == code)


def test_year_shows_the_difference_in_points_and_in_units(world: World) -> None:
    last = world.cycle("2025-A1")
    for district, base, grown in (("north", "100", "20"), ("west", "900", "2")):
        world.report(last, district, {"FLOW": base})
        aim(world, district, "FLOW", K.GROWTH, grown)
        aim(world, district, "STOCK", K.STOCK, "40")
    aim(world, "", "FLOW", K.GROWTH, "9")
    aim(world, "", "STOCK", K.STOCK, "100")
    found = check_of(world, "FLOW")
    assert (found.city_text, found.implied_text, found.difference_text) == (
        "9.0 % (Growth (%))",
        "3.8 %",
        "−5.2 percentage points",
    )
    stock = check_of(world, "STOCK", "again")
    assert (stock.implied_text, stock.difference_text, stock.districts.counted) == ("80 firms", "−20 firms", 2)


def test_contained_unit_is_counted_once(world: World) -> None:
    for district, level in (("north", "100"), ("west", "300"), ("east", "50")):
        aim(world, district, "FLOW", K.LEVEL, level)
    aim(world, "", "FLOW", K.LEVEL, "400")
    inclusion = Inclusion.objects.create(indicator=world.indicators["FLOW"], contained=world.districts["east"])
    inclusion.containers.set([world.districts["north"], world.districts["west"]])
    assert check_of(world, "FLOW").difference == 0


def test_reviewer_sees_the_own_districts_and_no_sum(world: World) -> None:
    aim(world, "north", "FLOW", K.LEVEL, "100")
    aim(world, "west", "FLOW", K.LEVEL, "31415")
    aim(world, "", "FLOW", K.LEVEL, "400")
    reviewer = make_bureau("reviewer-of-north", BureauRoleName.REVIEWER, [world.districts["north"]])
    table = year_table(reviewer, 2026)
    assert [(row.district.code, list(row.cells)) for row in table.rows] == [("north", ["100.00 100m CNY"])]
    assert table.checks == []


def test_year_costs_the_same_for_one_target_as_for_many(world: World) -> None:
    user = make_bureau("sums", BureauRoleName.ADMINISTRATOR)
    counts = []
    for number, districts in enumerate((("north",), ("north", "west", "east"))):
        for district in districts:
            aim(world, district, "FLOW", K.LEVEL, "100", at=NOW + timedelta(minutes=number))
            aim(world, district, "STOCK", K.STOCK, "100", at=NOW + timedelta(minutes=number))
        with CaptureQueriesContext(connection) as queries:
            year_table(user, 2026)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 9
