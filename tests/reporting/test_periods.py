"""Periods: exact cases, and what holds for all of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums import Frequency
from reporting.periods import Period, parse_period, parts_of

_FREQUENCIES = st.sampled_from(Frequency.values)


@st.composite
def _periods(draw: st.DrawFn, years: tuple[int, int] = (1901, 2098)) -> tuple[str, Period]:
    """A frequency and a period that it asks for."""
    frequency = draw(_FREQUENCIES)
    return frequency, Period(draw(st.integers(*years)), draw(st.sampled_from(parts_of(frequency))))


@given(_periods())
def test_text_of_a_period_reads_back(case: tuple[str, Period]) -> None:
    _frequency, period = case
    assert parse_period(str(period)) == period


@given(_periods())
def test_before_and_after_undo_each_other(case: tuple[str, Period]) -> None:
    frequency, period = case
    assert period.before(frequency).after(frequency) == period
    assert period.after(frequency).before(frequency) == period


@given(_periods())
def test_period_lies_between_its_neighbours_and_after_last_year(case: tuple[str, Period]) -> None:
    frequency, period = case
    assert period.before(frequency) < period < period.after(frequency)
    assert period.before(frequency).ends_on < period.ends_on < period.after(frequency).ends_on
    assert period.last_year < period
    assert period.last_year.part == period.part


@given(_periods())
def test_last_year_is_as_many_steps_back_as_the_year_has_periods(case: tuple[str, Period]) -> None:
    frequency, period = case
    back = period
    for _step in parts_of(frequency):
        back = back.before(frequency)
    assert back == period.last_year


@given(_periods())
def test_earlier_in_year_is_the_period_before_or_none_for_the_first(case: tuple[str, Period]) -> None:
    frequency, period = case
    earlier = period.earlier_in_year(frequency)
    if period.part == parts_of(frequency)[0]:
        assert earlier is None
    else:
        assert earlier == period.before(frequency)
        assert earlier.year == period.year


@pytest.mark.parametrize(
    ("text", "ends_on"),
    [
        ("2024-Q1", date(2024, 3, 31)),
        ("2024-S1", date(2024, 6, 30)),
        ("2024-Q3", date(2024, 9, 30)),
        ("2024-A1", date(2024, 12, 31)),
        ("1900-A1", date(1900, 12, 31)),
        ("2099-Q1", date(2099, 3, 31)),
    ],
)
def test_period_ends_on_the_last_day_of_its_part(text: str, ends_on: date) -> None:
    assert parse_period(text).ends_on == ends_on


@pytest.mark.parametrize(
    ("text", "frequency", "before", "after"),
    [
        ("2024-S1", Frequency.HALF_YEARLY, "2023-A1", "2024-A1"),
        ("2024-A1", Frequency.HALF_YEARLY, "2024-S1", "2025-S1"),
        ("2024-S1", Frequency.QUARTERLY, "2024-Q1", "2024-Q3"),
        ("2024-Q1", Frequency.QUARTERLY, "2023-A1", "2024-S1"),
        ("2024-A1", Frequency.YEARLY, "2023-A1", "2025-A1"),
    ],
)
def test_neighbours_follow_the_frequency(text: str, frequency: str, before: str, after: str) -> None:
    period = parse_period(text)
    assert (str(period.before(frequency)), str(period.after(frequency))) == (before, after)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-S2",
        "2024-Q2",
        "2024-Q4",
        "2024-A2",
        "2024-s1",
        "2024S1",
        "2024/S1",
        " 2024-S1",
        "2024-S1 ",
        "2024-S1\n",
        "24-S1",
        "02024-S1",
        "1899-S1",
        "2100-S1",
        "２０２４-S1",
        "20٢٤-S1",
        "2024-S1-",
        "2024–S1",
        "null",
    ],
)
def test_what_is_not_a_period_is_refused_and_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"Not a period: .*such as 2024-S1"):
        parse_period(text)
