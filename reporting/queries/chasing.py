"""Whom the bureau can chase for a report, and when it did so last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _

from districts.enums import HEAD_ROLES, DistrictRole
from districts.models import User
from districts.queries.access import AnyUser
from districts.queries.people import members_of
from reporting.enums import UNSUBMITTED_STATES, EventKind
from reporting.models import Event, Submission
from reporting.models.cycle import effective
from reporting.queries.review import reviewable

REST = timedelta(hours=1)
"""How long a report is left in peace after it was chased."""


@dataclass(frozen=True)
class Chase:
    """A report, who would be written to about it, and why it is not possible now (blank: it is)."""

    submission: Submission
    recipients: Sequence[User]
    problem: str


def chases_of(submissions: Collection[Submission], now: datetime) -> list[Chase]:
    """Each report with its officers and head; two queries."""
    people = members_of({one.district_id for one in submissions}, (DistrictRole.OFFICER, *HEAD_ROLES))
    events = Event.objects.filter(submission__in=submissions, kind=EventKind.CHASE).order_by()
    latest = dict(events.values("submission").annotate(latest=Max("at")).values_list("submission", "latest"))
    return [
        Chase(one, recipients, _problem(one, recipients, latest.get(one.pk), now))
        for one in submissions
        for recipients in [people.get(one.district_id, [])]
    ]


def chosen_for_chasing(user: AnyUser, pks: Collection[int], now: datetime) -> list[Chase]:
    """The chosen reports of the person's portfolio; others are as if they were not there."""
    return chases_of(list(reviewable(user).filter(pk__in=pks).order_by("cycle__due_at", "district__code", "pk")), now)


def overdue_reports(user: AnyUser, cycle_id: int, now: datetime) -> list[int]:
    """The portfolio's reports of a cycle that are owed past their due time, by their numbers."""
    owed = reviewable(user).filter(LessThan(effective("due_at"), now), cycle=cycle_id, state__in=UNSUBMITTED_STATES)
    return list(owed.order_by("district__code", "pk").values_list("pk", flat=True))


def _problem(submission: Submission, recipients: Sequence[User], latest: datetime | None, now: datetime) -> str:
    if submission.state not in UNSUBMITTED_STATES:
        return _("This report is “%(state)s”: there is nothing to chase.") % {"state": submission.get_state_display()}
    if latest is not None and now - latest < REST:
        minutes = int((now - latest).total_seconds() // 60)
        return _("This district was chased %(minutes)d minutes ago; wait until an hour has passed.") % {"minutes": minutes}
    return "" if recipients else _("Nobody fills in or signs reports for this district. Invite somebody first.")
