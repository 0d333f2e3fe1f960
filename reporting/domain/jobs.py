"""Jobs of the bureau: asked for, cancelled, and deleted when their time is over. What works on them is `reporting/jobs/`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed, Refused
from districts.models import User
from districts.queries.access import bureau_may
from reporting.domain.texts import file_name
from reporting.enums import FINISHED_JOBS, ItemState, JobKind, JobState
from reporting.models import Cycle, Job, JobItem, Submission
from reporting.queries.jobs import counts_of, reports_to_write

KEPT_FOR = timedelta(days=7)
MAX_UNFINISHED = 5
"""Of one person."""
_ALL_AT_ONCE = 200
_EXPIRED_AT_ONCE = 20
File = tuple[str, bytes | DomainError]
"""Its name, and what is in it or why it was refused at once."""


def ask_for_workbooks(*, cycle: Cycle, actor: User, now: datetime) -> Job:
    """A workbook of each report that the person reviews. One that is being made already is given again.

    Raises NotAllowed or Refused (no report, too many jobs).
    """
    with transaction.atomic():
        _need_bureau(actor)
        running = Job.objects.unfinished().filter(kind=JobKind.DOWNLOAD, actor=actor, cycle=cycle).first()
        if running is not None:
            return running
        job = _start(JobKind.DOWNLOAD, cycle, actor, now)
        items = [
            JobItem(job=job, position=position, submission=report, district=report.district, name=_name_of(report, cycle))
            for position, report in enumerate(reports_to_write(actor, cycle.pk), start=1)
        ]
        JobItem.objects.bulk_create(items, batch_size=_ALL_AT_ONCE)
        return _begun(job, len(items), _("No district of your portfolio reports in this cycle."))


def take_workbooks(*, cycle: Cycle, name: str, files: Iterable[File], actor: User, now: datetime) -> Job:
    """Read the files one after another, each for itself. Raises NotAllowed or Refused (no file, too many jobs), and what `files`
    raises."""
    with transaction.atomic():
        _need_bureau(actor)
        job, count = _start(JobKind.UPLOAD, cycle, actor, now, name=file_name(name)), 0
        for count, (own, content) in enumerate(files, start=1):
            item = JobItem(job=job, position=count, name=file_name(own))
            if isinstance(content, DomainError):
                item.state, item.message = ItemState.REFUSED, "\n".join(map(str, content.messages))
            else:
                item.content = content
            item.save()
        return _begun(job, count, _("There is no workbook in this archive."))


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


def _start(kind: JobKind, cycle: Cycle, actor: User, now: datetime, *, name: str = "") -> Job:
    if cycle.opened_at is None:
        raise Refused(_("This cycle is not open yet."))
    if Job.objects.unfinished().filter(actor=actor).count() >= MAX_UNFINISHED:
        raise Refused(
            _("You have %(limit)d jobs that are not finished. Wait for one of them, or cancel it.") % {"limit": MAX_UNFINISHED}
        )
    language = translation.get_language() or "en"
    return Job.objects.create(kind=kind, cycle=cycle, actor=actor, language=language, name=name, created_at=now)


def _begun(job: Job, items: int, nothing: str) -> Job:
    """Raises Refused, in the words of `nothing`, for a job without an item."""
    if not items:
        raise Refused(nothing)
    job.item_count = items
    job.save(update_fields=["item_count"])
    for _place in range(min(items, job.places)):
        ring("reporting.run_job", job.pk)
    return job


def _name_of(report: Submission, cycle: Cycle) -> str:
    """Of its workbook, in the reader's language; the code keeps two of one name apart."""
    return file_name(f"{cycle.period} {report.district.code} {report.district_label.replace('/', ' ')}.xlsx")
