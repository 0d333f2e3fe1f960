"""The reviewer's comments, and the district's answers to them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import User
from districts.queries.access import may
from reporting.domain.capacity import Capacity, need_review
from reporting.domain.texts import need_words
from reporting.enums import CommentState, SubmissionState
from reporting.models import Comment, Question, Submission
from reporting.queries.submissions import locked_submission


def draft_comment(*, submission: Submission, question_key: str, text: str, actor: User, now: datetime) -> Comment:
    """A reviewer's remark on a question (or on the whole report: blank key), kept as a draft until the report is returned."""
    with transaction.atomic():
        locked, capacity = _in_review(submission, actor)
        revision = locked.working_revision
        if revision is None:
            raise Conflict(_("This report has not been started."))
        asked = Question.objects.filter(section__version=revision.definition_version_id, key=question_key)
        if question_key and not asked.exists():
            raise DomainError(_("There is no such question in this report."))
        return Comment.objects.create(
            submission=locked,
            district_id=locked.district_id,
            revision=revision,
            question_key=question_key,
            text=need_words(text),
            author=actor,
            deputy_of=str(capacity.get("deputy_of", "")),
            created_at=now,
        )


def edit_comment(*, comment: Comment, text: str, seen_version: int, actor: User) -> Comment:
    """Rewrite a draft. Conflict where somebody else did so since it was shown."""
    with transaction.atomic():
        draft = _reviewed(comment, actor)
        if draft.text == text.strip():
            return draft
        if draft.state != CommentState.DRAFT:
            raise Conflict(_("This comment was sent to the district and cannot be rewritten. Write another one."))
        if draft.version != seen_version:
            raise Conflict(
                _("This comment was changed since you opened the page. It now reads: “%(text)s”. Yours: “%(yours)s”.")
                % {"text": draft.text, "yours": text}
            )
        draft.text, draft.version = need_words(text), draft.version + 1
        draft.save(update_fields=["text", "version"])
        return draft


def delete_comment(*, comment: Comment, actor: User) -> None:
    """Take back a comment that was not sent, or close one that was sent and is still open."""
    with transaction.atomic():
        draft = _reviewed(comment, actor)
        if draft.state == CommentState.DRAFT:
            draft.delete()
        else:
            draft.state = CommentState.CLOSED
            draft.save(update_fields=["state"])


def address_comment(*, comment: Comment, reply: str, actor: User, now: datetime) -> Comment:
    """The district's answer to an open comment; a second answer before handing over replaces the first."""
    with transaction.atomic():
        locked = locked_submission(comment.submission_id)
        if not may(actor, DistrictPermission.FILE, locked.district_id):
            raise NotAllowed(_("You may read this report and not fill it in."))
        current = Comment.objects.select_for_update().get(pk=comment.pk, submission=locked)
        if not locked.is_editable or locked.is_locked(now):
            raise Refused(_("This report cannot be changed now; your answer was not saved."))
        if current.state not in {CommentState.OPEN, CommentState.ADDRESSED}:
            raise Conflict(_("This comment needs no answer any more."))
        current.reply, current.state = need_words(reply), CommentState.ADDRESSED
        current.replied_by, current.replied_at, current.version = actor, now, current.version + 1
        current.save()
        return current


def _in_review(submission: Submission, actor: User) -> tuple[Submission, Capacity]:
    locked = locked_submission(submission.pk)
    capacity = need_review(actor, locked.district_id, _("Your role does not include reviewing this report."))
    if locked.state != SubmissionState.IN_REVIEW:
        raise Conflict(
            _("The report is “%(state)s”: comments are written while it is in review.") % {"state": locked.get_state_display()}
        )
    return locked, capacity


def _reviewed(comment: Comment, actor: User) -> Comment:
    """The comment, locked, while its report is in review; sent comments can only be closed."""
    locked, _capacity = _in_review(comment.submission, actor)
    return Comment.objects.select_for_update().get(pk=comment.pk, submission=locked)
