"""Reading numbers as people type them."""

from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.validators.numbers import decimals_of, read_number, round_half_up

D = Decimal


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0", "0"),
        ("12", "12"),
        ("0012.50", "12.50"),
        ("-3.5", "-3.5"),
        ("+3.5", "3.5"),
        ("− 3.5", "-3.5"),
        ("－3.5", "-3.5"),
        ("- 3", "-3"),
        ("1,234", "1234"),
        ("12,345,678.9", "12345678.9"),
        ("-1,234.5", "-1234.5"),
        ("1 234 567.89", "1234567.89"),
        ("1\u00a0234", "1234"),
        ("1\u202f234", "1234"),
        ("1\u2009234", "1234"),
        ("1'234", "1234"),
        (" 12 \n", "12"),
        ("\t12", "12"),
        ("\u300012\u3000", "12"),
        ("１２３．４", "123.4"),
        ("１，２３４．５", "1234.5"),
        ("1，234", "1234"),
        ("123。4", "123.4"),
        ("999999999999999999", "999999999999999999"),
        ("999,999,999,999,999,999.999999", "999999999999999999.999999"),
        ("0.000001", "0.000001"),
    ],
)
def test_number_is_read(raw: str, expected: str) -> None:
    assert read_number(raw) == D(expected)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "-",
        "+",
        ".",
        ",",
        "1.",
        ".5",
        "--5",
        "+-5",
        "5-",
        "1-2",
        "1,5",
        "1,23",
        "1,234,5",
        "1234,567",
        ",123",
        "1,,234",
        "1,234,",
        "0.123,4",
        "1.234.5",
        "1 5",
        "1 2345",
        "1\u00a05",
        "1'5",
        "1_5",
        "1, 234",
        "1 234,567",
        "1\n234",
        "1 .5",
        "1. 5",
        "1234567890123456789",
        "0.1234567",
        "1e5",
        "1E5",
        "0x10",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1/2",
        "½",
        "5²",
        "①",
        "١٢",
        "१२",
        "十二",
        "12%",
        "12％",
        "$12",
        "12亿",
        "(12)",
        "=1+1",
        "12a",
        "1\x002",
        "\u200b12",
        "1" * 10_000,
    ],
)
def test_anything_else_is_not_a_number(raw: str) -> None:
    assert read_number(raw) is None


_STORED = st.decimals(min_value=-(10**17), max_value=10**17, places=6)


@given(_STORED, st.sampled_from(["", ",", " ", "\u00a0", "，", "'"]), st.booleans())
def test_number_as_people_write_it_reads_back(value: Decimal, separator: str, full_width: bool) -> None:
    text = f"{value:,f}".replace(",", separator)
    if full_width:
        text = text.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    assert read_number(text) == value


@given(st.text(max_size=20) | st.text(alphabet="0123456789.,-+ '１２，。\u00a0", max_size=20))
def test_any_text_is_none_or_a_number_that_the_column_holds(raw: str) -> None:
    value = read_number(raw)
    if value is not None:
        assert value.is_finite()
        assert abs(value) < 10**18
        assert decimals_of(value) <= 6


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("-0.5", 0, "-1"),
        ("-2.5", 0, "-3"),
        ("2.345", 2, "2.35"),
        ("2.3449999", 2, "2.34"),
        ("7.8", 2, "7.80"),
        ("999999999999999999.999999", 2, "1000000000000000000.00"),
        ("999999999999999999.999999", 6, "999999999999999999.999999"),
    ],
)
def test_rounding_is_half_up_for_display(value: str, decimals: int, expected: str) -> None:
    assert str(round_half_up(D(value), decimals)) == expected


@given(st.decimals(min_value=0, max_value=10**12, places=6), st.integers(0, 5))
def test_rounding_agrees_with_adding_a_half_and_cutting(value: Decimal, decimals: int) -> None:
    scale = D(10) ** decimals
    assert round_half_up(value, decimals) == (value * scale + D("0.5")).to_integral_value(ROUND_FLOOR) / scale


@pytest.mark.parametrize(
    ("value", "expected"), [("0", 0), ("100", 0), ("1E+3", 0), ("1.50", 1), ("0.000001", 6), ("-2.25", 2), ("0.000", 0)]
)
def test_decimals_ignore_trailing_zeros(value: str, expected: int) -> None:
    assert decimals_of(D(value)) == expected
