"""A submission's life through the domain: the main path, replays, needs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from districts.errors import Conflict, NotAllowed, Refused
from reporting.domain.comments import address_comment, draft_comment
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import AnswerStatus, CommentState, SubmissionState
from reporting.models import Event, Submission
from tests.conftest import Cast
from tests.factories import NOW, approve, fill, sign, submit


def step(submission: Submission, name: str, actor: object, **kwargs: object) -> Submission:
    return apply_transition(submission=submission, name=name, actor=actor, now=NOW, **kwargs)  # type: ignore[arg-type]


def test_main_path_returns_corrects_and_approves(cast: Cast, submission: Submission) -> None:
    submit(submission, cast.head)
    step(submission, "begin_review", cast.reviewer)
    comment = draft_comment(submission=submission, question_key="P1", text="Check this", actor=cast.reviewer, now=NOW)
    returned = step(submission, "return", cast.reviewer, terms=Terms(due_at=NOW + timedelta(days=3)))
    assert returned.state == SubmissionState.RETURNED
    assert returned.working_revision is not None
    assert returned.working_revision.number == 2
    with pytest.raises(Refused, match="no answer yet"):
        step(submission, "hand_over", cast.officer)
    address_comment(comment=comment, reply="Corrected", actor=cast.officer, now=NOW)
    fill(submission, cast.officer, {"P1": "70"})
    step(submission, "hand_over", cast.officer)
    sign(submission, cast.head)
    approved = approve(submission, cast.approver)
    assert approved.state == SubmissionState.APPROVED
    assert approved.approved_revision is not None
    assert approved.approved_revision.number == 2
    total = approved.approved_revision.answers.get(question_key="TOTAL")
    assert (total.number, total.status) == (Decimal(110), AnswerStatus.REPORTED)
    comment.refresh_from_db()
    assert comment.state == CommentState.CLOSED
    kinds = list(Event.objects.filter(submission=submission).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["start", "hand_over", "sign", "begin_review", "return", "hand_over", "sign", "begin_review", "approve"]


def test_sign_replayed_gives_one_event_and_one_receipt(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    step(submission, "hand_over", cast.officer)
    first = sign(submission, cast.head)
    again = sign(submission, cast.head)
    assert first.working_revision is not None
    assert again.working_revision is not None
    assert first.working_revision.receipt_number == again.working_revision.receipt_number == "2026-S1-north-half-year-1"
    assert Event.objects.filter(submission=submission, kind="sign").count() == 1


def test_sign_after_a_change_that_the_signer_did_not_see_is_refused(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    step(submission, "hand_over", cast.officer)
    with pytest.raises(Conflict, match="Read it again"):
        step(submission, "sign", cast.head, terms=Terms(seen_digest="0" * 64, statement_accepted=True))
    with pytest.raises(Refused, match="Tick the statement"):
        step(submission, "sign", cast.head)
    with pytest.raises(NotAllowed):
        sign(submission, cast.officer)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.AWAITING_SIGNATURE
