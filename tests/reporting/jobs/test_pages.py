"""The pages of jobs: each person's own alone, at each request; what the job gave, and until when."""

import csv
import io
from datetime import datetime
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from districts.domain.grants import refresh_grants
from districts.models import User
from reporting.domain.jobs import ask_for_workbooks, take_workbooks
from reporting.enums import ItemState, JobKind
from reporting.exports.zips import zip_chunks
from reporting.jobs.running import Outcome, run_job
from reporting.models import Cycle, Job, JobItem, Submission
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in
from tests.reporting.jobs.works import Told, refuse

FILES = [("a.xlsx", b"A"), ("b.xlsx", b"B")]
PAGES = ("change", "progress", "result", "results")


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(cast.reviewer)


@pytest.fixture
def running(cast: Cast, cycle: Cycle) -> Job:
    return take_workbooks(cycle=cycle, name="mail.zip", files=FILES, actor=cast.reviewer, now=timezone.now())


@pytest.fixture
def written(cast: Cast, cycle: Cycle) -> Job:
    """Of both districts, by somebody who has both, done."""
    job = ask_for_workbooks(cycle=cycle, actor=cast.approver, now=timezone.now())
    Told().run(job, timezone.now())
    return job


def url(job: Job, page: str) -> str:
    return reverse(f"admin:reporting_job_{page}", args=[job.pk, "csv"] if page == "results" else [job.pk])


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def page(client: Client, job: Job) -> str:
    return body(client, url(job, "change")).decode()


def names_in(content: bytes) -> list[str]:
    return ZipFile(io.BytesIO(content)).namelist()


def verdicts(user: User, job: Job) -> dict[str, int]:
    return {name: signed_in(user).get(url(job, name)).status_code for name in PAGES}


def test_list_without_a_job_says_so(client: Client, cast: Cast, written: Job) -> None:
    shown = body(client, reverse("admin:reporting_job_changelist")).decode()
    assert "You have no job yet." in shown
    assert url(written, "change") not in shown


def test_list_has_the_own_jobs_with_their_progress(client: Client, running: Job, written: Job) -> None:
    Told().run(running, timezone.now(), seconds=0)
    shown = body(client, reverse("admin:reporting_job_changelist")).decode()
    assert "mail.zip" in shown
    assert "1 of 2" in shown
    assert "You have no job yet." not in shown
    assert url(written, "change") not in shown


def test_pages_of_a_colleagues_job_are_not_there(cast: Cast, written: Job) -> None:
    assert verdicts(cast.approver, written) == dict.fromkeys(PAGES, 200)
    for other in (cast.administrator, cast.reviewer, cast.south_reviewer):
        assert verdicts(other, written) == dict.fromkeys(PAGES, 404)
        assert signed_in(other).post(url(written, "cancel")).status_code == 404


def test_pages_after_the_role_was_taken_are_refused(cast: Cast, written: Job) -> None:
    client = signed_in(cast.approver)
    cast.approver.bureau_role.delete()
    assert {client.get(url(written, name)).status_code for name in PAGES} == {302}


def test_files_of_a_district_that_left_the_portfolio_are_left_out(cast: Cast, written: Job) -> None:
    client = signed_in(cast.approver)
    assert len(names_in(body(client, url(written, "result")))) == 2
    role = cast.approver.bureau_role
    role.scope = "listed"
    role.save()
    role.districts.set([cast.north])
    refresh_grants(user_id=cast.approver.pk)
    content = body(client, url(written, "result"))
    assert names_in(content) == ["2026-S1 north Northgate.xlsx"]
    assert b"Southgate" not in content
    for text in (page(client, written), body(client, url(written, "results")).decode()):
        assert "Northgate" in text
        assert "Southgate" not in text


def test_result_holds_the_files_as_they_were_written(cast: Cast, written: Job) -> None:
    response = signed_in(cast.approver).get(url(written, "result"))
    assert response["Content-Disposition"] == 'attachment; filename="download-2026-S1.zip"'
    with ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.testzip() is None
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    names = ["2026-S1 north Northgate.xlsx", "2026-S1 south Southgate.xlsx"]
    assert found == {name: f"content of {name}" for name in names}


def test_running_job_shows_how_far_it_is_and_has_no_result(client: Client, running: Job) -> None:
    Told().run(running, timezone.now(), seconds=0)
    shown = page(client, running)
    assert '<progress value="1" max="2" aria-label="Progress of the job"></progress>' in shown
    assert 'hx-trigger="every 2s"' in shown
    assert "<noscript>" in shown
    assert verdicts(running.actor, running) == {"change": 200, "progress": 200, "result": 404, "results": 404}
    response = client.get(url(running, "progress"))
    assert "HX-Refresh" not in response
    assert "1 of 2" in response.content.decode()


