"""Comments: drafts stay at the bureau, sent ones are answered, and none disappears."""

from typing import Any

import pytest

from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import User
from reporting.domain.comments import address_comment, delete_comment, draft_comment, edit_comment
from reporting.domain.submissions import Terms
from reporting.domain.texts import MAX_TEXT
from reporting.models import Comment, Submission
from reporting.queries.reports import report_page
from tests.conftest import Cast
from tests.factories import NOW, approve
from tests.reporting.domain.states import LATER, begin_review, bring_to, do, reread, resubmit, send_back


@pytest.fixture
def reviewed(cast: Cast, submission: Submission) -> Submission:
    begin_review(submission, cast)
    return reread(submission)


def _draft(submission: Submission, actor: User, **fields: Any) -> Comment:
    values: dict[str, Any] = {"question_key": "P1", "text": "Check this"}
    return draft_comment(submission=submission, actor=actor, now=NOW, **values | fields)


def test_draft_is_written_on_the_revision_under_review(cast: Cast, reviewed: Submission) -> None:
    comment = _draft(reviewed, cast.reviewer, text="  Check\x00 this ")
    assert (comment.state, comment.text, comment.author, comment.revision) == (
        "draft",
        "Check this",
        cast.reviewer,
        reviewed.working_revision,
    )
    assert (comment.district, comment.created_at, comment.version) == (cast.north, NOW, 1)


def test_draft_is_seen_by_the_bureau_only(cast: Cast, reviewed: Submission) -> None:
    comment, general = _draft(reviewed, cast.reviewer), _draft(reviewed, cast.reviewer, question_key="")
    page = report_page(reread(reviewed))
    assert (page.rows["P1"].comments, page.comments) == ((), ())
    with_drafts = report_page(reread(reviewed), with_drafts=True)
    assert (with_drafts.rows["P1"].comments, with_drafts.comments) == ((comment,), (general,))
    do(reviewed, "return", cast.reviewer, terms=Terms(due_at=LATER))
    sent = report_page(reread(reviewed))
    assert (sent.rows["P1"].open_comments, sent.comments) == ([comment], (general,))


@pytest.mark.parametrize("state", ["not_started", "draft", "awaiting_signature", "submitted", "returned", "approved"])
def test_comments_are_written_in_review_only(state: str, cast: Cast, submission: Submission) -> None:
    found = bring_to(state, submission, cast)
    before = list(Comment.objects.values())
    with pytest.raises(Conflict, match="while it is in review"):
        _draft(found, cast.reviewer)
    for comment in Comment.objects.all():
        with pytest.raises(Conflict):
            edit_comment(comment=comment, text="Other", seen_version=comment.version, actor=cast.reviewer)
        with pytest.raises(Conflict):
            delete_comment(comment=comment, actor=cast.reviewer)
    assert list(Comment.objects.values()) == before


def test_comments_are_the_reviewers_of_the_district(cast: Cast, reviewed: Submission) -> None:
    comment = _draft(reviewed, cast.reviewer)
    for actor in (cast.head, cast.officer, cast.south_reviewer, cast.south_head, cast.outsider):
        with pytest.raises(NotAllowed):
            _draft(reviewed, actor)
        with pytest.raises(NotAllowed):
            edit_comment(comment=comment, text="Other", seen_version=1, actor=actor)
        with pytest.raises(NotAllowed):
            delete_comment(comment=comment, actor=actor)
    assert edit_comment(comment=comment, text="Mine too", seen_version=1, actor=cast.approver).version == 2
    assert _draft(reviewed, cast.administrator).pk


@pytest.mark.parametrize("key", ["NOPE", "p1", "P1 "])
def test_comment_on_no_question_is_refused(key: str, cast: Cast, reviewed: Submission) -> None:
    with pytest.raises(DomainError, match="no such question"):
        _draft(reviewed, cast.reviewer, question_key=key)


def test_comment_at_a_computed_value_is_possible(cast: Cast, reviewed: Submission) -> None:
    assert _draft(reviewed, cast.reviewer, question_key="TOTAL").question_key == "TOTAL"


