"""The page that chases districts: who would get what, and what became of each."""

from datetime import timedelta

from django.urls import reverse

from districts.models import OutgoingMail
from reporting.domain.chasing import chase
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import page_of, signed_in

URL = "admin:reporting_submission_chase"
LIST = "admin:reporting_submission_changelist"


def test_action_of_the_list_leads_to_who_would_be_written_to(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    factories.submit(south_submission, cast.south_head)
    chosen = {"action": "chase_selected", "_selected_action": [submission.pk, south_submission.pk], "index": "0"}
    response = signed_in(cast.approver).post(reverse(LIST), chosen, follow=True)
    assert [one.submission.pk for one in response.context["ready"]] == [submission.pk]
    assert [one.submission.pk for one in response.context["refused"]] == [south_submission.pk]
    assert [person.full_name for one in response.context["ready"] for person in one.recipients] == ["North Head", "North Officer"]
    assert OutgoingMail.objects.filter(kind="chase").count() == 0


def test_action_on_reports_of_two_cycles_is_refused(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    other = factories.make_cycle(cycle.definition_version, "2026-A1", opened_by=cast.administrator)
    chosen = {"action": "chase_selected", "_selected_action": [submission.pk, other.submissions.get(district=cast.north).pk]}
    response = signed_in(cast.approver).post(reverse(LIST), {**chosen, "index": "0"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Choose reports of one cycle: the text speaks of one."]


def test_page_writes_to_each_and_names_each_refusal(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    factories.submit(south_submission, cast.south_head)
    body = {"pk": [submission.pk, south_submission.pk], "text": "Please."}
    response = signed_in(cast.approver).post(reverse(URL), body)
    outcomes = {outcome.submission.pk: bool(outcome.refusals) for outcome in response.context["outcomes"]}
    assert outcomes == {submission.pk: False, south_submission.pk: True}
    mails = OutgoingMail.objects.filter(kind="chase")
    assert {mail.recipient.full_name for mail in mails} == {"North Officer", "North Head"}


def test_page_posted_twice_writes_once(cast: Cast, submission: Submission) -> None:
    client, body = signed_in(cast.reviewer), {"pk": [submission.pk], "text": "Please."}
    assert [client.post(reverse(URL), body).status_code for _again in range(2)] == [200, 200]
    assert (submission.events.filter(kind="chase").count(), OutgoingMail.objects.filter(kind="chase").count()) == (1, 2)


def test_page_without_a_text_keeps_the_choice_and_writes_nothing(cast: Cast, submission: Submission) -> None:
    response = signed_in(cast.reviewer).post(reverse(URL), {"pk": [submission.pk], "text": ""})
    assert response.status_code == 422
    assert [one.submission.pk for one in response.context["ready"]] == [submission.pk]
    assert OutgoingMail.objects.filter(kind="chase").count() == 0


def test_page_of_reports_of_two_cycles_refuses_with_the_reason(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    other = factories.make_cycle(cycle.definition_version, "2026-A1", opened_by=cast.administrator)
    body = {"pk": [submission.pk, other.submissions.get(district=cast.north).pk], "text": "Please."}
    response = signed_in(cast.approver).post(reverse(URL), body)
    assert response.status_code == 422
    assert "Choose reports of one cycle" in response.content.decode()


def test_page_leaves_foreign_reports_as_if_they_were_not_there(cast: Cast, south_submission: Submission) -> None:
    response = signed_in(cast.reviewer).post(reverse(URL), {"pk": [south_submission.pk], "text": "Please."})
    assert response.context["outcomes"] == []
    assert cast.south.name not in response.content.decode()
    assert OutgoingMail.objects.filter(kind="chase").count() == 0


def test_page_of_a_cycle_lists_what_is_overdue_in_the_portfolio(cast: Cast) -> None:
    past = factories.NOW - timedelta(days=400)
    old = factories.make_cycle(factories.make_version(slug="old"), opened_by=cast.administrator, now=past)
    factories.make_cycle(old.definition_version, "2026-A1", opened_by=cast.administrator)
    mine, response = old.submissions.get(district=cast.north), signed_in(cast.reviewer).get(reverse(URL), {"cycle": old.pk})
    assert [one.submission.pk for one in response.context["ready"]] == [mine.pk]
    dashboard = signed_in(cast.reviewer).get(reverse("admin:index"), {"cycle": old.pk}).content.decode()
    assert f"{reverse(URL)}?cycle={old.pk}" in dashboard


def test_review_page_offers_to_chase_what_is_owed_and_nothing_else(cast: Cast, submission: Submission) -> None:
    link, client = f"{reverse(URL)}?pk={submission.pk}", signed_in(cast.reviewer)
    assert link in client.get(page_of(submission)).content.decode()
    factories.submit(submission, cast.head)
    assert link not in client.get(page_of(submission)).content.decode()


def test_review_page_shows_the_chase_in_the_events(cast: Cast, submission: Submission) -> None:
    chase(submission=submission, text="Please call.", actor=cast.reviewer, now=factories.NOW)
    page = signed_in(cast.reviewer).get(page_of(submission)).content.decode()
    assert "Chased by the bureau" in page
    assert "Please call." in page
