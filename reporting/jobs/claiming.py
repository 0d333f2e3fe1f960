"""Claiming the items of a job. Whoever is killed leaves a lease that runs out, and an item that is taken again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from reporting.enums import ItemState, JobState
from reporting.models import Job, JobItem

LEASE = timedelta(seconds=60)
"""Of one item, which takes seconds."""
MAX_TRIES = 3
"""Of an item whose worker was killed or ran out of time over it; then it is given up."""


@dataclass(frozen=True)
class Claims:
    """One worker's items of a job, one after another."""

    job: Job
    clock: Callable[[], datetime]

    def next_item(self) -> JobItem | None:
        """The next one to be done, leased, with one more try counted; None where none is free, or enough work on the job."""
        now = self.clock()
        with transaction.atomic():
            if not Job.objects.select_for_update().unfinished().filter(pk=self.job.pk).exists():
                return None
            waiting = JobItem.objects.filter(job=self.job, state=ItemState.WAITING)
            if waiting.filter(leased_until__gte=now).count() >= self.job.places:
                return None
            free = waiting.filter(Q(leased_until=None) | Q(leased_until__lt=now)).only("pk", "tries", "job_id")
            item = free.order_by(*self.job.item_order).first()
            if item is not None:
                item.lease = uuid4()
                waiting.filter(pk=item.pk).update(lease=item.lease, leased_until=now + LEASE, tries=item.tries + 1)
            return item

    def is_over(self) -> bool:
        """Whether nothing is left to be done, by anybody."""
        return not JobItem.objects.filter(job=self.job, state=ItemState.WAITING).exists()


def begin_job(*, job_id: int, clock: Callable[[], datetime]) -> Claims | None:
    """None where nothing is to be done."""
    due = Job.objects.due(clock()).filter(pk=job_id)
    if not due.exists():
        return None
    Job.objects.filter(pk=job_id, state=JobState.WAITING).update(state=JobState.RUNNING)
    return Claims(Job.objects.select_related("actor", "cycle__definition").get(pk=job_id), clock)
