"""The briefing of 17 districts, by its job, against python-docx writing the same text, without template and pictures."""

from io import BytesIO

from docx import Document

from districts.models import District
from reporting.domain.documents import ask_for_document
from reporting.domain.figures import refresh_figures
from reporting.domain.symposiums.planning import Meeting, plan_symposium
from reporting.enums.symposiums import DocumentKind
from reporting.enums.targets import TargetKind
from reporting.jobs.running import run_job
from reporting.jobs.works import WORKS
from reporting.models import SymposiumDocument, Target, TargetIssue
from tests.bench import data
from tests.bench.harness import Figure, in_turns

DISTRICTS = 17


def measure() -> list[Figure]:
    """Wants a database of its own."""
    world = data.make_world(DISTRICTS)
    for cycle in (world.last_year, world.cycle):
        refresh_figures(cycle_id=cycle.pk, now=data.NOW)
    issue = TargetIssue.objects.create(note="Plan", issued_by=world.administrator, issued_at=data.NOW)
    for district in (None, *District.objects.all()):
        Target.objects.create(
            issue=issue, district=district, indicator=world.indicators[0], year=2026, kind=TargetKind.GROWTH, value=9
        )
    meeting = Meeting("Symposium", data.NOW.replace(year=2027), "Hall", "The director")
    symposium = plan_symposium(cycle=world.cycle, meeting=meeting, seed=7, actor=world.administrator, now=data.NOW)

    def build() -> None:
        kind = DocumentKind.BRIEFING
        job = ask_for_document(symposium=symposium, kind=kind, actor=world.administrator, now=data.NOW)
        run_job(job_id=job.pk, works=WORKS, now=data.NOW, seconds=600)

    build()
    content = bytes(SymposiumDocument.objects.latest("pk").content)
    texts, tables = _read(content)
    figure = in_turns("briefing", build, lambda: _plain(texts, tables), rounds=5)
    if SymposiumDocument.objects.count() < 6:
        raise RuntimeError("not every briefing was built")
    seconds = f"{figure.value / 1000:.1f} s"
    note = f"{DISTRICTS} districts: {seconds} for {len(texts)} paragraphs and {len(tables)} tables, with pictures and sources"
    return [Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)]


def _read(content: bytes) -> tuple[list[str], list[list[list[str]]]]:
    document = Document(BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables


def _plain(texts: list[str], tables: list[list[list[str]]]) -> bytes:
    document, file = Document(), BytesIO()
    for text in texts:
        document.add_paragraph(text)
    for rows in tables:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, told in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, told, strict=True):
                cell.text = text
    document.save(file)
    return file.getvalue()
