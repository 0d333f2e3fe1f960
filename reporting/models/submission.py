"""A district's report in a cycle, and its frozen revisions."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.enums import DistrictPermission
from districts.languages import localised
from districts.models import District
from districts.queries.access import AnyUser, district_ids_for
from reporting.enums import EDITABLE_STATES, UNSUBMITTED_STATES, SubmissionState
from reporting.models.cycle import Cycle, effective
from reporting.models.definition import DefinitionVersion
from reporting.models.triggers import changed
from reporting.transitions import legal_moves

_T = TypeVar("_T", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[_T]):
    def for_user(self, user: AnyUser, perm: DistrictPermission = DistrictPermission.VIEW) -> Self:
        """The rows of districts on which the person holds the permission; none for anybody unknown."""
        return self.filter(district_id__in=district_ids_for(user, perm))


class SubmissionQuerySet(TenantQuerySet["Submission"]):
    def with_deadlines(self) -> Self:
        """Adds `due` and `lock`, the instants in force for each submission."""
        return self.annotate(due=effective("due_at"), lock=effective("locks_at"))

    def unsubmitted(self) -> Self:
        """What a district still owes."""
        return self.filter(state__in=UNSUBMITTED_STATES)


class Submission(models.Model):
    """Made when the cycle opens: not started is a fact, not a missing row."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("cycle"))
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("district"))
    # In force at the end of the period; kept once the report is signed.
    district_name = models.CharField(_("name of the district"), max_length=100)
    district_name_zh = models.CharField(_("name of the district in Chinese"), max_length=100)
    state = models.CharField(_("state"), max_length=20, choices=SubmissionState, default=SubmissionState.NOT_STARTED)
    due_at = models.DateTimeField(_("own due time"), null=True, blank=True)
    locks_at = models.DateTimeField(_("own lock"), null=True, blank=True)
    first_signed_at = models.DateTimeField(_("first signed"), null=True, blank=True)
    first_due_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="The due time in force at the first signature: late is late for ever.",
    )
    working_revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    approved_revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-cycle__due_at", "district__code", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["cycle", "state"], name="submission_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "district"], name="submission_unique"),
            models.UniqueConstraint(fields=["id", "district"], name="submission_tenant"),
        ]
        triggers = [
            pgtrigger.FSM(name="legal_moves", field="state", transitions=legal_moves()),
            pgtrigger.Protect(
                name="starts_not_started",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=SubmissionState.NOT_STARTED.value),
            ),
            pgtrigger.ReadOnly(name="tenant_frozen", fields=["cycle", "district"]),
        ]

    def __str__(self) -> str:
        return f"{self.district_label} · {self.cycle}"

    @property
    def district_label(self) -> str:
        """The name under which the report is filed, in the reader's language."""
        return localised(self.district_name, self.district_name_zh)

    @property
    def due_in_force(self) -> datetime:
        return self.due_at or self.cycle.due_at

    @property
    def lock_in_force(self) -> datetime:
        """The cycle's lock, or the report's own where that is later."""
        return max(self.locks_at or self.cycle.locks_at, self.cycle.locks_at)

    @property
    def late_by(self) -> timedelta | None:
        """How late the first signature was; None where it was in time or is not given yet."""
        if self.first_signed_at is None or self.first_due_at is None or self.first_signed_at <= self.first_due_at:
            return None
        return self.first_signed_at - self.first_due_at

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    def is_locked(self, now: datetime) -> bool:
        """Whether the closing time has passed; at the instant itself it is still in time."""
        return now > self.lock_in_force

    @property
    def is_owed(self) -> bool:
        """Whether it is the district's turn."""
        return self.state in UNSUBMITTED_STATES

    def is_overdue(self, now: datetime) -> bool:
        """Whether the report is owed and its due time has passed (the due instant itself is in time)."""
        return self.is_owed and now > self.due_in_force


_FROZEN_WHEN_SIGNED = (
    "submission",
    "district",
    "number",
    "definition_version",
    "nil_reason",
    "created_at",
    "signed_at",
    "signed_by",
    "signed_name",
    "signed_acting",
    "statement",
    "receipt_number",
    "previous_digest",
    "digest",
)


class Revision(models.Model):
    """A report's content. Frozen when signed; approving sets the one pointer that the totals follow."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("submission"))
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("revision"))
    definition_version = models.ForeignKey(DefinitionVersion, on_delete=models.PROTECT, related_name="+")
    nil_reason = models.TextField(
        _("nothing to report, because"), blank=True, help_text=_("Not blank: a nil return, with this reason.")
    )
    created_at = models.DateTimeField(_("begun"))
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField(_("signed by"), max_length=150, blank=True)
    signed_acting = models.BooleanField(_("signed as acting head"), default=False)
    statement = models.TextField(_("statement"), blank=True)
    receipt_number = models.CharField(_("receipt"), max_length=100, null=True, blank=True, unique=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["submission", "number"]
        default_permissions = ()
        indexes = [models.Index(fields=["approved_at"], condition=Q(approved_at__isnull=False), name="revision_approved")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="revision_unique"),
            models.UniqueConstraint(fields=["id", "district"], name="revision_tenant"),
            models.UniqueConstraint(fields=["id", "submission", "district"], name="revision_pointer"),
            models.CheckConstraint(
                condition=Q(signed_at=None, digest="", receipt_number=None)
                | (Q(signed_at__isnull=False, receipt_number__isnull=False) & ~Q(digest="")),
                name="signed_has_receipt",
            ),
            models.CheckConstraint(condition=Q(approved_at=None) | Q(signed_at__isnull=False), name="approved_is_signed"),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(approved_at__isnull=False, approved_at__lte=F("superseded_at")),
                name="superseded_was_approved",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=False) & changed(*_FROZEN_WHEN_SIGNED),
            ),
            pgtrigger.Protect(
                name="approved_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=False) & changed("approved_at"),
            ),
            pgtrigger.Protect(
                name="signed_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.number}"

    @property
    def is_nil(self) -> bool:
        return bool(self.nil_reason)

    @property
    def signer(self) -> str:
        """The name under the report, and whether it stands there for the head."""
        return gettext("%(name)s, acting head") % {"name": self.signed_name} if self.signed_acting else self.signed_name
