"""Workbooks between upload and confirmation: kept for the person who uploaded them, saved as the page saves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, DomainError, Refused
from districts.models import User
from reporting.domain.answers import AnswerChange, editable_revision, save_answers
from reporting.models import Submission, WorkbookUpload
from reporting.queries.submissions import locked_submission

LIFETIME = timedelta(hours=24)
MAX_KEPT = 3
"""Uploads of one person for one report; the next one takes the place of the oldest."""
_MAX_NAME = 150


def need_editable(*, submission: Submission, actor: User, now: datetime) -> None:
    """Refuse, in the words of a save, who could not save answers now."""
    with transaction.atomic():
        editable_revision(submission, actor, now)


@dataclass(frozen=True)
class ReadWorkbook:
    """A file and what was read from it: changes, problems as stored, and where each question stands: sheet, row, column."""

    name: str
    content: bytes
    changes: Sequence[AnswerChange]
    problems: Sequence[Mapping[str, Any]]
    places: Mapping[str, Sequence[str | int]]


def keep_upload(*, submission: Submission, read: ReadWorkbook, actor: User, now: datetime) -> WorkbookUpload:
    """Keep what a workbook would change, for its preview; nothing of the report changes."""
    with transaction.atomic():
        revision = editable_revision(submission, actor, now)
        own = WorkbookUpload.objects.filter(submission=submission, uploaded_by=actor)
        kept = own.order_by("-uploaded_at", "-pk").values_list("pk", flat=True)[: MAX_KEPT - 1]
        own.exclude(pk__in=list(kept)).delete()
        return WorkbookUpload.objects.create(
            submission=submission,
            revision=revision,
            district_id=revision.district_id,
            name=_shown_name(read.name),
            content=read.content,
            changes=[asdict(change) for change in read.changes],
            problems=list(read.problems),
            places=dict(read.places),
            uploaded_by=actor,
            uploaded_at=now,
            expires_at=now + LIFETIME,
        )


def expire_uploads(*, now: datetime) -> int:
    """Delete what nobody can confirm any more, with the files; gives how many."""
    number, _by_model = WorkbookUpload.objects.filter(expires_at__lte=now).delete()
    return number


def changes_of(upload: WorkbookUpload) -> list[AnswerChange]:
    return [AnswerChange(**change) for change in upload.changes]


def confirm_upload(
    *, upload: WorkbookUpload, keys: Collection[str], settled: Mapping[str, int], actor: User, now: datetime
) -> list[str]:
    """Save the changes of these questions, once: asked again, it gives what was saved and saves nothing.

    `settled` are the versions of other people's answers that the person has seen and wants replaced. Raises what saving
    answers raises (StaleAnswer with both values), Conflict where the report is at another revision, Refused for no change.
    """
    with transaction.atomic():
        submission = locked_submission(upload.submission_id)
        kept = WorkbookUpload.objects.select_for_update().defer("content").get(pk=upload.pk)
        if kept.confirmed_at is not None:
            return list(kept.saved_keys)
        if editable_revision(submission, actor, now).pk != kept.revision_id:
            raise Conflict(_("The report has a newer revision than this workbook. Download a new workbook; nothing was saved."))
        wanted = _wanted(changes_of(kept), keys, settled)
        save_answers(submission=submission, changes=wanted, actor=actor, now=now)
        kept.saved_keys, kept.confirmed_at = [change.question_key for change in wanted], now
        kept.save(update_fields=["saved_keys", "confirmed_at"])
        return kept.saved_keys


def _wanted(changes: Sequence[AnswerChange], keys: Collection[str], settled: Mapping[str, int]) -> list[AnswerChange]:
    if not set(keys) <= {change.question_key for change in changes}:
        raise DomainError(_("This page is damaged or out of date. Reload it and try again; nothing was saved."))
    if not keys:
        raise Refused(_("Tick at least one change, or leave the page: nothing is saved before you confirm."))
    return [
        replace(change, seen_version=settled.get(change.question_key, change.seen_version))
        for change in changes
        if change.question_key in keys
    ]


def _shown_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[-_MAX_NAME:]
