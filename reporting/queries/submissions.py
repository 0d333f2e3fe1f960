"""Submissions: one locked for a step, and the lists of home and queue."""

from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser
from reporting.enums import UNSUBMITTED_STATES, CommentState, EnquiryState, EventKind, SubmissionState
from reporting.models import Enquiry, Event, Submission
from reporting.models.cycle import effective
from reporting.models.submission import SubmissionQuerySet

_RELATED = ("cycle__definition", "cycle__definition_version", "district", "working_revision", "approved_revision")


def locked_submission(pk: int) -> Submission:
    """The submission with all that a step needs, its row locked until the transaction ends. Raises Submission.DoesNotExist.

    Locked first and read then: one query for both would give the row as it is now beside revisions as they were before the wait.
    """
    Submission.objects.select_for_update().values_list("pk").get(pk=pk)
    return Submission.objects.select_related(*_RELATED).get(pk=pk)


def asked_version(submission: Submission) -> int:
    """The version of the definition that the report answers, or will."""
    revision = submission.working_revision
    return revision.definition_version_id if revision else submission.cycle.definition_version_id


def submissions_for(user: AnyUser, perm: DistrictPermission = DistrictPermission.VIEW) -> SubmissionQuerySet:
    """What the person may see (or do `perm` on), of opened cycles, with `due`, `lock` and the count of open comments."""
    return (
        Submission.objects.for_user(user, perm)
        .filter(cycle__opened_at__isnull=False)
        .with_deadlines()
        .select_related(*_RELATED)
        .annotate(open_comment_count=Count("comments", filter=Q(comments__state=CommentState.OPEN)))
    )


def sent_back(submission: Submission) -> Event | None:
    """The bureau's last return or reopening, where the district corrects after it; reads nothing in any other state."""
    if submission.state != SubmissionState.RETURNED:
        return None
    return submission.events.filter(kind__in=[EventKind.RETURN, EventKind.REOPEN]).order_by("-at", "-pk").first()


def owed(user: AnyUser, now: datetime) -> SubmissionQuerySet:
    """What needs attention, most urgent first: reports whose time is running, and those never handed in, locked or not. With
    `answered_enquiry_count`: the questions to the bureau that have an answer and are not closed; None for none."""
    asked = Enquiry.objects.filter(submission=OuterRef("pk"), state=EnquiryState.ANSWERED).order_by().values("submission")
    answered = asked.annotate(number=Count("pk"))
    running = GreaterThanOrEqual(effective("locks_at"), now)
    return (
        submissions_for(user)
        .filter(Q(state__in=UNSUBMITTED_STATES) | Q(running))
        .exclude(state=SubmissionState.RELEASED)
        .annotate(answered_enquiry_count=Subquery(answered.values("number")))
        .order_by(effective("due_at"), "district__code", "pk")
    )


def past(user: AnyUser, now: datetime) -> SubmissionQuerySet:
    """The reports that were handed in and whose time is over, and those that are not expected, latest first."""
    return (
        submissions_for(user)
        .exclude(state__in=UNSUBMITTED_STATES)
        .filter(Q(LessThan(effective("locks_at"), now)) | Q(state=SubmissionState.RELEASED))
        .order_by(effective("due_at").desc(), "district__code", "pk")
    )
