"""The series of merged districts goes on by rule: hand-computed cases."""

from datetime import date
from decimal import Decimal

import pytest

from districts.models import District, Succession
from reporting.enums import AnswerStatus, CityAggregation, Measure
from reporting.models import Cycle, Indicator, Submission
from reporting.queries.figures import DistrictFigure, city_figures, discrete_figure, district_figures
from reporting.queries.priors import priors_for
from tests.factories import make_indicator
from tests.reporting.figures.build import World, make_world

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 1, 1)


def succeed(world: World, first: str, then: str, day: date = DAY) -> None:
    Succession.objects.create(predecessor=world.districts[first], successor=world.districts[then], begins_on=day)
    District.objects.filter(code=first).update(ends_on=day)


def without(cycle: Cycle, *codes: str) -> Cycle:
    """The cycle as it opens after the merger."""
    cycle.submissions.filter(district__code__in=codes).delete()
    return cycle


def rows(world: World, cycle: Cycle, code: str) -> dict[str, DistrictFigure]:
    return {row.code: row for row in district_figures(cycle, world.indicators[code])}


def indicators() -> list[Indicator]:
    """A flow, its weight-carrying rate, a ratio of two sums, the largest, and one without a city figure."""
    value, weight = make_indicator("V"), make_indicator("W")
    fields = {"measure": Measure.RATE, "unit": "%", "price_basis": ""}
    return [
        value,
        weight,
        make_indicator("MEAN", city_aggregation=CityAggregation.WEIGHTED_MEAN, weight_indicator=weight, **fields),
        make_indicator("SHARE", formula="V / W * 100", city_aggregation=CityAggregation.FORMULA, **fields),
        make_indicator("MOST", city_aggregation=CityAggregation.MAX),
        make_indicator("NONE", city_aggregation=CityAggregation.NONE, **fields),
    ]


LAST = {
    "east": {"V": "100", "W": "200", "MEAN": "10", "MOST": "7", "NONE": "1"},
    "north": {"V": "60", "W": "400", "MEAN": "4", "MOST": "9", "NONE": "2"},
    "west": {"V": "40", "W": "100", "MEAN": "3", "MOST": "5", "NONE": "3"},
}
THIS = {
    "north": {"V": "200", "W": "640", "MEAN": "7", "MOST": "11", "NONE": "4"},
    "west": {"V": "50", "W": "100", "MEAN": "2", "MOST": "5", "NONE": "3"},
}


@pytest.fixture
def merged() -> tuple[World, Cycle]:
    """East went into north at the beginning of 2026."""
    world = make_world(*indicators())
    last, this = world.cycle("2025-S1"), without(world.cycle("2026-S1"), "east")
    for cycle, told in ((last, LAST), (this, THIS)):
        for district, values in told.items():
            world.report(cycle, district, values)
    succeed(world, "east", "north")
    return world, this


# (100 + 60) = 160; (10 x 200 + 4 x 400) / 600 = 6; 160 / 600 x 100 = 26.666667; max(7, 9) = 9; no rule, no base.
@pytest.mark.parametrize(
    ("code", "base", "change"),
    [
        ("V", D(160), D(40)),
        ("W", D(600), D(40)),
        ("MEAN", D(6), D(1)),
        ("SHARE", D("26.666667"), D("4.583333")),
        ("MOST", D(9), D(2)),
        ("NONE", None, None),
    ],
)
def test_base_of_the_successor_follows_the_rule_of_the_city(
    merged: tuple[World, Cycle], code: str, base: Decimal | None, change: Decimal | None
) -> None:
    found = rows(*merged, code)
    assert set(found) == {"north", "west"}
    assert (found["north"].base, found["north"].change, found["north"].base_is_revised) == (
        base, change, None if base is None else False,
    )  # fmt: skip


def test_city_counts_everybody_once(merged: tuple[World, Cycle]) -> None:
    _world, this = merged
    found = {figure.indicator.code: figure for figure in city_figures(this)}
    flow = found["V"]
    # 200 + 50 over 100 + 60 + 40; the mean (10 x 200 + 4 x 400 + 3 x 100) / 700; the ratio 200 / 700.
    assert (flow.value, flow.base, flow.growth) == (D(250), D(200), D(25))
    assert (flow.value_reported, flow.base_reported, flow.expected) == (2, 2, 2)
    assert found["MEAN"].base == D("5.571429")
    assert found["SHARE"].base == D("28.571429")
    assert found["MOST"].base == D(9)


def test_growth_contribution_and_ranks_are_over_the_districts_of_today(merged: tuple[World, Cycle]) -> None:
    found = rows(*merged, "V")
    assert {code: (row.share, row.growth, row.contribution, row.growth_rank) for code, row in found.items()} == {
        "north": (D(80), D(25), D(20), 1),
        "west": (D(20), D(25), D(5), 1),
    }


