"""The bureau's steps over HTTP: what each needs, what a repetition does, who is refused, and what foreign reports answer."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from reporting.domain.comments import draft_comment
from reporting.models import Comment, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import LATER, address_all, in_review, page_of, signed_in, state_of, step, step_url

STEPS = ["begin_review", "return", "approve", "reopen"]


def add_draft(submission: Submission, cast: Cast, text: str = "Please check P1.") -> Comment:
    return draft_comment(submission=submission, question_key="P1", text=text, actor=cast.reviewer, now=factories.NOW)


def kinds(submission: Submission) -> list[str]:
    return list(submission.events.order_by("at", "pk").values_list("kind", flat=True))


def test_review_from_begin_to_return_to_approve_to_reopen(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    reviewer, approver = signed_in(cast.reviewer), signed_in(cast.approver)
    assert step(reviewer, submission, "begin_review").status_code == 302
    add_draft(submission, cast)
    assert step(reviewer, submission, "return", {"due_at": LATER, "note": "See P1."}).status_code == 302
    assert (state_of(submission), submission.comments.get().state) == ("returned", "open")
    address_all(submission, cast.officer)
    factories.submit(submission, cast.head, {"P1": "61"}, now=factories.NOW)
    assert step(approver, submission, "begin_review").status_code == 302
    assert step(approver, submission, "approve").status_code == 302
    assert state_of(submission) == "approved"
    assert step(approver, submission, "reopen", {"due_at": LATER, "note": "A revised base."}).status_code == 302
    assert state_of(submission) == "returned"
    assert kinds(submission)[-3:] == ["begin_review", "approve", "reopen"]


@pytest.mark.parametrize(
    ("name", "given"),
    [("begin_review", {}), ("return", {"due_at": LATER}), ("approve", {}), ("reopen", {"due_at": LATER, "note": "x"})],
)
def test_step_posted_twice_makes_one_event(cast: Cast, submission: Submission, name: str, given: dict[str, str]) -> None:
    factories.submit(submission, cast.head)
    client = signed_in(cast.approver)
    if name != "begin_review":
        step(client, submission, "begin_review")
    if name == "return":
        add_draft(submission, cast)
    if name == "reopen":
        step(client, submission, "approve")
    body = {"revision": Submission.objects.get(pk=submission.pk).working_revision_id} | given
    first = client.post(step_url(submission, name), body)
    second = client.post(step_url(submission, name), body)
    assert (first.status_code, second.status_code) == (302, 302)
    assert kinds(submission).count(name) == 1


def test_return_without_comment_or_due_time_keeps_what_was_typed(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = step(signed_in(cast.reviewer), submission, "return", {"note": "Almost there", "due_at": ""})
    assert response.status_code == 422
    body = response.content.decode()
    assert "Write at least one comment" in body
    assert "Give the new due time." in body
    assert "Almost there" in body
    assert state_of(submission) == "in_review"


def test_return_takes_its_first_comment_on_the_same_page(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client, given = signed_in(cast.reviewer), {"comment": "Which year is meant?", "due_at": LATER}
    assert 'name="comment"' in client.get(step_url(submission, "return")).content.decode()
    refused = step(client, submission, "return", given | {"due_at": ""})
    assert (refused.status_code, "Which year is meant?" in refused.content.decode()) == (422, True)
    assert not submission.comments.exists()
    body = {"revision": Submission.objects.get(pk=submission.pk).working_revision_id or ""} | given
    assert [client.post(step_url(submission, "return"), body).status_code for _again in range(2)] == [302, 302]
    comment = submission.comments.get()
    assert (comment.text, comment.state, comment.question_key, comment.author) == (
        "Which year is meant?", "open", "", cast.reviewer,
    )  # fmt: skip


def test_return_with_comments_asks_for_no_other_and_keeps_one_that_was_typed(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.reviewer)
    revision = Submission.objects.get(pk=submission.pk).working_revision_id
    add_draft(submission, cast)
    assert 'name="comment"' not in client.get(step_url(submission, "return")).content.decode()
    given = {"revision": revision, "comment": "Which year is meant?", "due_at": LATER}
    step(signed_in(cast.approver), submission, "return", {"due_at": LATER})
    late = client.post(step_url(submission, "return"), given)
    assert (late.status_code, "Which year is meant?" in late.content.decode()) == (409, True)
    assert submission.comments.count() == 1


def test_return_with_an_unreadable_due_time_says_what_is_expected(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = step(signed_in(cast.reviewer), submission, "return", {"due_at": "tomorrow"})
    assert response.status_code == 422
    assert "such as 2024-07-31 18:00" in response.content.decode()


def test_return_due_time_is_read_in_the_portals_zone(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    add_draft(submission, cast)
    step(signed_in(cast.reviewer), submission, "return", {"due_at": LATER})
    due_at = Submission.objects.get(pk=submission.pk).due_at
    assert due_at is not None
    assert due_at.isoformat() == f"{LATER[:4]}-07-31T10:00:00+00:00"


def test_approve_with_a_draft_comment_is_refused(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    add_draft(submission, cast)
    response = step(signed_in(cast.approver), submission, "approve")
    assert response.status_code == 422
    assert state_of(submission) == "in_review"
    assert Comment.objects.filter(submission=submission, state="draft").count() == 1


def test_approve_by_a_reviewer_is_forbidden(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    assert step(signed_in(cast.reviewer), submission, "approve").status_code == 403
    assert state_of(submission) == "in_review"


def test_approve_of_a_revision_that_was_not_read_is_a_conflict(cast: Cast, submission: Submission) -> None:
    read = in_review(submission, cast).working_revision_id
    add_draft(submission, cast)
    step(signed_in(cast.reviewer), submission, "return", {"due_at": LATER})
    address_all(submission, cast.officer)
    in_review(submission, cast)
    response = signed_in(cast.approver).post(step_url(submission, "approve"), {"revision": read})
    assert response.status_code == 409
    assert "newer revision" in response.content.decode()
    assert state_of(submission) == "in_review"


@pytest.mark.parametrize("name", STEPS)
def test_step_pages_ask_first(cast: Cast, submission: Submission, name: str) -> None:
    in_review(submission, cast)
    assert signed_in(cast.approver).get(step_url(submission, name)).status_code == 200
    assert state_of(submission) == "in_review"


@pytest.mark.parametrize("name", [*STEPS, "start", "hand_over", "sign", "recall", "nonsense"])
def test_foreign_and_missing_reports_answer_alike(
    cast: Cast, submission: Submission, south_submission: Submission, name: str
) -> None:
    in_review(south_submission, cast)
    client = signed_in(cast.reviewer)
    foreign, missing = step_url(south_submission, name), reverse("admin:reporting_submission_step", args=[999_999, name])
    assert [client.get(foreign).status_code, client.get(missing).status_code] == [404, 404]
    assert [client.post(foreign, {}).status_code, client.post(missing, {}).status_code] == [404, 404]
    assert state_of(south_submission) == "in_review"


@pytest.mark.parametrize("name", ["start", "hand_over", "sign", "take_back", "recall"])
def test_the_districts_steps_are_not_here(cast: Cast, submission: Submission, name: str) -> None:
    assert signed_in(cast.administrator).post(step_url(submission, name), {}).status_code == 404
    assert state_of(submission) == "not_started"


def test_own_due_time_moves_this_report_alone(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    client, url = signed_in(cast.reviewer), reverse("admin:reporting_submission_due", args=[submission.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"due_at": LATER, "note": "Flood"}).status_code == 302
    assert client.post(url, {"due_at": LATER, "note": "Flood"}).status_code == 302
    submission.refresh_from_db()
    south_submission.refresh_from_db()
    assert (submission.due_at is not None, south_submission.due_at) == (True, None)
    assert kinds(submission) == ["extend"]


def test_own_due_time_in_the_past_is_refused(cast: Cast, submission: Submission) -> None:
    url = reverse("admin:reporting_submission_due", args=[submission.pk])
    response = signed_in(cast.reviewer).post(url, {"due_at": "2020-01-01T12:00", "note": ""})
    assert response.status_code == 422
    submission.refresh_from_db()
    assert submission.due_at is None


def test_due_time_at_the_end_of_the_calendar_is_refused_and_breaks_no_page(cast: Cast, submission: Submission) -> None:
    client, url = signed_in(cast.reviewer), reverse("admin:reporting_submission_due", args=[submission.pk])
    given = {"due_at": "9999-12-31T23:59", "note": "Flood"}
    response = client.post(url, given)
    assert (response.status_code, "more than two years ahead" in response.content.decode()) == (422, True)
    far = datetime(9999, 12, 31, 15, 59, tzinfo=UTC)
    Submission.objects.filter(pk=submission.pk).update(due_at=far, locks_at=far)
    assert [client.get(url).status_code, client.post(url, given).status_code] == [200, 422]


def test_own_due_time_of_a_foreign_report_is_not_found(cast: Cast, south_submission: Submission) -> None:
    url = reverse("admin:reporting_submission_due", args=[south_submission.pk])
    assert signed_in(cast.reviewer).post(url, {"due_at": LATER}).status_code == 404
    south_submission.refresh_from_db()
    assert south_submission.due_at is None


def test_page_shows_only_the_steps_that_the_role_has(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    reviewer = signed_in(cast.reviewer).get(page_of(submission)).content.decode()
    approver = signed_in(cast.approver).get(page_of(submission)).content.decode()
    offered = [step_url(submission, name) for name in STEPS]
    assert [url in reviewer for url in offered] == [False, True, False, False]
    assert [url in approver for url in offered] == [False, True, True, False]
