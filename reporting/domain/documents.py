"""Asking for a symposium's documents, keeping what was built, and replacing the templates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from districts.doorbell import ring
from districts.errors import NotAllowed, Refused
from districts.models import User
from districts.queries.access import is_bureau_administrator
from reporting.domain.jobs import MAX_UNFINISHED
from reporting.domain.texts import file_name
from reporting.enums import JobKind
from reporting.enums.symposiums import DocumentKind
from reporting.models import DocumentTemplate, Job, JobItem, Symposium, SymposiumDocument

JOB_OF = {DocumentKind.BRIEFING: JobKind.BRIEFING, DocumentKind.MINUTES: JobKind.MINUTES}


def ask_for_document(*, symposium: Symposium, kind: DocumentKind, actor: User, now: datetime) -> Job:
    """A job with a part for each district with an approved report, and the document last. One that is being made is given again.

    Raises NotAllowed or Refused (too many jobs).
    """
    _need_administrator(actor)
    with transaction.atomic():
        User.objects.select_for_update().values_list("pk").get(pk=actor.pk)
        unfinished = Job.objects.unfinished().filter(actor=actor)
        running = unfinished.filter(kind=JOB_OF[kind], symposium=symposium).first()
        if running is not None:
            return running
        if unfinished.count() >= MAX_UNFINISHED:
            raise Refused(
                _("You have %(limit)d jobs that are not finished. Wait for one of them, or cancel it.")
                % {"limit": MAX_UNFINISHED}
            )
        language = translation.get_language() or "en"
        fields: dict[str, Any] = {"kind": JOB_OF[kind], "cycle": symposium.cycle, "symposium": symposium, "language": language}
        job = Job.objects.create(actor=actor, created_at=now, name=file_name(symposium.label), **fields)
        items = _parts(job, symposium, kind)
        JobItem.objects.bulk_create(items)
        job.item_count = len(items)
        job.save(update_fields=["item_count"])
        ring("reporting.run_job", job.pk)
        return job


def _parts(job: Job, symposium: Symposium, kind: DocumentKind) -> list[JobItem]:
    found = []
    if kind == DocumentKind.BRIEFING:
        reports = symposium.cycle.submissions.filter(approved_revision__isnull=False).select_related("district")
        for position, report in enumerate(reports.order_by("district__code"), start=1):
            found.append(
                JobItem(job=job, position=position, submission=report, district=report.district, name=report.district_label)
            )
    name = _("%(document)s %(period)s") % {"document": kind.label, "period": symposium.cycle.period}
    return [*found, JobItem(job=job, position=len(found) + 1, name=f"{file_name(name)}.docx")]


def keep_document(
    *, job: Job, name: str, content: bytes, numbers: Sequence[dict[str, Any]], template: DocumentTemplate | None, now: datetime
) -> SymposiumDocument:
    """What the job has built, for as long as the symposium is kept; its parts go."""
    if job.symposium is None:
        raise ValueError(job)
    JobItem.objects.filter(job=job).update(content=None)
    return SymposiumDocument.objects.create(
        symposium=job.symposium,
        kind=DocumentKind(job.kind),
        name=name,
        content=content,
        numbers=list(numbers),
        template=template,
        as_of=now,
        made_by=job.actor,
    )


def replace_template(*, kind: DocumentKind, name: str, content: bytes, actor: User, now: datetime) -> DocumentTemplate:
    """From now on documents are built from this one; without content from the portal's own again. What was built stays.

    That it can be filled in the caller has seen to (`reporting.documents.writing.check_template`).
    """
    _need_administrator(actor)
    with transaction.atomic():
        User.objects.select_for_update().values_list("pk").get(pk=actor.pk)
        latest = DocumentTemplate.objects.filter(kind=kind).first()
        if latest is not None and bytes(latest.content) == content:
            return latest
        return DocumentTemplate.objects.create(
            kind=kind, name=file_name(name) if name else "", content=content, uploaded_by=actor, uploaded_at=now
        )


def _need_administrator(actor: User) -> None:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator has documents built and replaces their templates."))
