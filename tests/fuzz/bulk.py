"""An archive of broken workbooks with good ones among them, as somebody at the bureau sends it: its job, and all its pages."""

import logging
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.enums import FINISHED_JOBS, ItemState
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Answer, Job, JobItem, Submission
from tests.files import Upload
from tests.fuzz.judging import Broken, without_place
from tests.fuzz.portal import Portal
from tests.reporting.jobs.helpers import zipped
from tests.reporting.workbooks.every_kind import edited, workbook

FIRST, LAST = "000 first.xlsx", "999999 last.xlsx"
"""The good workbooks, of another district than that of the broken ones."""
_SAVED = {"line": "Of the first", "WHOLE": "12"}
_RUNS = 40
"""A job works half a minute at a time."""

Harm = tuple[Broken, str]


class Office:
    """Somebody at the bureau who looks after both districts. What an archive changes is taken back after it."""

    def __init__(self, portal: Portal) -> None:
        self._client = Client()
        self._client.force_login(portal.administrator)
        self._cycle, self._good = portal.submission.cycle_id, portal.other
        own = workbook(self._good)
        self._first, self._last = edited(own, {"line": _SAVED["line"]}), edited(own, {"WHOLE": int(_SAVED["WHOLE"])})

    def use(self, files: Sequence[Broken]) -> tuple[Counter[str], list[Harm]]:
        """What became of the files, and the harm that was done, by a file or else by the archive as a whole."""
        named = {f"{file.number:06} {file.origin}.xlsx": file for file in files}
        archive = zipped({FIRST: self._first} | {name: file.content for name, file in named.items()} | {LAST: self._last})
        became: Counter[str] = Counter()
        try:
            with transaction.atomic():
                items, wrong = self._sent(archive)
                became.update(_became(items[name]) for name in named)
                harm = [(named[name], wrong_in) for name in named if (wrong_in := _wrong_with(items[name]))]
                transaction.set_rollback(True)
        except Exception:  # noqa: BLE001 (any error is what is looked for)
            harm, wrong = [], traceback.format_exc()
        return became, [*harm, *([(Broken(files[0].number, "an archive", archive), wrong)] if wrong else [])]

    def _sent(self, archive: bytes) -> tuple[dict[str, JobItem], str]:
        """The files of the job by name, and what is wrong with its pages or with the good ones of them."""
        given = {"cycle": self._cycle, "archive": Upload("报表.zip", archive)}
        answer = self._client.post(reverse("admin:reporting_job_exchange"), given)
        if answer.status_code != 302:
            raise AssertionError(f"The upload was answered with {answer.status_code}.")
        job = Job.objects.latest("pk")
        with Unheard():
            for _turn in range(_RUNS):
                run_job(job_id=job.pk, works=WORKS, now=timezone.now())
                job.refresh_from_db()
                if job.state in FINISHED_JOBS:
                    break
        items = {item.name: item for item in job.items.all()}
        return items, "; ".join([*self._wrong_pages(job), *self._spoiled(items)])

    def _wrong_pages(self, job: Job) -> Iterator[str]:
        addresses = [
            *(reverse(f"admin:reporting_job_{name}", args=[job.pk]) for name in ("change", "progress", "result")),
            *(reverse("admin:reporting_job_results", args=[job.pk, ending]) for ending in ("csv", "xlsx")),
        ]
        for address in addresses:
            answer = self._client.get(address)
            if answer.streaming:
                b"".join(answer)
            if answer.status_code != 200:
                yield f"{address} was answered with {answer.status_code}"

    def _spoiled(self, items: dict[str, JobItem]) -> Iterator[str]:
        for name in (FIRST, LAST):
            if items[name].state != ItemState.DONE:
                yield f"The good file “{name}” was {items[name].state}: {items[name].message}"
        revision = Submission.objects.get(pk=self._good.pk).working_revision_id
        stored = dict(Answer.objects.filter(revision=revision).values_list("question_key", "raw"))
        if stored != _SAVED:
            yield f"Of the good files was saved {stored}"


def _became(item: JobItem) -> str:
    return f"{item.state}: {without_place(item.message)}" if item.state == ItemState.REFUSED else item.state


def _wrong_with(item: JobItem) -> str:
    return "" if item.state in {ItemState.DONE, ItemState.REFUSED} else f"In the archive it was {item.state}: {item.message}"


class Unheard:
    """Keeps the log quiet of what the jobs say: the items' states say it."""

    def __enter__(self) -> None:
        self._log = logging.getLogger("reporting.jobs.running")
        self._before, self._log.disabled = self._log.disabled, True

    def __exit__(self, *_error: object) -> None:
        self._log.disabled = self._before
