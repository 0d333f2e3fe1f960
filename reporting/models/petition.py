"""What a district asks the bureau to do with its report: to give it more time, or to reopen it for a correction."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.models import District
from reporting.enums import PetitionKind, PetitionState
from reporting.models.submission import Submission, TenantQuerySet
from reporting.models.triggers import changed

_ASKED = ("submission", "district", "kind", "what", "why", "wanted_due_at", "asked_by", "asked_at")


class Petition(models.Model):
    """One request; at most one of each kind waits on a report. What was asked never changes, and nothing does once it is closed.

    `closed_by` is who answered or withdrew it; nobody where it lapsed.
    """

    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="petitions",
        verbose_name=_("submission"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    kind = models.CharField(_("request"), max_length=10, choices=PetitionKind)
    state = models.CharField(_("state"), max_length=10, choices=PetitionState, default=PetitionState.WAITING)
    what = models.TextField(_("what is to be corrected"), blank=True)
    why = models.TextField(_("reason"))
    wanted_due_at = models.DateTimeField(_("due time asked for"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    closed_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    granted_due_at = models.DateTimeField(_("due time given"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("request from a district")
        verbose_name_plural = _("requests from districts")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "asked_at"], name="petition_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["id", "district"], name="petition_tenant"),
            models.UniqueConstraint(
                fields=["submission", "kind"], condition=Q(state=PetitionState.WAITING), name="petition_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=PetitionKind.EXTENSION, what="", wanted_due_at__isnull=False)
                | (Q(kind=PetitionKind.CORRECTION, wanted_due_at=None) & ~Q(what="")),
                name="petition_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state=PetitionState.WAITING, closed_at=None)
                | (~Q(state=PetitionState.WAITING) & Q(closed_at__isnull=False)),
                name="petition_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=PetitionState.GRANTED) | Q(granted_due_at__isnull=False), name="petition_granted_has_due"
            ),
            models.CheckConstraint(condition=~Q(state=PetitionState.REFUSED) | ~Q(answer=""), name="petition_refused_has_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="petition_frozen", operation=pgtrigger.Update, condition=changed(*_ASKED)),
            pgtrigger.Protect(name="petition_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="petition_closed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=PetitionState.WAITING.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission.district_label} · {self.get_kind_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == PetitionState.WAITING

    @property
    def is_extension(self) -> bool:
        return self.kind == PetitionKind.EXTENSION
