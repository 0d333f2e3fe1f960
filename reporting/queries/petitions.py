"""Requests of districts about their reports: those of one report, and those of a person's portfolio."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import BooleanField, Case, Count, QuerySet, Value, When

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser
from reporting.enums import UNSUBMITTED_STATES, PetitionKind, PetitionState, SubmissionState
from reporting.models import Cycle, Petition, Submission
from reporting.queries.enquiries import ASKERS

ANSWERED_WITH = {PetitionKind.EXTENSION: DistrictPermission.REVIEW, PetitionKind.CORRECTION: DistrictPermission.APPROVE}
"""Who grants and refuses: giving a due time is the reviewer's, reopening the approver's."""
_RELATED = ("submission__cycle__definition", "district", "asked_by", "closed_by")


def petitions_of(submission: Submission) -> list[Petition]:
    """The report's requests, latest first."""
    return list(submission.petitions.select_related("asked_by", "closed_by"))


def waiting_petition(submission: Submission, kind: PetitionKind) -> Petition | None:
    """The one that waits on a report that is locked, knowing it by that report."""
    found = submission.petitions.filter(kind=kind, state=PetitionState.WAITING).select_related("asked_by").first()
    if found is not None:
        found.submission = submission
    return found


def askable(
    submission: Submission, permissions: frozenset[DistrictPermission], petitions: Iterable[Petition], now: datetime
) -> frozenset[str]:
    """The kinds of request that the person can make now."""
    if not ASKERS & permissions:
        return frozenset()
    waiting = {petition.kind for petition in petitions if petition.is_waiting}
    extends = submission.state in UNSUBMITTED_STATES and now <= submission.due_in_force
    possible = {PetitionKind.EXTENSION: extends, PetitionKind.CORRECTION: submission.state == SubmissionState.APPROVED}
    return frozenset(kind.value for kind, is_possible in possible.items() if is_possible and kind not in waiting)


def petitions_for(user: AnyUser, perm: DistrictPermission = DistrictPermission.VIEW) -> QuerySet[Petition]:
    """Of the districts on which the person holds the permission, with what their pages show."""
    return Petition.objects.for_user(user, perm).select_related(*_RELATED)


def bureau_petitions(user: AnyUser) -> QuerySet[Petition]:
    """Those of the person's portfolio, with `is_closed` to put what waits first."""
    is_closed = Case(When(state=PetitionState.WAITING, then=Value(False)), default=Value(True), output_field=BooleanField())
    return petitions_for(user, DistrictPermission.REVIEW).annotate(is_closed=is_closed)


def waiting_petitions(user: AnyUser) -> QuerySet[Petition]:
    """What waits for the bureau's answer, longest first."""
    return petitions_for(user, DistrictPermission.REVIEW).filter(state=PetitionState.WAITING).order_by("asked_at", "pk")


def waiting_counts(user: AnyUser) -> dict[str, int]:
    """How many of each kind wait in the person's portfolio."""
    rows = Petition.objects.for_user(user, DistrictPermission.REVIEW).filter(state=PetitionState.WAITING)
    return dict(rows.order_by().values_list("kind").annotate(number=Count("pk")))


def lock_reports_that_ask(cycle: Cycle) -> list[Submission]:
    """The cycle's reports on which an extension request waits and whose due time is the cycle's, locked."""
    asking = Petition.objects.filter(
        kind=PetitionKind.EXTENSION, state=PetitionState.WAITING, submission__cycle=cycle, submission__due_at=None
    )
    pks = list(asking.order_by("submission").values_list("submission", flat=True))
    list(Submission.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    found = Submission.objects.filter(pk__in=pks, due_at=None).order_by("pk")
    return list(found.select_related("cycle__definition", "district", "working_revision"))