def test_progress_of_a_finished_job_loads_the_page_again(client: Client, running: Job) -> None:
    Told().run(running, timezone.now())
    response = client.get(url(running, "progress"))
    assert response["HX-Refresh"] == "true"
    assert "hx-get" not in response.content.decode()


def test_cancel_stops_the_job_and_is_asked_by_post_alone(client: Client, running: Job) -> None:
    assert client.get(url(running, "cancel")).status_code == 405
    response = client.post(url(running, "cancel"), follow=True)
    assert "The job was cancelled; what it had done stays." in response.content.decode()
    assert Job.objects.get(pk=running.pk).state == "cancelled"
    assert "The job was finished already." in client.post(url(running, "cancel"), follow=True).content.decode()


def test_expired_job_has_nothing_to_download(client: Client, running: Job) -> None:
    Told().run(running, timezone.now())
    Job.objects.update(expires_at=timezone.now())
    assert verdicts(running.actor, running) == {"change": 200, "progress": 200, "result": 404, "results": 404}
    assert "were deleted when their time was over" in page(client, running)


def test_table_has_a_row_for_each_problem_and_no_formula(
    cast: Cast, cycle: Cycle, client: Client, submission: Submission
) -> None:
    files = [("=a.xlsx", b""), ("b.xlsx", b""), ("c.xlsx", b"")]
    job = take_workbooks(cycle=cycle, name="mail.zip", files=files, actor=cast.reviewer, now=timezone.now())
    problems = [{"sheet": "Sheet", "cell": "D7", "text": "@1 is no number"}, {"sheet": "Sheet", "cell": "D9", "text": "Two"}]
    fields = {"submission": submission, "district": cast.north}
    told = Told(**{"b.xlsx": refuse})

    def read(own: Job, item: JobItem, now: datetime) -> Outcome:
        if item.name == "b.xlsx":
            return told(own, item, now)
        return Outcome(ItemState.REFUSED, "", problems if item.name == "=a.xlsx" else (), fields)

    run_job(job_id=job.pk, works={JobKind.UPLOAD: read}, now=timezone.now())
    rows = list(csv.reader(io.StringIO(body(client, url(job, "results")).decode("utf-8-sig"))))
    assert rows == [
        ["File", "District", "Outcome", "Sheet", "Cell", "What was found"],
        ["'=a.xlsx", "Northgate", "Refused", "Sheet", "D7", "'@1 is no number"],
        ["'=a.xlsx", "Northgate", "Refused", "Sheet", "D9", "Two"],
        ["b.xlsx", "", "Refused", "", "", "It is torn.\nAnd wet."],
        ["c.xlsx", "Northgate", "Refused", "", "", ""],
    ]
    content = body(client, reverse("admin:reporting_job_results", args=[job.pk, "xlsx"]))
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert sheet["A2"].value == "=a.xlsx"
    assert sheet["A2"].data_type != "f"
    assert client.get(reverse("admin:reporting_job_results", args=[job.pk, "pdf"])).status_code == 404


def test_files_of_one_name_are_told_apart_in_the_archive() -> None:
    files = [("a.xlsx", b"1"), ("A.xlsx", b"2"), ("a (2).xlsx", b"3"), ("x", b"4"), ("x", b"5"), ("区.xlsx", b"6")]
    content = b"".join(zip_chunks(files))
    assert names_in(content) == ["a.xlsx", "A (2).xlsx", "a (2) (2).xlsx", "x", "x (2)", "区.xlsx"]


@pytest.mark.parametrize("number", ["0", "9" * 30, "x", "1%00"])
def test_number_that_is_none_is_not_there(client: Client, number: str) -> None:
    assert client.get(f"/admin/reporting/job/{number}/change/").status_code == 404


def test_table_in_chinese_has_chinese_words(client: Client, running: Job) -> None:
    Told().run(running, timezone.now())
    User.objects.update(language="zh-hans")
    rows = list(csv.reader(io.StringIO(body(client, url(running, "results")).decode("utf-8-sig"))))
    assert rows == [
        ["文件", "区", "处理结果", "工作表", "单元格", "发现的问题"],
        ["a.xlsx", "", "已完成", "", "", ""],
        ["b.xlsx", "", "已完成", "", "", ""],
    ]
