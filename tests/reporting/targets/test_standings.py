"""How approved figures stand to the targets in force, as of an instant, and at what price."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.domain.figures import refresh_figures
from reporting.enums import Measure
from reporting.enums.targets import Light, NoLight, ScheduleKind, TargetKind
from reporting.models import Cycle, Target, TargetIssue
from reporting.queries.targets import TargetStanding, standings_of
from tests.factories import NOW, make_district, make_indicator, make_user, make_version
from tests.reporting.figures.build import World

K = TargetKind
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def world(db: None) -> World:
    indicators = {
        "FLOW": make_indicator("FLOW"),
        "STOCK": make_indicator("STOCK", measure=Measure.STOCK, unit="firms", unit_zh="家", decimals=0, price_basis=""),
    }
    districts = {code: make_district(code) for code in ("east", "north", "west")}
    return World(make_version(indicators), indicators, districts)


def aim(
    world: World, whose: str, code: str, kind: TargetKind, value: str | None, *, at: datetime = NOW, year: int = 2026
) -> Target:
    actor = make_user(f"issuer-{TargetIssue.objects.count()}")
    issue = TargetIssue.objects.create(note="Plan of the year", issued_by=actor, issued_at=at)
    return Target.objects.create(
        issue=issue,
        district=world.districts.get(whose),
        indicator=world.indicators[code],
        year=year,
        kind=kind,
        value=None if value is None else Decimal(value),
    )


def by_place(standings: list[TargetStanding]) -> dict[tuple[str, str], TargetStanding]:
    return {(one.district.code if one.district else "city", one.indicator.code): one for one in standings}


def past_half_years(world: World, district: str, halves: dict[int, tuple[str, str]]) -> None:
    for year, (half, whole) in halves.items():
        for part, value in (("S1", half), ("A1", whole)):
            cycle = Cycle.objects.filter(period=f"{year}-{part}").first() or world.cycle(f"{year}-{part}")
            world.report(cycle, district, {"FLOW": value})


def test_growth_is_against_last_years_approved_figure(world: World) -> None:
    world.report(world.cycle("2025-S1"), "north", {"FLOW": "1000"})
    cycle = world.cycle()
    world.report(cycle, "north", {"FLOW": "1078"})
    aim(world, "north", "FLOW", K.GROWTH, "9")
    (found,) = standings_of(cycle)
    assert (found.target, found.value, found.base) == (Decimal(9), Decimal(1078), Decimal(1000))
    assert (found.result, found.gap, found.light) == (Decimal("7.8"), Decimal("-1.2"), Light.RED)


def test_level_follows_the_units_own_seasons_from_three_complete_years_on(world: World) -> None:
    """40 %, 30 % and 56 % at the half-year: 42 % are due; 45 % are there."""
    past_half_years(world, "north", {2022: ("40", "100"), 2023: ("45", "150"), 2024: ("67.2", "120")})
    past_half_years(world, "west", {2024: ("10", "100"), 2025: ("10", "100")})
    cycle = world.cycle()
    for district in ("north", "west"):
        world.report(cycle, district, {"FLOW": "450"})
        aim(world, district, "FLOW", K.LEVEL, "1000")
    found = by_place(standings_of(cycle))
    north, west = found["north", "FLOW"], found["west", "FLOW"]
    assert (north.schedule.share, north.schedule.kind, north.schedule.years) == (Decimal(42), ScheduleKind.SEASONAL, 3)
    assert (north.completion, north.gap, north.light) == (Decimal(45), Decimal(3), Light.GREEN)
    assert (west.schedule.share, west.schedule.kind) == (Decimal(50), ScheduleKind.LINEAR)
    assert (west.gap, west.light) == (Decimal(-5), Light.YELLOW)


def test_city_stands_by_its_stored_figure(world: World) -> None:
    last = world.cycle("2025-S1")
    cycle = world.cycle()
    for district, before, value in (("north", "100", "110"), ("west", "300", "330")):
        world.report(last, district, {"FLOW": before})
        world.report(cycle, district, {"FLOW": value})
    world.report(cycle, "east", {"FLOW": "500"})
    aim(world, "", "FLOW", K.GROWTH, "9")
    assert [one.reason for one in standings_of(cycle)] == [str(NoLight.NO_VALUE.label)]
    refresh_figures(cycle_id=cycle.pk, now=NOW)
    (found,) = standings_of(cycle, districts=[])
    assert (found.district, found.value, found.result, found.gap) == (None, Decimal(940), Decimal(10), Decimal(1))
    (then,) = standings_of(cycle, [], LATER)
    assert then == found
    assert standings_of(cycle, city=False) == []


def test_latest_row_counts_and_the_one_in_force_at_an_instant(world: World) -> None:
    cycle = world.cycle()
    world.report(cycle, "north", {"STOCK": "100"})
    aim(world, "north", "STOCK", K.STOCK, "100")
    aim(world, "north", "STOCK", K.STOCK, "120", at=LATER)
    aim(world, "north", "STOCK", K.STOCK, "999", year=2025)
    assert [(one.target, one.light) for one in standings_of(cycle)] == [(Decimal(120), Light.RED)]
    assert [(one.target, one.light) for one in standings_of(cycle, as_of=NOW)] == [(Decimal(100), Light.GREEN)]
    assert standings_of(cycle, as_of=NOW - timedelta(seconds=1)) == []
    aim(world, "north", "STOCK", K.STOCK, None, at=LATER)
    assert standings_of(cycle) == []


def test_value_is_the_one_in_force_at_the_instant(world: World) -> None:
    cycle = world.cycle()
    world.report(cycle, "north", {"STOCK": "100"})
    aim(world, "north", "STOCK", K.STOCK, "100")
    world.report(cycle, "north", {"STOCK": "50"}, at=LATER)
    assert [one.value for one in standings_of(cycle, as_of=NOW)] == [100]
    assert [one.value for one in standings_of(cycle)] == [50]


def test_other_districts_are_not_among_those_asked_for(world: World) -> None:
    cycle = world.cycle()
    for district in world.districts:
        aim(world, district, "FLOW", K.LEVEL, "777")
    north = world.districts["north"]
    assert [one.district for one in standings_of(cycle, [north.pk])] == [north]


def test_what_is_missing_is_told_apart(world: World) -> None:
    cycle = world.cycle()
    world.report(cycle, "north", {"FLOW": "5"})
    aim(world, "north", "FLOW", K.GROWTH, "9")
    aim(world, "west", "FLOW", K.GROWTH, "9")
    found = by_place(standings_of(cycle))
    assert found["north", "FLOW"].measured.reason == NoLight.NO_BASE
    assert found["west", "FLOW"].measured.reason == NoLight.NO_VALUE


def test_nothing_is_asked_where_there_are_no_targets(world: World) -> None:
    cycle = world.cycle()
    with CaptureQueriesContext(connection) as queries:
        assert standings_of(cycle) == []
    assert len(queries) == 1


def test_standings_cost_the_same_for_one_district_as_for_three(world: World) -> None:
    cycle = Cycle.objects.select_related("definition").get(pk=world.cycle().pk)
    for district in world.districts:
        world.report(cycle, district, {"FLOW": "5", "STOCK": "7"})
        aim(world, district, "FLOW", K.LEVEL, "10")
        aim(world, district, "STOCK", K.STOCK, "10")
    aim(world, "", "FLOW", K.LEVEL, "30")
    counts = []
    for districts in ([world.districts["north"].pk], None):
        with CaptureQueriesContext(connection) as queries:
            standings_of(cycle, districts)
        counts.append(len(queries))
    assert counts == [9, 9]
