"""What is said of a workbook that is not read: what is wrong, and what to do."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from districts.errors import Refused
from reporting.workbooks import limits

_COMPLICATED = gettext_lazy(
    "The workbook is too complicated to be read. Copy what the report needs to a new workbook, as values, and send that."
)
_DAMAGED = gettext_lazy("The workbook is damaged. Open it in Excel or WPS, save it under another name, and send that file.")
_TEXTS: Mapping[str, str | Promise] = {
    "empty": gettext_lazy("The file is empty. Choose the workbook itself."),
    "size": gettext_lazy(
        "The file is too large: %(megabytes)d MB are possible. Remove pictures, and sheets that the report does not need."
    ),
    "old": gettext_lazy(
        "The workbook has the old format (.xls). Open it in Excel or WPS and save it as an Excel workbook (.xlsx)."
    ),
    "locked": gettext_lazy("The workbook is protected by a password. Remove the password, save it, and send it again."),
    "other": gettext_lazy(
        "The file is no Excel workbook (.xlsx), whatever its name says. Open it in Excel or WPS and save it as an "
        "Excel workbook (.xlsx)."
    ),
    "macros": gettext_lazy("The workbook has macros. Save it as an Excel workbook without macros (.xlsx), and send that."),
    "inside": gettext_lazy("The workbook has another file inside it. Remove embedded files, save it, and send it again."),
    "incomplete": gettext_lazy("The file is incomplete: its end is missing. Copy or download it again."),
    "damaged": _DAMAGED,
    "complicated": _COMPLICATED,
    "expanded": gettext_lazy(
        "The workbook is too large once it is unpacked: %(expanded)d MB are possible. Copy what the report needs to a "
        "new workbook."
    ),
    "sheets": gettext_lazy(
        "The workbook has too many sheets: %(sheets)d are possible. Remove those that the report does not need."
    ),
    "cells": gettext_lazy(
        "The workbook has too many cells: %(cells)d are possible. Remove the rows and sheets that the report does not need."
    ),
    "text": gettext_lazy("The workbook has too much text: %(text)d characters are possible in all its cells together."),
    "spread": gettext_lazy(
        "What stands in the workbook is spread too far. Delete what stands far down and far to the right, and send it again."
    ),
    "slow": gettext_lazy(
        "Reading the workbook took too long. Remove what the report does not need, or try again in a few minutes."
    ),
    "busy": gettext_lazy("Other workbooks are being read at this moment. Try again in a minute."),
}
_TEXTS_OF_CELLS: Mapping[str, str | Promise] = {
    "damaged": gettext_lazy(
        "The workbook is damaged at or after cell %(cell)s of sheet “%(sheet)s”. Open it in Excel or WPS, save it "
        "under another name, and send that file."
    ),
    "far": gettext_lazy(
        "Cell %(cell)s of sheet “%(sheet)s” is too far out: %(rows)d rows and %(columns)d columns are possible. Delete "
        "what stands there."
    ),
    "long": gettext_lazy("The text in cell %(cell)s of sheet “%(sheet)s” is too long: %(characters)d characters are possible."),
    "number": gettext_lazy(
        "Cell %(cell)s of sheet “%(sheet)s” has a value that no spreadsheet program writes. Type it again, save the "
        "workbook, and send it again."
    ),
}


def refusal(code: str, *, sheet: str = "", cell: str = "", cells: int = limits.CELLS) -> Refused:
    values = {
        "megabytes": limits.FILE_BYTES // limits.MEGABYTE,
        "expanded": limits.EXPANDED_BYTES // limits.MEGABYTE,
        "sheets": limits.SHEETS,
        "cells": cells,
        "text": limits.TEXT,
        "rows": limits.ROWS,
        "columns": limits.COLUMNS,
        "characters": limits.TEXT_LENGTH,
        "sheet": sheet,
        "cell": cell,
    }
    text = _TEXTS_OF_CELLS.get(code) if sheet and cell else None
    return Refused(str(text or _TEXTS.get(code, _DAMAGED)) % values)
