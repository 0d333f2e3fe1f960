"""What a district sees of a report that came back to it, and that no browser keeps."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reporting.domain.comments import draft_comment
from reporting.domain.submissions import Terms
from reporting.models import Submission
from reporting.templatetags.reports import instant
from tests.conftest import Cast
from tests.factories import approve, sign
from tests.reporting.views.browser import as_user, step, text_of

HOME = "/"


def _page(submission: Submission) -> str:
    return f"/reports/{submission.pk}/"


def _noon(now: datetime, days: int) -> datetime:
    return timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


@pytest.fixture
def signed(draft: Submission, cast: Cast, now: datetime) -> Submission:
    step(draft, "hand_over", cast.officer, now)
    return sign(draft, cast.head, now)


def test_returned_report_shows_its_new_due_time_and_the_reviewers_note(cast: Cast, signed: Submission, now: datetime) -> None:
    step(signed, "begin_review", cast.reviewer, now)
    draft_comment(submission=signed, question_key="P1", text="Check this", actor=cast.reviewer, now=now)
    due = _noon(now, 4)
    step(signed, "return", cast.reviewer, now, note="Mind the second page.", terms=Terms(due_at=due))
    for path in (_page(signed), HOME):
        text = text_of(as_user(cast.officer).get(path))
        assert "in 4 days" in text
        assert instant(due) in text
    text = text_of(as_user(cast.officer).get(_page(signed)))
    assert "The bureau returned this report" in text
    assert "Mind the second page." in text
    assert "Its comments stand at the questions below." in text


def test_reopened_report_shows_why_and_until_when(cast: Cast, signed: Submission, now: datetime) -> None:
    approve(signed, cast.approver, now)
    step(signed, "reopen", cast.approver, now, note="The base was revised.", terms=Terms(due_at=_noon(now, 5)))
    text = text_of(as_user(cast.officer).get(_page(signed)))
    assert "The bureau reopened this report" in text
    assert "The base was revised." in text
    assert "in 5 days" in text
    assert "Its comments stand" not in text


def test_report_with_the_bureau_shows_when_it_was_signed_and_no_due_time(cast: Cast, signed: Submission) -> None:
    text = text_of(as_user(cast.officer).get(_page(signed)))
    assert "First signed" in text
    assert "Due in" not in text


@pytest.mark.parametrize(
    "path", ["/", "/people/", "/contacts/", "/calendar/", "/settings/", "/figures/", "{report}", "{report}print/"]
)
def test_pages_are_kept_by_no_browser(cast: Cast, signed: Submission, path: str) -> None:
    response = as_user(cast.head).get(path.format(report=_page(signed)))
    assert response.status_code == 200
    assert set(response.headers["Cache-Control"].split(", ")) == {"private", "no-store"}
