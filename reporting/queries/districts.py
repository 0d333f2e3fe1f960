"""What a change of a district touches: the open cycles that it can join, and its reports in open cycles."""

from datetime import datetime

from django.db.models import Q, QuerySet

from districts.models import District
from reporting.enums import SubmissionState
from reporting.models import Cycle, Submission
from reporting.models.cycle import CycleQuerySet
from reporting.models.submission import SubmissionQuerySet


def joinable_cycles(district: District | None, now: datetime) -> CycleQuerySet:
    """The open cycles in which the district has no report; for a new one, all of them."""
    running = Cycle.objects.running(now).select_related("definition").order_by("due_at", "pk")
    return running.exclude(submissions__district=district) if district else running


def open_reports(district: District) -> SubmissionQuerySet:
    """What the district still owes, by due time."""
    owed = Submission.objects.filter(district=district, cycle__opened_at__isnull=False).unsubmitted()
    return owed.select_related("cycle__definition").order_by("cycle__due_at", "pk")


def released_reports(district: District, now: datetime) -> SubmissionQuerySet:
    """Those of open cycles that are not expected."""
    found = Submission.objects.filter(district=district, state=SubmissionState.RELEASED, cycle__in=Cycle.objects.running(now))
    return found.order_by("cycle__due_at", "pk")


def mergeable(successor: District) -> QuerySet[District]:
    """What can be merged into this one: all others without a closing date, and those that it goes on for already."""
    others = District.objects.exclude(pk=successor.pk).order_by("code")
    return others.filter(Q(ends_on=None) | Q(succession__successor=successor))
