"""The city's figures, and what the bureau adds to them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.cycle import Cycle
from reporting.models.indicator import Indicator


class Adjustment(models.Model):
    """The bureau's unallocated value and base ("other") of an indicator in a cycle. Append-only: the latest one counts."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="adjustments", verbose_name=_("cycle"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="adjustments", verbose_name=_("indicator"))
    value = models.DecimalField(_("unallocated value"), max_digits=24, decimal_places=6)
    base = models.DecimalField(
        _("unallocated base"), max_digits=24, decimal_places=6, help_text=_("For the same period last year.")
    )
    reason = models.TextField(_("reason"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["cycle", "indicator", "-at"], name="adjustment_latest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.indicator.code}"


class CycleFigure(models.Model):
    """The city's stored figure of an indicator in a cycle. Growth in per cent, unrounded; null where it is n/a.

    `value` covers every unit with a value; `base`, `growth` and `change` those with value and base.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="figures", verbose_name=_("cycle"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator"))
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True)
    base = models.DecimalField(_("base"), max_digits=24, decimal_places=6, null=True)
    growth = models.DecimalField(_("growth (%)"), max_digits=24, decimal_places=6, null=True)
    change = models.DecimalField(
        _("change"),
        max_digits=24,
        decimal_places=6,
        null=True,
        help_text="Value less base over the units with both; of a rate in percentage points.",
    )
    value_reported = models.PositiveIntegerField(_("units that reported"))
    base_reported = models.PositiveIntegerField(_("units with value and base"))
    expected = models.PositiveIntegerField(_("units expected"))
    unallocated_value = models.DecimalField(_("unallocated value"), max_digits=24, decimal_places=6, default=0)
    unallocated_base = models.DecimalField(_("unallocated base"), max_digits=24, decimal_places=6, default=0)
    computed_at = models.DateTimeField(_("computed"))
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("city figure")
        verbose_name_plural = _("city figures")
        ordering = ["cycle", "indicator__code"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["cycle", "indicator"], name="figure_unique")]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.indicator.code}"
