"""A reviewer's comments: kept as drafts, never lost, never overwritten silently, never seen by the district before the return."""

import pytest
from django.urls import reverse

from reporting.domain.comments import draft_comment, edit_comment
from reporting.models import Comment, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import in_review, page_of, signed_in

HTMX = {"HX-Request": "true"}


def add_url(submission: Submission) -> str:
    return reverse("admin:reporting_submission_comment_add", args=[submission.pk])


def comment_url(comment: Comment, action: str = "comment") -> str:
    return reverse(f"admin:reporting_submission_{action}", args=[comment.submission_id, comment.pk])


@pytest.fixture
def draft(cast: Cast, submission: Submission) -> Comment:
    reviewed = in_review(submission, cast)
    return draft_comment(submission=reviewed, question_key="P1", text="First words", actor=cast.reviewer, now=factories.NOW)


def test_comment_is_kept_as_a_draft_and_shown_at_its_question(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.reviewer)
    response = client.post(add_url(submission), {"question_key": "P1", "text": "Why so high?"})
    assert response.headers["Location"] == f"{page_of(submission)}#comments-P1"
    comment = submission.comments.get()
    assert (comment.text, comment.state, comment.author, comment.question_key) == ("Why so high?", "draft", cast.reviewer, "P1")
    assert "Why so high?" in client.get(page_of(submission)).content.decode()


def test_comment_fragment_holds_that_question_alone(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = signed_in(cast.reviewer).post(add_url(submission), {"question_key": "", "text": "In all: good."}, headers=HTMX)
    body = response.content.decode()
    assert response.status_code == 200
    assert 'id="comments-whole-report"' in body
    assert "In all: good." in body
    assert "<html" not in body


def test_comment_at_an_unknown_question_is_refused(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = signed_in(cast.reviewer).post(add_url(submission), {"question_key": "nowhere", "text": "Hello"})
    assert response.status_code == 400
    assert not submission.comments.exists()


def test_comment_that_is_too_long_comes_back_as_typed(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    text = "a" * 5_001
    response = signed_in(cast.reviewer).post(add_url(submission), {"question_key": "P1", "text": text})
    assert response.status_code == 422
    assert text in response.content.decode()
    assert not submission.comments.exists()


def test_comment_after_the_review_ended_comes_back_as_typed(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    response = signed_in(cast.reviewer).post(add_url(submission), {"question_key": "P1", "text": "Too early?"}, headers=HTMX)
    assert response.status_code == 409
    assert "Too early?" in response.content.decode()


def test_edit_of_a_moved_draft_is_a_conflict_that_shows_both(cast: Cast, draft: Comment) -> None:
    edit_comment(comment=draft, text="Second words", seen_version=1, actor=cast.approver)
    for headers in ({}, HTMX):
        response = signed_in(cast.reviewer).post(comment_url(draft), {"text": "Rival words", "version": "1"}, headers=headers)
        body = response.content.decode()
        assert response.status_code == 409
        assert "Second words" in body
        assert "Rival words" in body
    draft.refresh_from_db()
    assert (draft.text, draft.version) == ("Second words", 2)


def test_edit_with_the_seen_version_is_saved(cast: Cast, draft: Comment) -> None:
    assert signed_in(cast.reviewer).post(comment_url(draft), {"text": "Better words", "version": "1"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.text, draft.version) == ("Better words", 2)


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "-1"])
def test_edit_with_a_version_that_is_none_is_a_conflict(cast: Cast, draft: Comment, version: str) -> None:
    assert signed_in(cast.reviewer).post(comment_url(draft), {"text": "Mine", "version": version}).status_code == 409


def test_draft_outlives_the_session_and_is_not_shown_to_the_district(cast: Cast, draft: Comment) -> None:
    assert "First words" in signed_in(cast.reviewer).get(page_of(draft.submission)).content.decode()
    assert signed_in(cast.head).get(page_of(draft.submission), follow=True).status_code == 403


def test_draft_is_deleted_and_an_open_comment_closed(cast: Cast, draft: Comment) -> None:
    client = signed_in(cast.reviewer)
    assert client.post(comment_url(draft, "comment_delete")).status_code == 302
    assert not Comment.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("action", ["comment", "comment_delete"])
def test_comments_of_a_foreign_report_are_not_found(cast: Cast, draft: Comment, action: str) -> None:
    body = {"text": "Foreign", "version": "1"}
    assert signed_in(cast.south_reviewer).post(comment_url(draft, action), body).status_code == 404
    draft.refresh_from_db()
    assert draft.text == "First words"


@pytest.mark.parametrize("action", ["comment", "comment_delete"])
def test_comment_under_another_reports_address_is_not_found(
    cast: Cast, draft: Comment, south_submission: Submission, action: str
) -> None:
    url = reverse(f"admin:reporting_submission_{action}", args=[south_submission.pk, draft.pk])
    assert signed_in(cast.approver).post(url, {"text": "Foreign", "version": "1"}).status_code == 404
    draft.refresh_from_db()
    assert draft.text == "First words"


def test_comment_pages_take_no_get(cast: Cast, draft: Comment) -> None:
    client = signed_in(cast.reviewer)
    urls = [add_url(draft.submission), comment_url(draft), comment_url(draft, "comment_delete")]
    assert [client.get(url).status_code for url in urls] == [405, 405, 405]


def test_comment_is_text_and_never_markup(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.reviewer)
    client.post(add_url(submission), {"question_key": "P1", "text": "<script>alert(1)</script>"})
    assert "<script>alert(1)</script>" not in client.get(page_of(submission)).content.decode()
