"""Claiming a job and its items. Whoever is killed leaves a lease that runs out, and an item that is taken again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import F, QuerySet

from reporting.enums import ItemState, JobState
from reporting.models import Job, JobItem

LEASE = timedelta(seconds=60)
"""Renewed before each item, which takes seconds."""
MAX_TRIES = 3
"""Of an item whose worker was killed or ran out of time over it; then it is given up."""


@dataclass(frozen=True)
class Claim:
    """A job that nobody else works on, while the lease is renewed in time."""

    job: Job
    lease: UUID
    clock: Callable[[], datetime]

    def renew(self) -> bool:
        """Whether the job is still ours, and still to be done."""
        return bool(self._ours().update(leased_until=self.clock() + LEASE))

    def release(self) -> None:
        self._ours().update(lease=None, leased_until=None)

    def next_item(self) -> JobItem | None:
        """The next one to be done, with one more try counted; None where none is left."""
        waiting = JobItem.objects.filter(job=self.job, state=ItemState.WAITING)
        item = waiting.order_by("tries", "position").only("pk", "tries").first()
        if item is not None:
            waiting.filter(pk=item.pk).update(tries=F("tries") + 1)
        return item

    def _ours(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, lease=self.lease, state=JobState.RUNNING)


def claim_job(*, job_id: int, now: datetime, clock: Callable[[], datetime]) -> Claim | None:
    """None where somebody works on it, or nothing is to be done."""
    lease = uuid4()
    due = Job.objects.due(now).filter(pk=job_id)
    if not due.update(state=JobState.RUNNING, lease=lease, leased_until=now + LEASE):
        return None
    job = Job.objects.select_related("actor", "cycle__definition").get(pk=job_id)
    return Claim(job, lease, clock)
