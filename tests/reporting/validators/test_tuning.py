"""What a question may say of its built-in checks, and what holds where it says nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from reporting.enums import BuiltIn, Measure
from reporting.validators.tuning import DEFAULTS, FIELDS, Tuning, applicable, as_said, read_tuning, reads_as_tuning, refused_of

ALWAYS = {"bounds", "unit_slip", "outlier"}
LEVEL = ALWAYS | {"year_on_year", "share_shift"}


@pytest.mark.parametrize(
    ("measure", "checks"),
    [
        (Measure.FLOW_YTD, LEVEL | {"falling_flow"}),
        (Measure.FLOW, LEVEL),
        (Measure.STOCK, LEVEL | {"falling_stock"}),
        (Measure.RATE, ALWAYS),
    ],
)
def test_checks_follow_the_measure(measure: Measure, checks: set[str]) -> None:
    assert {kind.value for kind in applicable(measure)} == checks
    based = {kind.value for kind in applicable(measure, holds_base=True)}
    assert based == (checks | {"base_differs"}) - {"year_on_year"}
    computed = {kind.value for kind in applicable(measure, is_computed=True)}
    assert computed == ({"year_on_year", "share_shift"} if measure != Measure.RATE else set())


def test_defaults_are_those_of_the_domain() -> None:
    assert {kind.value: str(bound) for kind, bound in DEFAULTS.items()} == {
        "share_shift": "3",
        "falling_flow": "0",
        "falling_stock": "0",
        "base_differs": "0",
        "unit_slip": "15",
        "outlier": "3.5",
    }
    assert set(FIELDS) == set(BuiltIn)


SAID: list[dict[str, Any]] = [
    {},
    {"year_on_year": {"bound": "50"}},
    {"unit_slip": {"on": False}, "share_shift": {"bound": "1.5", "total": "A01"}},
    {"bounds": {"minimum": "-3", "maximum": "100"}, "outlier": {"on": False, "bound": "4"}},
]


@pytest.mark.parametrize("said", SAID)
def test_what_is_read_is_written_the_same(said: dict[str, Any]) -> None:
    reads_as_tuning(said)
    assert as_said(read_tuning(said)) == said


def test_what_is_as_by_default_is_not_written_and_numbers_have_one_form() -> None:
    said = {"outlier": {"on": True}, "year_on_year": {"on": True, "bound": 50}, "unit_slip": {"bound": "2.50"}, "bounds": {}}
    assert as_said(read_tuning(said)) == {"unit_slip": {"bound": "2.5"}, "year_on_year": {"bound": "50"}}
    assert list(as_said(read_tuning(said))) == ["unit_slip", "year_on_year"]
    assert read_tuning({"outlier": {}}) == {BuiltIn.OUTLIER: Tuning(is_on=True, bound=None)}
    assert read_tuning({"outlier": {"bound": Decimal("4.5")}})[BuiltIn.OUTLIER].bound == Decimal("4.5")


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ([], ["The checks are named one by one."]),
        ("x", ["The checks are named one by one."]),
        ({"outliers": {}}, ["There is no check “outliers”."]),
        ({"outlier": True}, ["Outlier against the earlier periods: only on, bound can be set."]),
        ({"outlier": {"total": "A01"}}, ["Outlier against the earlier periods: only on, bound can be set."]),
        ({"bounds": {"bound": "1"}}, ["Smallest and largest value: only on, minimum, maximum can be set."]),
        ({"outlier": {"on": "no"}}, ["Outlier against the earlier periods: It is either on or off."]),
        ({"outlier": {"bound": "-1"}}, ["Outlier against the earlier periods: A bound is not negative."]),
        ({"unit_slip": {"bound": "50.1"}}, ["Unit slip: The tolerance is at most 50 %."]),
        ({"unit_slip": {"bound": "50"}}, []),
        ({"share_shift": {"total": 7}}, ["Share moved against last year: The total is named by the code of its indicator."]),
        (
            {"share_shift": {"total": "A" * 21}},
            ["Share moved against last year: The total is named by the code of its indicator."],
        ),
        ({"bounds": {"minimum": "2", "maximum": "1"}}, ["Smallest and largest value: The smallest value is above the largest."]),
        ({"bounds": {"minimum": "1", "maximum": "1"}}, []),
        (
            {"outlier": {"on": 0}, "x": {}},
            ["Outlier against the earlier periods: It is either on or off.", "There is no check “x”."],
        ),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(said: Any, sentences: list[str]) -> None:
    assert list(refused_of(said)) == sentences
    if sentences:
        with pytest.raises(ValidationError):
            reads_as_tuning(said)


@pytest.mark.parametrize("number", ["", "x", "NaN", "Infinity", True, None, [], "1e18", "0.0000001", "1_0x"])
def test_bound_that_is_no_number_is_refused(number: Any) -> None:
    sentence = "A bound is a number with at most 18 digits before the point and 6 behind it."
    assert list(refused_of({"outlier": {"bound": number}})) == [f"Outlier against the earlier periods: {sentence}"]


def test_refusals_are_in_the_language_of_the_reader() -> None:
    with override("zh-hans"):
        assert list(refused_of({"unit_slip": {"bound": "51"}})) == ["计量单位错误: 容差最大为50%。"]
