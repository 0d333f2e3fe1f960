"""A district's profile: what it is best at, in words that its head writes and the bureau approves."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.enums import OPEN_PROFILES, PROFILE_MOVES, ProfileState
from districts.languages import localised
from districts.models.district import District


@pghistory.track()
class Industry(models.Model):
    """One of the catalogue from which districts choose their leading industries."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["name", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name, self.name_zh)


class Profile(models.Model):
    """One version. The latest approved one is the district's; at most one is open. What is approved never changes."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("district"))
    positioning = models.CharField(_("positioning"), max_length=200, help_text=_("In one sentence."))
    advantages = models.TextField(_("resource advantages"), blank=True)
    industries = models.ManyToManyField(Industry, blank=True, related_name="+", verbose_name=_("leading industries"))
    brand = models.CharField(_("brand"), max_length=200, blank=True)
    path = models.TextField(_("development path"), blank=True)
    contacts = models.TextField(_("contacts"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProfileState, default=ProfileState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["district__code", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["district"], condition=Q(state__in=sorted(OPEN_PROFILES)), name="profile_open_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[ProfileState.APPROVED, ProfileState.RETURNED]) | Q(decided_at__isnull=False),
                name="profile_decided_has_time",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="profile_moves", field="state", transitions=[(old.value, new.value) for old, new in PROFILE_MOVES]
            ),
            pgtrigger.Protect(
                name="profile_approved",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ProfileState.APPROVED.value),
            ),
        ]

    def __str__(self) -> str:
        return str(self.district)
