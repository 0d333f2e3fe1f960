"""Targets in the districts' pages: the list, the head's acknowledgement, the home page and the report while it is drafted."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.targets import TargetKind
from reporting.models import Indicator, Submission, TargetAcknowledgement, TargetIssue
from tests.conftest import Cast
from tests.factories import approve, fill, submit
from tests.reporting.views.browser import as_user, fields_of, of_question, parse, select, text_of

K = TargetKind
NOW = timezone.now()
CANARY = Decimal("31415.92")


def issue(cast: Cast, code: str, kind: TargetKind, value: str, note: str = "Plan of the year", minutes: int = 0) -> TargetIssue:
    """For the north; the south has another one, which nobody of the north may see."""
    indicator, at = Indicator.objects.get(code=code), NOW + timedelta(minutes=minutes)
    targets = [NewTarget(cast.north, indicator, 2026, kind, Decimal(value))]
    if not minutes:
        stock = Indicator.objects.get(code="STOCK")
        targets.append(NewTarget(cast.south, stock, 2026, K.STOCK, CANARY.to_integral_value()))
    return issue_targets(targets=targets, note=note, actor=cast.administrator, now=at)


def test_head_acknowledges_and_the_page_says_who_did_when(cast: Cast, submission: Submission) -> None:
    first = issue(cast, "TOTAL", K.GROWTH, "9", "Nine per cent, as agreed")
    client = as_user(cast.head)
    page = client.get("/targets/")
    assert "Nine per cent, as agreed" in text_of(page, "main")
    assert "31,416" not in text_of(page, "main")
    url = f"/targets/{cast.north.pk}/acknowledge/"
    assert client.post(url, {"seen": first.pk}).status_code == 302
    made = TargetAcknowledgement.objects.get()
    assert (made.issue, made.district, made.actor) == (first, cast.north, cast.head)
    page = client.get("/targets/")
    assert select(parse(page), "form[action*=acknowledge]") == []
    assert "Acknowledged by North Head" in text_of(page, "main")
    assert client.post(url, {"seen": first.pk}).status_code == 302
    assert TargetAcknowledgement.objects.count() == 1


def test_acknowledging_an_older_page_is_a_conflict_that_shows_the_newer_one(cast: Cast, submission: Submission) -> None:
    first = issue(cast, "TOTAL", K.GROWTH, "9")
    issue(cast, "TOTAL", K.GROWTH, "10", "Ten now", minutes=1)
    response = as_user(cast.head).post(f"/targets/{cast.north.pk}/acknowledge/", {"seen": first.pk})
    assert response.status_code == 409
    assert "Ten now" in response.content.decode()
    assert TargetAcknowledgement.objects.count() == 0


@pytest.mark.parametrize("seen", ["", "x", "٣", "9" * 40])
def test_acknowledging_without_a_page_is_a_conflict(cast: Cast, submission: Submission, seen: str) -> None:
    issue(cast, "TOTAL", K.GROWTH, "9")
    assert as_user(cast.head).post(f"/targets/{cast.north.pk}/acknowledge/", {"seen": seen}).status_code == 409


def test_officer_sees_that_the_head_has_not_acknowledged(cast: Cast, submission: Submission) -> None:
    issue(cast, "TOTAL", K.GROWTH, "9")
    page = as_user(cast.officer).get("/targets/")
    assert "The head of the district has not acknowledged them yet." in text_of(page, "main")
    assert select(parse(page), "form[action*=acknowledge]") == []


def test_report_shows_the_light_of_what_was_typed(cast: Cast, submission: Submission) -> None:
    """TOTAL is 60 + 40 against a revised base of 90: 11.1 % against a target of 12 %."""
    issue(cast, "TOTAL", K.GROWTH, "12")
    fill(submission, cast.officer, now=NOW)
    client = as_user(cast.officer)
    page = client.get(f"/reports/{submission.pk}/")
    at_question, section = text_of(page, "#change-TOTAL"), text_of(page, "#section-targets")
    assert "Slightly behind" in at_question
    assert "Target 12.0 %" in at_question
    assert "−0.9 percentage points" in section
    assert "31,416" not in page.content.decode()
    fields = of_question(fields_of(page), "P1") | {"answer-P1": "90"}
    saved = client.post(f"/reports/{submission.pk}/answers/", fields, headers={"HX-Request": "true"})
    assert "On target" in text_of(saved, "#report-targets")
    assert "On target" in text_of(saved, "#change-TOTAL")


def test_level_shows_completion_schedule_and_pace(cast: Cast, submission: Submission) -> None:
    issue(cast, "P1", K.LEVEL, "150")
    fill(submission, cast.officer, now=NOW)
    section = text_of(as_user(cast.officer).get(f"/reports/{submission.pk}/"), "#section-targets")
    for words in ("40.0 %", "50.0 % expected by now (share of the year that has passed)", "−10.0 percentage points", "Behind"):
        assert words in section
    assert "Needed in each period left: 90.00 100m CNY, 1.50 times the pace so far" in section


def test_signed_report_keeps_the_target_that_it_was_signed_with(cast: Cast, submission: Submission) -> None:
    issue(cast, "STOCK", K.STOCK, "12")
    submit(submission, cast.head, now=NOW + timedelta(minutes=1))
    issue(cast, "STOCK", K.STOCK, "99", minutes=2)
    page = as_user(cast.officer).get(f"/reports/{submission.pk}/")
    assert "12 firms" in text_of(page, "#section-targets")
    assert "99" not in text_of(page, "#section-targets")


def test_home_lists_how_the_district_stands(cast: Cast, submission: Submission) -> None:
    issue(cast, "STOCK", K.STOCK, "24")
    submit(submission, cast.head, now=NOW)
    approve(Submission.objects.get(pk=submission.pk), cast.approver, NOW)
    card = text_of(as_user(cast.officer).get("/"), "section[aria-labelledby=targets-title]")
    for words in ("24 firms", "12 firms", "−12 firms", "Behind"):
        assert words in card
    assert "31,416" not in card


def test_page_without_a_target_says_so_and_the_bureaus_people_have_their_own(cast: Cast, submission: Submission) -> None:
    assert "No target is in force." in text_of(as_user(cast.officer).get("/targets/"), "main")
    assert as_user(cast.reviewer).get("/targets/").status_code == 403
    assert as_user(cast.outsider).get("/targets/").status_code == 403


def test_withdrawn_target_is_told_in_the_history_and_counts_no_more(cast: Cast, submission: Submission) -> None:
    issue(cast, "TOTAL", K.GROWTH, "9", "Nine")
    gone = NewTarget(cast.north, Indicator.objects.get(code="TOTAL"), 2026, K.GROWTH, None)
    issue_targets(targets=[gone], note="Taken back", actor=cast.administrator, now=NOW + timedelta(minutes=1))
    page = as_user(cast.head).get("/targets/")
    assert select(parse(page), ".picture") == []
    assert "Taken back" in text_of(page, "main")
    fill(submission, cast.officer, now=NOW)
    assert select(parse(as_user(cast.officer).get(f"/reports/{submission.pk}/")), "#section-targets table") == []


def test_queries_of_the_page_do_not_follow_the_targets(cast: Cast, submission: Submission) -> None:
    client, counts = as_user(cast.officer), []
    for codes in (("TOTAL",), ("P1", "P2")):
        for code in codes:
            issue(cast, code, K.LEVEL, "150", minutes=len(code) + ord(code[-1]))
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/targets/")
        assert page.status_code == 200
        counts.append(len(captured))
    assert counts == [19, 19]
