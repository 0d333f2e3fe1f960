"""What evidence may be, told by its bytes, and by what name it is shown."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.enums import FileKind
from reporting.validators.files import MAX_NAME, file_kind, is_active, is_complete, shown_name
from tests.files import JPEG, PNG, archive, office, pdf

XLSX, DOCX = office("xlsx"), office("docx")
MARKUP = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), FileKind.PDF),
        (JPEG, FileKind.JPEG),
        (PNG, FileKind.PNG),
        (XLSX, FileKind.XLSX),
        (DOCX, FileKind.DOCX),
        (office("xlsx", more={"xl/worksheets/sheet1.xml": b"<x/>", "docProps/app.xml": b"<x/>"}), FileKind.XLSX),
        (office("docx", more={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": XLSX}), FileKind.DOCX),
    ],
)
def test_evidence_is_known_by_its_bytes(content: bytes, kind: FileKind) -> None:
    assert (file_kind(content), is_complete(kind, content), is_active(content)) == (kind, True, False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\0" * 18,
        MARKUP,
        b"GIF89a\1\0\1\0\0\0\0;",
        b"<?xml version='1.0'?><svg onload='alert(1)'/>",
        b"MZ" + XLSX,
        b" " + DOCX,
        XLSX + b"\n",
        XLSX + MARKUP,
        XLSX[:-1],
        XLSX[: len(XLSX) // 2],
        archive({"a.txt": b"words"}),
        archive({"xl/workbook.xml": b"<x/>"}),
        archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        archive({"[Content_Types].xml": b"sheet.main+xml"}),
        archive({"[Content_Types].xml": b"sheet.main+xml", "word/document.xml": b"<x/>"}),
        archive({"[Content_Types].xml": b"sheet.main+xml document.main+xml", "xl/workbook.xml": b"", "word/document.xml": b""}),
        archive({"[Content_Types].xml": b"sheet.main+xml" + b" " * 1024 * 1024, "xl/workbook.xml": b""}),
        office("xlsx", more={"../../etc/passwd": b"x"}),
        office("xlsx", more={"/etc/passwd": b"x"}),
        office("xlsx", more={"XL/workbook.xml": b"x"}),
        office("xlsx", more={f"xl/{number}": b"" for number in range(5_000)}),
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512,
    ],
)
def test_anything_else_is_none(content: bytes) -> None:
    assert file_kind(content) is None


def _stored(content: bytes) -> bytes:
    """A workbook that begins with an unpacked part of this content."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("a", content)
        with zipfile.ZipFile(io.BytesIO(XLSX)) as parts:
            for name in parts.namelist():
                file.writestr(name, parts.read(name))
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(JPEG + XLSX, id="picture and workbook"),
        pytest.param(pdf() + archive({"a": b"x"}) + b"%%EOF", id="document and archive"),
        pytest.param(pdf()[:-6] + XLSX + b"\n%%EOF\n", id="archive inside the document's tail"),
        pytest.param(_stored(pdf()), id="workbook that readers open as a document"),
        pytest.param(JPEG[:20] + b"%PDF-1.4" + JPEG[20:], id="picture that readers open as a document"),
        pytest.param(b"PK\x03\x04" + pdf(), id="archive's head before a document"),
    ],
)
def test_file_that_is_two_things_is_none(content: bytes) -> None:
    assert file_kind(content) is None


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "word/vbaData.xml",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.xml",
        "word/embeddings/tool.exe",
        "xl/embeddings/book.xlsm",
        "run.JS",
    ],
)
def test_workbook_with_a_program_in_it_is_active(part: str) -> None:
    content = office("xlsx", more={part: b"x"})
    assert (file_kind(content), is_active(content)) == (FileKind.XLSX, True)


