"""What the bureau reads of a report, and what it never sees."""

from django.test import Client
from django.urls import reverse

from reporting.models import Answer, Submission
from reporting.queries.review import neighbours, reviewable
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import LATER, explain, hand_over_and_sign, in_review, page_of, recall, signed_in

CANARY = "canary-of-the-south"


def test_page_of_a_foreign_report_answers_like_a_missing_one(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    client = signed_in(cast.reviewer)
    missing = reverse("admin:reporting_submission_change", args=[999_999])
    for url in (page_of(south_submission), missing, reverse("admin:reporting_submission_change", args=["x"])):
        assert client.get(url).status_code == 404
    assert client.get(page_of(submission)).status_code == 200


def test_page_shows_answers_only_once_signed(cast: Cast, submission: Submission) -> None:
    factories.fill(submission, cast.head, {"plans": "Not yet for the bureau."})
    client = signed_in(cast.reviewer)
    assert "Not yet for the bureau." not in client.get(page_of(submission)).content.decode()
    factories.submit(submission, cast.head, factories.ANSWERS | {"plans": "Now signed."})
    assert "Now signed." in client.get(page_of(submission)).content.decode()


def test_page_of_a_returned_report_shows_the_signed_revision(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    client = signed_in(cast.approver)
    client.post(reverse("admin:reporting_submission_comment_add", args=[submission.pk]), {"question_key": "P1", "text": "Why?"})
    seen = Submission.objects.get(pk=submission.pk).working_revision_id
    url = reverse("admin:reporting_submission_step", args=[submission.pk, "return"])
    client.post(url, {"revision": seen, "due_at": LATER})
    factories.fill(submission, cast.head, {"plans": "Half corrected."})
    body = client.get(page_of(submission)).content.decode()
    assert "Half corrected." not in body
    assert "Build more." in body


def test_page_post_changes_no_answer(cast: Cast, submission: Submission) -> None:
    in_review(submission, cast)
    before = list(Answer.objects.order_by("pk").values_list("pk", "raw", "version"))
    client = signed_in(cast.administrator)
    assert client.post(page_of(submission), {"state": "approved", "P1": "1", "_save": "Save"}).status_code == 405
    assert list(Answer.objects.order_by("pk").values_list("pk", "raw", "version")) == before
    assert Submission.objects.get(pk=submission.pk).state == "in_review"


def test_page_shows_prior_values_and_flags_with_the_explanation(cast: Cast, submission: Submission) -> None:
    earlier = factories.make_cycle(submission.cycle.definition_version, "2025-S1", opened_by=cast.administrator)
    factories.approve(factories.submit(earlier.submissions.get(district=cast.north), cast.head), cast.approver)
    factories.fill(submission, cast.head, factories.ANSWERS | {"STOCK": "40", "BASE": "100"})
    revision = Submission.objects.get(pk=submission.pk).working_revision
    assert revision is not None
    explain(submission, cast.head, {"STOCK": "Three parks opened."})
    hand_over_and_sign(submission, cast.head)
    response = signed_in(cast.reviewer).get(page_of(submission))
    row = response.context["page"].report.rows["STOCK"]
    assert (row.last_year, row.number) == (12, 40)
    assert [finding.rule for finding in row.findings] == ["year_on_year"]
    body = response.content.decode()
    assert "Three parks opened." in body
    assert "beyond ±30" in body
    for page in ("print/", ""):
        shown = signed_in(cast.reviewer).get(f"/reports/{submission.pk}/{page}").content.decode()
        assert ("Three parks opened." in shown, "beyond ±30" in shown) == (True, True)


def test_history_page_is_the_events(cast: Cast, submission: Submission) -> None:
    url = reverse("admin:reporting_submission_history", args=[submission.pk])
    assert signed_in(cast.reviewer).get(url).headers["Location"] == f"{page_of(submission)}#events"


def test_neighbours_follow_the_queue_of_the_portfolio(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    factories.submit(submission, cast.head)
    factories.submit(south_submission, cast.south_head)
    first, second = reviewable(cast.approver).order_by("working_revision__signed_at", "pk")
    assert neighbours(cast.approver, first) == (None, second)
    assert neighbours(cast.approver, second) == (first, None)
    assert neighbours(cast.reviewer, reviewable(cast.reviewer).get()) == (None, None)


def test_compare_shows_what_changed_and_refuses_foreign_reports(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    recall(submission, cast.head)
    factories.submit(submission, cast.head, {"P1": "61"})
    url = reverse("admin:reporting_submission_compare", args=[submission.pk, 1, 2])
    response = signed_in(cast.reviewer).get(url)
    assert [item.question.key for item in response.context["diff"].differences] == ["P1"]
    assert signed_in(cast.south_reviewer).get(url).status_code == 404
    for numbers in ([1, 1], [1, 3], [0, 1]):
        assert (
            signed_in(cast.reviewer)
            .get(reverse("admin:reporting_submission_compare", args=[submission.pk, *numbers]))
            .status_code
            == 404
        )


def test_lists_hold_only_the_portfolio(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    factories.submit(submission, cast.head)
    factories.submit(south_submission, cast.south_head, factories.ANSWERS | {"plans": CANARY})
    reviewer, approver = signed_in(cast.reviewer), signed_in(cast.approver)
    pages = ["admin:index", "admin:reporting_submission_changelist", "admin:reporting_event_changelist"]
    assert [cast.south.name in _body(reviewer, page) for page in pages] == [False, False, False]
    assert not any(CANARY in _body(reviewer, page) for page in pages)
    assert [cast.south.name in _body(approver, page) for page in pages] == [True, True, True]


def test_events_of_another_district_are_not_found(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    factories.submit(south_submission, cast.south_head)
    event = south_submission.events.first()
    assert event is not None
    url, missing = (reverse("admin:reporting_event_change", args=[pk]) for pk in (event.pk, 999_999))
    answers = [signed_in(cast.reviewer).get(address) for address in (url, missing)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, reverse("admin:index"))] * 2
    assert signed_in(cast.south_reviewer).get(url).status_code == 200
    assert signed_in(cast.administrator).post(url, {"note": "rewritten"}).status_code == 403


def _body(client: Client, page: str) -> str:
    return client.get(reverse(page)).content.decode()
