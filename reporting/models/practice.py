"""Practices that districts share, and who has adopted them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import District
from reporting.enums.practices import PRACTICE_MOVES, PracticeState, PracticeTopic
from reporting.models.submission import Submission, TenantQuerySet


@pghistory.track(exclude=["version"])
class Practice(models.Model):
    """`submission` is the report in which it was marked. `version` counts its changes, for conflicts. `decided_by` is who
    endorsed, declined or withdrew it."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="practices", verbose_name=_("report")
    )
    topic = models.CharField(pgettext_lazy("practice", "topic"), max_length=15, choices=PracticeTopic)
    title = models.CharField(pgettext_lazy("practice", "title"), max_length=200)
    summary = models.TextField(_("what is done"))
    result = models.TextField(_("what came of it"), blank=True)
    contact = models.CharField(_("contact"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=PracticeState, default=PracticeState.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["-proposed_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state=PracticeState.PROPOSED, decided_at=None)
                | (~Q(state=PracticeState.PROPOSED) & Q(decided_at__isnull=False)),
                name="practice_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PracticeState.DECLINED, PracticeState.WITHDRAWN]) | ~Q(reason=""),
                name="practice_ended_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="practice_moves", field="state", transitions=[(old.value, new.value) for old, new in PRACTICE_MOVES]
            ),
            pgtrigger.ReadOnly(name="practice_owner_frozen", fields=["district", "submission", "proposed_by", "proposed_at"]),
            pgtrigger.Protect(name="practice_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_proposed(self) -> bool:
        return self.state == PracticeState.PROPOSED

    @property
    def is_endorsed(self) -> bool:
        return self.state == PracticeState.ENDORSED


class PracticeAdoption(models.Model):
    """Another district does the same, and says how."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adoptions", verbose_name=_("practice"))
    adopter = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    note = models.TextField(_("note"), blank=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    adopted_at = models.DateTimeField(_("adopted"))

    class Meta:
        verbose_name = _("adoption of a practice")
        verbose_name_plural = _("adoptions of practices")
        ordering = ["practice", "adopted_at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["practice", "adopter"], name="adoption_once")]

    def __str__(self) -> str:
        return f"{self.practice} · {self.adopter}"
