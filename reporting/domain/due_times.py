"""Which instants can be a report's due time or lock."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from districts.errors import Refused

FURTHEST = timedelta(days=731)
"""Two years: nobody plans further, and what lies beyond is a slip of the keys."""


def due_problems(due_at: datetime, now: datetime) -> list[str]:
    """Why this cannot become a due time; empty where it can."""
    return [_("The new due time lies in the past.")] if due_at <= now else distance_problems(due_at, now)


def distance_problems(instant: datetime, now: datetime) -> list[str]:
    if instant - now <= FURTHEST:
        return []
    return [_("The time lies more than two years ahead. Check the year.")]


def need_due_time(due_at: datetime, now: datetime) -> None:
    """Raises Refused for what cannot become a due time."""
    if problems := due_problems(due_at, now):
        raise Refused(*problems)


def need_near(instant: datetime, now: datetime) -> None:
    """Raises Refused for a due time or a lock too far ahead."""
    if problems := distance_problems(instant, now):
        raise Refused(*problems)
