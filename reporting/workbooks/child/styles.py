"""The number formats of a workbook's cells."""

from __future__ import annotations

from reporting.workbooks import limits
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.markup import Attributes, Reader
from reporting.workbooks.child.texts import clean

GENERAL = "General"
_YEAR_MONTH, _MONTH_DAY, _FULL = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
_HOUR_MINUTE, _HOUR_MINUTE_SECOND = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
_BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    # What Chinese editions of Excel, and WPS, have besides.
    27: _YEAR_MONTH,
    28: _MONTH_DAY,
    29: _MONTH_DAY,
    30: "m-d-yy",
    31: _FULL,
    32: _HOUR_MINUTE,
    33: _HOUR_MINUTE_SECOND,
    36: _YEAR_MONTH,
    50: _YEAR_MONTH,
    51: _MONTH_DAY,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _MONTH_DAY,
    57: _YEAR_MONTH,
    58: _MONTH_DAY,
}
"""Formats that files name by number alone."""


class Styles(Reader):
    """`formats` has the code of each style that a cell may refer to, by the style's number as cells write it."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: dict[str, str] = {}
        self._codes: dict[int, str] = dict(_BUILT_IN)
        self._in_cells = False
        self.at("numFmt", self._number_format)
        self.at("cellXfs", self._begin_cells, self._end_cells)
        self.at("xf", self._style)

    def _number_format(self, attributes: Attributes) -> None:
        code = attributes.get("formatCode", "")
        if len(self._codes) == limits.FORMATS or len(code) > limits.FORMAT_LENGTH:
            raise Fault("complicated")
        self._codes[_number(attributes.get("numFmtId", ""))] = clean(code)

    def _begin_cells(self, _attributes: Attributes) -> None:
        self._in_cells = True

    def _end_cells(self) -> None:
        self._in_cells = False

    def _style(self, attributes: Attributes) -> None:
        if not self._in_cells:
            return
        if len(self.formats) == limits.STYLES:
            raise Fault("complicated")
        code = self._codes.get(_number(attributes.get("numFmtId", "0")), GENERAL)
        self.formats[str(len(self.formats))] = code


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Fault("damaged")
    return int(text)
