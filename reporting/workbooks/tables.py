"""The first sheet of any workbook as rows of text, as somebody would paste them."""

from decimal import Decimal

from reporting.workbooks.cells import Book, Cell
from reporting.workbooks.kinds import plain

_HUNDRED = Decimal(100)


def rows_of_book(book: Book, *, most_rows: int, most_columns: int) -> list[list[str]]:
    """One row and column more than the bounds at most, so that whoever reads them sees that there are more. Hidden sheets are
    left out."""
    sheet = next((one for one in book.sheets if not one.hidden), None)
    if sheet is None or not sheet.cells:
        return []
    height = min(max(row for row, _column in sheet.cells), most_rows + 1)
    width = min(max(column for _row, column in sheet.cells), most_columns + 1)
    return [[_text(sheet.cells.get((row, column))) for column in range(1, width + 1)] for row in range(1, height + 1)]


def _text(cell: Cell | None) -> str:
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, Decimal):
        return f"{plain(cell.value * _HUNDRED)}%" if "%" in cell.number_format else plain(cell.value)
    return str(cell.value).strip()
