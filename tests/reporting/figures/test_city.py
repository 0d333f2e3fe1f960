"""The city's figures against cases computed by hand, one a statistical rule."""

from datetime import timedelta
from decimal import Decimal

import pytest

from reporting.enums import AnswerStatus, CityAggregation, Measure
from reporting.models import Answer, Cycle, Inclusion, Submission
from reporting.queries.figures import CityFigure, city_figures
from tests.factories import NOW, make_indicator
from tests.reporting.figures.build import World, flow_world, make_world

pytestmark = pytest.mark.django_db
D = Decimal


def figure(world: World, cycle: Cycle, code: str = "V", **kwargs: object) -> CityFigure:
    """The figure, which must be the same computed alone and among all."""
    found = {row.indicator.code: row for row in city_figures(cycle, **kwargs)}[code]  # type: ignore[arg-type]
    assert city_figures(cycle, only=world.indicators[code], **kwargs) == [found]  # type: ignore[arg-type]
    return found


def numbers(row: CityFigure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return row.value, row.base, row.growth


def coverage(row: CityFigure) -> tuple[int, int, int]:
    return row.value_reported, row.base_reported, row.expected


def two_years(values: dict[str, tuple[str | None, str | None]]) -> tuple[World, Cycle]:
    """V of last year and of this year, by district; None: no report."""
    world = flow_world()
    last, this = world.cycle("2025-S1"), world.cycle()
    for district, (before, now) in values.items():
        if before is not None:
            world.report(last, district, {"V": before})
        if now is not None:
            world.report(this, district, {"V": now})
    return world, this


def test_growth_of_a_total_is_that_of_the_sums_not_the_mean_of_growths() -> None:
    world, cycle = two_years({"east": ("100", "110"), "west": ("10", "20")})
    row = figure(world, cycle)
    assert numbers(row) == (D(130), D(110), D("18.181818"))
    assert row.change == D(20)
    assert coverage(row) == (2, 2, 3)
    assert not row.is_complete


def test_growth_covers_units_with_both_while_the_level_covers_all() -> None:
    world, cycle = two_years({"east": ("100", "110"), "west": (None, "50"), "north": ("30", None)})
    row = figure(world, cycle)
    assert numbers(row) == (D(160), D(100), D(10))
    assert coverage(row) == (2, 1, 3)


def test_other_definitions_other_periods_and_unapproved_reports_are_not_counted() -> None:
    world, cycle = two_years({"east": ("100", "110")})
    world.report(world.cycle("2025-A1"), "east", {"V": "777"})
    other = make_world(make_indicator("OTHER"), districts=("foreign",))
    other.report(other.cycle(), "foreign", {"OTHER": "888"})
    submission = cycle.submissions.get(district=world.districts["west"])
    draft = world._revision(submission, "", NOW)
    Answer.objects.bulk_create([world._answer(draft, "V", "999")])
    Submission.objects.filter(pk=submission.pk).update(state="draft", working_revision=draft)
    assert numbers(figure(world, cycle)) == (D(110), D(100), D(10))


def test_base_is_the_revised_one_else_last_years_else_none() -> None:
    world = make_world(base := make_indicator("B"), make_indicator("V", base_indicator=base))
    last, this = world.cycle("2025-S1"), world.cycle()
    for district in ("east", "west"):
        world.report(last, district, {"V": "100", "B": "1"})
    world.report(this, "east", {"V": "132", "B": "120"})
    world.report(this, "west", {"V": "110", "B": None})
    world.report(this, "north", {"V": "7", "B": AnswerStatus.SUPPRESSED})
    row = figure(world, this)
    assert numbers(row) == (D(249), D(220), D(10))
    assert coverage(row) == (3, 2, 3)
    held = figure(world, this, "B")
    assert numbers(held) == (D(120), None, None)


def test_base_on_another_price_basis_is_no_base() -> None:
    world = make_world(
        base := make_indicator("B", price_basis="constant"),
        make_indicator("V", base_indicator=base),
        own := make_indicator("B2", price_basis="constant"),
        make_indicator("W", price_basis="constant", base_indicator=own),
    )
    this = world.cycle()
    world.report(this, "east", {"V": "132", "B": "120", "W": "132", "B2": "120"})
    assert numbers(figure(world, this)) == (D(132), None, None)
    assert numbers(figure(world, this, "W")) == (D(132), D(120), D(10))


def test_zero_base_stays_in_the_citys_sum_and_a_city_without_positive_base_has_no_growth() -> None:
    world, cycle = two_years({"east": ("100", "110"), "west": ("0", "5"), "north": ("-10", "10")})
    assert numbers(figure(world, cycle)) == (D(125), D(90), D("38.888889"))
    alone, cycle = two_years_of("lone", "0", "5")
    assert numbers(figure(alone, cycle, "Z")) == (D(5), D(0), None)


def two_years_of(district: str, before: str, now: str) -> tuple[World, Cycle]:
    world = make_world(make_indicator("Z"), districts=(district,))
    world.report(world.cycle("2025-S1"), district, {"Z": before})
    this = world.cycle()
    world.report(this, district, {"Z": now})
    return world, this


def test_unallocated_value_and_base_are_part_of_level_and_growth_and_the_latest_counts() -> None:
    world, cycle = two_years({"east": ("100", "110"), "west": ("10", "20")})
    world.adjust(cycle, "V", "999", "999", NOW - timedelta(days=1))
    world.adjust(cycle, "V", "14", "10", NOW)
    row = figure(world, cycle)
    assert numbers(row) == (D(144), D(120), D(20))
    assert (row.unallocated_value, row.unallocated_base) == (D(14), D(10))


def test_unallocated_without_any_report_gives_no_total() -> None:
    world, cycle = two_years({})
    world.adjust(cycle, "V", "14", "10")
    assert numbers(figure(world, cycle)) == (None, None, None)
    assert coverage(figure(world, cycle)) == (0, 0, 3)


def test_unallocated_base_reaches_the_indicator_that_holds_the_base() -> None:
    world = make_world(
        base := make_indicator("B"),
        make_indicator("V", base_indicator=base),
        make_indicator(
            "G", formula="(V / B - 1) * 100", measure=Measure.RATE, city_aggregation=CityAggregation.FORMULA, price_basis=""
        ),
    )
    this = world.cycle()
    world.report(this, "east", {"V": "110", "B": "100"})
    world.adjust(this, "V", "34", "20")
    assert numbers(figure(world, this)) == (D(144), D(120), D(20))
    assert figure(world, this, "B").value == D(120)
    assert figure(world, this, "G").value == D(20)


def test_blank_zero_inapplicable_suppressed_and_nil_differ() -> None:
    codes = ("zero", "blank", "none", "hidden", "nil", "silent", "some")
    world = make_world(make_indicator("V"), districts=codes)
    this = world.cycle()
    world.report(this, "zero", {"V": "0"})
    world.report(this, "blank", {"V": None})
    world.report(this, "none", {"V": AnswerStatus.NOT_APPLICABLE})
    world.report(this, "hidden", {"V": AnswerStatus.SUPPRESSED})
    world.report(this, "nil", {"V": "500"}, nil="No such firms here")
    world.report(this, "some", {"V": "8"})
    row = figure(world, this)
    assert row.value == D(8)
    assert coverage(row) == (3, 0, 6)


def test_rates_of_districts_are_not_summed() -> None:
    world = make_world(make_indicator("R", measure=Measure.RATE, price_basis=""))
    this = world.cycle()
    world.report(this, "east", {"R": "40"})
    world.report(this, "west", {"R": "60"})
    row = figure(world, this, "R")
    assert (row.value, coverage(row)) == (None, (2, 0, 3))


def share_world() -> World:
    return make_world(
        make_indicator("A"),
        make_indicator("T"),
        make_indicator("S", formula="A / T * 100", measure=Measure.RATE, city_aggregation="formula", price_basis="", unit="%"),
        make_indicator("S10", formula="S * 10", measure=Measure.RATE, city_aggregation="formula", price_basis=""),
    )


def test_formula_is_over_city_sums_and_a_rates_change_is_a_difference() -> None:
    world = share_world()
    last, this = world.cycle("2025-S1"), world.cycle()
    for district, before, now in (("east", ("10", "100"), ("30", "100")), ("west", ("10", "300"), ("30", "300"))):
        world.report(last, district, {"A": before[0], "T": before[1]})
        world.report(this, district, {"A": now[0], "T": now[1]})
    row = figure(world, this, "S")
    assert numbers(row) == (D(15), D(5), None)
    assert row.change == D(10)
    assert coverage(row) == (2, 2, 3)
    assert figure(world, this, "S10").value == D(150)


def test_formula_sums_only_units_that_have_all_parts() -> None:
    world = share_world()
    this = world.cycle()
    world.report(this, "east", {"A": "30", "T": "100"})
    world.report(this, "west", {"A": "30", "T": None})
    world.report(this, "north", {"A": None, "T": "900"})
    row = figure(world, this, "S")
    assert (row.value, coverage(row)) == (D(30), (1, 0, 3))


def test_formula_includes_the_unallocated_of_its_parts() -> None:
    world = share_world()
    this = world.cycle()
    world.report(this, "east", {"A": "30", "T": "100"})
    world.adjust(this, "A", "20", "0")
    row = figure(world, this, "S")
    assert (row.value, row.unallocated_value) == (D(50), D(0))


def test_formula_compares_with_last_years_approved_parts_and_never_mixes_revised_with_unrevised() -> None:
    world = make_world(
        base := make_indicator("B"),
        make_indicator("A", base_indicator=base),
        make_indicator("T"),
        make_indicator("S", formula="A / T * 100", measure=Measure.RATE, city_aggregation="formula", price_basis="", unit="%"),
        make_indicator("G", formula="(A / B - 1) * 100", measure=Measure.RATE, city_aggregation="formula", price_basis=""),
    )
    last, this = world.cycle("2025-S1"), world.cycle()
    world.report(last, "east", {"A": "40", "T": "100", "B": "40"})
    world.adjust(last, "A", "4", "0")
    world.report(this, "east", {"A": "55", "T": "100", "B": "50"})
    share, growth = figure(world, this, "S"), figure(world, this, "G")
    assert (share.value, share.base, share.change) == (D(55), D(44), D(11))
    assert (growth.value, growth.base, growth.change) == (D(10), D(10), D(0))
    assert figure(world, last, "S").value == share.base
    assert figure(world, last, "G").value == growth.base


def test_formula_divided_by_a_zero_sum_is_not_available() -> None:
    world = share_world()
    this = world.cycle()
    world.report(this, "east", {"A": "30", "T": "0"})
    assert numbers(figure(world, this, "S")) == (None, None, None)


def test_weighted_mean_divides_by_the_weights_of_units_with_both() -> None:
    weight = make_indicator("W", measure=Measure.STOCK)
    world = make_world(
        weight,
        make_indicator("M", measure=Measure.RATE, price_basis="", city_aggregation="weighted_mean", weight_indicator=weight),
    )
    last, this = world.cycle("2025-S1"), world.cycle()
    world.report(last, "east", {"M": "8", "W": "1"})
    world.report(last, "west", {"M": "16", "W": "1"})
    world.report(this, "east", {"M": "10", "W": "1"})
    world.report(this, "west", {"M": "20", "W": "3"})
    world.report(this, "north", {"M": "900", "W": None})
    row = figure(world, this, "M")
    assert (row.value, row.base, row.growth, row.change) == (D("17.5"), D(12), None, D("5.5"))
    assert coverage(row) == (2, 2, 3)


def test_largest_and_no_aggregation() -> None:
    world = make_world(make_indicator("L", city_aggregation="max"), make_indicator("N", city_aggregation="none"))
    last, this = world.cycle("2025-S1"), world.cycle()
    world.report(last, "east", {"L": "5", "N": "1"})
    world.report(this, "east", {"L": "6", "N": "1"})
    world.report(this, "west", {"L": "9", "N": "1"})
    assert numbers(figure(world, this, "L")) == (D(9), D(5), D(20))
    row = figure(world, this, "N")
    assert (numbers(row), coverage(row)) == ((None, None, None), (2, 1, 3))


def test_contained_unit_counts_once_when_all_that_contain_it_reported() -> None:
    world, cycle = two_years({"east": ("10", "20"), "west": ("30", "40"), "north": ("5", "6")})
    inclusion = Inclusion.objects.create(indicator=world.indicators["V"], contained=world.districts["north"])
    inclusion.containers.set([world.districts["east"], world.districts["west"]])
    row = figure(world, cycle)
    assert numbers(row) == (D(60), D(40), D(50))
    assert coverage(row) == (3, 3, 3)


def test_contained_unit_counts_itself_while_one_that_contains_it_is_missing() -> None:
    world, cycle = two_years({"east": ("10", "20"), "west": (None, "40"), "north": ("5", "6")})
    inclusion = Inclusion.objects.create(indicator=world.indicators["V"], contained=world.districts["north"])
    inclusion.containers.set([world.districts["east"], world.districts["west"]])
    row = figure(world, cycle)
    assert numbers(row) == (D(60), D(15), D("73.333333"))


def test_rows_of_lists_are_not_statistics() -> None:
    world = flow_world()
    this = world.cycle()
    submission = this.submissions.get(district=world.districts["east"])
    Answer.objects.create(
        revision=world._revision(submission, "", NOW),
        district=submission.district,
        question_key="V",
        row_key="task-1",
        indicator=world.indicators["V"],
        number=D(5),
        status=AnswerStatus.REPORTED,
        updated_at=NOW,
    )
    world.report(this, "west", {"V": "1"})
    assert figure(world, this).value == D(1)


def test_amended_report_counts_from_its_approval_on_and_the_past_stays_as_it_was() -> None:
    world = flow_world()
    last, this = world.cycle("2025-S1"), world.cycle()
    hour = timedelta(hours=1)
    world.report(last, "east", {"V": "100"}, at=NOW)
    world.report(this, "east", {"V": "110"}, at=NOW)
    world.report(this, "west", {"V": "1"}, at=NOW + hour)
    world.adjust(this, "V", "40", "0", NOW + 2 * hour)
    world.report(this, "east", {"V": "150"}, at=NOW + 3 * hour)
    world.report(last, "east", {"V": "120"}, at=NOW + 4 * hour)
    expected = [
        (NOW - timedelta(microseconds=1), (None, None, None)),
        (NOW, (D(110), D(100), D(10))),
        (NOW + hour, (D(111), D(100), D(10))),
        (NOW + 2 * hour, (D(151), D(100), D(50))),
        (NOW + 3 * hour - timedelta(microseconds=1), (D(151), D(100), D(50))),
        (NOW + 3 * hour, (D(191), D(100), D(90))),
        (NOW + 4 * hour, (D(191), D(120), D("58.333333"))),
        (None, (D(191), D(120), D("58.333333"))),
    ]
    assert [(at, numbers(figure(world, this, as_of=at))) for at, _row in expected] == expected


def test_figure_that_does_not_fit_its_column_is_not_available() -> None:
    world, cycle = two_years({"east": ("0.000001", "900000000000000000"), "west": ("0.000001", "900000000000000000")})
    assert numbers(figure(world, cycle)) == (None, D("0.000002"), None)
