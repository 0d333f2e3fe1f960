"""An archive of files that goes out while they are read, one in memory at a time."""

from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile, ZipInfo


class Outlet:
    """A file that can only be written; what was written is taken away."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes, /) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def zip_chunks(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Workbooks are compressed already and are stored as they are. Of two files of one name the second gets a number."""
    outlet, taken = Outlet(), set[str]()
    with ZipFile(outlet, "w", ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, content in files:
            archive.writestr(ZipInfo(_free(name, taken)), content)
            yield outlet.take()
    yield outlet.take()


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    taken.add(found.casefold())
    return found
