"""What is read of workbooks as programs write them."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from reporting.workbooks.cells import Book, Cell, Sheet, Value
from reporting.workbooks.reading import read_book
from tests.reporting.workbooks import files
from tests.reporting.workbooks.conftest import Refuser


def only(content: bytes) -> Sheet:
    (sheet,) = read_book(content).sheets
    return sheet


def value(cell: str, **changed: "str | bytes | None") -> Value:
    """Of the one cell, A1."""
    ((place, read),) = only(files.workbook(files.cells(cell), **changed)).cells.items()
    assert place == (1, 1)
    return read.value


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_workbook_of_a_program_gives_every_value_with_its_format() -> None:
    book = Workbook()
    report = book.active
    assert report is not None
    report.title = "报表"
    report["A1"], report["B1"], report["C1"] = "数字经济增加值", 9180.5, True
    report["B2"], report["B2"].number_format = 0.125, "0.00%"
    report["B3"], report["B4"] = date(2026, 6, 30), datetime(2026, 6, 30, 18, 5, 7)
    report["B5"], report["B6"] = "=B1*2", "#DIV/0!"
    report["D9"] = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    book.create_sheet("notes")["A1"] = "  kept as it is  "
    hidden = book.create_sheet("codes")
    hidden.sheet_state = "hidden"
    assert read_book(saved(book)) == Book(
        (
            Sheet(
                "报表",
                False,
                {
                    (1, 1): Cell("数字经济增加值", "General", False),
                    (1, 2): Cell(Decimal("9180.5"), "General", False),
                    (1, 3): Cell(True, "General", False),
                    (2, 2): Cell(Decimal("0.125"), "0.00%", False),
                    (3, 2): Cell(date(2026, 6, 30), "yyyy-mm-dd", False),
                    (4, 2): Cell(datetime(2026, 6, 30, 18, 5, 7), "yyyy-mm-dd h:mm:ss", False),
                    (5, 2): Cell(None, "General", True),
                    (6, 2): Cell("#DIV/0!", "General", False),
                    (9, 4): Cell("plain bold", "General", False),
                },
            ),
            Sheet("notes", False, {(1, 1): Cell("  kept as it is  ", "General", False)}),
            Sheet("codes", True, {}),
        )
    )


def test_workbook_that_counts_days_from_1904_gives_the_same_days() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    report = book.active
    assert report is not None
    report["A1"], report["A2"] = date(1904, 1, 1), datetime(2026, 6, 30, 12, 0)
    assert {place: cell.value for place, cell in only(saved(book)).cells.items()} == {
        (1, 1): date(1904, 1, 1),
        (2, 1): datetime(2026, 6, 30, 12, 0),
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0.1", "0.1"),
        ("-0", "-0"),
        ("12345678901234567890.123456", "12345678901234567890.123456"),
        ("1.50", "1.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1E3", "1E+3"),
        ("9.18E-2", "0.0918"),
        ("  7 ", "7"),
        # 6.6 % and 3.3 as Excel writes them: 17 digits of a binary number, which somebody typed with two.
        ("6.6000000000000003E-2", "0.066"),
        ("3.2999999999999998", "3.3"),
        ("9180.5499999999993", "9180.55"),
        # The same as openpyxl writes it, with 16.
        ("9999999999.989201", "9999999999.9892"),
        ("1234567890.123456", "1234567890.123456"),
        # 17 digits that are not those of a binary number were written by a program that counts in tens.
        ("0.10000000000000001", "0.1"),
        ("0.10000000000000002", "0.10000000000000002"),
        ("1234567890123.4567", "1234567890123.4567"),
        ("1e308", "1E+308"),
    ],
)
def test_number_is_what_the_file_says(written: str, expected: str) -> None:
    read = value(f'<c r="A1"><v>{written}</v></c>')
    assert isinstance(read, Decimal)
    assert str(read) == str(Decimal(expected))


@pytest.mark.parametrize(
    "written",
    ["NaN", "INF", "-Infinity", "1e999999", "1e309", "1e-400", "1_000", "1,5", "0x10", "١٢", "１２", "12 %", "--1", "9" * 401],
)
def test_number_that_is_none_is_refused_with_its_place(written: str, refused: Refuser) -> None:
    content = files.workbook(files.cells(f'<c r="B7"><v>{written}</v></c>', row=7))
    assert refused(content) == (
        "Cell B7 of sheet “Report” has a value that no spreadsheet program writes. "
        "Type it again, save the workbook, and send it again."
    )


@pytest.mark.parametrize(
    ("serial", "style", "expected"),
    [
        ("1", 2, date(1900, 1, 1)),
        ("59", 2, date(1900, 2, 28)),
        ("61", 2, date(1900, 3, 1)),
        ("46203", 2, date(2026, 6, 30)),
        ("46203.75", 2, date(2026, 6, 30)),
        ("46203", 3, datetime(2026, 6, 30)),
        ("46203.520833333336", 3, datetime(2026, 6, 30, 12, 30)),
        ("46203.999999999", 3, datetime(2026, 7, 1)),
        ("2958465", 2, date(9999, 12, 31)),
        ("60", 2, Decimal(60)),
        ("0", 2, Decimal(0)),
        ("-1", 2, Decimal(-1)),
        ("2958466", 2, Decimal(2958466)),
        ("2958465.9999999999", 3, Decimal("2958465.9999999999")),
        ("1e300", 2, Decimal("1e300")),
        ("0.75", 4, Decimal("0.75")),
    ],
)
def test_number_with_the_format_of_a_day_is_one_or_stays_a_number(serial: str, style: int, expected: Value) -> None:
    assert value(f'<c r="A1" s="{style}"><v>{serial}</v></c>') == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1" t="s"><v>1</v></c>', "second"),
        ('<c r="A1" t="str"><f>A2&amp;A3</f><v>joined</v></c>', "joined"),
        ('<c r="A1" t="inlineStr"><is><t>inline</t></is></c>', "inline"),
        (
            '<c r="A1" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>sound</t></rPh></is></c>',
            "rich text",
        ),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="A1" t="d"><v>2026-06-30</v></c>', date(2026, 6, 30)),
        ('<c r="A1" t="d"><v>2026-06-30T18:05:00Z</v></c>', datetime(2026, 6, 30, 18, 5)),
        ('<c r="A1"><f>1/0</f></c>', None),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A1" t="str"><v>=1+1</v></c>', "=1+1"),
    ],
)
def test_each_kind_of_cell_gives_its_value(cell: str, expected: Value) -> None:
    assert value(cell) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one&#10;two", "one\ntwo"),
        ("one_x000D_\ntwo", "one\ntwo"),
        ("one&#13;two", "one\ntwo"),
        ("a_x0000_b_x0007_c_x000B_d", "abcd"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_ alone", "\ufffd alone"),
        ("alone _xDE00_", "alone \ufffd"),
        ("_xFFFF_", "\ufffd"),
        ("file_xls_x00_", "file_xls_x00_"),
        ("_x00g0_", "_x00g0_"),
        ("tab\tstays", "tab\tstays"),
        ("&lt;b&gt;&amp;amp;&lt;/b&gt;", "<b>&amp;</b>"),
        ("<![CDATA[<b>]]>", "<b>"),
    ],
)
def test_text_is_what_a_person_sees(written: str, expected: str) -> None:
    shared = files.strings(written)
    assert value('<c r="A1" t="s"><v>0</v></c>', **{"xl/sharedStrings.xml": shared}) == expected
    assert value(f'<c r="A1" t="inlineStr"><is><t>{written}</t></is></c>') == expected


def test_text_of_control_characters_alone_is_an_empty_cell() -> None:
    assert only(files.workbook(files.cells('<c r="A1" t="str"><v>_x0000__x0001_</v></c>'))).cells == {}


def test_cells_without_references_follow_one_another() -> None:
    rows = (
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row>"
        "<row r='5'><c r='C5'><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>"
    )
    assert {place: cell.value for place, cell in only(files.workbook(files.sheet(rows))).cells.items()} == {
        (1, 1): 1,
        (1, 3): 2,
        (5, 3): 3,
        (5, 4): 4,
        (6, 1): 5,
    }


def test_empty_cells_far_out_with_a_style_are_no_cells() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert only(files.workbook(files.sheet(rows))).cells == {(1, 1): Cell(Decimal(1), "General", False)}


@pytest.mark.parametrize(
    "edition",
    [
        pytest.param(
            {
                "main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
                "links": "http://purl.oclc.org/ooxml/officeDocument/relationships",
            },
            id="strict",
        ),
        pytest.param({"main": files.MAIN, "links": files.LINKS}, id="transitional"),
    ],
)
def test_either_edition_with_other_prefixes_and_without_shared_parts_is_read(edition: dict[str, str]) -> None:
    main, links = edition["main"], edition["links"]
    contents = (
        f'<y:workbook xmlns:y="{main}" xmlns:q="{links}"><y:workbookPr date1904="false"/>'
        '<y:sheets><y:sheet name="表" sheetId="9" q:id="rId1"/></y:sheets></y:workbook>'
    )
    sheet = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>here</x:t></x:is></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    content = files.workbook(
        sheet,
        **{
            "xl/workbook.xml": contents,
            "xl/_rels/workbook.xml.rels": files.links(("worksheet", "/xl/worksheets/sheet1.xml")).replace(files.LINKS, links),
            "xl/sharedStrings.xml": None,
            "xl/styles.xml": None,
        },
    )
    assert read_book(content) == Book((Sheet("表", False, {(1, 1): Cell("here", "General", False)}),))


def test_part_in_utf_16_is_read() -> None:
    sheet = files.cells('<c r="A1" t="str"><v>增加值</v></c>').replace("UTF-8", "UTF-16").encode("utf-16")
    assert only(files.workbook(**{files.PLACE: sheet})).cells == {(1, 1): Cell("增加值", "General", False)}


def test_indented_markup_with_a_byte_order_mark_is_read() -> None:
    sheet = (
        f'<worksheet xmlns="{files.MAIN}">\n <sheetData>\n  <row r="1">\n   <c r="A1" t="s">\n    <v> 1 </v>\n   </c>\n'
        '   <c r="B1" t="inlineStr">\n    <is>\n     <r>\n      <t>two </t>\n     </r>\n     <r>\n      <t>runs</t>\n     </r>\n'
        '    </is>\n   </c>\n   <c r="C1">\n    <v>\n 7\n</v>\n   </c>\n  </row>\n </sheetData>\n</worksheet>\n'
    )
    content = files.workbook(**{files.PLACE: b"\xef\xbb\xbf" + sheet.encode()})
    assert {place: cell.value for place, cell in only(content).cells.items()} == {(1, 1): "second", (1, 2): "two runs", (1, 3): 7}


def test_archive_that_was_written_without_going_back_is_read() -> None:
    """Programs that stream write a part's size and checksum behind it, and zeros before."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.written += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.Parts().all().items():
            archive.writestr(name, part)
    assert stream.written[6] & 8
    assert only(stream.written).cells == {(1, 1): Cell(Decimal(1), "General", False)}


