"""Reports in each state, for tests of what can be done from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from districts.models import User
from reporting.domain.comments import address_comment, draft_comment
from reporting.domain.submissions import Terms, apply_transition, current_digest
from reporting.enums import SubmissionState, TransitionName
from reporting.models import Submission
from tests.conftest import Cast
from tests.factories import NOW, approve, fill, sign, submit

LATER = NOW + timedelta(days=3)


def reread(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def do(submission: Submission, name: str, actor: User, *, now: datetime = NOW, **fields: Any) -> Submission:
    return apply_transition(submission=submission, name=name, actor=actor, now=now, **fields)


def hand_over(submission: Submission, cast: Cast) -> None:
    fill(submission, cast.officer)
    do(submission, TransitionName.HAND_OVER, cast.officer)


def begin_review(submission: Submission, cast: Cast) -> None:
    submit(submission, cast.head)
    do(submission, TransitionName.BEGIN_REVIEW, cast.reviewer)


def send_back(submission: Submission, cast: Cast, *, answered: bool = True, due_at: datetime = LATER) -> None:
    """Review and return, with one comment; answered by the district if asked."""
    begin_review(submission, cast)
    comment = draft_comment(submission=submission, question_key="P1", text="Check this", actor=cast.reviewer, now=NOW)
    do(submission, TransitionName.RETURN, cast.reviewer, terms=Terms(due_at=due_at))
    if answered:
        address_comment(comment=comment, reply="It is right", actor=cast.officer, now=NOW)


def _approve(submission: Submission, cast: Cast) -> None:
    submit(submission, cast.head)
    approve(submission, cast.approver)


_S = SubmissionState
_WAYS: dict[str, Callable[[Submission, Cast], object]] = {
    _S.NOT_STARTED: lambda _submission, _cast: None,
    _S.DRAFT: lambda submission, cast: fill(submission, cast.officer),
    _S.AWAITING_SIGNATURE: hand_over,
    _S.SUBMITTED: lambda submission, cast: submit(submission, cast.head),
    _S.IN_REVIEW: begin_review,
    _S.RETURNED: send_back,
    _S.APPROVED: _approve,
    _S.RELEASED: lambda submission, cast: do(submission, TransitionName.RELEASE, cast.approver, note="Because"),
}


def bring_to(state: str, submission: Submission, cast: Cast) -> Submission:
    """The report in the state, complete, with everything met that the next steps need of it."""
    _WAYS[state](submission, cast)
    found = reread(submission)
    assert found.state == state
    return found


def resubmit(submission: Submission, cast: Cast, now: datetime = NOW) -> Submission:
    """From returned or draft, as it stands, to submitted."""
    do(submission, TransitionName.HAND_OVER, cast.head, now=now)
    return sign(submission, cast.head, now)


def signature(submission: Submission) -> Terms:
    return Terms(seen_digest=current_digest(reread(submission)), statement_accepted=True)
