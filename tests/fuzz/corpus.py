"""Good workbooks to begin with."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tests.reporting.workbooks import files

_STRICT = "http://purl.oclc.org/ooxml/"


def corpus() -> dict[str, bytes]:
    return {
        "rich": _rich(since_1904=False),
        "since 1904": _rich(since_1904=True),
        "by hand": files.workbook(files.sheet(_EVERY_CELL)),
        "stored": files.packed(files.Parts().all(), compression=zipfile.ZIP_STORED),
        "bare": files.workbook(
            files.sheet("<row><c t='inlineStr'><is><t>a</t></is></c><c><v>1</v></c></row>"),
            **{
                "xl/sharedStrings.xml": None,
                "xl/styles.xml": None,
                "xl/_rels/workbook.xml.rels": files.links(("worksheet", "worksheets/sheet1.xml")),
            },
        ),
        "UTF-16": files.workbook(**{files.PLACE: files.sheet(_EVERY_CELL).replace("UTF-8", "UTF-16").encode("utf-16")}),
        "strict": files.packed(_strict(files.Parts(files.sheet(_EVERY_CELL)).all())),
    }


def bundles() -> dict[str, bytes]:
    """ZIP files of many files."""
    book = files.workbook()
    within = {
        "海淀/报表.xlsx": book,
        "b.xlsx": book,
        "scan.pdf": b"%PDF-1.7 and more",
        "notes.xml": files.strings("a", "b").encode(),
    }
    return {
        "bundle": files.packed(within),
        "stored bundle": files.packed(within, compression=zipfile.ZIP_STORED),
        "bundle of Windows": files.packed({"xxxx.xlsx": book, "notes.xml": b"<a/>"}).replace(b"xxxx", "海淀".encode("gb18030")),
    }


_EVERY_CELL = (
    '<row r="1" spans="1:9"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.125</v></c><c r="C1" s="2"><v>46203</v></c>'
    '<c r="D1" s="3"><v>46203.5</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#N/A</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r></is></c><c r="B2"><f>B1*2</f><v>0.25</v></c>'
    '<c r="C2" t="str"><f>A1&amp;A2</f><v>joined</v></c><c r="D2" t="d"><v>2026-06-30T18:05:00</v></c><c r="E2" s="1"/></row>'
    '<row><c><v>6.6000000000000003E-2</v></c><c t="s"><v>1</v></c></row>'
)


def _rich(*, since_1904: bool) -> bytes:
    """What openpyxl writes of nearly all that a workbook may have."""
    book = Workbook()
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError
    sheet.title = "报表"
    for number in range(1, 13):
        sheet.append(
            [f"N{number:02}", "数字经济增加值", number * 12.5, number / 1000, date(2026, 6, number), None, f"=C{number}*2"]
        )
        sheet.cell(number, 4).number_format = "0.00%"
        sheet.cell(number, 3).number_format = '#,##0.0 "亿元"'
    sheet["B14"] = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    sheet["B15"], sheet["C15"] = datetime(2026, 6, 30, 18, 5), True
    sheet["B15"].comment = Comment("a note", "somebody")
    sheet["A1"].font, sheet["A1"].fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
    sheet.merge_cells("A16:C17")
    choices = DataValidation(type="list", formula1='"yes,no"')
    choices.add("D15:D20")
    sheet.add_data_validation(choices)
    sheet.conditional_formatting.add("C1:C12", CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill(bgColor="FF0000")))
    sheet.protection.sheet = True
    sheet.freeze_panes = "B2"
    sheet["A20"].hyperlink = "https://example.org/"
    book.defined_names["base"] = DefinedName("base", attr_text="报表!$C$1:$C$12")
    book.create_sheet("codes")["A1"] = "N01"
    book["codes"].sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _strict(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        name: part.replace(files.MAIN.encode(), f"{_STRICT}spreadsheetml/main".encode()).replace(
            files.LINKS.encode(), f"{_STRICT}officeDocument/relationships".encode()
        )
        for name, part in parts.items()
    }
