"""Working days and quiet hours, in the portal's zone.

China's published calendar (`chinesecalendar`) with its moved weekends; the bureau's overrides win; a year that is not published
yet falls back to Monday-Friday, with a warning in the log.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar
from django.utils import timezone

from districts.models import WorkdayOverride

logger = logging.getLogger(__name__)
_SATURDAY = 5


@lru_cache(maxsize=4)
def _warn_unknown(year: int) -> None:
    logger.warning("The working days of %d are not published yet: Monday to Friday are taken, and the overrides.", year)


def published_workday(day: date) -> bool:
    """By the published calendar, or Monday-Friday where it does not know the year."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the library's word for a year that is not published yet; the log says it once a year
        _warn_unknown(day.year)
        return day.weekday() < _SATURDAY


@dataclass(frozen=True)
class WorkCalendar:
    """Days are the portal zone's; `overrides` says for a date whether it is a working day."""

    overrides: dict[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        known = self.overrides.get(day)
        return published_workday(day) if known is None else known

    def shifted(self, day: date, workdays: int) -> date:
        """The working day so many working days after (or, negative, before) a day; the day itself for 0."""
        step = timedelta(days=1 if workdays > 0 else -1)
        for _ in range(abs(workdays)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def next_morning(self, now: datetime, *, opens: time) -> datetime:
        """The next start of a working day after `now`."""
        local = timezone.localtime(now)
        day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
        while not self.is_workday(day):
            day += timedelta(days=1)
        return at_local(day, opens)

    def is_quiet(self, now: datetime, *, quiet_from: time, quiet_until: time) -> bool:
        """Whether a mail waits now: before or after hours, and on days off."""
        local = timezone.localtime(now)
        return not (quiet_until <= local.time() < quiet_from and self.is_workday(local.date()))


def at_local(day: date, clock: time) -> datetime:
    """The instant of a clock time in the portal's zone."""
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def work_calendar() -> WorkCalendar:
    """With the bureau's overrides: one query."""
    return WorkCalendar(dict(WorkdayOverride.objects.values_list("date", "is_workday")))
