"""Long jobs of the bureau: the queue, the progress and the result in two tables."""

from collections.abc import Sequence
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.models import District
from reporting.enums import FINISHED_JOBS, JOBS_IN_ORDER, UNFINISHED_JOBS, ItemState, JobKind, JobState
from reporting.models.cycle import Cycle
from reporting.models.submission import Submission
from reporting.models.symposium import Symposium

AT_ONCE = 2
_MOVES = [
    (JobState.WAITING, JobState.RUNNING),
    *((state, end) for state in UNFINISHED_JOBS for end in FINISHED_JOBS),
    *((end, JobState.EXPIRED) for end in FINISHED_JOBS),
]


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=UNFINISHED_JOBS)

    def due(self, now: datetime) -> "JobQuerySet":
        """What is to be worked on: an item is free, or all are done and nobody has said so."""
        waiting = JobItem.objects.filter(job=models.OuterRef("pk"), state=ItemState.WAITING)
        free = waiting.filter(Q(leased_until=None) | Q(leased_until__lt=now))
        return self.unfinished().filter(models.Exists(free) | ~models.Exists(waiting))

    def kept(self, now: datetime) -> "JobQuerySet":
        """What has a result that can be had, whole or in part."""
        return self.filter(Q(state__in=UNFINISHED_JOBS) | Q(state__in=FINISHED_JOBS, expires_at__gt=now))


class Job(models.Model):
    """Of one person, in the language in which it was asked for. Its items are cut so that a task does many of them.

    `item_count` and `done_count` are kept after the items were deleted; until a job is finished its items say what is done.
    """

    kind = models.CharField(_("job"), max_length=10, choices=JobKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+", verbose_name=_("cycle"))
    language = models.CharField(max_length=10)
    name = models.CharField(_("file"), max_length=150, blank=True)
    symposium = models.ForeignKey(
        Symposium, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("symposium")
    )
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    item_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["actor", "-created_at"], name="job_by_actor"),
            models.Index(fields=["created_at"], condition=Q(state__in=UNFINISHED_JOBS), name="job_unfinished"),
            models.Index(fields=["expires_at"], condition=Q(state__in=FINISHED_JOBS), name="job_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UNFINISHED_JOBS, finished_at=None, expires_at=None)
                | (~Q(state__in=UNFINISHED_JOBS) & Q(finished_at__isnull=False, expires_at__isnull=False)),
                name="job_finished_has_times",
            )
        ]
        triggers = [
            pgtrigger.FSM(name="job_moves", field="state", transitions=[(old.value, new.value) for old, new in _MOVES]),
            pgtrigger.ReadOnly(name="job_owner_frozen", fields=["kind", "actor", "cycle", "language", "created_at"]),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s, %(cycle)s") % {"kind": self.get_kind_display(), "cycle": self.cycle}

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED_JOBS

    @property
    def places(self) -> int:
        """How many workers are at its items at once: a job of many files leaves the others room."""
        return 1 if self.kind in JOBS_IN_ORDER else AT_ONCE

    @property
    def item_order(self) -> Sequence[str]:
        """What was tried in vain comes after the rest, where the order does not matter."""
        return ["position"] if self.kind in JOBS_IN_ORDER else ["tries", "position"]

    def has_result(self, now: datetime) -> bool:
        return self.state in FINISHED_JOBS and self.expires_at is not None and now < self.expires_at


class JobItem(models.Model):
    """One district's workbook to be written, one file to be read, or one part of a document.

    A file's report is known once it was read and is one that the person reviews; until then it is nobody's.
    `problems` are, in order, a sheet, a cell and a text each.
    Whoever does it has leased it until then; a lease that has run out was a killed worker's.
    `content` is the workbook that was written or sent in, or the part; `marked` a copy with what is wrong at its cells.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    name = models.CharField(_("file"), max_length=200, blank=True)
    submission = models.ForeignKey(Submission, null=True, db_constraint=False, on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)
    problems = models.JSONField(default=list)
    content = models.BinaryField(null=True)
    marked = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("file of a job")
        verbose_name_plural = _("files of jobs")
        ordering = ["job", "position"]
        default_permissions = ()
        indexes = [models.Index(fields=["job", "state", "position"], name="item_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="item_unique"),
            models.CheckConstraint(
                condition=Q(submission=None, district=None) | Q(submission__isnull=False, district__isnull=False),
                name="item_report_has_district",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.position)
