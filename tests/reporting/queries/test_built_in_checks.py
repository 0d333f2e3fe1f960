"""The built-in checks of a report against earlier ones, each with a value just inside and just outside."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from districts.models import Succession
from reporting.enums import CityAggregation, Measure
from reporting.models import Indicator
from reporting.queries.definitions import questionnaire
from tests.conftest import Cast
from tests.factories import make_indicator
from tests.reporting.queries.past import Past, messages

D = Decimal
SHARE: dict[str, Any] = {"share_shift": {"total": "TOTAL"}}
QUIET: dict[str, Any] = {"year_on_year": {"on": False}}
"""Leaves the other checks alone with the value."""


def flow() -> dict[str, Indicator]:
    return {"FLOW": make_indicator("FLOW", minimum=None)}


def stock() -> dict[str, Indicator]:
    return {"STOCK": make_indicator("STOCK", measure=Measure.STOCK, decimals=0, price_basis="", unit="firms", unit_zh="家")}


def rate() -> dict[str, Indicator]:
    return {"RATE": make_indicator("RATE", measure=Measure.RATE, city_aggregation=CityAggregation.NONE, price_basis="")}


def parts() -> dict[str, Indicator]:
    """A part and the rest of a total that is computed from them."""
    made = {code: make_indicator(code) for code in ("PART", "REST")}
    return made | {"TOTAL": make_indicator("TOTAL", formula="PART + REST")}


def based() -> dict[str, Indicator]:
    base = make_indicator("BASE")
    return {"FLOW": make_indicator("FLOW", base_indicator=base), "BASE": base}


@pytest.mark.parametrize(
    ("tuning", "value", "found"),
    [
        ({}, "99.99", True),
        ({}, "100", False),
        ({"falling_flow": {"bound": "5"}}, "95", False),
        ({"falling_flow": {"bound": "5"}}, "94.99", True),
        ({"falling_flow": {"on": False}}, "50", False),
    ],
)
def test_cumulative_flow_does_not_fall_within_its_year(tuning: dict[str, Any], value: str, found: bool, cast: Cast) -> None:
    past = Past(cast, flow(), {"FLOW": tuning})
    past.approved("2025-S1", FLOW="100")
    assert past.found("2025-A1", FLOW=value) == ([("FLOW", "falling_flow")] if found else [])


def test_cumulative_flow_starts_again_each_january(cast: Cast) -> None:
    past = Past(cast, flow())
    past.approved("2025-A1", FLOW="100")
    assert past.found("2026-S1", FLOW="1.5") == []


@pytest.mark.parametrize(
    ("tuning", "value", "found"),
    [
        ({}, "99", True),
        ({}, "100", False),
        ({"falling_stock": {"bound": "10"}}, "90", False),
        ({"falling_stock": {"bound": "10"}}, "89", True),
        ({"falling_stock": {"on": False}}, "50", False),
    ],
)
def test_stock_that_falls_across_the_years_end_is_explained(tuning: dict[str, Any], value: str, found: bool, cast: Cast) -> None:
    past = Past(cast, stock(), {"STOCK": tuning})
    past.approved("2025-A1", STOCK="100")
    assert past.found("2026-S1", STOCK=value) == ([("STOCK", "falling_stock")] if found else [])


def test_falls_are_of_flows_and_stocks_by_their_measure(cast: Cast) -> None:
    discrete = {"NEW": make_indicator("NEW", measure=Measure.FLOW)}
    past = Past(cast, stock() | rate() | discrete)
    past.approved("2025-S1", STOCK="100", RATE="100", NEW="100")
    assert past.found("2025-A1", STOCK="90", RATE="90", NEW="90") == [("STOCK", "falling_stock")]


@pytest.mark.parametrize(
    ("tuning", "part", "found"),
    [
        (SHARE, "53", False),
        (SHARE, "53.01", True),
        (SHARE, "47", False),
        (SHARE, "46.99", True),
        ({"share_shift": {"total": "TOTAL", "bound": "1"}}, "51", False),
        ({"share_shift": {"total": "TOTAL", "bound": "1"}}, "51.01", True),
        ({"share_shift": {"total": "TOTAL", "on": False}}, "60", False),
        ({}, "60", False),
        ({"share_shift": {"total": "NOBODY"}}, "60", False),
    ],
)
def test_share_of_the_districts_own_total_moves_within_three_points(
    tuning: dict[str, Any], part: str, found: bool, cast: Cast
) -> None:
    past = Past(cast, parts(), {"PART": tuning}, check=False)
    past.approved("2025-S1", PART="50", REST="50")
    rest = str(100 - D(part))
    assert past.found("2026-S1", PART=part, REST=rest) == ([("PART", "share_shift")] if found else [])


def test_share_of_a_total_that_grew_may_stay(cast: Cast) -> None:
    past = Past(cast, parts(), {"PART": SHARE})
    past.approved("2025-S1", PART="50", REST="50")
    assert past.found("2026-S1", PART="60", REST="60") == []
    assert past.found("2027-S1", PART="60", REST="") == []


def test_answer_touches_the_questions_whose_share_is_of_its_total(cast: Cast) -> None:
    past = Past(cast, parts(), {"PART": SHARE})
    assert questionnaire(past.version.pk).touched_by(["REST"]) == {"REST", "TOTAL", "PART"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("115", ["unit_slip"]),
        ("115.01", ["year_on_year"]),
        ("85", ["unit_slip"]),
        ("84.99", ["year_on_year"]),
        ("1000", ["unit_slip"]),
        ("10000", ["unit_slip"]),
        ("100000", ["unit_slip"]),
        ("1000000000", ["unit_slip"]),
        ("1", ["unit_slip"]),
        ("0.01", ["unit_slip"]),
        ("-100", ["year_on_year"]),
        ("13", []),
    ],
)
def test_slip_of_the_unit_takes_the_place_of_the_change(value: str, found: list[str], cast: Cast) -> None:
    past = Past(cast, flow())
    past.approved("2025-S1", FLOW="10")
    assert past.found("2026-S1", FLOW=value) == [("FLOW", rule) for rule in found]


@pytest.mark.parametrize(
    ("tuning", "value", "found"),
    [
        ({"unit_slip": {"bound": "1"}}, "101", ["unit_slip"]),
        ({"unit_slip": {"bound": "1"}}, "101.1", ["year_on_year"]),
        ({"unit_slip": {"on": False}}, "100", ["year_on_year"]),
        ({"unit_slip": {"on": False}, **QUIET}, "100", []),
        ({"year_on_year": {"bound": "50"}}, "15", []),
        ({"year_on_year": {"bound": "50"}}, "15.01", ["year_on_year"]),
        ({"year_on_year": {"bound": "0"}}, "10.01", ["year_on_year"]),
        (QUIET, "25", []),
    ],
)
def test_slip_and_change_have_bounds_of_their_own(tuning: dict[str, Any], value: str, found: list[str], cast: Cast) -> None:
    past = Past(cast, flow(), {"FLOW": tuning})
    past.approved("2025-S1", FLOW="10")
    assert past.found("2026-S1", FLOW=value) == [("FLOW", rule) for rule in found]


def test_slip_is_against_the_period_before_and_of_a_flow_against_last_year(cast: Cast) -> None:
    past = Past(cast, flow() | stock() | rate())
    past.approved("2025-S1", FLOW="10", STOCK="900", RATE="7")
    past.approved("2025-A1", FLOW="100", STOCK="9000", RATE="70")
    found = past.found("2026-S1", FLOW="11", STOCK="9500", RATE="7")
    assert found == [("STOCK", "year_on_year"), ("RATE", "unit_slip")]


@pytest.mark.parametrize(
    ("tuning", "base", "found"),
    [
        ({}, "100", []),
        ({}, "100.01", ["base_differs"]),
        ({}, "1000", ["unit_slip"]),
        ({}, "9.9", ["unit_slip"]),
        ({"base_differs": {"bound": "2"}}, "102", []),
        ({"base_differs": {"bound": "2"}}, "102.01", ["base_differs"]),
        ({"base_differs": {"on": False}}, "140", []),
        ({"base_differs": {"on": False}, "unit_slip": {"on": False}}, "1000", []),
    ],
)
def test_base_is_compared_with_what_was_approved(tuning: dict[str, Any], base: str, found: list[str], cast: Cast) -> None:
    past = Past(cast, based(), {"BASE": tuning, "FLOW": QUIET})
    past.approved("2025-S1", FLOW="100", BASE="90")
    assert past.found("2026-S1", FLOW="100", BASE=base) == [("BASE", rule) for rule in found]


def test_change_of_a_computed_value_is_tuned_at_it_and_explained_at_its_base(cast: Cast) -> None:
    base = make_indicator("BASE")
    indicators = {"PART": make_indicator("PART"), "BASE": base}
    indicators["TOTAL"] = make_indicator("TOTAL", formula="PART * 2", base_indicator=base)
    past = Past(cast, indicators, {"TOTAL": {"year_on_year": {"bound": "60"}}})
    assert past.found("2025-S1", PART="8", BASE="10") == []
    assert past.found("2025-A1", PART="8.01", BASE="10") == [("BASE", "year_on_year")]


@pytest.mark.parametrize(
    ("tuning", "value", "found"),
    [
        ({}, "0", []),
        ({}, "-0.01", ["bounds"]),
        ({}, "100.01", ["bounds"]),
        ({"bounds": {"maximum": "110.5"}}, "110.5", []),
        ({"bounds": {"maximum": "110.5"}}, "110.51", ["bounds"]),
        ({"bounds": {"minimum": "-3"}}, "-3", []),
        ({"bounds": {"minimum": "-3"}}, "-3.01", ["bounds"]),
        ({"bounds": {"on": False}}, "999", []),
    ],
)
def test_bounds_are_the_indicators_or_the_questions_own(tuning: dict[str, Any], value: str, found: list[str], cast: Cast) -> None:
    indicators = {"FLOW": make_indicator("FLOW", minimum=D(0), maximum=D(100))}
    past = Past(cast, indicators, {"FLOW": tuning})
    assert past.found("2026-S1", FLOW=value) == [("FLOW", rule) for rule in found]


def test_own_bound_is_the_one_that_is_said(cast: Cast) -> None:
    past = Past(cast, flow(), {"FLOW": {"bounds": {"minimum": "5"}}})
    assert messages(past.open("2026-S1", FLOW="4")) == ["Expected at least 5.00 100m CNY; found 4.00."]


STOCKS = {"2023-S1": "100", "2023-A1": "102", "2024-S1": "104", "2024-A1": "106", "2025-S1": "108"}
"""In the middle 104, with a median deviation of 2: 114.378 has a modified z-score of 3.5."""


@pytest.mark.parametrize(
    ("tuning", "value", "found"),
    [
        ({}, "114", []),
        ({}, "115", ["outlier"]),
        ({"outlier": {"bound": "5"}}, "115", []),
        ({"outlier": {"bound": "5"}}, "119", ["outlier"]),
        ({"outlier": {"on": False}}, "130", []),
        ({}, "150", ["year_on_year"]),
        (QUIET, "150", ["outlier"]),
        ({}, "1000", ["unit_slip"]),
    ],
)
def test_outlier_against_five_periods_of_the_districts_own(
    tuning: dict[str, Any], value: str, found: list[str], cast: Cast
) -> None:
    past = Past(cast, stock(), {"STOCK": tuning})
    for period, number in STOCKS.items():
        past.approved(period, STOCK=number)
    assert past.found("2025-A1", STOCK=value) == [("STOCK", rule) for rule in found]


def test_four_periods_are_too_few_and_a_report_that_is_not_approved_is_none(cast: Cast) -> None:
    past = Past(cast, stock(), {"STOCK": QUIET})
    for period in list(STOCKS)[:4]:
        past.approved(period, STOCK=STOCKS[period])
    past.open("2025-S1", STOCK="108")
    assert past.found("2025-A1", STOCK="130") == []


@pytest.mark.parametrize(("value", "found"), [("13", []), ("14", ["outlier"])])
def test_without_a_deviation_a_change_beyond_the_year_on_year_bound_is_an_outlier(
    value: str, found: list[str], cast: Cast
) -> None:
    past = Past(cast, stock(), {"STOCK": QUIET})
    for period in STOCKS:
        past.approved(period, STOCK="10")
    assert past.found("2025-A1", STOCK=value) == [("STOCK", rule) for rule in found]


def test_cumulative_flow_lies_among_the_same_part_of_earlier_years(cast: Cast) -> None:
    """Ten values, and five of them are of the first half."""
    past = Past(cast, flow(), {"FLOW": QUIET | {"unit_slip": {"on": False}}})
    for number, year in enumerate(range(2021, 2026)):
        past.approved(f"{year}-S1", FLOW=str(100 + number))
        if year < 2025:
            past.approved(f"{year}-A1", FLOW=str(200 + number))
    assert past.found("2025-A1", FLOW="900") == []
    assert past.found("2026-S1", FLOW="201") == [("FLOW", "outlier")]


def test_findings_say_what_was_expected_what_was_found_and_what_to_do(cast: Cast) -> None:
    past = Past(cast, flow() | stock() | rate() | parts(), {"PART": SHARE | QUIET, "RATE": {}})
    past.approved("2025-S1", FLOW="1000", STOCK="1500", RATE="70", PART="50", REST="50")
    report = past.open("2025-A1", FLOW="900", STOCK="1400", RATE="6.9", PART="0", REST="0")
    assert messages(report)[:3] == [
        (
            "Expected no less than the 1,000.00 100m CNY of January–June 2025, because the figure is cumulative; found 900.00. "
            "Give it from 1 January; if it is right, explain it."
        ),
        (
            "Expected no less than the 1,500 firms of January–June 2025; found 1,400. Check the value; if there are fewer now, "
            "explain it."
        ),
        (
            "Expected a value like the last one, 70.00 100m CNY; found 6.90, about 1/10 of it. Check the unit and the decimal "
            "point; if the value is right, explain it."
        ),
    ]
    later = past.open("2026-S1", FLOW="10000", STOCK="1500", RATE="70", PART="60", REST="40")
    assert messages(later) == [
        (
            "Expected a value like the last one, 1,000.00 100m CNY; found 10,000.00, about 10 times as much. Check the unit and "
            "the decimal point; if the value is right, explain it."
        ),
        (
            "Expected a share of “Indicator TOTAL” near last year's 50.00 %; found 60.00 %, a move of +10.00 percentage points, "
            "beyond ±3. Check both values; if they are right, explain it."
        ),
    ]
    with translation.override("zh-hans"):
        assert messages(later) == [
            "预计与上次数值1,000.00 亿元相近，实际为10,000.00，约为其10倍。请核对计量单位和小数点；如无误，请说明原因。",
            "预计占“指标TOTAL”的比重与上年同期的50.00%相近，实际为60.00%，变动+10.00个百分点，超出±3。请核对两项数值；如无误，请说明原因。",
        ]


def test_outlier_says_what_lies_in_the_middle(cast: Cast) -> None:
    past = Past(cast, stock(), {"STOCK": {}})
    for period, number in STOCKS.items():
        past.approved(period, STOCK=number)
    report = past.open("2025-A1", STOCK="115")
    assert messages(report) == [
        (
            "Expected a value like those of the 5 comparable periods before, around 104 firms; found 115, which is far from them "
            "(modified z-score +3.7, beyond ±3.5). Check the value; if it is right, explain it."
        )
    ]


def test_history_of_a_merged_district_begins_with_the_merger(cast: Cast) -> None:
    """Five periods before it are those of a smaller district; with the first after it there is one that is comparable."""
    past = Past(cast, stock(), {"STOCK": QUIET | {"falling_stock": {"on": False}}})
    for period, number in STOCKS.items():
        past.approved(period, STOCK=number)
    report = past.open("2025-A1", STOCK="130")
    assert len(messages(report)) == 1
    Succession.objects.create(predecessor=cast.south, successor=cast.north, begins_on="2025-07-01")
    assert messages(report) == []
