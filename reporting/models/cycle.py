"""One round of reporting: a definition version, a period and its deadlines."""

from datetime import datetime

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from reporting.models.definition import Definition, DefinitionVersion
from reporting.models.reminder import ReminderPolicy
from reporting.periods import Period, parse_period


class CycleQuerySet(models.QuerySet["Cycle"]):
    def opened(self) -> "CycleQuerySet":
        return self.filter(opened_at__isnull=False)

    def running(self, now: datetime) -> "CycleQuerySet":
        """Opened and not yet locked (the lock's own instant is in time)."""
        return self.opened().filter(locks_at__gte=now)

    def figures_open(self, now: datetime) -> "CycleQuerySet":
        """Whose city figures the districts may see: when the bureau says, and else from the lock on."""
        return self.opened().filter(Q(figures_opened_at__lte=now) | Q(figures_opened_at=None, locks_at__lt=now))

    def stale(self) -> "CycleQuerySet":
        return self.filter(figures_stale_since__isnull=False)


@pghistory.track(exclude=["figures_stale_since"])
class Cycle(models.Model):
    """`opened_at` and `locks_at` say whether it is planned, open or locked: a fact of the clock needs no job that may be late."""

    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("definition"))
    definition_version = models.ForeignKey(
        DefinitionVersion,
        on_delete=models.PROTECT,
        related_name="cycles",
        verbose_name=_("definition version"),
    )
    period = models.CharField(_("period"), max_length=7, help_text=_("A year and Q1, S1, Q3 or A1, such as 2024-S1."))
    due_at = models.DateTimeField(_("due"))
    locks_at = models.DateTimeField(_("locks"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    figures_opened_at = models.DateTimeField(
        _("figures open to districts"),
        null=True,
        blank=True,
        help_text=_("From when districts see the city's totals, ranks and one another's figures. Blank: from the lock on."),
    )
    figures_stale_since = models.DateTimeField(null=True, blank=True, editable=False)
    reminder_policy = models.ForeignKey(
        ReminderPolicy, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("reminders")
    )

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "period"],
                name="cycle_unique",
                violation_error_message=_("There is a cycle of this definition for this period already."),
            ),
            models.CheckConstraint(
                condition=Q(due_at__lte=F("locks_at")),
                name="due_before_lock",
                violation_error_message=_("A cycle cannot lock before it is due."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.period}"

    @property
    def period_value(self) -> Period:
        return parse_period(self.period)

    def is_open(self, now: datetime) -> bool:
        return self.opened_at is not None and self.opened_at <= now <= self.locks_at

    def is_locked(self, now: datetime) -> bool:
        return self.opened_at is not None and self.locks_at < now

    def figures_are_open(self, now: datetime) -> bool:
        """Whether districts may see the city's figures: from when the bureau says, else from the lock on."""
        return self.opened_at is not None and (self.figures_opened_at <= now if self.figures_opened_at else self.is_locked(now))


def effective(field: str) -> Coalesce | Greatest:
    """A submission's due time or lock in force, for queries: `effective("due_at")`. PostgreSQL's GREATEST leaves nulls out."""
    combine = Greatest if field == "locks_at" else Coalesce
    return combine(F(field), F(f"cycle__{field}"))
