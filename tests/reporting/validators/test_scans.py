"""What a file is told by its bytes, whatever it is called."""

import pytest

from reporting.enums import FileKind
from reporting.validators.scans import is_whole, scan_kind
from tests.files import JPEG, PNG, pdf

PDF = pdf()
PDF_2 = b"%PDF-2.0\n1 0 obj<<>>endobj\n%%EOF"
EXIF = b"\xff\xd8\xff\xe1\0\x14Exif\0\0" + JPEG[-12:] + JPEG[2:]
"""With a picture of its own, end mark and all, in its header."""
MARKUP = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, FileKind.PDF), (PDF_2, FileKind.PDF), (JPEG, FileKind.JPEG), (EXIF, FileKind.JPEG), (PNG, FileKind.PNG)],
)
def test_scan_is_known_by_its_bytes_and_whole(content: bytes, kind: FileKind) -> None:
    assert (scan_kind(content), is_whole(kind, content)) == (kind, True)
    assert not is_whole(kind, content[: len(content) - 6])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8",
        b"GIF89a\1\0\1\0\0\0\0;",
        b"II*\0\x08\0\0\0",
        b"PK\x03\x04" + PDF,
        MARKUP,
        MARKUP + PDF,
        MARKUP + PNG,
        b" " + PDF,
        b"\r\n" + PNG,
        b"\xef\xbb\xbf" + PDF,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n" + MARKUP,
        b"\xff\xd8" + MARKUP,
        b"MZ\x90\0" + PDF,
    ],
)
def test_anything_else_is_no_scan(content: bytes) -> None:
    assert scan_kind(content) is None


def test_pdf_without_anything_in_it_is_not_whole() -> None:
    assert not is_whole(FileKind.PDF, b"%PDF-1.4 %%EOF")


def test_pictures_with_something_behind_their_end() -> None:
    """Phones write more behind a JPEG; a PNG ends with its last part."""
    assert is_whole(FileKind.JPEG, JPEG + b"SEFT" * 100)
    assert not is_whole(FileKind.PNG, PNG + MARKUP)
    assert not is_whole(FileKind.JPEG, EXIF[:-2])
