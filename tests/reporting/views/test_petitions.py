"""The district's pages for requests to the bureau, without scripts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from reporting.domain.petitions import ask_correction, ask_extension, grant_petition, refuse_petition, withdraw_petition
from reporting.domain.submissions import apply_transition
from reporting.models import Petition, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.views.browser import as_user, parse, select, text_of

WHY = "The statistics bureau publishes late."


def url(submission: Submission, page: str = "") -> str:
    return f"/reports/{submission.pk}/{page}"


def links(response: Any) -> list[str]:
    return [link.get("href") or "" for link in select(parse(response), "main a")]


def more_time(submission: Submission, cast: Cast, now: datetime) -> Petition:
    wanted = submission.due_in_force + timedelta(days=4)
    return ask_extension(submission=submission, due_at=wanted, why=WHY, actor=cast.officer, now=now)


def approved(submission: Submission, cast: Cast, now: datetime) -> Submission:
    return factories.approve(factories.submit(submission, cast.head, now=now), cast.approver, now)


def typed(instant: datetime) -> str:
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def test_extension_is_asked_for_from_the_report_and_stands_on_it(cast: Cast, submission: Submission, now: datetime) -> None:
    client, wanted = as_user(cast.officer), submission.due_in_force + timedelta(days=4)
    assert url(submission, "extension/") in links(client.get(url(submission)))
    form = {"due_at": typed(wanted), "why": WHY}
    answers = [client.post(url(submission, "extension/"), form) for _again in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, url(submission))] * 2
    petition = Petition.objects.get()
    assert (typed(petition.wanted_due_at), petition.why) == (typed(wanted), WHY)  # type: ignore[arg-type]
    report = client.get(url(submission))
    assert [part.get("id") for part in select(parse(report), "article.petition")] == [f"request-{petition.pk}"]
    assert WHY in text_of(report, "article.petition")
    assert url(submission, "extension/") not in links(report)
    assert url(submission, f"requests/{petition.pk}/withdraw/") in links(report)
    page = client.get(url(submission, "extension/"))
    assert "has asked already" in text_of(page)
    assert select(parse(page), "main form") == []


def test_answer_of_the_bureau_stands_on_the_report_and_in_its_history(cast: Cast, submission: Submission, now: datetime) -> None:
    refused = refuse_petition(petition=more_time(submission, cast, now), reason="Too late for us.", actor=cast.reviewer, now=now)
    given = submission.due_in_force + timedelta(days=2)
    grant_petition(petition=more_time(submission, cast, now), due_at=given, note="Two days.", actor=cast.reviewer, now=now)
    client = as_user(cast.observer)
    report, history = client.get(url(submission)), text_of(client.get(url(submission, "history/")))
    latest, earlier = select(parse(report), "article.petition")
    assert earlier.get("id") == f"request-{refused.pk}"
    assert "Granted" in latest.text_content()
    assert "Two days." in latest.text_content()
    assert "Too late for us." in earlier.text_content()
    assert not [link for link in links(report) if "withdraw" in link]
    for words in ("Extension asked for", WHY, "Extension refused", "Too late for us.", "As the district had asked."):
        assert words in history


def test_form_is_refused_with_what_was_typed(cast: Cast, submission: Submission) -> None:
    client, page = as_user(cast.officer), url(submission, "extension/")
    for due_at, message in (
        ("", "until when you need"),
        ("soon", "Give a date and a time"),
        (typed(submission.due_in_force), "after the one in force"),
    ):
        response = client.post(page, {"due_at": due_at, "why": WHY})
        assert response.status_code == 422
        assert message in text_of(response)
        assert select(parse(response), "#id_why")[0].text_content().strip() == WHY
    response = client.post(page, {"due_at": typed(submission.due_in_force + timedelta(days=1)), "why": " "})
    assert (response.status_code, "why you need more time" in text_of(response)) == (422, True)
    assert not Petition.objects.exists()


def test_after_the_due_time_the_page_says_whom_to_write_to(cast: Cast, submission: Submission, now: datetime) -> None:
    Submission.objects.filter(pk=submission.pk).update(due_at=now - timedelta(hours=1), locks_at=now + timedelta(days=9))
    client, page = as_user(cast.officer), url(submission, "extension/")
    report = client.get(url(submission))
    assert ("Ask for more time" in text_of(report), links(report).count(page)) == (False, 1)
    for response in (client.get(page), client.post(page, {"due_at": "2099-07-31T18:00", "why": WHY})):
        assert cast.reviewer.email in text_of(response)
        assert select(parse(response), "main form") == []
    assert response.status_code == 422
    assert [box.text_content().strip() for box in select(parse(response), "textarea[readonly]")] == ["2099-07-31T18:00", WHY]
    assert not Petition.objects.exists()


def test_report_that_is_not_expected_says_whom_to_write_to(cast: Cast, submission: Submission, now: datetime) -> None:
    apply_transition(submission=submission, name="release", actor=cast.approver, now=now, note="Merged.")
    client = as_user(cast.officer)
    assert "/contacts/" in [link.get("href") for link in select(parse(client.get(url(submission))), ".callout a")]
    more = {"due_at": typed(submission.due_in_force + timedelta(days=1)), "why": WHY}
    for page, given in (("extension/", more), ("ask/", {"text": WHY})):
        look, sent = client.get(url(submission, page)), client.post(url(submission, page), given)
        assert [look.status_code, sent.status_code] == [200, 409]
        for response in (look, sent):
            words = text_of(response)
            assert ("does not expect this report" in words, "until" in words) == (True, False)
            assert "/contacts/" in links(response)


def test_correction_is_asked_for_once_the_report_is_approved(cast: Cast, submission: Submission, now: datetime) -> None:
    client, page = as_user(cast.head), url(submission, "correction/")
    assert page not in links(client.get(url(submission)))
    early = client.post(page, {"what": "P1 is 61.", "why": "A firm was late."})
    assert early.status_code == 409
    assert [box.text_content().strip() for box in select(parse(early), "textarea[readonly]")] == ["P1 is 61.", "A firm was late."]
    approved(submission, cast, now)
    assert page in links(client.get(url(submission)))
    for missing in ("what", "why"):
        assert client.post(page, {"what": "P1 is 61.", "why": "A firm was late."} | {missing: ""}).status_code == 422
    assert client.post(page, {"what": "P1 is 61.", "why": "A firm was late."}).status_code == 302
    report = client.get(url(submission))
    assert "P1 is 61." in text_of(report, "article.petition")
    assert page not in links(report)


def test_withdrawing_asks_first_and_is_harmless_twice(cast: Cast, submission: Submission, now: datetime) -> None:
    petition = more_time(submission, cast, now)
    client, page = as_user(cast.head), url(submission, f"requests/{petition.pk}/withdraw/")
    assert WHY in text_of(client.get(page))
    assert Petition.objects.get().is_waiting
    assert [client.post(page).status_code for _again in range(2)] == [302, 302]
    assert Petition.objects.get().state == "withdrawn"
    assert client.get(page).headers["Location"] == url(submission)
    assert url(submission, "extension/") in links(client.get(url(submission)))


def test_withdrawal_of_what_was_answered_is_a_conflict(cast: Cast, submission: Submission, now: datetime) -> None:
    petition = more_time(submission, cast, now)
    refuse_petition(petition=petition, reason="No.", actor=cast.reviewer, now=now)
    response = as_user(cast.officer).post(url(submission, f"requests/{petition.pk}/withdraw/"))
    assert response.status_code == 409
    assert "Refused" in text_of(response)


def test_observer_reads_and_does_not_ask(cast: Cast, submission: Submission, now: datetime) -> None:
    petition, client = more_time(submission, cast, now), as_user(cast.observer)
    assert WHY in text_of(client.get(url(submission)))
    pages = ("extension/", "correction/")
    assert [select(parse(client.get(url(submission, page))), "main form") for page in pages] == [[], []]
    assert [client.post(url(submission, page), {"why": "x"}).status_code for page in pages] == [403, 403]
    withdraw = url(submission, f"requests/{petition.pk}/withdraw/")
    assert [client.get(withdraw).status_code, client.post(withdraw).status_code] == [403, 403]


def test_pages_of_another_district_are_missing(
    cast: Cast, submission: Submission, south_submission: Submission, now: datetime
) -> None:
    theirs = ask_extension(
        submission=south_submission, due_at=now + timedelta(days=40), why=WHY, actor=cast.south_officer, now=now
    )
    client = as_user(cast.officer)
    for page in (
        url(south_submission, "extension/"),
        url(south_submission, "correction/"),
        url(south_submission, f"requests/{theirs.pk}/withdraw/"),
        url(submission, f"requests/{theirs.pk}/withdraw/"),
        url(submission, "requests/999999/withdraw/"),
    ):
        assert [client.get(page).status_code, client.post(page, {"why": "x"}).status_code] == [404, 404]
    assert Petition.objects.get().is_waiting


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_does_not_follow_the_requests(
    cast: Cast, submission: Submission, now: datetime, rows: int, django_assert_num_queries: Any
) -> None:
    for _again in range(rows):
        withdraw_petition(petition=more_time(submission, cast, now), actor=cast.officer, now=now)
    client = as_user(cast.officer)
    with django_assert_num_queries(18):
        client.get(url(submission))
    with django_assert_num_queries(7):
        client.get(url(submission, "extension/"))


def test_correction_stays_in_the_history_after_the_reopening(cast: Cast, submission: Submission, now: datetime) -> None:
    approved(submission, cast, now)
    petition = ask_correction(submission=submission, what="P1 is 61.", why="A firm was late.", actor=cast.officer, now=now)
    grant_petition(petition=petition, due_at=now + timedelta(days=5), note="Agreed.", actor=cast.approver, now=now)
    client = as_user(cast.officer)
    history = text_of(client.get(url(submission, "history/")))
    for words in ("Correction asked for", "P1 is 61.", "Reopened", "As the district had asked.", "Agreed."):
        assert words in history
    assert "Granted" in text_of(client.get(url(submission)), "article.petition")
