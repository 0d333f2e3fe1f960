"""Days on which the bureau's calendar differs from the published one."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class WorkdayOverride(models.Model):
    date = models.DateField(_("date"), unique=True)
    is_workday = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("working-day override")
        verbose_name_plural = _("working-day overrides")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"
