"""The first page: what is due, for whom, and the one next step."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from districts.enums import DistrictRole
from districts.models import User
from reporting.domain.comments import draft_comment
from reporting.domain.submissions import Terms
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import approve, fill, make_cycle, sign
from tests.reporting.views.browser import as_user, parse, select, step, text_of

HOME = "/"
HOME_QUERIES = 13


def next_steps(user: User) -> list[str]:
    page = parse(as_user(user).get(HOME))
    return [" ".join(part.text_content().split()) for part in select(page, ".due-do .button, .due-do > p")]


def test_home_signed_out_leads_to_sign_in() -> None:
    response = Client().get(HOME)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize("name", ["administrator", "approver", "reviewer"])
def test_home_of_the_bureau_is_the_admin(cast: Cast, cycle: Cycle, name: str) -> None:
    response = as_user(getattr(cast, name)).get(HOME)
    assert (response.status_code, response["Location"]) == (302, reverse("admin:index"))


def test_home_without_a_role_is_empty(cast: Cast, submission: Submission) -> None:
    response = as_user(cast.outsider).get(HOME)
    assert "Nothing is due" in text_of(response)
    assert select(parse(response), ".due") == []


def test_home_shows_the_own_district_only(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    response = as_user(cast.officer).get(HOME)
    assert "Northgate" in response.content.decode()
    assert "Southgate" not in response.content.decode()
    assert select(parse(response), f'a[href*="/reports/{south_submission.pk}/"]') == []


def test_home_names_the_next_step_for_each_role(cast: Cast, submission: Submission, now: datetime) -> None:
    def steps() -> tuple[list[str], list[str], list[str]]:
        return next_steps(cast.officer), next_steps(cast.head), next_steps(cast.observer)

    assert steps() == (["Start the report"], ["Start the report"], ["Waiting for the officers to begin"])
    fill(submission, cast.officer, {"P1": "60"}, now)
    assert steps() == (["Continue the report"], ["Continue the report"], ["The officers are filling it in"])
    fill(submission, cast.officer, now=now)
    assert next_steps(cast.officer) == ["Check and hand over"]
    step(submission, "hand_over", cast.officer, now)
    assert steps() == (["Waiting for the head's signature"], ["Read and sign"], ["Waiting for the head's signature"])
    sign(submission, cast.head, now)
    assert next_steps(cast.head) == ["Nothing to do: waiting for the bureau's review"]
    step(submission, "begin_review", cast.reviewer, now)
    assert next_steps(cast.head) == ["Nothing to do: the bureau is reviewing it"]
    draft_comment(submission=submission, question_key="P1", text="Check this", actor=cast.reviewer, now=now)
    step(submission, "return", cast.reviewer, now, terms=Terms(due_at=now + timedelta(days=3)))
    assert steps() == (["Address the comments"], ["Address the comments"], ["The officers are correcting it"])


def test_home_after_the_approval_offers_the_receipt(cast: Cast, draft: Submission, now: datetime) -> None:
    step(draft, "hand_over", cast.officer, now)
    sign(draft, cast.head, now)
    approve(draft, cast.approver, now)
    assert next_steps(cast.officer) == ["View the receipt"]


def test_home_shows_progress_comments_and_due_time(cast: Cast, submission: Submission, now: datetime) -> None:
    noon = timezone.localtime(now).replace(hour=12, minute=0) + timedelta(days=10)
    Submission.objects.filter(pk=submission.pk).update(due_at=noon, locks_at=noon)
    fill(submission, cast.officer, {"P1": "60", "P2": " "}, now)
    response = as_user(cast.officer).get(HOME)
    assert "1 of 6 answered" in text_of(response)
    assert "in 10 days" in text_of(response)
    (bar,) = select(parse(response), "progress")
    assert (bar.get("value"), bar.get("max")) == ("1", "6")


def test_home_orders_by_urgency_and_marks_what_is_overdue(cast: Cast, now: datetime) -> None:
    version = factories.make_version()
    opened: dict[str, Any] = {"opened_by": cast.administrator, "now": now - timedelta(days=40)}
    make_cycle(version, "2026-S1", due_at=now + timedelta(days=9), locks_at=now + timedelta(days=12), **opened)
    make_cycle(version, "2025-A1", due_at=now - timedelta(days=2, minutes=5), locks_at=now + timedelta(days=1), **opened)
    page = parse(as_user(cast.officer).get(HOME))
    titles = [part.text_content() for part in select(page, ".due h3")]
    assert titles == ["Report half-year, January–December 2025", "Report half-year, January–June 2026"]
    assert [" ".join(part.text_content().split()) for part in select(page, ".due-overdue .due-when strong")] == ["2 days overdue"]


def test_home_after_the_lock_says_so_and_offers_no_step(cast: Cast, now: datetime) -> None:
    past: dict[str, Any] = {"due_at": now - timedelta(days=2), "locks_at": now - timedelta(days=1)}
    make_cycle(factories.make_version(), opened_by=cast.administrator, now=now - timedelta(days=9), **past)
    assert next_steps(cast.officer) == ["Locked: ask the bureau for more time"]
    assert "Locked" in text_of(as_user(cast.officer).get(HOME), ".due .badge")


@pytest.mark.parametrize("cycles", [1, 3])
def test_home_asks_the_database_a_constant_number_of_times(
    cast: Cast, now: datetime, cycles: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = factories.make_version()
    for period in ["2026-S1", "2025-A1", "2025-S1"][:cycles]:
        cycle = make_cycle(version, period, opened_by=cast.administrator, now=now - timedelta(hours=1))
        fill(cycle.submissions.get(district=cast.north), cast.officer, now=now)
    long_ago = now - timedelta(days=400)
    for period in ["2024-S1", "2023-A1", "2023-S1"][:cycles]:
        cycle = make_cycle(version, period, opened_by=cast.administrator, now=long_ago)
        factories.submit(cycle.submissions.get(district=cast.north), cast.head, now=long_ago)
    client = as_user(cast.officer)
    with django_assert_num_queries(HOME_QUERIES):
        response = client.get(HOME)
    page = parse(response)
    assert (len(select(page, ".due")), len(select(page, ".table tbody tr"))) == (cycles, cycles)


def test_home_of_two_districts_shows_each_with_its_own_step(cast: Cast, submission: Submission, now: datetime) -> None:
    both = factories.make_member("both", cast.north, DistrictRole.OFFICER)
    factories.Membership.objects.create(user=both, district=cast.south, role=DistrictRole.OBSERVER)
    factories.refresh_grants(user_id=both.pk)
    assert next_steps(both) == ["Start the report", "Waiting for the officers to begin"]
