"""The bureau's steps on a report that somebody has read: refused where a later revision came in after the reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, DomainError, Text
from districts.models import User
from reporting.domain.comments import draft_comment
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import SubmissionState, TransitionName
from reporting.models import Submission
from reporting.queries.submissions import locked_submission
from reporting.transitions import TRANSITIONS


@dataclass(frozen=True)
class Read:
    """A report and the revision of it that the person had before the eyes."""

    submission: Submission
    revision_id: int | None


@dataclass(frozen=True)
class Outcome:
    """What became of one report of many; no refusals means that it was done."""

    submission: Submission
    refusals: Sequence[Text]


def take_review_step(
    *, read: Read, name: str, actor: User, now: datetime, note: str = "", terms: Terms | None = None
) -> Submission:
    """`apply_transition` on exactly the revision that was read. Raises what it raises, and Conflict for a newer revision."""
    with transaction.atomic():
        locked = locked_submission(read.submission.pk)
        if locked.state in TRANSITIONS[name].sources:
            need_same_revision(locked, read)
        return apply_transition(submission=locked, name=name, actor=actor, now=now, note=note, terms=terms)


def return_report(*, read: Read, comment: str, note: str, terms: Terms, actor: User, now: datetime) -> Submission:
    """Return what was read; `comment`, where it is not blank, is a last one on the whole report. Nothing of it is kept where the
    return is refused."""
    with transaction.atomic():
        locked = locked_submission(read.submission.pk)
        if comment.strip() and not _is_written(locked, comment, actor):
            if locked.state == SubmissionState.IN_REVIEW:
                need_same_revision(locked, read)
            draft_comment(submission=locked, question_key="", text=comment, actor=actor, now=now)
        return take_review_step(read=read, name=TransitionName.RETURN, actor=actor, now=now, note=note, terms=terms)


def _is_written(submission: Submission, comment: str, actor: User) -> bool:
    """Whether it is there already (double click)."""
    return submission.comments.filter(question_key="", author=actor, text=comment.strip()).exists()


def need_same_revision(locked: Submission, read: Read) -> None:
    """Raises Conflict where the report's revision is not the one that was read."""
    if locked.working_revision_id != read.revision_id:
        raise Conflict(_("The district has signed a newer revision since you opened this page. Read it first."))


def approve_many(*, chosen: Sequence[Read], actor: User, now: datetime) -> Iterator[Outcome]:
    """Approve each by itself; one refusal does not stop the others."""
    for read in chosen:
        try:
            take_review_step(read=read, name=TransitionName.APPROVE, actor=actor, now=now)
        except DomainError as error:
            yield Outcome(read.submission, error.messages)
        else:
            yield Outcome(read.submission, ())
