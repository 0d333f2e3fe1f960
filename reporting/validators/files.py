"""What evidence may be: a document, a picture, a workbook; told by its bytes, and shown by a name that does no harm."""

import io
import unicodedata
import zipfile

from reporting.enums import FileKind
from reporting.validators.office import read_office
from reporting.validators.scans import is_whole, scan_kind

MAX_NAME = 150
_PDF_HEAD = 1024
"""Readers open as a PDF whatever says so in its first kilobyte."""


def file_kind(content: bytes) -> FileKind | None:
    """What the file is, where it is that alone: a picture that can be opened as an archive, or an archive that can be opened as
    a PDF, is neither."""
    office = read_office(content)
    if office is not None:
        return None if b"%PDF-" in content[:_PDF_HEAD] else office.kind
    kind = scan_kind(content)
    if kind is None or zipfile.is_zipfile(io.BytesIO(content)):
        return None
    return None if kind != FileKind.PDF and b"%PDF-" in content[:_PDF_HEAD] else kind


def is_active(content: bytes) -> bool:
    """Whether a workbook or document brings macros, controls or programs along."""
    office = read_office(content)
    return office is not None and office.is_active


def is_complete(kind: FileKind, content: bytes) -> bool:
    """Whether the file was not cut off on its way. Workbooks and documents that were are none."""
    return kind in {FileKind.XLSX, FileKind.DOCX} or is_whole(kind, content)


def shown_name(name: str) -> str:
    """The name as it is shown, to tell files apart: printable, not too long (its end is kept), and never a path."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-MAX_NAME:].strip()
