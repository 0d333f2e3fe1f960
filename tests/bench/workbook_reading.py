"""Reading a workbook in a process of its own, its start included, against openpyxl in a process that has loaded it already."""

import io
from datetime import date
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from reporting.workbooks.reading import read_book
from tests.bench.harness import Figure, in_turns

TO_REACH = 1.5
QUESTIONS, ROWS = 250, 10_000
_HEADS = ("code", "question", "unit", "value", "same period last year", "target", "explanation", "last changed")


def report(rows: int) -> bytes:
    """A report's answers as a person has them in Excel: codes, texts, numbers, percentages, days; half without an explanation."""
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
    return [_figure("workbook_read", QUESTIONS, rounds=41), _figure("workbook_read_10k", ROWS, rounds=9)]


def _figure(name: str, rows: int, *, rounds: int) -> Figure:
    content = report(rows)
    cells = sum(len(sheet.cells) for sheet in read_book(content).sheets)
    if cells != by_openpyxl(content):
        raise RuntimeError("the two readers do not see the same cells")
    figure = in_turns(name, lambda: read_book(content), lambda: by_openpyxl(content), rounds=rounds)
    verdict = "reached" if figure.ratio <= TO_REACH else "NOT REACHED"
    note = f"{rows:,} rows, {cells:,} cells, with the start of the process; to reach: ratio <= {TO_REACH}: {verdict}"
    return Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)
