"""Targets of the city and of the districts, and who has taken note of them."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import District
from reporting.enums.targets import TargetKind
from reporting.models.indicator import Indicator
from reporting.models.submission import TenantQuerySet

FIRST_YEAR, LAST_YEAR = 2000, 2100


class TargetIssue(models.Model):
    """The bureau issued or changed targets, at one instant and with one reason. Append-only."""

    note = models.TextField(_("note"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("issue of targets")
        verbose_name_plural = _("issues of targets")
        ordering = ["-issued_at", "-pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%d} {self.note}"


class TargetQuerySet(TenantQuerySet["Target"]):
    def in_force(self, as_of: datetime | None = None) -> "TargetQuerySet":
        """The latest row of each district (or the city), indicator and year, at the instant, unless it withdraws the target.
        Narrow by these three alone before: by anything else a row that does not count any more would be the latest."""
        known = self.filter(issue__issued_at__lte=as_of) if as_of else self
        latest = known.order_by("district_id", "indicator_id", "year", "-issue__issued_at", "-pk").distinct(
            "district_id", "indicator_id", "year"
        )
        return Target.objects.filter(pk__in=latest.values("pk"), value__isnull=False)

    def city(self) -> "TargetQuerySet":
        return self.filter(district=None)


class Target(models.Model):
    """What a district, or with none the city, is to reach in a year. Append-only: the latest row counts; one without a value
    withdraws the target. A level or a stock is in the indicator's unit, growth and shares are in per cent."""

    issue = models.ForeignKey(TargetIssue, on_delete=models.PROTECT, related_name="targets", verbose_name=_("issue of targets"))
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("district")
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)])
    kind = models.CharField(pgettext_lazy("of a target", "kind"), max_length=10, choices=TargetKind)
    value = models.DecimalField(_("target"), max_digits=24, decimal_places=6, null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["-pk"]  # joins nothing: the admin locks rows as they are ordered
        default_permissions = ()
        indexes = [models.Index(fields=["year", "district", "indicator", "-id"], name="target_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "district", "indicator", "year"], nulls_distinct=False, name="target_once_in_issue"
            ),
            models.CheckConstraint(condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="target_has_year"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.district or _('The city')} · {self.indicator.code} · {self.year}"


class TargetAcknowledgement(models.Model):
    """A district's head has taken note of what an issue set for the district. Append-only."""

    issue = models.ForeignKey(TargetIssue, on_delete=models.PROTECT, related_name="acknowledgements")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement of targets")
        verbose_name_plural = _("acknowledgements of targets")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["issue", "district"], name="acknowledged_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.district}: {self.issue}"
