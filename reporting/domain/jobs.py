"""Jobs of the bureau: asked for, cancelled, and deleted when their time is over. What works on them is `reporting/jobs/`."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.enums import DistrictPermission
from districts.errors import NotAllowed, Refused
from districts.models import User
from districts.queries.access import bureau_may
from reporting.domain.texts import file_name
from reporting.enums import FINISHED_JOBS, JobKind, JobState
from reporting.models import Cycle, Job, JobItem, Submission
from reporting.queries.jobs import counts_of, reports_to_write

KEPT_FOR = timedelta(days=7)
MAX_UNFINISHED = 5
"""Of one person."""
_ALL_AT_ONCE = 200
_EXPIRED_AT_ONCE = 20
File = tuple[str, bytes]


def ask_for_workbooks(*, cycle: Cycle, actor: User, now: datetime) -> Job:
    """A workbook of each report that the person reviews. One that is being made already is given again.

    Raises NotAllowed or Refused (no report, too many jobs).
    """

    def items() -> list[JobItem]:
        reports = reports_to_write(actor, cycle.pk)
        return [JobItem(submission=report, district=report.district, name=_name_of(report, cycle)) for report in reports]

    with transaction.atomic():
        _need_bureau(actor)
        running = Job.objects.unfinished().filter(kind=JobKind.DOWNLOAD, actor=actor, cycle=cycle).first()
        return running or _start(
            JobKind.DOWNLOAD, cycle, actor, now, items, _("No district of your portfolio reports in this cycle.")
        )


def take_workbooks(*, cycle: Cycle, name: str, files: Sequence[File], actor: User, now: datetime) -> Job:
    """Read the files one after another, each for itself. Raises NotAllowed or Refused (no file, too many jobs)."""

    def items() -> list[JobItem]:
        return [JobItem(name=file_name(own), content=content) for own, content in files]

    with transaction.atomic():
        _need_bureau(actor)
        job = _start(JobKind.UPLOAD, cycle, actor, now, items, _("There is no workbook in this archive."))
        Job.objects.filter(pk=job.pk).update(name=file_name(name))
        return job


def cancel_job(*, job: Job, actor: User, now: datetime) -> bool:
    """End the person's own job before its next item; what was done stays. Gives whether there was anything to end."""
    if job.actor_id != actor.pk:
        raise NotAllowed(_("Only who began a job cancels it."))
    return finish_job(job=job, state=JobState.CANCELLED, now=now)


def finish_job(*, job: Job, state: JobState, now: datetime) -> bool:
    """Once: the first end counts."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().unfinished().filter(pk=job.pk).first()
        if locked is None:
            return False
        counts = counts_of(locked)
        locked.state, locked.finished_at, locked.expires_at = state, now, now + KEPT_FOR
        locked.done_count = sum(counts.values()) - counts["waiting"]
        locked.lease = locked.leased_until = None
        locked.save()
        return True


def expire_jobs(*, now: datetime) -> int:
    """Delete the files of the jobs whose time is over; that they were there is kept. Gives of how many jobs."""
    over = Job.objects.filter(state__in=FINISHED_JOBS, expires_at__lte=now).order_by("expires_at", "pk")
    count = 0
    for job in over[:_EXPIRED_AT_ONCE]:
        with transaction.atomic():
            count += Job.objects.filter(pk=job.pk, state__in=FINISHED_JOBS).update(state=JobState.EXPIRED)
            JobItem.objects.filter(job=job).delete()
    return count


def _need_bureau(actor: User) -> None:
    """Locks the person, so that two requests at once are one after the other."""
    User.objects.select_for_update().values_list("pk").get(pk=actor.pk)
    if not bureau_may(actor, DistrictPermission.REVIEW):
        raise NotAllowed(_("Only the bureau exchanges workbooks of many districts."))


def _start(kind: JobKind, cycle: Cycle, actor: User, now: datetime, items: Callable[[], list[JobItem]], nothing: str) -> Job:
    if cycle.opened_at is None:
        raise Refused(_("This cycle is not open yet."))
    if Job.objects.unfinished().filter(actor=actor).count() >= MAX_UNFINISHED:
        raise Refused(
            _("You have %(limit)d jobs that are not finished. Wait for one of them, or cancel it.") % {"limit": MAX_UNFINISHED}
        )
    made = items()
    if not made:
        raise Refused(nothing)
    language = translation.get_language() or "en"
    job = Job.objects.create(kind=kind, cycle=cycle, actor=actor, language=language, item_count=len(made), created_at=now)
    for position, item in enumerate(made, start=1):
        item.job, item.position = job, position
    JobItem.objects.bulk_create(made, batch_size=_ALL_AT_ONCE)
    ring("reporting.run_job", job.pk)
    return job


def _name_of(report: Submission, cycle: Cycle) -> str:
    """Of its workbook, in the reader's language; the code keeps two of one name apart."""
    return file_name(f"{cycle.period} {report.district.code} {report.district_label.replace('/', ' ')}.xlsx")
