"""The district's pages for questions to the bureau, without scripts."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.domain.enquiries import answer_enquiry, ask_bureau, close_enquiry
from reporting.models import Enquiry, EnquiryMessage, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

ASK, THREAD, REPORT = 12, 8, 20
WORDS = "Does this include head offices?"


def url(submission: Submission, page: str = "") -> str:
    return f"/reports/{submission.pk}/{page}"


def ask(submission: Submission, cast: Cast, now: datetime, key: str = "P1", text: str = WORDS) -> Enquiry:
    return ask_bureau(submission=submission, question_key=key, text=text, actor=cast.officer, now=now)


def links(response: Any, page: str) -> list[str]:
    return [link.get("href") for link in select(parse(response), "a") if page in (link.get("href") or "")]


def test_every_question_leads_to_the_form_that_asks_about_it(cast: Cast, submission: Submission, now: datetime) -> None:
    client = as_user(cast.officer)
    outline = links(client.get(url(submission)), "ask/")
    factories.fill(submission, cast.officer, now=now)
    page = links(client.get(url(submission)), "ask/")
    keys = ["P1", "P2", "GRP", "BASE", "TOTAL", "SHARE", "STOCK", "plans", "practice"]
    expected = {url(submission, f"ask/?question={key}") for key in keys} | {url(submission, "ask/")}
    assert (set(outline), set(page)) == (expected, expected)
    assert len(page) == len(expected)


def test_question_is_asked_and_stands_at_its_place(cast: Cast, submission: Submission, now: datetime) -> None:
    factories.fill(submission, cast.officer, {"P1": "61.2345"}, now)
    client, form = as_user(cast.officer), url(submission, "ask/?question=P1")
    assert "Indicator P1" in text_of(client.get(form))
    answers = [client.post(form, {"text": WORDS}) for _again in range(2)]
    enquiry = Enquiry.objects.get()
    thread = url(submission, f"questions/{enquiry.pk}/")
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, thread)] * 2
    assert EnquiryMessage.objects.count() == 1
    report = client.get(url(submission))
    assert [part.get("id") for part in select(parse(report), "table.statistics article")] == [f"enquiry-{enquiry.pk}"]
    assert links(report, "questions/") == [thread, thread]
    assert WORDS in text_of(client.get(thread))


def test_message_is_written_on_and_the_thread_closed(cast: Cast, submission: Submission, now: datetime) -> None:
    enquiry = ask(submission, cast, now)
    answer_enquiry(enquiry=enquiry, text="No.", actor=cast.reviewer, now=now)
    client, thread = as_user(cast.head), url(submission, f"questions/{enquiry.pk}/")
    assert client.post(thread, {"text": "And branches?"}).status_code == 302
    assert [text for (text,) in EnquiryMessage.objects.values_list("text")] == [WORDS, "No.", "And branches?"]
    assert client.get(f"{thread}close/").status_code == 405
    for _again in range(2):
        assert client.post(f"{thread}close/").status_code == 302
    assert Enquiry.objects.get().state == "closed"
    assert url(submission, "ask/?question=P1") in links(client.get(thread), "ask/")


@pytest.mark.parametrize("text", ["", "  ", "x" * 5001])
def test_refused_message_stays_on_the_page(cast: Cast, submission: Submission, now: datetime, text: str) -> None:
    enquiry = ask(submission, cast, now, key="")
    client = as_user(cast.officer)
    for page in ("ask/?question=P1", f"questions/{enquiry.pk}/"):
        response = client.post(url(submission, page), {"text": text})
        assert response.status_code == 422
        assert select(parse(response), "#text")[0].text_content().strip() == text.strip()
    assert EnquiryMessage.objects.count() == 1


def test_message_to_a_thread_closed_meanwhile_is_kept_to_copy(cast: Cast, submission: Submission, now: datetime) -> None:
    enquiry = ask(submission, cast, now)
    close_enquiry(enquiry=enquiry, actor=cast.reviewer, now=now)
    response = as_user(cast.officer).post(url(submission, f"questions/{enquiry.pk}/"), {"text": "And branches?"})
    assert response.status_code == 409
    assert "closed meanwhile" in text_of(response)
    assert select(parse(response), "#kept")[0].text_content().strip() == "And branches?"
    assert EnquiryMessage.objects.count() == 1


def test_message_after_the_signature_is_kept_to_copy(cast: Cast, submission: Submission, now: datetime) -> None:
    enquiry = ask(submission, cast, now)
    factories.submit(submission, cast.head, now=now)
    client = as_user(cast.officer)
    for page in ("ask/?question=P1", f"questions/{enquiry.pk}/"):
        response = client.post(url(submission, page), {"text": "Too late?"})
        assert response.status_code == 409
        assert select(parse(response), "#kept")[0].text_content().strip() == "Too late?"
    assert WORDS in text_of(client.get(url(submission)))
    assert links(client.get(url(submission)), "ask/") == []


def test_observer_reads_and_does_not_ask(cast: Cast, submission: Submission, now: datetime) -> None:
    factories.fill(submission, cast.officer, now=now)
    enquiry = ask(submission, cast, now)
    client = as_user(cast.observer)
    report, thread = client.get(url(submission)), url(submission, f"questions/{enquiry.pk}/")
    assert WORDS in text_of(report)
    assert links(report, "ask/") == []
    assert WORDS in text_of(client.get(thread))
    assert select(parse(client.get(thread)), "main form") == []
    assert client.post(thread, {"text": "x"}).status_code == 403
    assert client.post(url(submission, "ask/"), {"text": "x"}).status_code == 403
    assert client.post(f"{thread}close/").status_code == 403


def test_foreign_threads_and_unknown_questions_are_missing(
    cast: Cast, submission: Submission, south_submission: Submission, now: datetime
) -> None:
    theirs = ask_bureau(submission=south_submission, question_key="P1", text="Ours?", actor=cast.south_officer, now=now)
    client = as_user(cast.officer)
    pages = [
        url(submission, f"questions/{theirs.pk}/"), url(south_submission, f"questions/{theirs.pk}/"),
        url(submission, "questions/999999/"), url(submission, "ask/?question=nothing"), url(south_submission, "ask/"),
    ]  # fmt: skip
    for page in pages:
        assert [client.get(page).status_code, client.post(page, {"text": "Mine"}).status_code] == [404, 404]
    assert client.post(url(submission, f"questions/{theirs.pk}/close/")).status_code == 404
    assert EnquiryMessage.objects.count() == 1


def test_home_counts_what_the_bureau_answered(cast: Cast, submission: Submission, now: datetime) -> None:
    first, second = ask(submission, cast, now), ask(submission, cast, now, key="plans")
    client = as_user(cast.officer)
    assert "from the bureau" not in text_of(client.get("/"))
    for enquiry in (first, second):
        answer_enquiry(enquiry=enquiry, text="No.", actor=cast.reviewer, now=now)
    assert "2 answers from the bureau" in text_of(client.get("/"))
    close_enquiry(enquiry=first, actor=cast.officer, now=now)
    assert "1 answer from the bureau" in text_of(client.get("/"))


def test_print_view_has_no_threads(cast: Cast, submission: Submission, now: datetime) -> None:
    factories.fill(submission, cast.officer, now=now)
    ask(submission, cast, now)
    response = as_user(cast.officer).get(url(submission, "print/"))
    assert WORDS not in text_of(response)
    assert links(response, "ask/") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_query_count_does_not_follow_the_threads(cast: Cast, submission: Submission, now: datetime, rows: int) -> None:
    factories.fill(submission, cast.officer, now=now)
    for key in ("P1", "plans", "")[:rows]:
        enquiry = ask(submission, cast, now, key)
        for number in range(rows):
            answer_enquiry(enquiry=enquiry, text=f"No {number}.", actor=cast.reviewer, now=now)
    client = as_user(cast.officer)
    counts = []
    for page in ("ask/?question=P1", f"questions/{Enquiry.objects.earliest('pk').pk}/", ""):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(submission, page)).status_code == 200
        counts.append(len(queries))
    assert counts == [ASK, THREAD, REPORT]
