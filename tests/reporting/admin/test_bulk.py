"""Approving several reports: first the list, then each by itself."""

from django.urls import reverse

from reporting.domain.comments import draft_comment
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import in_review, signed_in, state_of

URL = "admin:reporting_submission_approve_many"


def body_for(*submissions: Submission) -> dict[str, object]:
    seen = {
        f"seen-{submission.pk}": Submission.objects.get(pk=submission.pk).working_revision_id or "" for submission in submissions
    }
    return {"pk": [submission.pk for submission in submissions], **seen}


def test_action_leads_to_the_list_of_what_would_happen(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.approver)
    chosen = {"action": "approve_selected", "_selected_action": [submission.pk, south_submission.pk], "index": "0"}
    response = client.post(reverse("admin:reporting_submission_changelist"), chosen, follow=True)
    assert [item.pk for item in response.context["ready"]] == [submission.pk]
    assert [item.pk for item in response.context["refused"]] == [south_submission.pk]
    assert state_of(submission) == "in_review"


def test_bulk_approves_each_and_names_each_refusal(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    in_review(submission, cast)
    factories.submit(south_submission, cast.south_head)
    response = signed_in(cast.approver).post(reverse(URL), body_for(submission, south_submission))
    outcomes = {outcome.submission.pk: bool(outcome.refusals) for outcome in response.context["outcomes"]}
    assert outcomes == {submission.pk: False, south_submission.pk: True}
    assert (state_of(submission), state_of(south_submission)) == ("approved", "submitted")
    assert str(south_submission) in response.content.decode()


def test_bulk_names_what_cannot_be_approved_with_each_reason(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    """Another's comment that was not sent, and one that is open though it was answered once."""
    for report, reviewer in ((submission, cast.reviewer), (south_submission, cast.south_reviewer)):
        in_review(report, cast)
        draft_comment(submission=report, question_key="P1", text="Check this", actor=reviewer, now=factories.NOW)
    south_submission.comments.update(state="open")
    ready = factories.make_cycle(submission.cycle.definition_version, "2025-S1", opened_by=cast.administrator)
    ready_report = in_review(ready.submissions.get(district=cast.north), cast)
    reports = (submission, south_submission, ready_report)
    response = signed_in(cast.approver).get(reverse(URL), {"pk": [report.pk for report in reports]})
    assert [report.pk for report in response.context["ready"]] == [ready_report.pk]
    found = {report.pk: [reason.partition(":")[0] for reason in reasons] for report, reasons in response.context["held"]}
    assert found == {submission.pk: ["It has comments that were not sent"], south_submission.pk: ["A comment is still open"]}
    page = response.content.decode()
    assert page.count("It has comments that were not sent") == page.count("A comment is still open") == 1
    signed_in(cast.approver).post(reverse(URL), body_for(*reports))
    assert [state_of(report) for report in reports] == ["in_review", "in_review", "approved"]


def test_bulk_posted_twice_makes_one_event_each(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client, body = signed_in(cast.approver), body_for(submission)
    assert [client.post(reverse(URL), body).status_code for _again in range(2)] == [200, 200]
    assert submission.events.filter(kind="approve").count() == 1


def test_bulk_leaves_foreign_reports_as_if_they_were_not_there(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    in_review(south_submission, cast)
    client = signed_in(cast.reviewer)
    response = client.post(reverse(URL), body_for(south_submission))
    assert response.context["outcomes"] == []
    assert cast.south.name not in response.content.decode()
    assert state_of(south_submission) == "in_review"


def test_bulk_by_a_reviewer_is_refused_report_by_report(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = signed_in(cast.reviewer).post(reverse(URL), body_for(submission))
    assert [bool(outcome.refusals) for outcome in response.context["outcomes"]] == [True]
    assert state_of(submission) == "in_review"


def test_bulk_without_the_revision_that_was_shown_is_refused(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    response = signed_in(cast.approver).post(reverse(URL), {"pk": [submission.pk]})
    assert [bool(outcome.refusals) for outcome in response.context["outcomes"]] == [True]
    assert state_of(submission) == "in_review"


def test_bulk_action_is_not_offered_to_reviewers(cast: Cast, submission: Submission) -> None:
    url = reverse("admin:reporting_submission_changelist")
    assert "approve_selected" in signed_in(cast.approver).get(url).content.decode()
    assert "approve_selected" not in signed_in(cast.reviewer).get(url).content.decode()


def test_bulk_ignores_what_is_not_a_number(cast: Cast, submission: Submission) -> None:
    response = signed_in(cast.approver).get(reverse(URL), {"pk": ["x", "-1", "9" * 50, "²"]})
    assert response.status_code == 200
    assert response.context["ready"] == []
