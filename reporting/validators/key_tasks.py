"""How urgent a key task is, from its dates and what its lead says of it."""

from datetime import date
from decimal import Decimal

from reporting.enums.key_tasks import Signal


def time_passed(begun: date, deadline: date, today: date) -> Decimal:
    """Per cent of the days from the first to the deadline's that are over at the end of today; 100 from the deadline on."""
    whole = (deadline - begun).days + 1
    if today >= deadline or whole <= 0:
        return Decimal(100)
    return Decimal(max((today - begun).days + 1, 0)) * 100 / whole


def signal_of(*, progress: int, begun: date, deadline: date, today: date, soon_days: int, margin: int) -> Signal:
    """Red after the deadline's day; yellow where progress (per cent) lags the time that has passed by `margin` points or more;
    blue from `soon_days` days before the deadline. What is all done and not closed yet is late only after its deadline."""
    if today > deadline:
        return Signal.RED
    if progress < 100 and time_passed(begun, deadline, today) - progress >= margin:
        return Signal.YELLOW
    return Signal.BLUE if (deadline - today).days <= soon_days else Signal.NONE
