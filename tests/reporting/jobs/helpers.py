"""Archives of workbooks, and the jobs that write and read them."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zipfile import ZipFile

from districts.models import User
from reporting.domain.jobs import ask_for_workbooks, take_workbooks
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Cycle, Job, JobItem, Submission
from reporting.queries.jobs import files_of, items_of
from tests.factories import NOW
from tests.reporting.workbooks.every_kind import Edited

TYPED = {"P1": 60, "P2": 40, "GRP": 250, "BASE": 90, "STOCK": 12, "plans": "Build more."}
"""What `tests.factories.ANSWERS` is, as somebody types it into the cells."""


def download(cycle: Cycle, actor: User, now: datetime = NOW) -> dict[str, bytes]:
    """The workbooks by district, through the job."""
    job = ask_for_workbooks(cycle=cycle, actor=actor, now=now)
    run_job(job_id=job.pk, works=WORKS, now=now)
    assert Job.objects.get(pk=job.pk).state == "done"
    return {name.split()[1]: content for name, content in files_of(items_of(job, actor), "content")}


def filled(content: bytes, values: Mapping[str, Any] = TYPED, **columns: Mapping[str, Any]) -> bytes:
    """The workbook with these values typed in; `status` and `explanation` are the other columns."""
    book = Edited(content).put(values)
    for column, given in columns.items():
        book.put(given, column)
    return book.saved()


def upload(cycle: Cycle, actor: User, files: Mapping[str, bytes], now: datetime = NOW) -> dict[str, JobItem]:
    """What became of each file, through the job."""
    job = take_workbooks(cycle=cycle, name="mail.zip", files=list(files.items()), actor=actor, now=now)
    run_job(job_id=job.pk, works=WORKS, now=now)
    assert Job.objects.get(pk=job.pk).state == "done"
    return {item.name: item for item in job.items.all()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def answers(submission: Submission) -> dict[str, str]:
    revision = Submission.objects.get(pk=submission.pk).working_revision
    return dict(revision.answers.values_list("question_key", "raw")) if revision else {}
