"""How urgent a key task is, at each threshold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums.key_tasks import Signal
from reporting.validators.key_tasks import signal_of, time_passed

BEGUN, DEADLINE = date(2026, 1, 1), date(2026, 4, 10)
"""100 days."""


def signal(progress: int, today: date) -> Signal:
    return signal_of(progress=progress, begun=BEGUN, deadline=DEADLINE, today=today, soon_days=14, margin=20)


@pytest.mark.parametrize(
    ("today", "passed"),
    [
        (date(2025, 12, 31), 0),
        (BEGUN, 1),
        (date(2026, 2, 19), 50),
        (DEADLINE - timedelta(days=1), 99),
        (DEADLINE, 100),
        (date(2027, 1, 1), 100),
    ],
)
def test_time_passed_is_the_share_of_the_days_that_are_over(today: date, passed: int) -> None:
    assert time_passed(BEGUN, DEADLINE, today) == Decimal(passed)


def test_task_of_one_day_is_all_passed_on_it() -> None:
    assert time_passed(BEGUN, BEGUN, BEGUN) == 100


@pytest.mark.parametrize(
    ("progress", "today", "expected"),
    [
        (100, DEADLINE + timedelta(days=1), Signal.RED),
        (0, DEADLINE + timedelta(days=1), Signal.RED),
        (80, DEADLINE, Signal.YELLOW),
        (81, DEADLINE, Signal.BLUE),
        (100, DEADLINE, Signal.BLUE),
        (30, date(2026, 2, 19), Signal.YELLOW),
        (31, date(2026, 2, 19), Signal.NONE),
        (90, DEADLINE - timedelta(days=14), Signal.BLUE),
        (90, DEADLINE - timedelta(days=15), Signal.NONE),
        (0, date(2026, 1, 19), Signal.NONE),
        (0, date(2026, 1, 20), Signal.YELLOW),
    ],
)
def test_signal_just_inside_and_just_outside(progress: int, today: date, expected: Signal) -> None:
    assert signal(progress, today) == expected


@given(st.integers(0, 99), st.integers(0, 400))
def test_more_progress_is_never_more_urgent(progress: int, days: int) -> None:
    order = list(Signal)
    today = BEGUN + timedelta(days=days)
    assert order.index(signal(progress + 1, today)) >= order.index(signal(progress, today))
