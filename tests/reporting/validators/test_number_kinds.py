"""Percentages, amounts of money and whole numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums import NUMERIC_KINDS, QuestionKind
from reporting.validators.numbers import read_number, read_value

D = Decimal
UNITS = ("100m CNY", "亿元")
_READABLE_BY_ALL = ["0", "12", "-3", "1,234", "１２３", " 12 \n", "- 3", "1 234"]


def test_numeric_kinds_are_the_four_that_hold_a_number() -> None:
    assert {kind for kind in QuestionKind if kind.is_numeric} == NUMERIC_KINDS
    assert {kind.value for kind in NUMERIC_KINDS} == {"number", "percent", "money", "whole"}


@pytest.mark.parametrize("raw", _READABLE_BY_ALL)
@pytest.mark.parametrize("kind", sorted(NUMERIC_KINDS))
def test_plain_whole_number_means_the_same_to_every_kind(kind: QuestionKind, raw: str) -> None:
    assert read_value(raw, kind, UNITS) == read_number(raw) != None  # noqa: E711 (both at once)


@pytest.mark.parametrize("raw", ["12.5", "-0.01", "1,234.5"])
@pytest.mark.parametrize("kind", sorted(NUMERIC_KINDS - {QuestionKind.WHOLE}))
def test_plain_fraction_means_the_same_to_every_kind_but_whole(kind: QuestionKind, raw: str) -> None:
    assert read_value(raw, kind, UNITS) == read_number(raw) != None  # noqa: E711 (both at once)
    assert read_value(raw, QuestionKind.WHOLE, UNITS) is None


@pytest.mark.parametrize(("raw", "expected"), [("12.0", "12"), ("1,234.000000", "1234"), ("-7.00", "-7"), ("０．０", "0")])
def test_whole_number_may_have_zeros_for_decimals(raw: str, expected: str) -> None:
    assert read_value(raw, QuestionKind.WHOLE) == D(expected)


@pytest.mark.parametrize("raw", ["12.000001", "1,234.5", "12 %", "¥12", "12家", "12.", "", "999999999999999999.5"])
def test_anything_else_is_no_whole_number(raw: str) -> None:
    assert read_value(raw, QuestionKind.WHOLE, ("firms", "家")) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12.5%", "12.5"),
        ("12.5 %", "12.5"),
        ("12.5％", "12.5"),
        ("１２．５％", "12.5"),
        ("12.5\u00a0%", "12.5"),
        ("12.5\u3000％ ", "12.5"),
        ("-3.5 %", "-3.5"),
        ("+7.8%", "7.8"),
        ("1,234.5 %", "1234.5"),
        ("0%", "0"),
    ],
)
def test_percentage_is_read_with_its_sign(raw: str, expected: str) -> None:
    assert read_value(raw, QuestionKind.PERCENT, ("%",)) == D(expected)


@pytest.mark.parametrize("raw", ["%", "％", "", "12.5%%", "12.5 % %", "%12.5", "12.5‰", "12.5 pp", "1,5 %", "¥12", "12 percent"])
def test_anything_else_is_no_percentage(raw: str) -> None:
    assert read_value(raw, QuestionKind.PERCENT, ("%",)) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("¥12.5", "12.5"),
        ("￥12.5", "12.5"),
        ("￥ １２．５", "12.5"),
        ("-¥12.5", "-12.5"),
        ("－￥12.5", "-12.5"),
        ("¥-12.5", "-12.5"),
        ("- ¥ 12.5", "-12.5"),
        ("12.5亿元", "12.5"),
        ("12.5 亿元", "12.5"),
        ("１，２３４．５　亿元", "1234.5"),
        ("¥12.5亿元", "12.5"),
        ("12.5 100m CNY", "12.5"),
        ("12.5 100M cny", "12.5"),
        ("12 100m CNY", "12"),
    ],
)
def test_amount_is_read_with_a_currency_sign_and_its_own_unit(raw: str, expected: str) -> None:
    assert read_value(raw, QuestionKind.MONEY, UNITS) == D(expected)


@pytest.mark.parametrize(
    "raw",
    [
        "12.5元",
        "12.5万元",
        "12.5万",
        "12.5亿",
        "12.5万亿元",
        "12.5亿元元",
        "12.5 亿元 亿元",
        "亿元",
        "亿元12.5",
        "¥",
        "¥¥12",
        "--¥12",
        "-¥-12",
        "12.5¥",
        "$12.5",
        "12.5 CNY",
        "12.5 m CNY",
        "12100m CNY",
        "12.5%",
        "1,5亿元",
        "",
    ],
)
def test_amount_in_another_unit_is_never_converted(raw: str) -> None:
    assert read_value(raw, QuestionKind.MONEY, UNITS) is None


@pytest.mark.parametrize(
    ("unit", "raw", "expected"),
    [
        ("元", "12.5元", "12.5"),
        ("元", "12.5亿元", None),
        ("万元", "12.5万元", "12.5"),
        ("万元", "12.5元", None),
        ("", "12.5元", None),
    ],
)
def test_unit_behind_an_amount_is_the_indicators(unit: str, raw: str, expected: str | None) -> None:
    assert read_value(raw, QuestionKind.MONEY, (unit,)) == (D(expected) if expected else None)


@given(st.text(alphabet="0123456789.,-+ '¥￥%％亿万元m CNY\u3000", max_size=16), st.sampled_from(sorted(NUMERIC_KINDS)))
def test_whatever_is_typed_is_none_or_the_number_that_stands_in_it(raw: str, kind: QuestionKind) -> None:
    value = read_value(raw, kind, UNITS)
    bare = raw.strip().removesuffix("100m CNY") if kind == QuestionKind.MONEY else raw
    if value is not None:
        assert read_number("".join(sign for sign in bare if sign not in "¥￥%％亿万元mCNY")) == value