def test_names_of_parts_are_found_in_any_case_and_with_either_slash() -> None:
    parts = {name.upper().replace("/", "\\") if "sheet1" in name else name: part for name, part in files.Parts().all().items()}
    assert only(files.packed(parts)).cells == {(1, 1): Cell(Decimal(1), "General", False)}


def test_hidden_sheets_are_read_and_charts_left_out() -> None:
    states = {"codes": "hidden", "deep": "veryHidden"}
    content = files.workbook(
        **{
            "xl/workbook.xml": files.contents("Report", "codes", "deep", "chart", states=states),
            "xl/_rels/workbook.xml.rels": files.links(
                *[("worksheet", "worksheets/sheet1.xml")] * 3, ("chartsheet", "chartsheets/sheet1.xml")
            ),
        }
    )
    assert [(sheet.name, sheet.hidden) for sheet in read_book(content).sheets] == [
        ("Report", False),
        ("codes", True),
        ("deep", True),
    ]


def test_what_a_report_does_not_need_is_not_unpacked() -> None:
    """Pictures, links to other files and settings of printers may be as large and as broken as they like."""
    unread: dict[str, str | bytes | None] = {
        "xl/media/image1.png": b"\0" * 60_000_000,
        "xl/externalLinks/externalLink1.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "xl/printerSettings/printerSettings1.bin": b"\xff\xfe",
    }
    assert only(files.workbook(**unread)).cells == {(1, 1): Cell(Decimal(1), "General", False)}
