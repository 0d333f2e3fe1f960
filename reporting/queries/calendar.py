"""Deadlines as a calendar shows them: of a district's people their own reports', of the bureau's people the cycles'."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from districts.queries.access import AnyUser, works_at_bureau
from districts.queries.people import memberships_of
from reporting.enums import SubmissionState
from reporting.models import Cycle, Submission

_KEPT = timedelta(days=366)
"""How long past deadlines stay."""


@dataclass(frozen=True)
class Deadline:
    """`is_lock`: the end of handing in, else the due time. Of a whole cycle where there is no submission."""

    at: datetime
    is_lock: bool
    cycle: Cycle
    submission: Submission | None = None

    @property
    def uid(self) -> str:
        """The same for the same deadline, whenever it is moved to."""
        what = f"report-{self.submission.pk}" if self.submission else f"cycle-{self.cycle.pk}"
        return f"{what}-{'lock' if self.is_lock else 'due'}"


def deadlines_for(user: AnyUser, now: datetime) -> list[Deadline]:
    """What the person may know of, in the order of time. Three queries at most."""
    found = [*_own(user), *_of_cycles(user)]
    return sorted((item for item in found if item.at >= now - _KEPT), key=lambda item: (item.at, item.uid))


def _own(user: AnyUser) -> Iterator[Deadline]:
    districts = [membership.district_id for membership in memberships_of(user)]
    if not districts:
        return
    reports = Submission.objects.for_user(user).filter(district__in=districts, cycle__opened_at__isnull=False)
    for submission in reports.exclude(state=SubmissionState.RELEASED).select_related("cycle__definition", "district"):
        yield Deadline(submission.due_in_force, False, submission.cycle, submission)
        yield Deadline(submission.lock_in_force, True, submission.cycle, submission)


def _of_cycles(user: AnyUser) -> Iterator[Deadline]:
    if works_at_bureau(user):
        for cycle in Cycle.objects.opened().select_related("definition"):
            yield Deadline(cycle.due_at, False, cycle)
            yield Deadline(cycle.locks_at, True, cycle)
