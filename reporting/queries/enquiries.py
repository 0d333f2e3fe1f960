"""Questions of districts to the bureau: those of one report, and those of a person's portfolio."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser
from reporting.enums import UNSUBMITTED_STATES, EnquiryState
from reporting.models import Enquiry, EnquiryMessage, Submission

ASKERS = frozenset({DistrictPermission.FILE, DistrictPermission.SIGN})
"""Whoever holds one of these on a district asks for it."""
ASKING_STATES = UNSUBMITTED_STATES
"""While a report is the district's own."""
_RELATED = ("submission__cycle__definition", "district", "question__indicator", "asked_by")


@dataclass(frozen=True)
class Thread:
    enquiry: Enquiry
    messages: tuple[EnquiryMessage, ...]

    @property
    def key(self) -> str:
        """The question's, blank for the whole report."""
        return self.enquiry.question.key if self.enquiry.question else ""


def may_ask(submission: Submission, permissions: frozenset[DistrictPermission]) -> bool:
    return submission.state in ASKING_STATES and bool(ASKERS & permissions)


def threads_of(submission: Submission) -> list[Thread]:
    """The report's threads, in the order in which they were begun, in one query."""
    found: dict[int, list[EnquiryMessage]] = {}
    rows = EnquiryMessage.objects.filter(enquiry__submission=submission, district=submission.district_id)
    related = rows.select_related("author", "enquiry__question__indicator")
    for message in related.order_by("enquiry__asked_at", "enquiry", "at", "pk"):
        found.setdefault(message.enquiry_id, []).append(message)
    return [Thread(messages[0].enquiry, tuple(messages)) for messages in found.values()]


def thread_of(enquiry: Enquiry) -> Thread:
    return Thread(enquiry, tuple(enquiry.messages.select_related("author").order_by("at", "pk")))


def enquiries_for(user: AnyUser, perm: DistrictPermission = DistrictPermission.VIEW) -> QuerySet[Enquiry]:
    """Of the districts on which the person holds the permission, with what their pages show."""
    return Enquiry.objects.for_user(user, perm).select_related(*_RELATED)


def bureau_enquiries(user: AnyUser) -> QuerySet[Enquiry]:
    """Those of the person's portfolio, with `rank`: waiting, then answered, then closed."""
    ranks = [When(state=EnquiryState.WAITING, then=Value(0)), When(state=EnquiryState.ANSWERED, then=Value(1))]
    return enquiries_for(user, DistrictPermission.REVIEW).annotate(
        rank=Case(*ranks, default=Value(2), output_field=IntegerField())
    )


def waiting_enquiries(user: AnyUser) -> QuerySet[Enquiry]:
    """What waits for the bureau's answer, longest first."""
    return enquiries_for(user, DistrictPermission.REVIEW).filter(state=EnquiryState.WAITING).order_by("latest_at", "pk")
