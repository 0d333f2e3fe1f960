"""Reads of jobs: a person's own alone, and of what they hold the districts that the person still reviews."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser, district_ids_for, works_at_bureau
from reporting.enums import ItemState
from reporting.models import Job, JobItem, Submission
from reporting.models.job import JobQuerySet
from reporting.models.submission import SubmissionQuerySet


def jobs_of(user: AnyUser) -> JobQuerySet:
    """The person's own, while the person is at the bureau; a colleague's are to nobody, to administrators neither."""
    found = Job.objects.select_related("cycle__definition")
    return found.filter(actor_id=user.pk) if works_at_bureau(user) else found.none()


def with_counts(jobs: JobQuerySet) -> JobQuerySet:
    """Adds `settled` and `wrong`: how many items are done with, and how many of these were refused or failed."""
    wrong = Q(items__state__in=[ItemState.REFUSED, ItemState.FAILED])
    return jobs.annotate(settled=Count("items", filter=~Q(items__state=ItemState.WAITING)), wrong=Count("items", filter=wrong))


def items_of(job: Job, user: AnyUser) -> QuerySet[JobItem]:
    """Without the files themselves. What belongs to a district that is not the person's any more is left out."""
    found = job.items.select_related("submission").defer("content", "marked").order_by("position")
    return found.filter(Q(district=None) | Q(district__in=district_ids_for(user, DistrictPermission.REVIEW)))


def counts_of(job: Job) -> Mapping[str, int]:
    """How many items there are in each state."""
    rows = job.items.order_by().values("state").annotate(number=Count("pk"))
    found = {row["state"]: row["number"] for row in rows}
    return {state: found.get(state, 0) for state in ItemState.values}


def files_of(items: QuerySet[JobItem], field: str) -> Iterator[tuple[str, bytes]]:
    """The names and files of the items that have one, one in memory at a time."""
    with_file = items.exclude(**{field: None}).values_list("pk", "name")
    for pk, name in list(with_file):
        content = JobItem.objects.filter(pk=pk).values_list(field, flat=True).first()
        if content is not None:
            yield name, bytes(content)


def reports_to_write(user: AnyUser, cycle_id: int) -> SubmissionQuerySet:
    """The reports of a cycle that the person reviews and that are expected."""
    reports = Submission.objects.for_user(user, DistrictPermission.REVIEW).filter(cycle=cycle_id)
    return reports.exclude(state="released").select_related("district").order_by("district__code", "pk")


def due_job_ids(now: datetime) -> list[int]:
    return list(Job.objects.due(now).order_by("created_at", "pk").values_list("pk", flat=True))