@pytest.mark.parametrize(
    ("kind", "main"),
    [
        ("xlsx", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        ("docx", "application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)
def test_type_that_allows_macros_is_active_or_none(kind: str, main: str) -> None:
    content = office(kind, main=main)
    assert file_kind(content) is None or is_active(content)


def _listed(number: int, *, says: int | None = None, large: bool = False) -> bytes:
    """A workbook with so many parts in its list, whose end gives another length, or is that of an archive beyond 4 GB."""
    body = XLSX[: XLSX.index(b"PK\x01\x02")]
    one = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0)
    parts = b"".join(one + b"%08d" % each for each in range(number))
    length = len(parts) if says is None else says
    locator = b"PK\x06\x07" + b"\0" * 16 if large else b""
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, length, len(body), 0)
    return body + parts + locator + end


@pytest.mark.parametrize(
    "content",
    [_listed(300_000), _listed(10, says=0xFFFFFFFF), _listed(10, says=0), _listed(10, large=True), _listed(300_000, large=True)],
)
def test_list_of_parts_without_end_is_not_even_read(content: bytes) -> None:
    tracemalloc.start()
    assert file_kind(content) is None
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(content) + 20_000_000


def test_encrypted_and_doubled_parts_are_none() -> None:
    flagged = bytearray(XLSX)
    place = flagged.index(b"PK\x01\x02")
    flagged[place + 8] |= 1
    assert file_kind(bytes(flagged)) is None
    written = io.BytesIO(XLSX)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(written, "a") as file:
        file.writestr("xl/workbook.xml", "<other/>")
    assert file_kind(written.getvalue()) is None


def _packed(method: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as file, zipfile.ZipFile(io.BytesIO(XLSX)) as parts:
        for name in parts.namelist():
            file.writestr(name, parts.read(name))
    return written.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_packed_as_no_office_program_packs_them_are_none(method: int) -> None:
    """Their damaged bytes would end in errors of other libraries."""
    whole = _packed(method)
    assert file_kind(whole) is None
    start = whole.index(b"[Content_Types].xml") + len(b"[Content_Types].xml")
    assert file_kind(whole[:start] + b"\xff" * 12 + whole[start + 12 :]) is None
    assert file_kind(_packed(zipfile.ZIP_DEFLATED)) == FileKind.XLSX


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_file_with_any_damage_is_judged_and_never_an_error(method: int) -> None:
    whole, random = _packed(method), Random(method)
    for _turn in range(1_000):
        damaged = bytearray(whole)
        for _byte in range(random.choice((1, 2, 4, 16))):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        assert file_kind(bytes(damaged)) in {None, FileKind.XLSX}


@given(st.integers(0, len(XLSX) - 1), st.integers(0, 255), st.sampled_from([XLSX, DOCX, PNG, JPEG, pdf()]))
def test_damaged_file_is_judged_and_never_an_error(place: int, byte: int, content: bytes) -> None:
    damaged = bytearray(content)
    damaged[place % len(content)] = byte
    kind = file_kind(bytes(damaged))
    assert kind is None or isinstance(is_complete(kind, bytes(damaged)), bool)


@pytest.mark.parametrize("take", [lambda whole: whole[:-8], lambda whole: whole[:40]])
def test_document_that_was_cut_off_is_not_complete(take: Callable[[bytes], bytes]) -> None:
    assert not is_complete(FileKind.PDF, take(pdf()))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("a\x00b\r\nc\u202efdp.exe", "abcfdp.exe"),
        ("\u200bzero\ufeff.pdf", "zero.pdf"),
        ("  plan .pdf ", "plan .pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("..", ".."),
        ("a/", ""),
        ("", ""),
        (f"{'长' * 200}.pdf", f"{'长' * 146}.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
    ],
)
def test_name_is_shown_without_what_does_harm(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@given(st.text(max_size=300))
def test_any_name_is_one_printable_line_without_a_path(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= MAX_NAME
    assert shown == "" or (shown.isprintable() and not set(shown) & set("/\\\r\n\x00"))
