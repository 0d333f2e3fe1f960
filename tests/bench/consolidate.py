"""An archive of 300 filled-in workbooks to stored, checked answers and the city's totals, against a pandas script that reads the
same files and sums.

The portal's side is what the bureau does: the archive is unpacked, each workbook is read in a process of its own, compared with
the report, checked and saved in its district's draft with history and mails, by the job, which as many workers as it has places
for run beside each other. A city's total is of approved reports: between the two timed parts the reports are walked to approved,
which is people's work and not timed; then the totals are computed. The script reads the one sheet of each file, takes the numbers
by their codes and adds them up. Both have to come to the same sums.
"""

import io
import re
import time
from decimal import Decimal
from multiprocessing import get_context
from zipfile import ZipFile

import pandas as pd
from django.db import connections

from districts.models import User
from reporting.domain.figures import refresh_figures
from reporting.domain.jobs import ask_for_workbooks, take_workbooks
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import Answer, Cycle, CycleFigure, Job
from reporting.workbooks.bundles import read_each
from reporting.workbooks.reading import read_book
from reporting.workbooks.rows import KEY, VALUE, rows_of
from tests import factories
from tests.bench import data
from tests.bench.harness import Figure

DISTRICTS, QUESTIONS, TEXTS = 300, 250, 10
TO_REACH = 2
_A_LONG_TIME = 3600.0
_SHEET = "xl/worksheets/sheet2.xml"
"""Where the portal's workbooks have their answers; the first sheet says how to fill them in."""
_EMPTY = re.compile(r'<c r="([A-Z]+\d+)"( s="\d+")?(?: t="\w+")?(?:\s*/>|></c>)')


def make_cycle() -> Cycle:
    data.make_districts(DISTRICTS)
    indicators = [factories.make_indicator(f"R{number:03}") for number in range(QUESTIONS - TEXTS)]
    cycle = data.make_cycle(data.make_version("consolidate", indicators, TEXTS), "2026-S1", locked=False)
    data.run("VACUUM (ANALYZE)")
    return cycle


def filled_archive(cycle: Cycle, actor: User) -> bytes:
    """Of the portal's own workbooks, with a value typed into each cell for one."""
    job = ask_for_workbooks(cycle=cycle, actor=actor, now=data.NOW)
    run_job(job_id=job.pk, works=WORKS, now=data.NOW, seconds=_A_LONG_TIME)
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for number, item in enumerate(job.items.order_by("position")):
            archive.writestr(f"{item.position:03}.xlsx", _typed(bytes(item.content or b""), number))
    return file.getvalue()


def _typed(content: bytes, number: int) -> bytes:
    """As a spreadsheet program stores it: numbers as such, texts in the cell."""
    places = {found[0].place(): key for key, found in rows_of(read_book(content)).by_key.items()}
    cells = {}
    for position, place in enumerate(places):
        address = place.address.rpartition("!")[2]
        value = Decimal((number * 31 + position * 7) % 9973) + Decimal("0.25")
        is_text = not places[place].startswith("R")
        cells[address] = "<is><t>Words about the work.</t></is>" if is_text else f"<v>{value}</v>"
    return _with_cells(content, cells)


def _with_cells(content: bytes, cells: dict[str, str]) -> bytes:
    source, file = ZipFile(io.BytesIO(content)), io.BytesIO()
    with ZipFile(file, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == _SHEET:
                part = _EMPTY.sub(lambda found: _cell(found, cells), part.decode()).encode()
            target.writestr(entry, part)
    return file.getvalue()


def _cell(found: "re.Match[str]", cells: dict[str, str]) -> str:
    value = cells.get(found[1])
    if value is None:
        return found[0]
    kind = ' t="inlineStr"' if value.startswith("<is>") else ""
    return f'<c r="{found[1]}"{found[2] or ""}{kind}>{value}</c>'


def by_portal(archive: bytes, cycle: Cycle, actor: User) -> tuple[float, dict[str, Decimal]]:
    """Seconds, and the city's totals by code."""
    start = time.perf_counter()
    job = take_workbooks(cycle=cycle, name="mail.zip", files=read_each(archive), actor=actor, now=data.NOW)
    _run_by_workers(job)
    taken = time.perf_counter() - start
    _need_all(job, cycle)
    _walk_to_approved(cycle)
    start = time.perf_counter()
    refresh_figures(cycle_id=cycle.pk, now=data.NOW)
    taken += time.perf_counter() - start
    figures = CycleFigure.objects.filter(cycle=cycle).values_list("indicator__code", "value")
    return taken, {code: value for code, value in figures if value is not None}


def _run_by_workers(job: Job) -> None:
    connections.close_all()  # none is shared with a process that was forked
    processes = get_context("fork")
    workers = [processes.Process(target=_run, args=(job.pk,)) for _place in range(job.places)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _run(job_id: int) -> None:
    run_job(job_id=job_id, works=WORKS, now=data.NOW, seconds=_A_LONG_TIME)


def _need_all(job: Job, cycle: Cycle) -> None:
    states = set(job.items.values_list("state", flat=True))
    stored = Answer.objects.filter(revision__submission__cycle=cycle, status="reported").count()
    if states != {"done"} or stored != DISTRICTS * QUESTIONS:
        raise RuntimeError(f"not all was stored: {states}, {stored} answers, {job.items.first().message}")  # type: ignore[union-attr]


def _walk_to_approved(cycle: Cycle) -> None:
    for state in ("awaiting_signature", "submitted", "in_review", "approved"):
        data.run("UPDATE reporting_submission SET state = %s WHERE cycle_id = %s", [state, cycle.pk])
    data.approve(cycle)


def by_pandas(archive: bytes) -> tuple[float, dict[str, Decimal]]:
    """Seconds, and the sums by code."""
    start = time.perf_counter()
    frames = []
    with ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            frame = pd.read_excel(io.BytesIO(files.read(name)), sheet_name=1, header=None, engine="openpyxl")
            keys, values = (frame.columns[frame.eq(mark).any()][0] for mark in (KEY, VALUE))
            frames.append(frame[[keys, values]].set_axis(["code", "value"], axis=1))
    told = pd.concat(frames)
    told = told[told["code"].astype(str).str.fullmatch(r"R\d{3}")]
    sums = told.assign(value=pd.to_numeric(told["value"])).groupby("code")["value"].sum()
    taken = time.perf_counter() - start
    return taken, {str(code): Decimal(str(value)) for code, value in sums.items()}


def measure() -> list[Figure]:
    """Once each: 300 files are a long run. Wants a database of its own."""
    cycle, actor = make_cycle(), data.make_administrator()
    archive = filled_archive(cycle, actor)
    base, sums = by_pandas(archive)
    value, totals = by_portal(archive, cycle, actor)
    if len(totals) != QUESTIONS - TEXTS or totals != sums:
        raise RuntimeError("the portal and the script do not come to the same totals")
    ratio = round(value / base, 3)
    note = (
        f"{DISTRICTS} workbooks of {QUESTIONS} questions to stored, checked answers and totals, against a pandas script that "
        f"reads and sums them; once each; to reach: ratio <= {TO_REACH}: {'reached' if ratio <= TO_REACH else 'NOT REACHED'}"
    )
    return [Figure("consolidate", round(value * 1000, 2), "ms", round(base * 1000, 2), ratio, note)]
