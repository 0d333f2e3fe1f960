"""Workbooks and documents of office programs (ECMA-376), told by the parts inside them. Only one small part is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.enums import FileKind

_HEAD, _END, _END_OF_LARGE = b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x07"
_END_LENGTH, _END_OF_LARGE_LENGTH = 22, 20
_MOST_OF_LIST = 2 * 1024 * 1024
"""Bytes of the list of parts, which is read whole before a part is."""
_MOST_PARTS = 5_000
_TYPES = "[Content_Types].xml"
_TYPES_LIMIT = 1024 * 1024
_MAIN: Mapping[FileKind, tuple[str, bytes]] = {
    FileKind.XLSX: ("xl/workbook.xml", b"sheet.main+xml"),
    FileKind.DOCX: ("word/document.xml", b"document.main+xml"),
}
"""The part that makes it one, and how its type ends, with macros or without."""
_ACTIVE_PARTS = ("vbaproject", "vbadata", "macrosheets/", "activex/", "/intlmacrosheet")
_ACTIVE_ENDINGS = (
    ".xlsm",
    ".xlsb",
    ".docm",
    ".xlam",
    ".dotm",
    ".xltm",
    ".exe",
    ".dll",
    ".js",
    ".vbs",
    ".bat",
    ".cmd",
    ".ps1",
    ".hta",
)


_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How a part may be packed (ECMA-376-2). What else the library unpacks fails in ways of its own, with bytes of its choice."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)
"""How the library says that a file is damaged: its structure; the packed bytes; their end missing; a version, a method or a patch
that there is not; a place before the file's first byte, or a name that is no text. Such a file is none of the two kinds, which is
what the person is told."""


@dataclass(frozen=True)
class Office:
    kind: FileKind
    is_active: bool
    """Whether it has macros, controls or programs in it."""


def read_office(content: bytes) -> Office | None:
    """What it is; None where it is not one, whole and nothing else besides: no byte stands before or behind it."""
    end, before = content[-_END_LENGTH:], content[-_END_LENGTH - _END_OF_LARGE_LENGTH : -_END_LENGTH]
    if not content.startswith(_HEAD) or not end.startswith(_END) or before.startswith(_END_OF_LARGE):
        return None
    if int.from_bytes(end[12:16], "little") > _MOST_OF_LIST:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except UNREADABLE:
        return None


def _read(archive: zipfile.ZipFile) -> Office | None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > _MOST_PARTS or not _sound(parts):
        return None
    with archive.open(_TYPES) as file:
        types = file.read(_TYPES_LIMIT + 1)
    kinds = [kind for kind, (name, ending) in _MAIN.items() if name in names and ending in types]
    if len(types) > _TYPES_LIMIT or len(kinds) != 1:
        return None
    return Office(kinds[0], b"macroenabled" in types.lower() or any(_is_active(name.lower()) for name in names))


def _sound(parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Each name once, also without regard to case, none leading out of the archive, nothing encrypted or packed strangely."""
    names = [part.filename for part in parts]
    inside = all(not name.startswith("/") and "\\" not in name and ".." not in name.split("/") for name in names)
    return (
        _TYPES in names
        and inside
        and len({name.lower() for name in names}) == len(names)
        and not any(part.flag_bits & 0x1 or part.compress_type not in _PACKED for part in parts)
    )


def _is_active(name: str) -> bool:
    return any(part in name for part in _ACTIVE_PARTS) or name.endswith(_ACTIVE_ENDINGS)