@pytest.mark.parametrize("missing", ["no report", "missing", "nil"])
def test_part_that_is_missing_leaves_no_base(missing: str) -> None:
    world = make_world(make_indicator("V"))
    last, this = world.cycle("2025-S1"), without(world.cycle("2026-S1"), "east")
    world.report(last, "north", {"V": "60"})
    if missing != "no report":
        world.report(last, "east", {"V": None}, nil="Nothing" if missing == "nil" else "")
    world.report(this, "north", {"V": "200"})
    succeed(world, "east", "north")
    assert rows(world, this, "V")["north"].base is None
    (city,) = city_figures(this)
    assert (city.value, city.base, city.base_reported) == (D(200), None, 0)


def test_part_to_which_it_does_not_apply_is_no_part() -> None:
    world = make_world(make_indicator("V"))
    last, this = world.cycle("2025-S1"), without(world.cycle("2026-S1"), "east")
    world.report(last, "north", {"V": "60"})
    world.report(last, "east", {"V": AnswerStatus.NOT_APPLICABLE})
    world.report(this, "north", {"V": "200"})
    succeed(world, "east", "north")
    assert rows(world, this, "V")["north"].base == D(60)


def test_new_successor_and_a_line_of_mergers_take_all_that_went_before() -> None:
    world = make_world(make_indicator("V"), districts=("east", "new", "north", "west"))
    District.objects.filter(code="new").update(begins_on=DAY)
    last, this = without(world.cycle("2025-S1"), "new"), without(world.cycle("2026-S1"), "east", "north")
    for district, value in (("east", "100"), ("north", "60"), ("west", "40")):
        world.report(last, district, {"V": value})
    for district, value in (("new", "200"), ("west", "50")):
        world.report(this, district, {"V": value})
    succeed(world, "east", "north", date(2025, 9, 1))
    succeed(world, "north", "new")
    assert {code: row.base for code, row in rows(world, this, "V").items()} == {"new": D(160), "west": D(40)}


def test_district_that_still_files_for_itself_keeps_its_base() -> None:
    world = make_world(make_indicator("V"))
    last, this = world.cycle("2025-S1"), world.cycle("2026-S1")
    for district, before, now in (("east", "100", "110"), ("north", "60", "66")):
        world.report(last, district, {"V": before})
        world.report(this, district, {"V": now})
    succeed(world, "east", "north")
    assert {code: row.base for code, row in rows(world, this, "V").items() if row.value} == {"east": D(100), "north": D(60)}
    this.submissions.filter(district__code="west").delete()
    assert [figure.base for figure in city_figures(this)] == [D(160)]


def test_merger_after_the_period_changes_nothing(merged: tuple[World, Cycle]) -> None:
    Succession.objects.update(begins_on=date(2026, 7, 1))
    assert rows(*merged, "V")["north"].base == D(60)


def test_period_alone_is_less_what_the_parts_had_before() -> None:
    world = make_world(make_indicator("V"))
    cycles = {period: world.cycle(period) for period in ("2025-S1", "2025-A1", "2026-S1", "2026-A1")}
    told = {"2025-S1": ("50", "30"), "2025-A1": ("100", "60"), "2026-S1": ("55", "35")}
    for period, values in told.items():
        for district, value in zip(("east", "north"), values, strict=True):
            world.report(cycles[period], district, {"V": value})
    world.report(without(cycles["2026-A1"], "east", "west"), "north", {"V": "190"})
    succeed(world, "east", "north", date(2026, 9, 1))
    found = discrete_figure(cycles["2026-A1"], world.indicators["V"])
    assert found is not None
    # 190 - (55 + 35) = 100 over (100 + 60) - (50 + 30) = 80.
    assert (found.value, found.base, found.growth) == (D(100), D(80), D(25))


def test_report_page_has_the_values_of_all_parts(merged: tuple[World, Cycle]) -> None:
    world, this = merged
    north, west = (this.submissions.select_related("cycle__definition").get(district__code=code) for code in ("north", "west"))
    priors = priors_for(north)
    assert (priors.last_year(world.indicators["V"]), priors.last_year(world.indicators["MEAN"])) == (D(160), D(6))
    assert (priors.last_year(world.indicators["NONE"]), priors.merged_from) == (None, "District east")
    assert (priors_for(west).last_year(world.indicators["V"]), priors_for(west).merged_from) == (D(40), "")


def test_fingerprint_follows_what_was_taken_over(merged: tuple[World, Cycle]) -> None:
    world, this = merged
    before = {figure.indicator.code: figure.fingerprint for figure in city_figures(this)}
    last = Submission.objects.get(district__code="east", cycle__period="2025-S1")
    world.report(last.cycle, "east", LAST["east"] | {"V": "101"})
    after = {figure.indicator.code: figure.fingerprint for figure in city_figures(this)}
    assert before["V"] != after["V"]
