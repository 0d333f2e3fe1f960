"""When the demonstration's cycles open, are due and lock, on working days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from districts.queries.workdays import WorkCalendar, at_local
from reporting.demo.tables import first_period
from reporting.enums import Frequency
from reporting.periods import Period

FREQUENCY = Frequency.HALF_YEARLY
_THREE_WEEKS = timedelta(days=21)
_MORNING = time(9, 0)
_EVENING = time(18, 0)


@dataclass(frozen=True)
class Schedule:
    opens_at: datetime
    due_at: datetime
    locks_at: datetime


def periods_until(now: datetime) -> list[Period]:
    """Every half-year from the first of the file to the latest that ended three weeks ago, since that is when a cycle opens."""
    today, found = timezone.localtime(now).date(), [first_period()]
    while found[-1].after(FREQUENCY).ends_on + _THREE_WEEKS <= today:
        found.append(found[-1].after(FREQUENCY))
    return found if found[0].ends_on + _THREE_WEEKS <= today else []


def past_schedule(period: Period, calendar: WorkCalendar) -> Schedule:
    """Opened about three weeks after the period, due three weeks later, locked a week after that."""
    opens = _workday_from(period.ends_on + _THREE_WEEKS, calendar)
    return _schedule(opens, _workday_from(opens + _THREE_WEEKS, calendar), calendar)


def open_schedule(now: datetime, calendar: WorkCalendar) -> Schedule:
    """Due in a few days, and open for three weeks less those."""
    today = timezone.localtime(now).date()
    due = _workday_from(today + timedelta(days=4), calendar)
    opens = min(_workday_from(due - _THREE_WEEKS, calendar), calendar.shifted(today, -10))
    return _schedule(opens, due, calendar)


def _schedule(opens: date, due: date, calendar: WorkCalendar) -> Schedule:
    locks = _workday_from(due + timedelta(days=7), calendar)
    return Schedule(at_local(opens, _MORNING), at_local(due, _EVENING), at_local(locks, _EVENING))


def _workday_from(day: date, calendar: WorkCalendar) -> date:
    """The day, or the first working day after it."""
    return calendar.shifted(day - timedelta(days=1), 1)
