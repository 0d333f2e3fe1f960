"""A ZIP file in memory: what it holds, and its entries unpacked piece by piece.

Nothing that the file says of its own sizes is believed: what comes out is counted, and has to be what the file's checksum says.
"""

from __future__ import annotations

import struct
import zlib

from reporting.workbooks import limits
from reporting.workbooks.child.fault import Fault

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterator

_END, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_SIZE, _ENTRY_SIZE, _LOCAL_SIZE = 22, 46, 30
_LONGEST_COMMENT = 65_535
_UNKNOWN = 0xFFFFFFFF
"""The number is in the extra field, with 64 bits."""
_SIXTY_FOUR = 1
_STORED, _DEFLATED = 0, 8
_PIECE = 64 * 1024


class Entry:
    """`size` and `checksum` are what the file says."""

    __slots__ = ("checksum", "compressed", "deflated", "name", "offset", "size")

    def __init__(self, name: bytes, *, deflated: bool, checksum: int, compressed: int, size: int, offset: int) -> None:
        self.name, self.deflated, self.checksum = name, deflated, checksum
        self.compressed, self.size, self.offset = compressed, size, offset


class Archive:
    """`unpacked` counts the bytes of all entries that were read, up to `limit`."""

    def __init__(self, content: bytes, limit: int) -> None:
        self.entries = list(_entries(content))
        self.unpacked = 0
        self._content, self._limit = content, limit

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """Its content. The last piece comes only if the whole has the right checksum."""
        packed = _packed(self._content, entry)
        checksum = size = 0
        last = b""
        for piece in _inflated(packed) if entry.deflated else _cut(packed):
            self.unpacked += len(piece)
            if self.unpacked > self._limit:
                raise Fault("expanded")
            if last:
                yield last
            checksum, size, last = zlib.crc32(piece, checksum), size + len(piece), piece
        if (checksum, size) != (entry.checksum, entry.size):
            raise Fault("damaged")
        if last:
            yield last


def _entries(content: bytes) -> Iterator[Entry]:
    end = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
    if end < 0 or end + _END_SIZE > len(content):
        raise Fault("incomplete")
    _disk, _first_disk, _here, count, size, at = struct.unpack_from("<4H2L", content, end + 4)
    if at + size > end:
        raise Fault("damaged")
    seen: set[bytes] = set()
    while content.startswith(_ENTRY, at):
        if len(seen) == limits.ENTRIES:
            raise Fault("complicated")
        entry, at = _entry(content, at, end)
        folded = entry.name.lower()
        if folded in seen or not _is_safe(folded):
            raise Fault("damaged")
        seen.add(folded)
        yield entry
    if len(seen) != count:
        raise Fault("damaged")


def _entry(content: bytes, at: int, end: int) -> tuple[Entry, int]:
    """The entry, and where the next one begins."""
    if at + _ENTRY_SIZE > end:
        raise Fault("damaged")
    fields = struct.unpack_from("<6H3L5H2L", content, at + 4)
    flags, method, checksum, compressed, size = fields[2], fields[3], fields[6], fields[7], fields[8]
    name_length, extra_length, comment_length, offset = fields[9], fields[10], fields[11], fields[15]
    extra_at = at + _ENTRY_SIZE + name_length
    after = extra_at + extra_length + comment_length
    if after > end or method not in (_STORED, _DEFLATED):
        raise Fault("damaged")
    if flags & 1:
        raise Fault("locked")
    size, compressed, offset = _long(content[extra_at : extra_at + extra_length], [size, compressed, offset])
    name = content[at + _ENTRY_SIZE : extra_at]
    entry = Entry(name, deflated=method == _DEFLATED, checksum=checksum, compressed=compressed, size=size, offset=offset)
    return entry, after


def _long(extra: bytes, numbers: list[int]) -> list[int]:
    """The numbers, those that did not fit into 32 bits taken from the extra field."""
    at = 0
    while _UNKNOWN in numbers and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _SIXTY_FOUR:
            words = [extra[place : place + 8] for place in range(at + 4, min(at + 4 + length, len(extra)) - 7, 8)]
            return [int.from_bytes(words.pop(0), "little") if n == _UNKNOWN and words else n for n in numbers]
        at += 4 + length
    return numbers


def _is_safe(name: bytes) -> bool:
    """Whether it stays in the archive: no way up, no root, no drive, nothing that ends a string of C."""
    parts = name.replace(b"\\", b"/").split(b"/")
    return bool(parts[0]) and b".." not in parts and b":" not in parts[0] and b"\0" not in name


def _packed(content: bytes, entry: Entry) -> memoryview:
    at = entry.offset
    if not content.startswith(_LOCAL, at) or at + _LOCAL_SIZE > len(content):
        raise Fault("damaged")
    name_length, extra_length = struct.unpack_from("<2H", content, at + 26)
    name_at = at + _LOCAL_SIZE
    start = name_at + name_length + extra_length
    if content[name_at : name_at + name_length] != entry.name or start + entry.compressed > len(content):
        raise Fault("damaged")
    return memoryview(content)[start : start + entry.compressed]


def _cut(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), _PIECE):
        yield bytes(packed[at : at + _PIECE])


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _cut(packed):
            waiting = piece
            while waiting and not inflate.eof:
                if out := inflate.decompress(waiting, _PIECE):
                    yield out
                waiting = inflate.unconsumed_tail
        while not inflate.eof and (out := inflate.decompress(b"", _PIECE)):
            yield out
    except zlib.error:
        raise Fault("damaged") from None
    if not inflate.eof:
        raise Fault("damaged")
