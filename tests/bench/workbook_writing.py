"""Writing the workbook of a report of 250 questions against openpyxl writing the same cells, which it is told."""

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment

from reporting.queries.reports import ReportPage
from reporting.workbooks.styles import named_styles
from reporting.workbooks.writing import workbook_of
from tests.bench.harness import Figure, in_turns
from tests.bench.workbook_reading import QUESTIONS, report_of_questions

TO_REACH = 1.5
Cells = dict[str, list[list[tuple[Any, str, str, str]]]]
"""By sheet, row by row: value, style, number format and note."""


def cells_of(content: bytes) -> Cells:
    book = load_workbook(io.BytesIO(content))
    return {
        sheet.title: [
            [(cell.value, cell.style, cell.number_format, cell.comment.text if cell.comment else "") for cell in row]
            for row in sheet.iter_rows()
        ]
        for sheet in book.worksheets
    }


def by_openpyxl(cells: Cells) -> bytes:
    """With the same styles, formats and notes; without widths, locks and drop-downs."""
    book = Workbook(write_only=True)
    for named in named_styles():
        book.add_named_style(named)
    for title, rows in cells.items():
        sheet: Any = book.create_sheet(title)
        for row in rows:
            written = []
            for value, style, number_format, note in row:
                cell: Any = WriteOnlyCell(sheet, value=value)
                cell.style, cell.number_format = style, number_format
                if note:
                    cell.comment = Comment(note, "x")
                written.append(cell)
            sheet.append(written)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def measure() -> list[Figure]:
    """Wants a database of its own."""
    page: ReportPage = report_of_questions()
    content = workbook_of(page, editable=True)
    cells = cells_of(content)
    figure = in_turns("workbook_write", lambda: workbook_of(page, editable=True), lambda: by_openpyxl(cells), rounds=21)
    verdict = "reached" if figure.ratio <= TO_REACH else "NOT REACHED"
    number = sum(len(row) for rows in cells.values() for row in rows)
    note = f"a report of {QUESTIONS} questions, {number:,} cells; to reach: ratio <= {TO_REACH}: {verdict}"
    return [Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)]
