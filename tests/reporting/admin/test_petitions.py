"""The bureau's pages for the districts' requests: the list of the portfolio, each request with its answers, the dashboard."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from reporting.domain.petitions import ask_correction, ask_extension, refuse_petition, withdraw_petition
from reporting.models import Petition, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.admin.helpers import LATER, page_of, signed_in, state_of, step, step_url

WANTED = NOW + timedelta(days=14)


def more_time(submission: Submission, cast: Cast, why: str = "Late figures.") -> Petition:
    actor = cast.officer if submission.district_id == cast.north.pk else cast.south_officer
    return ask_extension(submission=submission, due_at=WANTED, why=why, actor=actor, now=NOW)


def correction(submission: Submission, cast: Cast) -> Petition:
    factories.approve(factories.submit(submission, cast.head), cast.approver)
    return ask_correction(submission=submission, what="P1 is 61.", why="A firm was late.", actor=cast.officer, now=NOW)


def page(petition: Petition, name: str = "change") -> str:
    return reverse(f"admin:reporting_petition_{name}", args=[petition.pk])


def listed(client: Any, **query: Any) -> list[int]:
    response = client.get(reverse("admin:reporting_petition_changelist"), query)
    return [row.pk for row in response.context["cl"].result_list]


def test_list_shows_the_portfolio_waiting_first_and_filters(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    closed = withdraw_petition(petition=more_time(submission, cast), actor=cast.officer, now=NOW)
    waiting, theirs = more_time(submission, cast), more_time(south_submission, cast)
    reviewer, approver = signed_in(cast.reviewer), signed_in(cast.approver)
    assert listed(reviewer) == [waiting.pk, closed.pk]
    assert listed(approver) == [waiting.pk, theirs.pk, closed.pk]
    assert listed(approver, state="withdrawn") == [closed.pk]
    assert listed(approver, kind="extension") == [waiting.pk, theirs.pk, closed.pk]
    assert listed(approver, kind="correction") == []
    assert listed(reviewer, district="south") == []


def test_reviewer_grants_from_the_request(cast: Cast, submission: Submission) -> None:
    petition, client = more_time(submission, cast), signed_in(cast.reviewer)
    body = client.get(page(petition)).content.decode()
    assert "Late figures." in body
    assert page(petition, "grant") in body
    form = client.get(page(petition, "grant"))
    assert timezone.localtime(WANTED).strftime('value="%Y-%m-%dT%H:%M"') in form.content.decode()
    for _again in range(2):
        response = client.post(page(petition, "grant"), {"due_at": LATER, "note": "Once."})
        assert (response.status_code, response.headers["Location"]) == (302, page(petition))
    assert (Petition.objects.get().state, Petition.objects.get().answer) == ("granted", "Once.")
    closed = client.get(page(petition)).content.decode()
    assert "Once." in closed
    assert page(petition, "grant") not in closed
    assert [client.get(page(petition, name)).headers["Location"] for name in ("grant", "refuse")] == [page(petition)] * 2


def test_refusal_keeps_what_was_typed_where_it_is_refused(cast: Cast, submission: Submission) -> None:
    petition, client = more_time(submission, cast), signed_in(cast.reviewer)
    answers = [
        client.post(page(petition, "refuse"), {"reason": ""}),
        client.post(page(petition, "grant"), {"due_at": "", "note": "Once."}),
        client.post(page(petition, "grant"), {"due_at": "2026-07-31T10:00", "note": "Once."}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("Late figures." in answer.content.decode() for answer in answers)
    assert "Once." in answers[-1].content.decode()
    assert Petition.objects.get().is_waiting


def test_second_answer_is_a_conflict_and_keeps_the_reason(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast)
    refuse_petition(petition=petition, reason="The totals are due.", actor=cast.approver, now=NOW)
    client = signed_in(cast.reviewer)
    grant = client.post(page(petition, "grant"), {"due_at": LATER, "note": "Of course."})
    refuse = client.post(page(petition, "refuse"), {"reason": "Not this time."})
    assert [grant.status_code, refuse.status_code] == [409, 409]
    assert "Of course." in grant.content.decode()
    assert "Not this time." in refuse.content.decode()
    for answer in (grant, refuse):
        body = answer.content.decode()
        assert ("The totals are due." in body, body.count("Nothing was changed")) == (True, 1)
        assert ('name="note"' in body, 'name="reason"' in body, f'href="{page(petition)}"' in body) == (False, False, True)


def test_prefilled_note_of_a_correction_claims_nothing(cast: Cast, submission: Submission) -> None:
    form = signed_in(cast.approver).get(page(correction(submission, cast), "grant"))
    assert "As the district had asked." not in form.content.decode()


def test_correction_is_answered_by_an_approver_alone(cast: Cast, submission: Submission) -> None:
    petition, reviewer, approver = correction(submission, cast), signed_in(cast.reviewer), signed_in(cast.approver)
    body = reviewer.get(page(petition)).content.decode()
    assert "An approver answers this request." in body
    assert page(petition, "grant") not in body
    assert page(petition, "grant") not in reviewer.get(page_of(submission)).content.decode()
    for name, given in (("grant", {"due_at": LATER, "note": "x"}), ("refuse", {"reason": "x"})):
        assert reviewer.get(page(petition, name)).status_code == 403
        assert reviewer.post(page(petition, name), given).status_code == 403
    response = approver.post(page(petition, "grant"), {"due_at": LATER, "note": "Agreed."})
    assert (response.status_code, state_of(submission)) == (302, "returned")
    assert Petition.objects.get().state == "granted"


def test_reopening_on_the_review_page_closes_the_request(cast: Cast, submission: Submission) -> None:
    petition, client = correction(submission, cast), signed_in(cast.approver)
    assert page(petition, "grant") in client.get(page_of(submission)).content.decode()
    assert step(client, submission, "reopen", {"due_at": LATER, "note": "Agreed."}).status_code == 302
    assert Petition.objects.get().state == "granted"
    body = client.get(page_of(submission)).content.decode()
    assert page(petition, "grant") not in body
    assert "As the district had asked." in body


def test_step_that_grants_a_request_says_so_before(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    client = signed_in(cast.approver)
    correction(submission, cast)
    more_time(south_submission, cast)
    reopen = client.get(step_url(submission, "reopen")).content.decode()
    due = client.get(reverse("admin:reporting_submission_due", args=[south_submission.pk])).content.decode()
    other = client.get(reverse("admin:reporting_submission_due", args=[submission.pk])).content.decode()
    assert "request for a correction, which waits" in reopen
    assert ["extension request, which waits" in page for page in (due, other)] == [True, False]


def test_foreign_and_missing_requests_answer_alike(cast: Cast, south_submission: Submission) -> None:
    petition, client = more_time(south_submission, cast), signed_in(cast.reviewer)
    for pk in (petition.pk, 999_999):
        for name in ("change", "grant", "refuse"):
            assert client.get(reverse(f"admin:reporting_petition_{name}", args=[pk])).status_code == 404
        for name in ("grant", "refuse"):
            answer = client.post(reverse(f"admin:reporting_petition_{name}", args=[pk]), {"due_at": LATER, "reason": "x"})
            assert answer.status_code == 404
    assert client.get(reverse("admin:reporting_petition_change", args=["x"])).status_code == 404
    assert Petition.objects.get().is_waiting


def test_dashboard_counts_what_waits_in_the_portfolio(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    index = reverse("admin:index")
    assert "Waiting for an extension" not in signed_in(cast.reviewer).get(index).content.decode()
    correction(submission, cast)
    more_time(south_submission, cast)
    reviewer, approver = (signed_in(person).get(index) for person in (cast.reviewer, cast.approver))
    assert reviewer.context["board"].petition_counts == {"correction": 1}
    assert approver.context["board"].petition_counts == {"correction": 1, "extension": 1}
    assert "?state=waiting&amp;kind=extension" in approver.content.decode()
    assert "Southgate: Extension request" not in reviewer.content.decode()
