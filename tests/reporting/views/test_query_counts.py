"""The districts' lists ask the database the same number of times for one row as for three (the report, home and the figures have
theirs beside their other tests, the admin in tests/reporting/admin/test_query_counts.py)."""

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from districts.domain.grants import refresh_grants
from districts.enums import DistrictRole
from districts.models import Membership
from reporting.domain.scans import attach_scan
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.files import pdf
from tests.reporting.views.browser import as_user, parse, select, step

PEOPLE, HISTORY, RECEIPT, PRINT = 7, 8, 9, 17


def history(submission: Submission, cast: Cast, now: datetime, revisions: int) -> None:
    """So many signed revisions, each recalled but the last, which has as many scans."""
    for number in range(revisions):
        if number:
            step(submission, "recall", cast.head, now)
        signed = factories.submit(submission, cast.head, factories.ANSWERS | {"P1": str(60 + number)}, now)
    revision = signed.working_revision
    assert revision is not None
    for number in range(revisions):
        attach_scan(revision=revision, name="scan.pdf", content=pdf(str(number)), actor=cast.officer, now=now)


@pytest.mark.parametrize("rows", [1, 3])
def test_people_page_query_count(cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(1, rows):
        factories.make_member(f"officer-{number}", cast.north, DistrictRole.OFFICER)
        district = factories.make_district(f"d{number}")
        Membership.objects.create(user=cast.head, district=district, role=DistrictRole.HEAD)
        refresh_grants(user_id=cast.head.pk)
    client = as_user(cast.head)
    with django_assert_num_queries(PEOPLE):
        response = client.get("/people/")
    assert len(select(parse(response), "section.card")) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("page", "count"), [("history/", HISTORY), ("receipt/", RECEIPT), ("print/", PRINT)])
def test_pages_of_a_report_with_a_history_query_count(
    cast: Cast,
    submission: Submission,
    now: datetime,
    rows: int,
    page: str,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    history(submission, cast, now, rows)
    assert submission.revisions.count() == rows
    client = as_user(cast.officer)
    with django_assert_num_queries(count):
        assert client.get(f"/reports/{submission.pk}/{page}").status_code == 200
