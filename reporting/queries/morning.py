"""What the morning digest lists for one person of the bureau."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from districts.models import OutgoingMail, User
from districts.queries.mails import failed_mails
from reporting.enums import SubmissionState
from reporting.models import Enquiry, KeyTask, Petition, Practice, Submission
from reporting.queries.enquiries import waiting_enquiries
from reporting.queries.key_tasks import asking_tasks, waiting_tasks
from reporting.queries.petitions import waiting_petitions
from reporting.queries.practices import waiting_practices
from reporting.queries.review import overdue, queue

SHOWN = 5
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class Waiting(Generic[_Row]):
    """The first few of what waits, and how many there are in all."""

    rows: Sequence[_Row]
    count: int


@dataclass(frozen=True)
class Morning:
    submitted: Waiting[Submission]
    in_review: Waiting[Submission]
    overdue: Waiting[Submission]
    enquiries: Waiting[Enquiry]
    petitions: Waiting[Petition]
    tasks: Waiting[KeyTask]
    asking: Waiting[KeyTask]
    practices: Waiting[Practice]
    mails: Waiting[OutgoingMail]


def morning_of(person: User, now: datetime) -> Morning:
    """Of the person's portfolio, longest waiting first."""
    waiting = queue(person)
    return Morning(
        submitted=_waiting(waiting.filter(state=SubmissionState.SUBMITTED)),
        in_review=_waiting(waiting.filter(state=SubmissionState.IN_REVIEW)),
        overdue=_waiting(overdue(person, now)),
        enquiries=_waiting(waiting_enquiries(person)),
        petitions=_waiting(waiting_petitions(person)),
        tasks=_waiting(waiting_tasks(person).order_by("deadline", "pk")),
        asking=_waiting(asking_tasks(person).order_by("deadline", "pk")),
        practices=_waiting(waiting_practices(person).select_related("district").order_by("pk")),
        mails=_waiting(failed_mails(person)),
    )


def _waiting(rows: "QuerySet[_Row]") -> Waiting[_Row]:
    shown = list(rows[: SHOWN + 1])
    return Waiting(shown[:SHOWN], len(shown) if len(shown) <= SHOWN else rows.count())


def people_without_digest(kind: str, since: datetime) -> QuerySet[User]:
    """Who works at the bureau, takes the digest and has none that was written since; who came later waits for the next."""
    written = OutgoingMail.objects.filter(kind=kind, created_at__gte=since)
    people = User.objects.filter(is_active=True, morning_digest=True, bureau_role__isnull=False, date_joined__lt=since)
    return people.exclude(pk__in=written.values("recipient")).order_by("pk")
