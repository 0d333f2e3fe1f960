"""Which numbers the pictures show, where they come from, and what nobody sees in them who may not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from districts.models import District
from reporting.domain.figures import refresh_figures
from reporting.enums import Measure
from reporting.enums.targets import Light, TargetKind
from reporting.models import Cycle, CycleFigure, Target, TargetIssue
from reporting.queries.figures import Selection, district_figures
from reporting.queries.illustrations import city_trend, district_trend, growth_waterfall, light_map, source_of, target_bullets
from reporting.queries.targets import standings_of
from reporting.queries.targets.board import latest_with_targets, target_board
from tests.conftest import Cast
from tests.factories import NOW, make_district, make_indicator, make_user, make_version
from tests.reporting.figures.build import World
from tests.reporting.views.browser import as_user

K = TargetKind


@pytest.fixture
def world(db: None) -> World:
    indicators = {
        "FLOW": make_indicator("FLOW"),
        "RATE": make_indicator("RATE", measure=Measure.RATE, unit="%", unit_zh="%", decimals=1, price_basis=""),
    }
    districts = {code: make_district(code) for code in ("east", "north", "west")}
    return World(make_version(indicators), indicators, districts)


@pytest.fixture
def cycle(world: World) -> Cycle:
    """North grew by 10 %, west fell by 10 %, east has no base; 20 of 10 are not allocated. The city: 7.5 % of 400."""
    last = world.cycle("2025-S1")
    now = world.cycle()
    for district, before, value in (("north", "300", "330"), ("west", "90", "81")):
        world.report(last, district, {"FLOW": before, "RATE": "10"})
        world.report(now, district, {"FLOW": value, "RATE": "11.5"})
    world.report(now, "east", {"FLOW": "55"})
    world.adjust(now, "FLOW", "19", "10")
    refresh_figures(cycle_id=last.pk, now=NOW)
    refresh_figures(cycle_id=now.pk, now=NOW)
    return now


def aim(world: World, whose: str, kind: TargetKind, value: str, code: str = "FLOW") -> Target:
    issue = TargetIssue.objects.create(note="Plan", issued_by=make_user(f"issuer-{TargetIssue.objects.count()}"), issued_at=NOW)
    return Target.objects.create(
        issue=issue,
        district=world.districts.get(whose),
        indicator=world.indicators[code],
        year=2026,
        kind=kind,
        value=Decimal(value),
    )


def figure_of(cycle: Cycle, code: str) -> CycleFigure:
    return CycleFigure.objects.get(cycle=cycle, indicator__code=code)


def test_source_names_the_reports_and_the_instant(cycle: Cycle) -> None:
    assert source_of(cycle, NOW) == f"approved reports, January–June 2026, as of {timezone.localtime(NOW):%-d %b %Y, %H:%M}"


def test_waterfall_of_the_whole_city_sums_to_its_growth(world: World, cycle: Cycle) -> None:
    flow, figure = world.indicators["FLOW"], figure_of(cycle, "FLOW")
    assert figure.growth == Decimal("7.5")
    picture = growth_waterfall(cycle, flow, figure, district_figures(cycle, flow), is_complete=True)
    assert picture
    assert [tuple(row) for row in picture.rows] == [
        (str(world.districts["north"]), "+7.50"),
        ("Not allocated", "+2.25"),
        (str(world.districts["west"]), "−2.25"),
        ("The city", "+7.50"),
    ]


def test_waterfall_of_a_portfolio_names_no_other_district(world: World, cycle: Cycle) -> None:
    flow, own = world.indicators["FLOW"], world.districts["west"]
    rows = district_figures(cycle, flow, selection=Selection(districts=frozenset({own.pk})))
    picture = growth_waterfall(cycle, flow, figure_of(cycle, "FLOW"), rows, is_complete=False)
    assert picture
    assert {row[0]: row[1] for row in picture.rows} == {
        "Other districts": "+7.50",
        "Not allocated": "+2.25",
        str(own): "−2.25",
        "The city": "+7.50",
    }


def test_waterfall_of_rows_that_are_newer_than_the_total_is_not_drawn(world: World, cycle: Cycle) -> None:
    flow = world.indicators["FLOW"]
    world.report(cycle, "north", {"FLOW": "400"}, at=NOW + timedelta(hours=1))
    assert growth_waterfall(cycle, flow, figure_of(cycle, "FLOW"), district_figures(cycle, flow), is_complete=True) is None


def test_waterfall_of_a_rate_or_of_nothing_is_not_drawn(world: World, cycle: Cycle) -> None:
    rate = world.indicators["RATE"]
    rows = district_figures(cycle, rate)
    figure = CycleFigure.objects.filter(cycle=cycle, indicator=rate).first()
    assert growth_waterfall(cycle, rate, figure, rows, is_complete=True) is None
    assert growth_waterfall(cycle, world.indicators["FLOW"], None, [], is_complete=True) is None


def test_trend_of_a_cumulative_figure_compares_the_same_part_of_each_year(world: World, cycle: Cycle) -> None:
    world.report(world.cycle("2024-A1"), "north", {"FLOW": "600"})
    world.report(world.cycle("2024-S1"), "north", {"FLOW": "290"})
    for other in Cycle.objects.filter(period__startswith="2024"):
        refresh_figures(cycle_id=other.pk, now=NOW)
    picture = city_trend(cycle, world.indicators["FLOW"])
    assert picture
    assert [tuple(row)[:2] for row in picture.rows] == [
        ("January–June 2024", "290.00"),
        ("January–June 2025", "390.00"),
        ("January–June 2026", "485.00"),
    ]


def test_trend_of_a_district_has_its_own_approved_figures_alone(world: World, cycle: Cycle) -> None:
    north = world.districts["north"]
    picture = district_trend(cycle, north, world.indicators["FLOW"], NOW)
    assert picture
    assert [tuple(row) for row in picture.rows] == [
        ("January–June 2025", "300.00", "n/a", "n/a"),
        ("January–June 2026", "330.00", "300.00", "+10.0 %"),
    ]
    rates = district_trend(cycle, north, world.indicators["RATE"], NOW)
    assert rates
    assert list(rates.rows[1])[2:] == ["10.0", "+1.5 pp"]


def test_bullets_of_one_indicator_are_on_one_scale_and_name_districts(world: World, cycle: Cycle) -> None:
    for district in ("north", "west", "east"):
        aim(world, district, K.GROWTH, "9")
    picture = target_bullets(standings_of(cycle), "Targets", "source")
    assert picture
    assert picture.words.unit == "%"
    assert [tuple(row) for row in picture.rows] == [
        (str(world.districts["north"]), "10.0 %", "9.0 %", "On target"),
        (str(world.districts["west"]), "−10.0 %", "9.0 %", "Behind"),
    ]  # east has no base, so no result


def test_bullets_of_several_indicators_name_those(world: World, cycle: Cycle) -> None:
    aim(world, "north", K.GROWTH, "9")
    aim(world, "north", K.SHARE, "12", "RATE")
    picture = target_bullets(standings_of(cycle, [world.districts["north"].pk]), "Targets", "source")
    assert picture
    assert picture.words.unit == "each bar has its own scale"
    assert [row[0] for row in picture.rows] == [world.indicators["FLOW"].label, world.indicators["RATE"].label]


def test_bullets_without_any_result_are_not_drawn(world: World, cycle: Cycle) -> None:
    aim(world, "east", K.GROWTH, "9")
    assert target_bullets(standings_of(cycle), "Targets", "source") is None


def test_light_map_shows_each_district_with_a_target_of_the_indicator(world: World, cycle: Cycle) -> None:
    aim(world, "north", K.GROWTH, "9")
    aim(world, "east", K.GROWTH, "9")
    aim(world, "west", K.SHARE, "12", "RATE")
    picture = light_map(standings_of(cycle), world.indicators["FLOW"], "source")
    assert picture
    assert [tuple(row) for row in picture.rows] == [
        (str(world.districts["east"]), "n/a", "n/a"),
        (str(world.districts["north"]), "10.0", "On target"),
    ]


def test_board_counts_the_lights_of_the_portfolio_alone(cast: Cast) -> None:
    flow = make_indicator("FLOW")
    districts = {"north": cast.north, "south": cast.south}
    world = World(make_version({"FLOW": flow}, slug="board"), {"FLOW": flow}, districts)
    last, now = world.cycle("2025-S1"), world.cycle()
    for code in districts:
        world.report(last, code, {"FLOW": "100"})
        world.report(now, code, {"FLOW": "105"})
        aim(world, code, K.GROWTH, "9")
    aim(world, "", K.GROWTH, "9")
    whole, part = (target_board(user, now, NOW) for user in (cast.administrator, cast.south_reviewer))
    assert whole
    assert part
    assert whole.counts == [(Light.RED, 2), (Light.YELLOW, 0), (Light.GREEN, 0), (Light.NONE, 0)]
    assert [one.district for one in whole.behind] == [cast.north, cast.south]
    assert [one.district for one in part.behind] == [cast.south]
    assert latest_with_targets(2026) == now
    body = as_user(cast.south_reviewer).get(reverse("admin:reporting_target_year", args=[2026])).content.decode()
    assert "Results against targets" in body
    assert str(cast.north) not in body


def test_board_of_a_year_without_targets_is_none(cycle: Cycle) -> None:
    assert target_board(make_user("root", is_superuser=True), cycle, NOW) is None


def test_figures_page_draws_nothing_of_others_before_the_figures_are_open(cast: Cast) -> None:
    flow = make_indicator("FLOW")
    districts: dict[str, District] = {"north": cast.north, "south": cast.south}
    world = World(make_version({"FLOW": flow}, slug="drawn"), {"FLOW": flow}, districts)
    last, now = world.cycle("2025-S1"), world.cycle(locks_at=timezone.now() + timedelta(days=3))
    for code in districts:
        world.report(last, code, {"FLOW": "100"})
        world.report(now, code, {"FLOW": "105"})
    refresh_figures(cycle_id=last.pk, now=NOW)
    refresh_figures(cycle_id=now.pk, now=NOW)
    page = reverse("figures_of", args=[now.pk])
    assert "<svg" in as_user(cast.administrator).get(page).content.decode()
    assert 'class="picture"' not in as_user(cast.officer).get(page).content.decode()
    assert as_user(cast.administrator).get(page).content.decode().count('class="picture"') == 2
