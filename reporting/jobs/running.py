"""Doing a job's items one after another, for a while: safe to run twice, side by side, and to be killed anywhere.

What an item writes and that it is done are one transaction. What one item refuses or breaks is no other's matter.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.errors import DomainError
from reporting.domain.jobs import expire_jobs, finish_job
from reporting.domain.workbooks import expire_uploads
from reporting.enums import ItemState, JobState
from reporting.jobs.claiming import MAX_TRIES, Claims, begin_job
from reporting.models import Job, JobItem
from reporting.queries.jobs import due_job_ids

logger = logging.getLogger(__name__)

SECONDS = 10.0
"""Of one task, well below its limit; the rest is the next one's, and whatever waits in the queue comes in between."""
_OF_THE_RUN = (OperationalError, InterfaceError, SoftTimeLimitExceeded)
"""The database went away, or the task's time is up."""


@dataclass(frozen=True)
class Outcome:
    """What became of an item. `fields` are written to its row."""

    state: ItemState
    message: str = ""
    problems: Sequence[Mapping[str, Any]] = ()
    fields: Mapping[str, Any] | None = None


class Halted(Exception):
    """Ends the work on an item with this outcome; nothing of what the work wrote stays."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


Work = Callable[[Job, JobItem, datetime], Outcome]
"""Raises a DomainError for what it refuses, or Halted."""


def run_job(*, job_id: int, works: Mapping[str, Work], now: datetime, seconds: float = SECONDS) -> bool:
    """Do the job's free items for about so many seconds; what is left is rung for again. Gives whether any work was due."""
    start = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - start)

    claims = begin_job(job_id=job_id, clock=clock)
    if claims is None:
        return False
    with translation.override(claims.job.language):
        while (item := claims.next_item()) is not None:
            _run_item(claims, item, works[claims.job.kind])
            if time.monotonic() - start >= seconds:
                ring("reporting.run_job", job_id)
                return True
        if claims.is_over():
            finish_job(job=claims.job, state=JobState.DONE, now=clock())
    return True


def sweep_jobs(*, works: Mapping[str, Work], now: datetime) -> None:
    """Whatever a lost ring or a killed worker left, one task's time together; and what has expired goes, previews too."""
    expire_jobs(now=now)
    expire_uploads(now=now)
    end = time.monotonic() + SECONDS
    for job_id in due_job_ids(now):
        if time.monotonic() < end:
            run_job(job_id=job_id, works=works, now=now, seconds=end - time.monotonic())


def _run_item(claims: Claims, item: JobItem, work: Work) -> None:
    with transaction.atomic():
        locked = _locked(item)
        if locked is None:
            return
        outcome = _given_up() if item.tries >= MAX_TRIES else _outcome(work, claims, locked)
        fields = {
            "state": outcome.state,
            "message": outcome.message,
            "problems": list(outcome.problems),
            "lease": None,
            "leased_until": None,
            **(outcome.fields or {}),
        }
        JobItem.objects.filter(pk=locked.pk).update(**fields)


def _locked(item: JobItem) -> JobItem | None:
    """The item, where it waits still and its lease is ours."""
    found = JobItem.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=item.pk, state=ItemState.WAITING)
    return found.filter(job__state=JobState.RUNNING, lease=item.lease).first()


def _outcome(work: Work, claims: Claims, item: JobItem) -> Outcome:
    """What the work gives; nothing of what it wrote stays where it refuses or breaks."""
    try:
        with transaction.atomic():
            return work(claims.job, item, claims.clock())
    except _OF_THE_RUN:
        raise
    except Halted as halted:
        return halted.outcome
    except DomainError as error:
        return Outcome(ItemState.REFUSED, "\n".join(str(message) for message in error.messages))
    except Exception:  # whatever is wrong with one file must not hold up the others: it is logged, and shown as failed
        logger.exception("Item %s of job %s failed.", item.pk, claims.job.pk)
        return Outcome(ItemState.FAILED, _("Something went wrong over this file; the portal's log says what. Nothing was saved."))


def _given_up() -> Outcome:
    return Outcome(ItemState.FAILED, _("This file was given up after several tries. Nothing was saved."))
