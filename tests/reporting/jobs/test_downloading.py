"""The workbooks of a cycle: of the portfolio alone, and of each report what the bureau may read."""

import pytest
from django.utils import translation

from districts.domain.grants import refresh_grants
from reporting.domain.jobs import ask_for_workbooks
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Cycle, Job, Submission
from reporting.workbooks.identity import identity_of
from reporting.workbooks.reading import read_book
from tests import factories
from tests.conftest import Cast
from tests.factories import ANSWERS, NOW
from tests.reporting.jobs.helpers import download
from tests.reporting.workbooks.every_kind import Edited

CANARY = "canarysouth"


@pytest.fixture(autouse=True)
def canary(cast: Cast, south_submission: Submission) -> None:
    factories.fill(south_submission, cast.south_officer, ANSWERS | {"plans": CANARY, "P1": "27182.81"})


def texts(content: bytes) -> str:
    return " ".join(str(cell.value) for sheet in read_book(content).sheets for cell in sheet.cells.values())


def test_download_holds_the_portfolio_alone(cast: Cast, cycle: Cycle) -> None:
    found = download(cycle, cast.reviewer)
    assert set(found) == {"north"}
    shown = texts(found["north"])
    assert "Northgate" in shown
    assert not [word for word in (CANARY, "27182.81", "Southgate") if word in shown]
    assert set(download(cycle, cast.administrator)) == {"north", "south"}


def test_draft_is_not_told_and_its_workbook_is_blank(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    factories.fill(submission, cast.officer, ANSWERS | {"plans": "Secret so far"})
    book = Edited(download(cycle, cast.reviewer)["north"])
    assert {key: book.cell(key).value for key in ANSWERS} == dict.fromkeys(ANSWERS)
    assert "Secret" not in texts(book.saved())
    assert not book.cell("P1").protection.locked
    assert identity_of(read_book(book.saved())).revision == 0


def test_report_not_started_has_a_workbook_to_fill_in(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    book = Edited(download(cycle, cast.reviewer)["north"])
    assert not book.cell("P1").protection.locked
    assert Submission.objects.get(pk=submission.pk).state == "not_started"


def test_signed_report_is_there_to_be_read(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    book = Edited(download(cycle, cast.reviewer)["north"])
    assert (book.cell("P1").value, book.cell("plans").value) == (60, "Build more.")
    assert book.cell("P1").protection.locked


def test_report_after_its_lock_has_a_workbook_to_be_read(cast: Cast, cycle: Cycle) -> None:
    book = Edited(download(cycle, cast.reviewer, now=factories.NOW + 2 * (cycle.locks_at - factories.NOW))["north"])
    assert book.cell("P1").protection.locked


def test_recalled_report_shows_what_was_signed_and_not_what_is_written_now(
    cast: Cast, cycle: Cycle, submission: Submission
) -> None:
    factories.submit(submission, cast.head)
    factories.apply_transition(submission=submission, name="recall", actor=cast.head, now=NOW)
    factories.fill(submission, cast.officer, {"plans": "Secret again"})
    shown = texts(download(cycle, cast.reviewer)["north"])
    assert "Build more." in shown
    assert "Secret again" not in shown


def test_workbooks_are_in_the_persons_language(cast: Cast, cycle: Cycle) -> None:
    with translation.override("zh-hans"):
        job = ask_for_workbooks(cycle=cycle, actor=cast.reviewer, now=NOW)
    run_job(job_id=job.pk, works=WORKS, now=NOW)
    shown = texts(bytes(job.items.get().content or b""))
    assert "指标P1" in shown
    assert "Indicator P1" not in shown


def test_district_that_leaves_the_portfolio_while_the_job_waits_is_refused(cast: Cast, cycle: Cycle) -> None:
    job = ask_for_workbooks(cycle=cycle, actor=cast.approver, now=NOW)
    role = cast.approver.bureau_role
    role.scope = "listed"
    role.save()
    role.districts.set([cast.south])
    refresh_grants(user_id=cast.approver.pk)
    run_job(job_id=job.pk, works=WORKS, now=NOW)
    items = {item.district: item for item in Job.objects.get(pk=job.pk).items.select_related("district")}
    assert (items[cast.north].state, items[cast.north].content) == ("refused", None)
    assert items[cast.north].message == "This district is not in your portfolio any more."
    assert items[cast.south].state == "done"
