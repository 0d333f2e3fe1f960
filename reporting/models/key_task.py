"""Key tasks: what the bureau asks districts to do by a day, and how far each of them is."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.models import District
from reporting.enums.key_tasks import KEY_TASK_MOVES, OPEN_TASKS, KeyTaskSource, KeyTaskState, KeyTaskStep, PartyRole
from reporting.models.submission import Revision, TenantQuerySet

MAX_PROGRESS = 100


@pghistory.track(exclude=["version"])
class KeyTask(models.Model):
    """Its deadline is a day, to its end in the portal's zone. Who it is for, its parties say; `reference` tells where it comes
    from: the plan's chapter, the symposium. `origin` names the row that it was made from, so that it is made once."""

    title = models.CharField(pgettext_lazy("of a task", "title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=KeyTaskSource)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    deliverable = models.CharField(_("deliverable"), max_length=300)
    begins_on = models.DateField(_("begins"))
    deadline = models.DateField(_("deadline"))
    state = models.CharField(_("state"), max_length=10, choices=KeyTaskState, default=KeyTaskState.ASSIGNED)
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=60, blank=True, editable=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    assigned_at = models.DateTimeField(_("assigned"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("key task")
        verbose_name_plural = _("key tasks")
        ordering = ["deadline", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["state", "deadline"], name="key_task_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(begins_on__lte=models.F("deadline")), name="key_task_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_TASKS), closed_at=None)
                | (~Q(state__in=sorted(OPEN_TASKS)) & Q(closed_at__isnull=False)),
                name="key_task_closed_has_time",
            ),
            models.UniqueConstraint(fields=["origin"], condition=~Q(origin=""), name="key_task_made_once"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="key_task_moves", field="state", transitions=[(old.value, new.value) for old, new in KEY_TASK_MOVES]
            ),
            pgtrigger.ReadOnly(name="key_task_owner_frozen", fields=["source", "origin", "assigned_by", "assigned_at"]),
            pgtrigger.Protect(name="key_task_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TASKS


class KeyTaskParty(models.Model):
    """A district that the task is for. The lead answers for it; co-leads tell their own progress."""

    task = models.ForeignKey(KeyTask, on_delete=models.PROTECT, related_name="parties", verbose_name=_("key task"))
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    role = models.CharField(_("role"), max_length=10, choices=PartyRole)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("district of a key task")
        verbose_name_plural = _("districts of key tasks")
        ordering = ["task", "-role", "district__code"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["task", "district"], name="party_unique"),
            models.UniqueConstraint(fields=["task"], condition=Q(role=PartyRole.LEAD), name="one_lead"),
            models.UniqueConstraint(fields=["id", "district"], name="party_tenant"),
        ]
        triggers = [pgtrigger.Protect(name="party_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.district}: {self.task}"

    @property
    def is_lead(self) -> bool:
        return self.role == PartyRole.LEAD


class KeyTaskUpdate(models.Model):
    """How far a district says it is. Told between reports it counts at once and never changes; in a report it is part of the
    revision, changes with it, and counts once that is signed. `version` is for conflicts within the open revision."""

    party = models.ForeignKey(KeyTaskParty, on_delete=models.PROTECT, db_constraint=False, related_name="updates")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.CASCADE, db_constraint=False, related_name="task_updates")
    progress = models.PositiveSmallIntegerField(_("progress (%)"))
    text = models.TextField(_("what was done"), blank=True)
    version = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress of a key task")
        verbose_name_plural = _("progress of key tasks")
        ordering = ["at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["party", "-at"], name="update_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=MAX_PROGRESS), name="progress_is_per_cent"),
            models.UniqueConstraint(fields=["revision", "party"], name="update_once_in_revision"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="update_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
    IF (TG_OP <> 'INSERT' AND OLD.revision_id IS NULL) OR EXISTS (
        SELECT 1 FROM reporting_revision r WHERE r.signed_at IS NOT NULL
        AND r.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.revision_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.revision_id END)
    ) THEN
        RAISE EXCEPTION 'progress that was told does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
    """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.progress} %"


class KeyTaskRecord(models.Model):
    """A step in the life of a task. Append-only. `district` is the side that took it; none: the bureau."""

    task = models.ForeignKey(KeyTask, on_delete=models.PROTECT, related_name="records")
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(_("step"), max_length=20, choices=KeyTaskStep)
    note = models.TextField(_("note"), blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    deputy_of = models.CharField(max_length=300, blank=True)
    wanted = models.DateField(null=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step of a key task")
        verbose_name_plural = _("steps of key tasks")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_step_display()}"


class KeyTaskExtension(models.Model):
    """A request of the lead for a later deadline; at most one waits. Closed once, and then it does not change."""

    task = models.ForeignKey(KeyTask, on_delete=models.PROTECT, related_name="extensions")
    wanted = models.DateField(_("deadline asked for"))
    why = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    granted = models.BooleanField(_("granted"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)

    class Meta:
        verbose_name = _("request for a later deadline")
        verbose_name_plural = _("requests for later deadlines")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(answered_at=None), name="extension_waits_once"),
            models.CheckConstraint(
                condition=Q(granted=None, answered_at=None) | Q(granted__isnull=False, answered_at__isnull=False),
                name="extension_answered_has_time",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="extension_closed", operation=pgtrigger.Update, condition=pgtrigger.Q(old__answered_at__isnull=False)
            ),
            pgtrigger.Protect(name="extension_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.wanted}"

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None
