"""What holds from one instant until another, by the clock of the database: nothing has to run for it to begin or to end."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.enums import Stage


def running(prefix: str = "") -> Q:
    """At the instant at which the transaction began: the beginning is in, the end is out. `prefix` is the way to the row."""
    return Q(**{f"{prefix}begins_at__lte": TransactionNow(), f"{prefix}ends_at__gt": TransactionNow()})


def last_day_before(instant: datetime) -> date:
    """The last day to whose end something lasts that ends at the instant, in the portal's zone."""
    return timezone.localdate(instant - timedelta(microseconds=1))


class StandInQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Those that give their rights at this moment."""
        return self.filter(running(), ended_at=None)

    def open(self) -> Self:
        """In force, or still to begin."""
        return self.filter(ends_at__gt=TransactionNow(), ended_at=None)


class StandIn(models.Model):
    """A period for which somebody stands in for somebody. `ends_at` is the first instant without the rights."""

    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    appointed_at = models.DateTimeField(_("appointed"))
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("appointed by")
    )
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ["-begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="%(class)s_period"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(class)s_ended_by_somebody",
            ),
        ]

    @property
    def first_day(self) -> date:
        return timezone.localdate(self.begins_at)

    @property
    def last_day(self) -> date:
        return last_day_before(self.ends_at)

    def stage(self, now: datetime) -> Stage:
        """For people to read; what is in force is asked of the database."""
        if self.ended_at is not None:
            return Stage.ENDED
        if now >= self.ends_at:
            return Stage.OVER
        return Stage.RUNNING if now >= self.begins_at else Stage.PLANNED

    def is_open(self, now: datetime) -> bool:
        """In force or still to begin, for the pages."""
        return self.stage(now) in {Stage.PLANNED, Stage.RUNNING}


def no_two_at_once(of: str) -> ExclusionConstraint:
    """No two rows of the same `of` (a foreign key) at the same time, those that were ended early aside.

    The key stands as a range of one number: ranges are what an index of this kind knows without an extension.
    """
    same = Func(of, of, Value("[]"), function="int8range", output_field=BigIntegerRangeField())
    period = Func("begins_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField())
    return ExclusionConstraint(
        name="%(class)s_once_at_a_time",
        expressions=[(same, RangeOperators.EQUAL), (period, RangeOperators.OVERLAPS)],
        condition=Q(ended_at=None),
    )
