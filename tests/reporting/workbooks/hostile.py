"""Files that were made to hurt whoever reads them, or that broke on their way, each with what is said of it."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.reporting.workbooks import files
from tests.reporting.workbooks.files import HEAD, MAIN, PLACE, cells, packed, sheet, workbook

DAMAGED = "The workbook is damaged. Open it in Excel or WPS, save it under another name, and send that file."
COMPLICATED = (
    "The workbook is too complicated to be read. Copy what the report needs to a new workbook, as values, and send that."
)
EXPANDED = "The workbook is too large once it is unpacked: 48 MB are possible. Copy what the report needs to a new workbook."
CELLS = "The workbook has too many cells: 200000 are possible. Remove the rows and sheets that the report does not need."
TEXT = "The workbook has too much text: 8000000 characters are possible in all its cells together."
SPREAD = "What stands in the workbook is spread too far. Delete what stands far down and far to the right, and send it again."
SHEETS = "The workbook has too many sheets: 100 are possible. Remove those that the report does not need."
OTHER = (
    "The file is no Excel workbook (.xlsx), whatever its name says. "
    "Open it in Excel or WPS and save it as an Excel workbook (.xlsx)."
)
NUMBER = (
    "Cell A1 of sheet “Report” has a value that no spreadsheet program writes. "
    "Type it again, save the workbook, and send it again."
)
OLD = "The workbook has the old format (.xls). Open it in Excel or WPS and save it as an Excel workbook (.xlsx)."
LOCKED = "The workbook is protected by a password. Remove the password, save it, and send it again."
MACROS = "The workbook has macros. Save it as an Excel workbook without macros (.xlsx), and send that."
INSIDE = "The workbook has another file inside it. Remove embedded files, save it, and send it again."
INCOMPLETE = "The file is incomplete: its end is missing. Copy or download it again."
SIZE = "The file is too large: 10 MB are possible. Remove pictures, and sheets that the report does not need."
EMPTY = "The file is empty. Choose the workbook itself."
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_TABLE = "指标,数值\nGDP,1\n".encode()
_MILLION = 1_000_000


def damaged_at(cell: str) -> str:
    return (
        f"The workbook is damaged at or after cell {cell} of sheet “Report”. "
        "Open it in Excel or WPS, save it under another name, and send that file."
    )


def far(cell: str) -> str:
    return f"Cell {cell} of sheet “Report” is too far out: 50000 rows and 500 columns are possible. Delete what stands there."


def long(cell: str) -> str:
    return f"The text in cell {cell} of sheet “Report” is too long: 32767 characters are possible."


def changed(at: int, new: bytes, content: bytes) -> bytes:
    return content[:at] + new + content[at + len(new) :]


def _bomb(part: bytes) -> bytes:
    return workbook(**{PLACE: part})


def _text_of(megabytes: int) -> bytes:
    """One cell, written piece by piece: nobody here has to hold what it unpacks to."""
    before, after = cells('<c r="A1" t="str"><v>!</v></c>').encode().split(b"!")
    buffer = io.BytesIO(workbook(**{PLACE: None}))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(PLACE, "w") as part:
        part.write(before)
        for _piece in range(megabytes):
            part.write(b"x" * _MILLION)
        part.write(after)
    return buffer.getvalue()


def _nested(depth: int) -> bytes:
    """An archive of ten archives of ten archives..."""
    content = b"\0" * _MILLION
    for level in range(depth):
        content = packed({f"lib {level}/{number}.zip": content for number in range(10)})
    return content


def _laughs() -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return cells('<c r="A1" t="str"><v>&i;</v></c>').replace("\n", f"\n<!DOCTYPE worksheet [{entities}]>\n", 1).encode()


def _rows(number: int, row: str) -> bytes:
    """As many rows; `#` in one is its number."""
    return sheet("".join(row.replace("#", str(n)) for n in range(1, number + 1))).encode()


def _header(name: str, at: int, new: bytes, *, central: bool = True) -> bytes:
    """A workbook in which bytes of the header of a part are others."""
    content = workbook()
    place = content.find(b"PK\x01\x02" if central else b"PK\x03\x04")
    head, length_at = (46, 28) if central else (30, 26)
    while True:
        (length,) = struct.unpack_from("<H", content, place + length_at)
        if content[place + head : place + head + length] == name.encode():
            return changed(place + at, new, content)
        place = content.find(content[place : place + 4], place + 4)


def _twice(name: str) -> bytes:
    """A workbook in which a second part has that name."""
    other = "x" * len(name)
    return workbook(**{other: cells("")}).replace(other.encode(), name.encode())


def _names(*names: str) -> bytes:
    return workbook(**dict.fromkeys(names, "x"))


def _doctype() -> bytes:
    return cells("").replace("\n", '\n<!DOCTYPE worksheet SYSTEM "http://127.0.0.1/a.dtd">\n', 1).encode()


HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    # What grows.
    "one cell at XFD1048576": (
        lambda: workbook(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        far("XFD1048576"),
    ),
    "a text of 400 MB": (lambda: _text_of(400), EXPANDED),
    "a text of 40 MB": (lambda: _bomb(cells(f'<c r="A1" t="str"><v>{"x" * 40_000_000}</v></c>').encode()), long("A1")),
    "a shared text of 40 MB": (lambda: workbook(**{"xl/sharedStrings.xml": files.strings("x" * 40_000_000)}), TEXT),
    "a text of 45 MB with a face in it": (
        lambda: _bomb(cells(f'<c r="A1" t="str"><v>😀{"x" * 45_000_000}</v></c>').encode()),
        COMPLICATED,
    ),
    "a shared text of faces": (lambda: workbook(**{"xl/sharedStrings.xml": files.strings("😀" * 7_999_999)}), ""),
    "a text of 32,768 characters": (lambda: workbook(cells(f'<c r="A1" t="str"><v>{"x" * 32_768}</v></c>')), long("A1")),
    "a million rows": (
        lambda: _bomb(_rows(_MILLION, '<row r="#"><c r="A#"><v>1</v></c></row>')),
        far("A50001"),
    ),
    "a million short rows": (lambda: _bomb(_rows(_MILLION, "<row><c><v>1</v></c></row>")), far("A50001")),
    "a million empty rows": (lambda: _bomb(_rows(1_700_000, "<row/>")), COMPLICATED),
    "too many cells": (
        lambda: _bomb(
            _rows(400, f"<row>{'<c><v>1</v></c>' * 500}</row>").replace(
                b"</row></sheetData>", b"</row><row><c><v>1</v></c></row></sheetData>"
            )
        ),
        CELLS,
    ),
    "few cells that stretch far right": (
        lambda: workbook(_rows(4_001, '<row r="#"><c r="SF#"><v>1</v></c></row>').decode()),
        SPREAD,
    ),
    "few cells that stretch far down": (
        lambda: workbook(
            sheet('<row r="50000"><c r="A50000"><v>1</v></c></row>'),
            **{
                "xl/workbook.xml": files.contents("a", "b", "c"),
                "xl/_rels/workbook.xml.rels": files.links(*[("worksheet", "worksheets/sheet1.xml")] * 3),
            },
        ),
        SPREAD,
    ),
    "one long text in every cell": (
        lambda: workbook(
            _rows(300, '<row><c t="s"><v>0</v></c></row>').decode(),
            **{"xl/sharedStrings.xml": files.strings("x" * 32_767)},
        ),
        TEXT,
    ),
    "101 sheets": (lambda: workbook(**{"xl/workbook.xml": files.contents(*(f"s{n}" for n in range(101)))}), SHEETS),
    "70,000 styles": (
        lambda: workbook(**{"xl/styles.xml": files.styles("0").replace('<xf numFmtId="200"/>', '<xf numFmtId="200"/>' * 70_000)}),
        COMPLICATED,
    ),
    "3,000 number formats": (
        lambda: workbook(**{"xl/styles.xml": files.styles(*(f"0.{'0' * (n % 99)}" for n in range(3_000)))}),
        COMPLICATED,
    ),
    "a number format of 501 characters": (lambda: workbook(**{"xl/styles.xml": files.styles("[" * 501)}), COMPLICATED),
    "3 million shared texts": (
        lambda: workbook(**{"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 3_000_000}</sst>'}),
        COMPLICATED,
    ),
    "3,000 parts": (lambda: _names(*(f"xl/media/{n}.png" for n in range(3_000))), COMPLICATED),
    "an attribute of 30 MB": (lambda: _bomb(cells(f'<c r="A1" s="{"1" * 30_000_000}"/>').encode()), COMPLICATED),
    "a name of an element of 30 MB": (lambda: _bomb(sheet(f"<{'a' * 30_000_000}/>").encode()), COMPLICATED),
    "a million elements in one another": (lambda: _bomb(sheet("<a>" * _MILLION).encode()), DAMAGED),
    "a million attributes": (
        lambda: _bomb(sheet("<row " + " ".join(f"a{n}=''" for n in range(_MILLION)) + "/>").encode()),
        COMPLICATED,
    ),
    "a million namespaces": (
        lambda: _bomb(sheet("".join(f'<a xmlns:n{n}="u{n}"/>' for n in range(_MILLION))).encode()),
        COMPLICATED,
    ),
    "archives in archives": (lambda: _nested(4), INSIDE),
    "an archive in the workbook": (lambda: workbook(**{"xl/embeddings/more.zip": _nested(1)}), INSIDE),
    "a workbook in the workbook": (lambda: workbook(**{"xl/embeddings/Sheet1.xlsx": workbook()}), INSIDE),
    "11 MB": (lambda: workbook() + b"\0" * 11 * 1024 * 1024, SIZE),
    # Entities and document types.
    "a billion laughs": (lambda: _bomb(_laughs()), DAMAGED),
    "a document type": (lambda: _bomb(_doctype()), DAMAGED),
    "an entity in the links": (lambda: workbook(**{"_rels/.rels": _laughs()}), DAMAGED),
    "an encoding of one's own": (lambda: _bomb(cells("").replace("UTF-8", "rot13").encode()), DAMAGED),
    # What is something else.
    "nothing": (lambda: b"", EMPTY),
    "a table as text": (lambda: _TABLE, OTHER),
    "a page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", OTHER),
    "an old workbook": (lambda: _OLE + b"\0" * 4096, OLD),
    "a workbook with a password": (lambda: _OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99, LOCKED),
    "a document": (
        lambda: packed(
            {
                "[Content_Types].xml": b"<a/>",
                "_rels/.rels": files.links(("officeDocument", "word/document.xml")).encode(),
                "word/document.xml": f'{HEAD}<document xmlns="w"/>'.encode(),
            }
        ),
        OTHER,
    ),
    "an open document": (lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), OTHER),
    "an archive of pictures": (lambda: packed({"a.png": b"x"}), OTHER),
    "macros": (lambda: workbook(**{"xl/vbaProject.bin": b"x"}), MACROS),
    "a sheet of macros": (
        lambda: workbook(
            **{"xl/_rels/workbook.xml.rels": files.links(("xlMacrosheet", "macrosheets/sheet1.xml"))},
        ),
        MACROS,
    ),
    # What broke on its way, or was made to look so.
    "half of it": (lambda: workbook()[:900], INCOMPLETE),
    "its first bytes": (lambda: workbook()[:4], INCOMPLETE),
    "without its last byte": (lambda: workbook()[:-1], INCOMPLETE),
    "a wrong checksum": (lambda: _header(PLACE, 16, b"\1\2\3\4"), DAMAGED),
    "a wrong size": (lambda: _header(PLACE, 24, b"\1\0\0\0"), DAMAGED),
    "a wrong packed size": (lambda: _header(PLACE, 20, b"\1\0\0\0"), DAMAGED),
    "a part beyond the end": (lambda: _header(PLACE, 42, b"\xff\xff\xff\x7f"), DAMAGED),
    "a part in the middle of another": (lambda: _header(PLACE, 42, b"\x05\0\0\0"), DAMAGED),
    "another name in the part's own header": (lambda: _header(PLACE, 30, b"xl/w0", central=False), DAMAGED),
    "a part with a password": (lambda: _header(PLACE, 8, b"\1\0"), LOCKED),
    "an unknown way of packing": (lambda: _header(PLACE, 10, b"\x63\0"), DAMAGED),
    "a directory that counts wrongly": (lambda: changed(len(workbook()) - 12, b"\1\0", workbook()), DAMAGED),
    "a directory beyond the end": (lambda: changed(len(workbook()) - 6, b"\xff\xff\xff\xff", workbook()), DAMAGED),
    "a part twice": (lambda: _twice(PLACE), DAMAGED),
    "a part twice in capitals": (lambda: _twice(PLACE.upper()), DAMAGED),
    "a name that leads out": (lambda: _names("../../etc/cron.d/x"), DAMAGED),
    "a name from the root": (lambda: _names("/etc/passwd"), DAMAGED),
    "a name of Windows": (lambda: _names("..\\..\\x.dll"), DAMAGED),
    "a name with a drive": (lambda: _names("C:\\x.dll"), DAMAGED),
    "a link that leads out": (
        lambda: workbook(**{"xl/_rels/workbook.xml.rels": files.links(("worksheet", "../../../etc/passwd"))}),
        DAMAGED,
    ),
    "a link to elsewhere": (
        lambda: workbook(
            **{
                "xl/_rels/workbook.xml.rels": files.links(("worksheet", "http://127.0.0.1/a.xml")).replace(
                    "Target=", 'TargetMode="External" Target='
                )
            }
        ),
        DAMAGED,
    ),
    "no sheets part": (lambda: workbook(**{"xl/workbook.xml": None}), DAMAGED),
    "a sheet that is not there": (lambda: workbook(**{PLACE: None}), DAMAGED),
    "two sheets of one name": (lambda: workbook(**{"xl/workbook.xml": files.contents("Report", "REPORT")}), DAMAGED),
    "a sheet without a name": (lambda: workbook(**{"xl/workbook.xml": files.contents("")}), DAMAGED),
    "a sheet with a path for a name": (lambda: workbook(**{"xl/workbook.xml": files.contents("../a")}), DAMAGED),
    "a sheet with a name of two lines": (lambda: workbook(**{"xl/workbook.xml": files.contents("a&#10;b")}), DAMAGED),
    "no XML": (lambda: _bomb(b"\xff\xfe\0\0"), DAMAGED),
    "an empty sheet part": (lambda: _bomb(b""), DAMAGED),
    "an element that does not end": (lambda: _bomb(cells('<c r="B2"><v>1</v>', row=2).encode()), damaged_at("B2")),
    # Cells that cannot be.
    "a cell beyond XFD": (lambda: workbook(cells('<c r="AAAA1"><v>1</v></c>')), DAMAGED),
    "a cell in small letters": (lambda: workbook(cells('<c r="a1"><v>1</v></c>')), DAMAGED),
    "a cell in no column": (lambda: workbook(cells('<c r="1"><v>1</v></c>')), DAMAGED),
    "a cell of another row": (lambda: workbook(cells('<c r="A1"/><c r="B2"><v>1</v></c>')), damaged_at("A1")),
    "a cell twice": (lambda: workbook(cells('<c r="B1"><v>1</v></c><c r="B1"><v>2</v></c>')), damaged_at("B1")),
    "a row twice": (lambda: workbook(sheet('<row r="2"><c r="A2"/></row><row r="2"/>')), damaged_at("A2")),
    "row 0": (lambda: workbook(sheet('<row r="0"/>')), DAMAGED),
    "row -1": (lambda: workbook(sheet('<row r="-1"/>')), DAMAGED),
    "a row of a billion digits": (lambda: workbook(sheet(f'<row r="{"9" * 900_000}"/>')), DAMAGED),
    "a cell without a row": (lambda: workbook(sheet('<c r="A1"><v>1</v></c>')), DAMAGED),
    "a cell in a cell": (lambda: workbook(cells('<c r="A1"><c r="B1"><v>1</v></c></c>')), damaged_at("A1")),
    "a kind of cell that is none": (lambda: workbook(cells('<c r="A1" t="pickle"><v>1</v></c>')), damaged_at("A1")),
    "a shared text that is not there": (lambda: workbook(cells('<c r="A1" t="s"><v>2</v></c>')), damaged_at("A1")),
    "a shared text before the first": (lambda: workbook(cells('<c r="A1" t="s"><v>-1</v></c>')), damaged_at("A1")),
    "a style that is not there": (lambda: workbook(cells('<c r="A1" s="99"><v>1</v></c>')), damaged_at("A1")),
    "a flag that is none": (
        lambda: workbook(cells('<c r="A1" t="b"><v>2</v></c>')),
        NUMBER,
    ),
    "a day that is none": (
        lambda: workbook(cells('<c r="A1" t="d"><v>2026-02-30</v></c>')),
        NUMBER,
    ),
}
"""By what it is. Those with nothing said of them are large and good."""
