"""Small files that are what they say, for tests of what may be attached."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_IHDR = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + _IHDR + struct.pack(">I", zlib.crc32(_IHDR)) + b"\0\0\0\0IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xda\0\x08\1\1\0\0?\0\x37\xff\xd9"


def pdf(words: str = "A report") -> bytes:
    return f"%PDF-1.4\n% {words}\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n".encode()


_TYPES = "application/vnd.openxmlformats-officedocument"
_PARTS = {
    "xlsx": ("xl/workbook.xml", f"{_TYPES}.spreadsheetml.sheet.main+xml"),
    "docx": ("word/document.xml", f"{_TYPES}.wordprocessingml.document.main+xml"),
}


def office(kind: str = "xlsx", words: str = "A report", *, main: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook or document with the parts that make it one; `main` in place of its own type, `more` parts behind them."""
    part, own = _PARTS[kind]
    types = f'<Types><Override PartName="/{part}" ContentType="{main or own}"/></Types>'
    given = {"[Content_Types].xml": types.encode(), part: f"<x>{words}</x>".encode()} | dict(more or {})
    return archive(given)


def archive(parts: Mapping[str, bytes]) -> bytes:
    """The same bytes every time."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return written.getvalue()


@dataclass(frozen=True)
class Upload:
    """A file for Django's test client, which can send it again and again."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"

    def read(self) -> bytes:
        return self.content
