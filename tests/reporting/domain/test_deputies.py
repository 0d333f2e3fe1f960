"""What a deputy does with reports: marked as done as deputy, in the queue of who is away, and never both pairs of eyes."""

from datetime import timedelta
from typing import Any

import pytest

from districts.errors import NotAllowed, Refused
from districts.models import OutgoingMail
from reporting.domain.chasing import chase
from reporting.domain.checking import mark_checked
from reporting.domain.comments import draft_comment
from reporting.domain.cycles import extend_submission
from reporting.domain.enquiries import answer_enquiry, ask_bureau
from reporting.domain.review import Read
from reporting.domain.submissions import apply_transition
from reporting.enums import EventKind, TransitionName
from reporting.models import Definition, Event, Submission
from reporting.queries.review import queue
from tests.conftest import Cast
from tests.factories import NOW, depute, submit
from tests.reporting.admin.helpers import in_review, page_of, signed_in
from tests.reporting.views.browser import as_user, text_of

DEPUTY = {"deputy_of": "Reviewer"}


def data_of(submission: Submission) -> dict[str, object]:
    return dict(Event.objects.filter(submission=submission).values_list("kind", "data"))


def test_deputy_takes_the_steps_of_the_absent_marked_as_deputy(cast: Cast, submission: Submission) -> None:
    due_at = NOW + timedelta(days=12)
    with pytest.raises(NotAllowed):
        chase(submission=submission, text="Please.", actor=cast.south_reviewer, now=NOW)
    depute(cast.reviewer, cast.south_reviewer)
    chase(submission=submission, text="Please.", actor=cast.south_reviewer, now=NOW)
    extend_submission(submission=submission, due_at=due_at, note="", actor=cast.south_reviewer, now=NOW)
    submitted = submit(submission, cast.head)
    assert list(queue(cast.south_reviewer)) == [submitted]
    apply_transition(submission=submitted, name=TransitionName.BEGIN_REVIEW, actor=cast.south_reviewer, now=NOW)
    read = Read(submitted, submitted.working_revision_id)
    event = mark_checked(read=read, note="", actor=cast.south_reviewer, now=NOW)
    assert event.capacity == "deputy of Reviewer"
    assert data_of(submission) == {
        EventKind.CHASE: {"is_standard": False} | DEPUTY,
        EventKind.EXTEND: {"due_at": due_at.strftime("%Y-%m-%dT%H:%M:%SZ")} | DEPUTY,
        TransitionName.START: {},
        TransitionName.HAND_OVER: {},
        TransitionName.SIGN: {},
        TransitionName.BEGIN_REVIEW: DEPUTY,
        EventKind.CHECK: DEPUTY,
    }
    with pytest.raises(NotAllowed):
        apply_transition(submission=submitted, name=TransitionName.APPROVE, actor=cast.south_reviewer, now=NOW)
    assert "South Reviewer, deputy of Reviewer" in text_of(as_user(cast.observer).get(f"/reports/{submission.pk}/history/"))
    page = signed_in(cast.reviewer).get(page_of(submission)).content.decode()
    assert page.count("deputy of Reviewer") == 5  # four events, and the check above the report


def test_answers_and_comments_of_a_deputy_say_so(cast: Cast, submission: Submission) -> None:
    depute(cast.reviewer, cast.south_reviewer)
    asked = ask_bureau(submission=submission, question_key="", text="Which base?", actor=cast.officer, now=NOW)
    answer_enquiry(enquiry=asked, text="The revised one.", actor=cast.south_reviewer, now=NOW)
    answer_enquiry(enquiry=asked, text="As published.", actor=cast.reviewer, now=NOW)
    assert [message.capacity for message in asked.messages.all()] == ["", "deputy of Reviewer", ""]
    reviewed = in_review(submission, cast)
    comment: dict[str, Any] = {"submission": reviewed, "question_key": "plans", "now": NOW}
    draft_comment(**comment, text="Why?", actor=cast.south_reviewer)
    draft_comment(**comment, text="When?", actor=cast.reviewer)
    assert {one.text: one.capacity for one in reviewed.comments.all()} == {"Why?": "deputy of Reviewer", "When?": ""}
    thread = signed_in(cast.reviewer).get(f"/admin/reporting/enquiry/{asked.pk}/change/").content.decode()
    district = text_of(as_user(cast.officer).get(f"/reports/{submission.pk}/questions/{asked.pk}/"))
    said = "South Reviewer, deputy of Reviewer"
    assert [page.count(said) for page in (thread, district)] == [1, 1]
    assert said in signed_in(cast.approver).get(page_of(submission)).content.decode()


def test_step_in_the_own_right_is_no_deputys(cast: Cast, submission: Submission) -> None:
    depute(cast.reviewer, cast.approver)
    in_review(submission, cast)
    assert data_of(submission)[TransitionName.BEGIN_REVIEW] == {}


def test_new_report_is_mailed_to_the_deputy_too(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    depute(cast.reviewer, cast.south_reviewer)
    submit(submission, cast.head)
    submit(south_submission, cast.south_head)
    told = OutgoingMail.objects.filter(kind="submitted").order_by("pk").values_list("district__code", "recipient__full_name")
    assert list(told) == [("north", "Reviewer"), ("north", "South Reviewer"), ("south", "South Reviewer")]


def test_deputy_does_not_approve_what_nobody_else_checked(cast: Cast, submission: Submission) -> None:
    Definition.objects.update(needs_two_people=True)
    reviewed = in_review(submission, cast)
    depute(cast.approver, cast.reviewer)
    read = Read(reviewed, reviewed.working_revision_id)
    mark_checked(read=read, note="", actor=cast.reviewer, now=NOW)
    with pytest.raises(Refused, match="somebody else has to mark it"):
        apply_transition(submission=reviewed, name=TransitionName.APPROVE, actor=cast.reviewer, now=NOW)
    mark_checked(read=read, note="", actor=cast.approver, now=NOW)
    approved = apply_transition(submission=reviewed, name=TransitionName.APPROVE, actor=cast.reviewer, now=NOW)
    assert (approved.state, data_of(approved)[TransitionName.APPROVE]) == ("approved", {"deputy_of": "Approver"})


def test_deputy_of_an_approver_is_offered_to_approve_several(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    lists = "/admin/reporting/submission/"
    assert "approve_selected" not in signed_in(cast.reviewer).get(lists).content.decode()
    depute(cast.approver, cast.reviewer)
    assert "approve_selected" in signed_in(cast.reviewer).get(lists).content.decode()
