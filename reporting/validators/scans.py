"""What a file is, told by its bytes: never by its name, nor by what a browser says of it."""

from collections.abc import Callable, Mapping

import puremagic

from reporting.enums import FileKind

ENDINGS = (".pdf", ".jpg", ".jpeg", ".jfif", ".png")
"""What the name of a scan may end in. Which of them says nothing: a PNG that somebody named `.jpg` is a PNG."""
_HEADS: Mapping[FileKind, bytes] = {
    FileKind.PDF: b"%PDF-",
    FileKind.JPEG: b"\xff\xd8\xff",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
}
_PDF_TAIL = 1024
"""Readers look for the end mark of a PDF in its last kilobyte."""


def scan_kind(content: bytes) -> FileKind | None:
    """PDF, JPEG or PNG, where the file begins as one at its first byte and is nothing else besides; None else."""
    kind = next((one for one, head in _HEADS.items() if content.startswith(head)), None)
    if kind is None:
        return None
    try:
        found = puremagic.from_string(content, mime=True)
    except puremagic.PureError:
        return None
    return kind if found == kind.content_type else None


def is_whole(kind: FileKind, content: bytes) -> bool:
    """Whether the file has its end, and was not cut off on its way."""
    return _ENDS[kind](content)


def _pdf_ends(content: bytes) -> bool:
    """With an end, and at least one object before it: there is nothing to see in a file without."""
    return b" obj" in content and b"%%EOF" in content[-_PDF_TAIL:]


def _png_ends(content: bytes) -> bool:
    return content.endswith(b"IEND\xaeB`\x82")


def _jpeg_ends(content: bytes) -> bool:
    """The end mark after the image's own data: a small picture in the header has one of its own. Phones write more after it."""
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return content[place : place + 2] == b"\xff\xda" and b"\xff\xd9" in content[place:]


_ENDS: Mapping[FileKind, Callable[[bytes], bool]] = {
    FileKind.PDF: _pdf_ends,
    FileKind.JPEG: _jpeg_ends,
    FileKind.PNG: _png_ends,
}
