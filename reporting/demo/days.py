"""Instants of one report's life, at office hours of working days and different from district to district."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from districts.queries.workdays import WorkCalendar, at_local
from reporting.demo.numbers import pick


def clock(hours: range, *parts: object) -> time:
    """A time of day, the same for the same parts."""
    return time(hours[pick(len(hours), "hour", *parts)], pick(60, "minute", *parts))


def day_of(instant: datetime) -> date:
    return timezone.localtime(instant).date()


def after(instant: datetime, workdays: int, hours: range, calendar: WorkCalendar, *parts: object) -> datetime:
    """So many working days later (earlier where negative), at some time of those hours."""
    return at_local(calendar.shifted(day_of(instant), workdays), clock(hours, *parts))


def soon(instant: datetime, *parts: object) -> datetime:
    """Between half an hour and three hours later."""
    return instant + timedelta(minutes=30 + pick(150, "soon", *parts))
