"""Which reports somebody has checked, and which wait for a second person before they can be approved."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Prefetch, Q

from districts.models import User
from districts.queries.access import AnyUser
from reporting.enums import EventKind
from reporting.models import Event, Submission
from reporting.models.submission import SubmissionQuerySet

_CHECKS = Event.objects.filter(kind=EventKind.CHECK, submission=OuterRef("pk"), revision=OuterRef("working_revision"))
CHECKED = Exists(_CHECKS)
"""Whether somebody has checked the working revision of the submission."""


def _awaiting(user: AnyUser) -> Q:
    """The definition asks for two people, and nobody but this one has checked the working revision."""
    return Q(cycle__definition__needs_two_people=True) & ~Q(Exists(_CHECKS.exclude(actor=user.pk)))


def with_second_person(submissions: SubmissionQuerySet, user: AnyUser) -> SubmissionQuerySet:
    """Adds `awaits_check`: whether the person cannot approve it yet because nobody else has checked it."""
    return submissions.annotate(awaits_check=_awaiting(user))


def awaiting_check(pks: Collection[int], user: User) -> set[int]:
    """Those of the reports of which the same holds, as they stand in the database."""
    return set(Submission.objects.filter(_awaiting(user), pk__in=pks).values_list("pk", flat=True))


def with_checks(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Adds, read for the rows shown only, `checks`: the events of all revisions, with who made them."""
    checks = Event.objects.filter(kind=EventKind.CHECK).select_related("actor").order_by("at", "pk")
    return submissions.prefetch_related(Prefetch("events", queryset=checks, to_attr="checks"))


def checks_of(submission: Submission) -> list[Event]:
    """Of one from `with_checks`: those of its working revision."""
    return [event for event in getattr(submission, "checks", ()) if event.revision_id == submission.working_revision_id]
