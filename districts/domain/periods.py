"""Periods for which somebody stands in for somebody else: given in days, kept as instants."""

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import User
from districts.models.period import StandIn, StandInQuerySet

S = TypeVar("S", bound=StandIn)

MAX_DAYS = 92
"""A quarter: whoever is away for longer needs a successor."""
_MAX_AHEAD = timedelta(days=366)


def period_of(first_day: date, last_day: date, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one in the portal's zone; Refused where that is no period."""
    today = timezone.localdate(now)
    if first_day < today:
        raise Refused(_("The first day has passed. Begin today or later."))
    if last_day < first_day:
        raise Refused(_("The last day is before the first one."))
    if (last_day - first_day).days >= MAX_DAYS:
        raise Refused(_("The period is too long: %(limit)d days are possible.") % {"limit": MAX_DAYS})
    if first_day - today > _MAX_AHEAD:
        raise Refused(_("The first day is more than a year away."))
    return _begin_of(first_day), _begin_of(last_day + timedelta(days=1))


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def day_in_words(day: date) -> str:
    """Friday 27 November 2026, in the reader's language."""
    return date_format(day, _("l j F Y"))


def end_early(row: S, *, actor: User, now: datetime) -> S:
    """End the period at once, or call it off before it begins. Conflict where it is over already. Call inside a transaction."""
    current: S | None = StandInQuerySet(type(row)).open().select_for_update().filter(pk=row.pk).first()
    if current is None:
        raise Conflict(_("This period is over already."))
    current.ended_at, current.ended_by = now, actor
    current.save(update_fields=["ended_at", "ended_by"])
    return current
