"""When reminders go out, and to whom: data, not a schedule."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.languages import localised


class Audience(models.TextChoices):
    OFFICERS = "officers", _("officers")
    HEADS = "heads", _("heads")
    REVIEWERS = "reviewers", _("the district's reviewers")


@pghistory.track()
class ReminderPolicy(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100, blank=True)
    quiet_from = models.TimeField(_("quiet from"), help_text=_("Portal time; a mail waits from here on."))
    quiet_until = models.TimeField(_("quiet until"))

    class Meta:
        verbose_name = _("reminder policy")
        verbose_name_plural = _("reminder policies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name, self.name_zh)


@pghistory.track()
class ReminderRung(models.Model):
    """A step of the ladder, counted in working days from the due day: -7 is seven before, 0 the day itself, 3 three after."""

    policy = models.ForeignKey(ReminderPolicy, on_delete=models.CASCADE, related_name="rungs", verbose_name=_("policy"))
    offset = models.SmallIntegerField(_("working days from the due day"))
    audiences = ArrayField(models.CharField(max_length=10, choices=Audience), verbose_name=_("goes to"))
    may_wait_for_digest = models.BooleanField(_("may wait for the daily digest"), default=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["policy", "offset"]
        constraints = [models.UniqueConstraint(fields=["policy", "offset"], name="rung_unique")]

    def __str__(self) -> str:
        return f"{self.offset:+d}"
