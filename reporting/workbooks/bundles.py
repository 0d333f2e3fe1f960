"""A ZIP file of many files that somebody sent, unpacked one file at a time."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from districts.errors import Refused
from reporting.workbooks import limits
from reporting.workbooks.child.archive import Archive, Entry
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.package import ARCHIVES

_Named = tuple[str, Entry, Refused | None]

_HEAD = b"PK"
_WORKBOOK = ".xlsx"
_DROPPED_FOLDER, _DROPPED = "__MACOSX", ("~$", "._", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What computers put into folders beside the files that people see."""
_OTHER = gettext_lazy("The file is no ZIP file, whatever its name says. Put the files into one ZIP file and send that.")
_DAMAGED = gettext_lazy("The ZIP file is damaged. Make it again and send it again.")
_TEXTS: Mapping[str, str | Promise] = {
    "empty": gettext_lazy("The file is empty. Choose the ZIP file itself."),
    "size": gettext_lazy("The ZIP file is too large: %(megabytes)d MB are possible. Send it in parts."),
    "other": _OTHER,
    "incomplete": gettext_lazy("The ZIP file is incomplete: its end is missing. Copy or download it again."),
    "damaged": _DAMAGED,
    "locked": gettext_lazy("The ZIP file is protected by a password. Make it again without one."),
    "complicated": gettext_lazy("The ZIP file holds too many files: %(files)d are possible. Send it in parts."),
    "expanded": gettext_lazy("The ZIP file is too large once it is unpacked: %(expanded)d MB are possible. Send it in parts."),
    "none": gettext_lazy("The ZIP file holds no files."),
    "inside": gettext_lazy("The ZIP file holds another archive, “%(name)s”. Unpack that one first, and send its files."),
    "name": gettext_lazy("The file “%(name)s” in the ZIP file has a name that cannot be. Make the ZIP file again."),
    "large": gettext_lazy("The file “%(name)s” in the ZIP file is too large: %(each)d MB are possible."),
    "broken": gettext_lazy("The file “%(name)s” in the ZIP file is damaged. Make the ZIP file again."),
}


def read_archive(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name (with its folders) and content of each file, in the order of their names.

    Raises Refused, with one message: at once for what its directory says, and on the way for what a file turns out to be. No
    more than one file is held at a time. Folders, and what computers add to them, are left out.
    """
    archive, named = _listed(content)
    for _name, _entry, problem in named:
        if problem is not None:
            raise problem
    return ((name, _whole(archive, entry, name)) for name, entry, _problem in named)


def read_each(content: bytes) -> Iterator[tuple[str, bytes | Refused]]:
    """The same for whom one bad file spoils none of the others: a file that is refused comes as its refusal.

    Raises Refused for what concerns them all.
    """
    archive, named = _listed(content)
    return ((name, problem or _whole_or_refusal(archive, entry, name)) for name, entry, problem in named)


def _listed(content: bytes) -> tuple[Archive, list[_Named]]:
    archive = _opened(content)
    named = sorted(_named(archive), key=lambda one: one[0])
    if not named:
        raise _refusal("none")
    return archive, named


def _opened(content: bytes) -> Archive:
    if not content:
        raise _refusal("empty")
    if len(content) > limits.ARCHIVE_BYTES:
        raise _refusal("size")
    if not content.startswith(_HEAD):
        raise _refusal("other")
    try:
        return Archive(content, limits.ARCHIVE_EXPANDED_BYTES)
    except Fault as fault:
        raise _refusal(fault.code) from None


def _named(archive: Archive) -> Iterator[_Named]:
    """The files that people put there, and what is wrong with their names."""
    count = 0
    for entry in archive.entries:
        name = _decoded(entry.name).replace("\\", "/")
        path = PurePosixPath(name)
        if name.endswith("/") or path.parts[0] == _DROPPED_FOLDER or path.name.startswith(_DROPPED):
            continue
        count += 1
        if count > limits.ARCHIVE_FILES:
            raise _refusal("complicated")
        yield name, entry, _wrong_name(name, path.suffix.lower())


def _wrong_name(name: str, ending: str) -> Refused | None:
    if not name.isprintable():
        return _refusal("name", name="".join(sign if sign.isprintable() else "\ufffd" for sign in name))
    return _refusal("inside", name=name) if ending in ARCHIVES and ending != _WORKBOOK else None


def _decoded(name: bytes) -> str:
    """Windows writes names in the system's own characters: Chinese ones in China."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def _whole(archive: Archive, entry: Entry, name: str) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in archive.pieces(entry):
            size += len(piece)
            if size > limits.FILE_BYTES:
                raise _refusal("large", name=name)
            pieces.append(piece)
    except Fault as fault:
        raise _refusal("broken" if fault.code == "damaged" else fault.code, name=name) from None
    content = b"".join(pieces)
    if content.startswith(_HEAD) and not name.lower().endswith(_WORKBOOK):
        raise _refusal("inside", name=name)
    return content


def _whole_or_refusal(archive: Archive, entry: Entry, name: str) -> bytes | Refused:
    """What has used up the room of all files is raised."""
    try:
        return _whole(archive, entry, name)
    except Refused as refusal:
        if archive.unpacked > limits.ARCHIVE_EXPANDED_BYTES:
            raise
        return refusal


def _refusal(code: str, *, name: str = "") -> Refused:
    values = {
        "megabytes": limits.ARCHIVE_BYTES // limits.MEGABYTE,
        "files": limits.ARCHIVE_FILES,
        "expanded": limits.ARCHIVE_EXPANDED_BYTES // limits.MEGABYTE,
        "each": limits.FILE_BYTES // limits.MEGABYTE,
        "name": name,
    }
    return Refused(str(_TEXTS[code]) % values)
