"""Reading a workbook in a process of its own, its start included, against openpyxl in a process that has loaded it already."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from reporting.models import Submission
from reporting.queries.reports import ReportPage, report_page
from reporting.workbooks.reading import read_book
from reporting.workbooks.writing import workbook_of
from tests import factories
from tests.bench import data
from tests.bench.harness import Figure, in_turns

TO_REACH = 1.5
QUESTIONS, TEXTS, ROWS = 250, 10, 10_000
_HEADS = ("code", "question", "unit", "value", "same period last year", "target", "explanation", "last changed")


def report_of_questions() -> ReportPage:
    """A report of 250 questions, all answered."""
    data.make_districts(1)
    indicators = [factories.make_indicator(f"R{number:03}") for number in range(QUESTIONS - TEXTS)]
    cycle = data.make_cycle(data.make_version("workbook", indicators, TEXTS), "2026-S1", locked=False)
    data.fill(cycle, factor=Decimal("1.00"), upto="draft")
    submission = Submission.objects.select_related("cycle__definition", "district", "working_revision").get(cycle=cycle)
    return report_page(submission)


def table(rows: int) -> bytes:
    """What a person has in Excel beside it: codes, texts, numbers, percentages, days; every second row without an explanation."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError
    sheet.append(_HEADS)
    for number in range(rows):
        value = Decimal(number * 37 % 1009) + Decimal("0.25")
        explanation = f"Explanation {number} of the change 数字经济" if number % 2 else None
        sheet.append(
            [f"N{number:05}", f"Question {number} 指标", "亿元", value, value * 2, value / 1000, explanation, date(2026, 6, 30)]
        )
        sheet.cell(number + 2, 6).number_format = "0.00%"
        sheet.cell(number + 2, 2).font = Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_openpyxl(content: bytes) -> int:
    """Every cell looked at; how many are not empty."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(cell.value is not None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def measure() -> list[Figure]:
    """Wants a database of its own."""
    report = workbook_of(report_of_questions(), editable=True)
    return [
        _figure("workbook_read", report, f"a report of {QUESTIONS} questions", rounds=41),
        _figure("workbook_read_10k", table(ROWS), f"{ROWS:,} rows", rounds=9),
    ]


def _figure(name: str, content: bytes, what: str, *, rounds: int) -> Figure:
    cells = sum(len(sheet.cells) for sheet in read_book(content).sheets)
    if cells != by_openpyxl(content):
        raise RuntimeError("the two readers do not see the same cells")
    figure = in_turns(name, lambda: read_book(content), lambda: by_openpyxl(content), rounds=rounds)
    verdict = "reached" if figure.ratio <= TO_REACH else "NOT REACHED"
    note = f"{what}, {cells:,} cells, with the start of the process; to reach: ratio <= {TO_REACH}: {verdict}"
    return Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)
