"""Districts' figures beside one another, and a period alone."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reporting.enums import AnswerStatus, Direction, FigureStatus, Measure
from reporting.models import Answer, Cycle, Inclusion
from reporting.queries.figures import (
    DistrictFigure,
    Selection,
    city_figures,
    discrete_figure,
    district_figures,
    stream_district_figures,
)
from tests.factories import NOW, make_indicator
from tests.reporting.figures.build import World, flow_world, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def rows(world: World, cycle: Cycle, code: str = "V", **kwargs: object) -> dict[str, DistrictFigure]:
    return {row.code: row for row in district_figures(cycle, world.indicators[code], **kwargs)}  # type: ignore[arg-type]


def two_years(last: dict[str, str], this: dict[str, str], **fields: object) -> tuple[World, Cycle]:
    world = make_world(make_indicator("V", **fields), districts=tuple(sorted(last.keys() | this.keys())))
    before, now = world.cycle("2025-S1"), world.cycle()
    for cycle, values in ((before, last), (now, this)):
        for district, value in values.items():
            world.report(cycle, district, {"V": value})
    return world, now


def test_share_growth_and_contribution_of_each_district() -> None:
    world, cycle = two_years({"east": "100", "west": "60"}, {"east": "110", "west": "50", "south": "40"})
    world.adjust(cycle, "V", "50", "40")
    found = rows(world, cycle)
    assert {code: (row.share, row.growth, row.contribution, row.change) for code, row in found.items()} == {
        "east": (D("44"), D(10), D(5), D(10)),
        "west": (D("20"), D("-16.666666666666666667"), D(-5), D(-10)),
        "south": (D("16"), None, None, None),
    }
    (city,) = city_figures(cycle)
    assert (city.value, city.base, city.growth) == (D(250), D(200), D(5))
    assert {row.scale for row in found.values()} == {D(5)}


def test_base_says_whether_it_was_revised() -> None:
    world = make_world(base := make_indicator("B"), make_indicator("V", base_indicator=base))
    last, this = world.cycle("2025-S1"), world.cycle()
    for district in ("east", "west"):
        world.report(last, district, {"V": "100"})
    world.report(this, "east", {"V": "132", "B": "120"})
    world.report(this, "west", {"V": "110"})
    world.report(this, "north", {"V": "7"})
    assert {code: (row.base, row.base_is_revised, row.growth) for code, row in rows(world, this).items()} == {
        "east": (D(120), True, D(10)),
        "west": (D(100), False, D(10)),
        "north": (None, None, None),
    }


@pytest.mark.parametrize("base", ["0", "-10"])
def test_zero_and_negative_base_give_no_growth(base: str) -> None:
    world, cycle = two_years({"east": base, "west": "100"}, {"east": "5", "west": "100"})
    row = rows(world, cycle)["east"]
    assert (row.growth, row.growth_rank, row.change) == (None, None, D(5) - D(base))
    assert row.contribution == ((D(5) - D(base)) * 100 / (D(100) + D(base))).quantize(D("1e-18"), ROUND_HALF_UP)


def test_ranks_follow_unrounded_values_and_ties_share() -> None:
    values = {"a": "10.004", "b": "10.001", "c": "10.001", "d": "9"}
    world, cycle = two_years({"a": "1", "b": "30", "c": "60000", "d": "3"}, values | {"b": "10", "c": "20000", "d": "9"})
    assert {code: (row.value_rank, row.growth_rank) for code, row in rows(world, cycle).items()} == {
        "c": (1, 3),
        "a": (2, 1),
        "b": (3, 3),
        "d": (4, 2),
    }
    world, cycle = two_years_named({"e": "10.004", "f": "10.001", "g": "10.001", "h": "9"})
    assert [row.value_rank for row in rows(world, cycle, "U").values()] == [1, 2, 2, 4]


def two_years_named(this: dict[str, str]) -> tuple[World, Cycle]:
    world = make_world(make_indicator("U"), districts=tuple(this))
    cycle = world.cycle()
    for district, value in this.items():
        world.report(cycle, district, {"U": value})
    return world, cycle


@pytest.mark.parametrize(
    ("direction", "ranks"), [(Direction.UP, (2, 1)), (Direction.DOWN, (1, 2)), (Direction.NONE, (None, None))]
)
def test_ranks_follow_the_direction(direction: Direction, ranks: tuple[int | None, int | None]) -> None:
    world, cycle = two_years({"east": "10", "west": "10"}, {"east": "11", "west": "12"}, direction=direction)
    found = rows(world, cycle)
    assert (found["east"].value_rank, found["west"].value_rank) == ranks
    assert (found["east"].growth_rank, found["west"].growth_rank) == ranks


def test_rate_has_a_change_and_neither_growth_nor_share() -> None:
    world, cycle = two_years({"east": "40", "west": "50"}, {"east": "44", "west": "51"}, measure=Measure.RATE, price_basis="")
    east, west = rows(world, cycle)["east"], rows(world, cycle)["west"]
    assert (east.growth, east.share, east.contribution, east.change) == (None, None, None, D(4))
    assert (east.growth_rank, west.growth_rank) == (1, 2)


def test_status_says_why_there_is_no_value() -> None:
    codes = ("blank", "hidden", "nil", "none", "silent", "some", "zero")
    world = make_world(make_indicator("V"), make_indicator("X"), districts=codes)
    this = world.cycle()
    world.report(this, "blank", {"X": "1"})
    world.report(this, "hidden", {"V": AnswerStatus.SUPPRESSED})
    world.report(this, "nil", {"V": "500"}, nil="Nothing here")
    world.report(this, "none", {"V": AnswerStatus.NOT_APPLICABLE})
    world.report(this, "some", {"V": "8"})
    world.report(this, "zero", {"V": "0"})
    assert {code: (row.status, row.value) for code, row in rows(world, this).items()} == {
        "blank": (FigureStatus.MISSING, None),
        "hidden": (FigureStatus.SUPPRESSED, None),
        "nil": (FigureStatus.NIL, None),
        "none": (FigureStatus.NOT_APPLICABLE, None),
        "silent": (FigureStatus.NOT_APPROVED, None),
        "some": (FigureStatus.REPORTED, D(8)),
        "zero": (FigureStatus.REPORTED, D(0)),
    }


def test_contained_district_has_no_share_of_its_own() -> None:
    world, cycle = two_years({"east": "10", "north": "5"}, {"east": "20", "north": "6"})
    Inclusion.objects.create(indicator=world.indicators["V"], contained=world.districts["north"]).containers.set(
        [world.districts["east"]]
    )
    found = rows(world, cycle)
    assert (found["north"].is_contained, found["north"].share, found["north"].contribution) == (True, None, None)
    assert (found["north"].value, found["north"].growth) == (D(6), D(20))
    assert (found["east"].is_contained, found["east"].share, found["east"].contribution) == (False, D(100), D(100))


def test_selection_filters_orders_and_pages_while_ranks_stay_the_citys() -> None:
    world, cycle = two_years({}, {"alpha": "3", "beta": "1", "gamma": "2", "delta": "4"})
    world.districts["gamma"].__class__.objects.filter(code="gamma").update(peer_group="core")
    indicator = world.indicators["V"]

    def codes(**fields: object) -> list[str]:
        return [row.code for row in district_figures(cycle, indicator, selection=Selection(**fields))]  # type: ignore[arg-type]

    assert codes() == ["alpha", "beta", "delta", "gamma"]
    assert codes(order=("-value",)) == ["delta", "alpha", "gamma", "beta"]
    assert codes(order=("-value",), limit=2, offset=1) == ["alpha", "gamma"]
    assert codes(name="TA") == ["beta", "delta"]
    assert codes(name="%") == []
    assert codes(name="gamma区") == ["gamma"]
    assert codes(peer_group="core") == ["gamma"]
    assert codes(districts=frozenset()) == []
    only = district_figures(cycle, indicator, selection=Selection(districts=frozenset({world.districts["gamma"].pk})))
    assert [(row.code, row.value_rank, row.share, row.matched) for row in only] == [("gamma", 3, D(20), 1)]
    with pytest.raises(KeyError):
        codes(order=("value; DROP TABLE reporting_answer",))


def test_missing_values_come_last_in_both_orders() -> None:
    late = make_world(make_indicator("W"), districts=("one", "two", "three"))
    this = late.cycle()
    late.report(this, "one", {"W": "1"})
    late.report(this, "three", {"W": "3"})
    for order, expected in (("value", ["one", "three", "two"]), ("-value", ["three", "one", "two"])):
        found = district_figures(this, late.indicators["W"], selection=Selection(order=(order,)))
        assert [row.code for row in found] == expected


def test_row_alone_says_nothing_about_the_others() -> None:
    world, cycle = two_years({"east": "10", "west": "10"}, {"east": "11", "west": "12"})
    alone = rows(world, cycle)["east"].alone()
    assert (alone.value, alone.base, alone.growth) == (D(11), D(10), D(10))
    assert {alone.share, alone.contribution, alone.value_rank, alone.growth_rank, alone.scale} == {None}


def test_stream_gives_the_same_rows() -> None:
    world, cycle = two_years({"east": "10"}, {"east": "11", "west": "12"})
    indicator = world.indicators["V"]
    assert list(stream_district_figures(cycle, indicator)) == district_figures(cycle, indicator)


def test_districts_as_of_a_past_instant() -> None:
    world = flow_world()
    this = world.cycle()
    world.report(this, "east", {"V": "10"}, at=NOW)
    world.report(this, "west", {"V": "30"}, at=NOW + timedelta(hours=1))
    world.report(this, "east", {"V": "90"}, at=NOW + timedelta(hours=2))
    at = [{c: r.share for c, r in rows(world, this, as_of=NOW + timedelta(hours=n)).items()} for n in range(3)]
    assert at == [
        {"east": D(100), "north": None, "west": None},
        {"east": D(25), "north": None, "west": D(75)},
        {"east": D(75), "north": None, "west": D(25)},
    ]


_numbers = st.decimals(min_value="-1000", max_value="100000", places=4)
_units = st.lists(st.tuples(st.none() | _numbers, st.none() | _numbers), min_size=3, max_size=3)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(units=_units, other=st.tuples(_numbers, _numbers))
def test_contributions_sum_to_growth_and_shares_to_all(
    property_world: tuple[World, Cycle, Cycle], units: list[tuple[Decimal | None, Decimal | None]], other: tuple[Decimal, Decimal]
) -> None:
    world, last, this = property_world
    approve_instead(world, last, [unit[0] for unit in units])
    approve_instead(world, this, [unit[1] for unit in units])
    world.adjust(this, "V", str(other[0]), str(other[1]))
    (city,) = city_figures(this)
    found = district_figures(this, world.indicators["V"])
    pairs = [(before, now) for before, now in units if before is not None and now is not None]
    values = [now for _before, now in units if now is not None]
    base = sum((before for before, _now in pairs), other[1])
    assert city.value == (sum(values, other[0]) if values else None)
    if pairs and base > 0:
        with localcontext(prec=60):
            growth = (sum((now for _before, now in pairs), other[0]) - base) * 100 / base
            unallocated = (other[0] - other[1]) * 100 / base
            total = sum((row.contribution for row in found if row.contribution is not None), unallocated)
            assert abs(total - growth) < D("1e-15")
            assert city.growth is not None
            assert abs(city.growth - growth) <= D("5e-7")
    else:
        assert city.growth is None
        assert {row.contribution for row in found} == {None}
    if city.value and city.value > 0:
        total_share = sum((row.share for row in found if row.share is not None), other[0] * 100 / city.value)
        assert abs(total_share - 100) < D("1e-15")


@pytest.fixture
def property_world() -> tuple[World, Cycle, Cycle]:
    world = flow_world()
    return world, world.cycle("2025-S1"), world.cycle()


def approve_instead(world: World, cycle: Cycle, values: list[Decimal | None]) -> None:
    """Put an approved revision with the value in force for each district, in place of the one before."""
    for submission, value in zip(cycle.submissions.order_by("district__code"), values, strict=True):
        submission.revisions.filter(superseded_at=None).update(superseded_at=NOW)
        revision = world._revision(submission, "", NOW)
        Answer.objects.bulk_create([world._answer(revision, "V", None if value is None else str(value))])
        submission.revisions.filter(pk=revision.pk).update(
            signed_at=NOW, digest="d", receipt_number=f"r{revision.pk}", approved_at=NOW
        )


def test_discrete_period_is_the_difference_of_two_cumulative_figures_of_one_year() -> None:
    world = flow_world()
    cycles = {period: world.cycle(period) for period in ("2024-S1", "2024-A1", "2025-S1", "2025-A1")}
    figures = {
        "2024-S1": {"east": "40", "west": "10"},
        "2024-A1": {"east": "100", "west": "20"},
        "2025-S1": {"east": "50", "west": "12", "north": "3"},
        "2025-A1": {"east": "116", "west": "26"},
    }
    for period, values in figures.items():
        for district, value in values.items():
            world.report(cycles[period], district, {"V": value})
    world.adjust(cycles["2025-S1"], "V", "1", "1")
    world.adjust(cycles["2025-A1"], "V", "3", "2")
    found = discrete_figure(cycles["2025-A1"], world.indicators["V"])
    assert found is not None
    assert (found.value, found.base, found.is_derived) == (D(82), D(71), True)
    assert found.growth == D("15.492958")
    assert (found.value_reported, found.base_reported, found.expected) == (2, 2, 3)
    assert [(unit.code, unit.value, unit.base, unit.growth) for unit in found.units] == [
        ("east", D(66), D(60), D(10)),
        ("north", None, None, None),
        ("west", D(14), D(10), D(40)),
    ]
    first = discrete_figure(cycles["2025-S1"], world.indicators["V"])
    assert first is not None
    assert (first.value, first.is_derived) == (D(66), False)


def test_discrete_period_is_taken_as_of_one_instant() -> None:
    world = flow_world()
    half, year = world.cycle("2025-S1"), world.cycle("2025-A1")
    world.report(half, "east", {"V": "40"}, at=NOW)
    world.report(year, "east", {"V": "100"}, at=NOW)
    world.report(half, "east", {"V": "45"}, at=NOW + timedelta(hours=1))
    indicator = world.indicators["V"]
    before, after = discrete_figure(year, indicator, as_of=NOW), discrete_figure(year, indicator)
    assert (before and before.value, after and after.value) == (D(60), D(55))


def test_discrete_period_is_only_of_summed_cumulative_flows() -> None:
    world = make_world(make_indicator("K", measure=Measure.STOCK), make_indicator("V"))
    half, year = world.cycle("2025-S1"), world.cycle("2025-A1")
    world.report(year, "east", {"K": "1", "V": "2"})
    assert discrete_figure(year, world.indicators["K"]) is None
    half.submissions.all().delete()
    Cycle.objects.filter(pk=half.pk).delete()
    assert discrete_figure(year, world.indicators["V"]) is None
