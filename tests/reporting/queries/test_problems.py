"""Problems that the data of a cycle show, with numbers computed by hand, just inside and just outside each bound."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from districts.models.district import PeerGroup
from reporting.domain.figures import refresh_figures
from reporting.enums import Direction, Measure
from reporting.enums.symposiums import ProblemKind
from reporting.enums.targets import TargetKind
from reporting.models import Cycle, Problem, Target, TargetIssue
from reporting.queries.symposiums.problems import Found, find, sentence
from tests.factories import NOW, make_district, make_indicator, make_user, make_version
from tests.reporting.figures.build import World

K, P = TargetKind, ProblemKind
CODES = ("east", "north", "south", "west")


def make_world(**fields: Any) -> World:
    indicators = {
        "FLOW": make_indicator("FLOW", decimals=1, **fields),
        "FIRMS": make_indicator("FIRMS", measure=Measure.STOCK, unit="firms", unit_zh="家", decimals=0, price_basis="", **fields),
        "RATE": make_indicator("RATE", measure=Measure.RATE, unit="%", unit_zh="%", price_basis=""),
    }
    districts = {code: make_district(code, peer_group=PeerGroup.CORE) for code in CODES}
    return World(make_version(indicators), indicators, districts)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def reported(world: World, values: dict[str, dict[str, str]], period: str = "2026-S1") -> Cycle:
    cycle = world.cycle(period)
    for district, numbers in values.items():
        world.report(cycle, district, numbers)
    return cycle


def aim(world: World, whose: str, code: str, kind: TargetKind, value: str) -> None:
    issue = TargetIssue.objects.create(note="Plan", issued_by=make_user(f"issuer-{TargetIssue.objects.count()}"), issued_at=NOW)
    Target.objects.create(
        issue=issue,
        district=world.districts[whose],
        indicator=world.indicators[code],
        year=2026,
        kind=kind,
        value=Decimal(value),
    )


def found(cycle: Cycle, kind: ProblemKind) -> list[Found]:
    return [one for one in find(cycle, NOW) if one.kind == kind]


def told(one: Found) -> str:
    return sentence(Problem(kind=one.kind, indicator=one.indicator, numbers=one.numbers))


def shown(one: Found) -> dict[str, Any]:
    return {row["code"]: row["shown"] for row in one.numbers["districts"]}


# Targets.


def test_level_behind_its_schedule_tells_what_is_reached_and_what_was_expected(world: World) -> None:
    """Half of the year is over: 50 % of 1,000 is expected. 499.9 is behind, 500 is not; 1 of 1,000 needs 999 more."""
    cycle = reported(world, {"east": {"FLOW": "499.4"}, "north": {"FLOW": "500"}, "south": {"FLOW": "1"}})
    for code in ("east", "north", "south"):
        aim(world, code, "FLOW", K.LEVEL, "1000")
    (one,) = found(cycle, P.SCHEDULE)
    assert found(cycle, P.TARGET) == []
    assert shown(one) == {"south": "0.1 %, 50.0 %, 999.0", "east": "49.9 %, 50.0 %, 500.6"}
    assert one.numbers["source"] == {"cycle": "2026-S1", "indicator": "FLOW", "as_of": NOW.isoformat()}
    assert one.districts == (world.districts["south"].pk, world.districts["east"].pk)
    assert told(one) == (
        "Indicator FLOW is behind the year's schedule in 2 districts (reached of the year's target, expected by now, and needed "
        "in each period left): District south (0.1 %, 50.0 %, 999.0), District east (49.9 %, 50.0 %, 500.6)."
    )


def test_growth_below_its_target_tells_growth_and_gap(world: World) -> None:
    reported(world, {code: {"FLOW": "100"} for code in CODES}, "2025-S1")
    cycle = reported(world, {"east": {"FLOW": "109"}, "north": {"FLOW": "108.9"}, "south": {"FLOW": "104"}})
    for code in ("east", "north", "south"):
        aim(world, code, "FLOW", K.GROWTH, "9")
    (one,) = found(cycle, P.TARGET)
    assert found(cycle, P.SCHEDULE) == []
    assert shown(one) == {"south": "4.0 %, −5.0", "north": "8.9 %, −0.1"}


def test_gap_of_less_than_a_tenth_is_told_as_one(world: World) -> None:
    reported(world, {"east": {"FLOW": "10000"}}, "2025-S1")
    cycle = reported(world, {"east": {"FLOW": "10896"}})
    aim(world, "east", "FLOW", K.GROWTH, "9")
    (one,) = found(cycle, P.TARGET)
    assert shown(one) == {"east": "9.0 %, −0.04"}


def test_stock_below_its_target_tells_both_in_its_unit(world: World) -> None:
    cycle = reported(world, {"east": {"FIRMS": "90"}, "north": {"FIRMS": "100"}})
    for code in ("east", "north"):
        aim(world, code, "FIRMS", K.STOCK, "100")
    (one,) = found(cycle, P.TARGET)
    assert shown(one) == {"east": "90.0, −10.0"}
    assert "below its target in 1 district (result, and how far below): District east (90.0, −10.0)." in told(one)


def test_level_and_growth_of_one_indicator_are_two_problems(world: World) -> None:
    reported(world, {"east": {"FLOW": "100"}, "north": {"FLOW": "100"}}, "2025-S1")
    cycle = reported(world, {"east": {"FLOW": "101"}, "north": {"FLOW": "101"}})
    aim(world, "east", "FLOW", K.GROWTH, "9")
    aim(world, "north", "FLOW", K.LEVEL, "1000")
    assert [(one.kind, list(shown(one))) for one in find(cycle, NOW) if one.kind in {P.TARGET, P.SCHEDULE}] == [
        (P.TARGET, ["east"]),
        (P.SCHEDULE, ["north"]),
    ]


# Scale.


def test_value_below_half_of_the_median_of_its_peers_is_below_scale(world: World) -> None:
    """Of 49.9, 100, 100 and 300 the median is 100; of 30, 49, 100 and 100 it is 74.5, and half of that 37.25."""
    cycle = reported(
        world,
        {
            "east": {"FLOW": "49.9", "FIRMS": "30"},
            "north": {"FLOW": "100", "FIRMS": "100"},
            "south": {"FLOW": "100", "FIRMS": "100"},
            "west": {"FLOW": "300", "FIRMS": "49"},
        },
    )
    flow, firms = found(cycle, P.SCALE)
    assert (shown(flow), shown(firms)) == ({"east": "49.9, 49.9 %"}, {"east": "30, 40.3 %"})
    assert [one.indicator and one.indicator.code for one in (flow, firms)] == ["FLOW", "FIRMS"]
    assert flow.districts == (world.districts["east"].pk,)
    assert told(flow) == (
        "Indicator FLOW is below 50 % of the median of the peer group in 1 district (value, and per cent of that median): "
        "District east (49.9, 49.9 %)."
    )


@pytest.mark.parametrize(("value", "is_small"), [("49.9", True), ("50", False), ("50.1", False)])
def test_half_of_the_median_itself_is_not_below_scale(world: World, value: str, is_small: bool) -> None:
    cycle = reported(world, {"east": {"FLOW": value}, "north": {"FLOW": "100"}, "south": {"FLOW": "200"}})
    assert [list(shown(one)) for one in found(cycle, P.SCALE)] == ([["east"]] if is_small else [])


def test_scale_is_of_the_own_peer_group_and_not_of_two(world: World) -> None:
    """South and west are of another group, of two: they are compared with nobody."""
    for code in ("south", "west"):
        world.districts[code].peer_group = PeerGroup.NEW
        world.districts[code].save()
    extra = make_district("mid", peer_group=PeerGroup.CORE)
    world.districts["mid"] = extra
    cycle = reported(
        world,
        {
            "east": {"FLOW": "1000"},
            "north": {"FLOW": "800"},
            "mid": {"FLOW": "399"},
            "south": {"FLOW": "1"},
            "west": {"FLOW": "100"},
        },
    )
    assert [shown(one) for one in found(cycle, P.SCALE)] == [{"mid": "399.0, 49.9 %"}]


def test_scale_needs_three_peers_with_a_value(world: World) -> None:
    cycle = reported(world, {"east": {"FLOW": "1"}, "north": {"FLOW": "100"}})
    assert found(cycle, P.SCALE) == []


def test_part_of_the_median_is_a_setting(world: World, settings: Any) -> None:
    settings.SYMPOSIUM_SCALE_PERCENT = 80
    cycle = reported(world, {"east": {"FLOW": "79.9"}, "north": {"FLOW": "100"}, "south": {"FLOW": "200"}})
    (one,) = found(cycle, P.SCALE)
    assert one.numbers["bound"] == "80"
    assert list(shown(one)) == ["east"]


@pytest.mark.django_db
def test_rates_and_what_is_better_small_have_no_scale() -> None:
    world = make_world(direction=Direction.DOWN)
    numbers = {"FLOW": "1", "FIRMS": "1", "RATE": "1"}
    large = {"FLOW": "100", "FIRMS": "100", "RATE": "90"}
    assert found(reported(world, {"east": numbers, "north": large, "south": large}), P.SCALE) == []


# Growth.


def test_growth_below_the_citys_and_value_below_last_years(world: World) -> None:
    """The city: 330 of 300 is 10 %. East 10 % is not below it, north 9.9 % is, south fell."""
    reported(world, {"east": {"FLOW": "100"}, "north": {"FLOW": "100"}, "south": {"FLOW": "100"}}, "2025-S1")
    cycle = reported(world, {"east": {"FLOW": "110"}, "north": {"FLOW": "109.9"}, "south": {"FLOW": "110.1"}})
    refresh_figures(cycle_id=cycle.pk, now=NOW)
    (below,) = found(cycle, P.GROWTH)
    assert shown(below) == {"north": "+9.9 %"}
    assert told(below) == "Indicator FLOW grew less than the city's +10.0 % in 1 district: District north (+9.9 %)."
    assert found(cycle, P.FALLING) == []
    later = reported(world, {"east": {"FLOW": "99.9"}, "north": {"FLOW": "100"}}, "2027-S1")
    refresh_figures(cycle_id=later.pk, now=NOW)
    (falling,) = found(later, P.FALLING)
    assert shown(falling) == {"east": "−9.2 %", "north": "−9.0 %"}


# Words.


def test_sentences_in_chinese(world: World) -> None:
    cycle = reported(world, {"east": {"FLOW": "1"}, "north": {"FLOW": "500"}, "south": {"FLOW": "500"}})
    for code in ("east", "north"):
        aim(world, code, "FLOW", K.LEVEL, "1000")
    with translation.override("zh-hans"):
        assert [told(one) for kind in (P.SCHEDULE, P.SCALE) for one in found(cycle, kind)] == [
            (
                "指标FLOW：1个区落后于年度序时进度（括号内为已完成年度目标的比例、应达到的比例和今后每期所需）"
                "：east区（0.1 %, 50.0 %, 999.0）。"
            ),
            "指标FLOW：1个区不足同类区中位数的50%（括号内为数值和占该中位数的比例）：east区（1.0, 0.2 %）。",
        ]
