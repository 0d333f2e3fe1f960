"""The bureau's pages for the districts' questions: the list of the portfolio, the thread, and the dashboard's count."""

from typing import Any

from django.urls import reverse

from reporting.domain.enquiries import answer_enquiry, ask_bureau, close_enquiry
from reporting.models import Enquiry, EnquiryMessage, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.admin.helpers import page_of, signed_in

WORDS = "Does this include head offices?"


def ask(submission: Submission, cast: Cast, key: str = "P1", text: str = WORDS) -> Enquiry:
    actor = cast.officer if submission.district_id == cast.north.pk else cast.south_officer
    return ask_bureau(submission=submission, question_key=key, text=text, actor=actor, now=NOW)


def page(enquiry: Enquiry, name: str = "change") -> str:
    return reverse(f"admin:reporting_enquiry_{name}", args=[enquiry.pk])


def listed(client: Any, **query: Any) -> list[int]:
    response = client.get(reverse("admin:reporting_enquiry_changelist"), query)
    return [row.pk for row in response.context["cl"].result_list]


def test_list_shows_the_portfolio_waiting_first_and_filters(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    closed, answered, waiting = (ask(submission, cast, key) for key in ("P1", "P2", "plans"))
    theirs = ask(south_submission, cast)
    close_enquiry(enquiry=closed, actor=cast.officer, now=NOW)
    answer_enquiry(enquiry=answered, text="No.", actor=cast.reviewer, now=NOW)
    reviewer, approver = signed_in(cast.reviewer), signed_in(cast.approver)
    assert listed(reviewer) == [waiting.pk, answered.pk, closed.pk]
    assert listed(approver) == [waiting.pk, theirs.pk, answered.pk, closed.pk]
    assert listed(approver, state="answered") == [answered.pk]
    assert listed(approver, district="south") == [theirs.pk]
    assert listed(reviewer, district="south") == []
    assert listed(approver, cycle=submission.cycle_id) == [waiting.pk, theirs.pk, answered.pk, closed.pk]


def test_thread_shows_the_wording_and_never_the_unsigned_answer(cast: Cast, submission: Submission) -> None:
    factories.fill(submission, cast.officer, {"P1": "61803.39", "plans": "Not yet for the bureau."})
    client, enquiry = signed_in(cast.reviewer), ask(submission, cast)
    body = client.get(page(enquiry)).content.decode()
    assert "Indicator P1" in body
    assert WORDS in body
    assert "61803" not in body.replace(",", "")
    assert "Not yet for the bureau." not in body


def test_answer_posted_twice_is_one_message_and_is_seen_by_the_district(cast: Cast, submission: Submission) -> None:
    enquiry, client = ask(submission, cast), signed_in(cast.reviewer)
    for _again in range(2):
        response = client.post(page(enquiry, "answer"), {"text": "No."})
        assert (response.status_code, response.headers["Location"]) == (302, page(enquiry))
    assert EnquiryMessage.objects.filter(by_bureau=True).count() == 1
    assert "No." in signed_in(cast.officer).get(f"/reports/{submission.pk}/questions/{enquiry.pk}/").content.decode()


def test_answer_to_a_thread_closed_meanwhile_keeps_the_text(cast: Cast, submission: Submission) -> None:
    enquiry, client = ask(submission, cast), signed_in(cast.reviewer)
    assert [client.post(page(enquiry, "answer"), {"text": text}).status_code for text in ("", "x" * 5001)] == [422, 422]
    close_enquiry(enquiry=enquiry, actor=cast.officer, now=NOW)
    response = client.post(page(enquiry, "answer"), {"text": "Only plants."})
    assert response.status_code == 409
    assert "Only plants." in response.content.decode()
    assert EnquiryMessage.objects.count() == 1


def test_close_by_the_bureau_is_harmless_twice(cast: Cast, submission: Submission) -> None:
    enquiry, client = ask(submission, cast), signed_in(cast.reviewer)
    assert [client.post(page(enquiry, "close")).status_code for _again in range(2)] == [302, 302]
    assert client.get(page(enquiry, "close")).status_code == 405
    assert Enquiry.objects.get().state == "closed"


def test_foreign_and_missing_threads_answer_alike(cast: Cast, south_submission: Submission) -> None:
    enquiry, client = ask(south_submission, cast), signed_in(cast.reviewer)
    for pk in (enquiry.pk, 999_999):
        change = reverse("admin:reporting_enquiry_change", args=[pk])
        assert client.get(change).status_code == 404
        for name in ("answer", "close"):
            assert client.post(reverse(f"admin:reporting_enquiry_{name}", args=[pk]), {"text": "x"}).status_code == 404
    assert client.get(reverse("admin:reporting_enquiry_change", args=["x"])).status_code == 404
    assert (Enquiry.objects.get().state, EnquiryMessage.objects.count()) == ("waiting", 1)


def test_dashboard_counts_what_waits_in_the_portfolio(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    index = reverse("admin:index")
    assert "Questions from districts <" not in signed_in(cast.reviewer).get(index).content.decode()
    for key in ("P1", "plans"):
        ask(submission, cast, key)
    ask(south_submission, cast)
    assert signed_in(cast.reviewer).get(index).context["board"].enquiry_count == 2
    assert signed_in(cast.approver).get(index).context["board"].enquiry_count == 3
    assert "Southgate: Indicator P1" not in signed_in(cast.reviewer).get(index).content.decode()


def test_review_page_leads_to_the_threads(cast: Cast, submission: Submission) -> None:
    enquiry = ask(submission, cast)
    assert page(enquiry) in signed_in(cast.reviewer).get(page_of(submission)).content.decode()
