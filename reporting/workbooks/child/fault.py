"""Why a workbook is not read."""


class Fault(Exception):
    """`code` is one of refusals.py; `sheet` and `cell` say where, if that is known."""

    def __init__(self, code: str, *, sheet: str = "", cell: str = "") -> None:
        super().__init__(code)
        self.code, self.sheet, self.cell = code, sheet, cell