@pytest.mark.parametrize(
    ("text", "message"), [("", "Write something"), (" \n\x00", "Write something"), ("x" * (MAX_TEXT + 1), "5001")]
)
def test_text_is_neither_blank_nor_too_long(text: str, message: str, cast: Cast, reviewed: Submission) -> None:
    comment = _draft(reviewed, cast.reviewer, text="x" * MAX_TEXT)
    with pytest.raises(Refused, match=message):
        _draft(reviewed, cast.reviewer, text=text)
    with pytest.raises(Refused, match=message):
        edit_comment(comment=comment, text=text, seen_version=1, actor=cast.reviewer)


def test_stale_edit_is_refused_with_both_texts(cast: Cast, reviewed: Submission) -> None:
    comment = _draft(reviewed, cast.reviewer)
    edit_comment(comment=comment, text="Theirs", seen_version=1, actor=cast.approver)
    with pytest.raises(Conflict, match=r"It now reads: “Theirs”. Yours: “Mine”"):
        edit_comment(comment=comment, text="Mine", seen_version=1, actor=cast.reviewer)
    assert edit_comment(comment=comment, text=" Theirs", seen_version=1, actor=cast.reviewer).version == 2
    assert Comment.objects.get().text == "Theirs"


def test_draft_is_deleted_and_sent_comment_is_closed(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    resubmit(submission, cast)
    do(submission, "begin_review", cast.reviewer)
    sent = submission.comments.get()
    second = _draft(reread(submission), cast.reviewer, text="More")
    delete_comment(comment=second, actor=cast.reviewer)
    delete_comment(comment=sent, actor=cast.reviewer)
    assert list(submission.comments.values_list("state", "text", "reply")) == [("closed", "Check this", "It is right")]
    with pytest.raises(Conflict, match="cannot be rewritten"):
        edit_comment(comment=sent, text="Other", seen_version=2, actor=cast.reviewer)


def test_comment_is_carried_from_revision_to_revision_until_approval(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    page = report_page(reread(submission))
    (carried,) = page.rows["P1"].comments
    assert (carried.state, carried.revision.number, page.revision.number) == ("addressed", 1, 2)  # type: ignore[union-attr]
    resubmit(submission, cast)
    do(submission, "recall", cast.head)
    assert [comment.state for comment in report_page(reread(submission)).rows["P1"].comments] == ["addressed"]
    resubmit(submission, cast)
    approve(submission, cast.approver)
    assert Comment.objects.get().state == "closed"


def test_answer_marks_addressed_and_a_second_one_replaces_it(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast, answered=False)
    comment = submission.comments.get()
    for actor in (cast.observer, cast.reviewer, cast.approver, cast.south_officer, cast.outsider):
        with pytest.raises(NotAllowed):
            address_comment(comment=comment, reply="x", actor=actor, now=NOW)
    for reply in ("", " \x00 "):
        with pytest.raises(Refused, match="Write something"):
            address_comment(comment=comment, reply=reply, actor=cast.officer, now=NOW)
    assert Comment.objects.get().state == "open"
    address_comment(comment=comment, reply="First", actor=cast.officer, now=NOW)
    address_comment(comment=comment, reply="Second", actor=cast.head, now=LATER)
    found = Comment.objects.get()
    assert (found.state, found.reply, found.replied_by, found.replied_at) == ("addressed", "Second", cast.head, LATER)
    assert (found.text, found.author) == ("Check this", cast.reviewer)


def test_answer_is_not_possible_once_handed_over(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    do(submission, "hand_over", cast.officer)
    with pytest.raises(Refused, match="cannot be changed now"):
        address_comment(comment=submission.comments.get(), reply="Late", actor=cast.officer, now=NOW)
    assert Comment.objects.get().reply == "It is right"


def test_closed_and_draft_comments_take_no_answer(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    comment = submission.comments.get()
    for state in ("closed", "draft"):
        Comment.objects.update(state=state)
        with pytest.raises(Conflict, match="needs no answer"):
            address_comment(comment=comment, reply="x", actor=cast.officer, now=NOW)
