"""How a workbook hangs together: its parts, and which of them are sheets."""

from __future__ import annotations

from reporting.workbooks import limits
from reporting.workbooks.child.archive import Archive, Entry
from reporting.workbooks.child.fault import Fault
from reporting.workbooks.child.markup import Attributes, Reader, read_markup
from reporting.workbooks.child.texts import clean

_LINKS = ("http://schemas.openxmlformats.org/package/2006/relationships",)
_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
_MACROS = ("vbaproject.bin", "vbadata.xml")
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar")
_LONGEST_NAME = 255
_NOT_IN_NAMES = frozenset("[]:*?/\\\n\t")
"""Signs that no program takes in the name of a sheet."""


class Package:
    """The parts by name. `tags` counts those of XML over all parts read."""

    def __init__(self, content: bytes) -> None:
        self.archive = Archive(content, limits.EXPANDED_BYTES)
        self.tags = 0
        self._parts: dict[str, Entry] = {}
        for entry in self.archive.entries:
            name = entry.name.decode("utf-8", "replace").replace("\\", "/").lower()
            if name.endswith(_MACROS):
                raise Fault("macros")
            if name.endswith(ARCHIVES):
                raise Fault("inside")
            self._parts[name] = entry
        if "[content_types].xml" not in self._parts:
            raise Fault("other")

    def read(self, name: str, reader: Reader) -> None:
        """Raises Fault where there is no such part."""
        entry = self._parts.get(name.lower())
        if entry is None:
            raise Fault("damaged")
        self.tags = read_markup(self.archive.pieces(entry), reader, self.tags)

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target of what the part refers to inside the file, by id; none if it says nothing."""
        folder, _slash, name = part.rpartition("/")
        links = Links(folder)
        where = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if where.lower() in self._parts:
            self.read(where, links)
        return links.found


class Links(Reader):
    spaces = _LINKS

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder
        self.at("Relationship", self._link)

    def _link(self, attributes: Attributes) -> None:
        if attributes.get("TargetMode") == "External":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if len(self.found) == limits.ENTRIES:
            raise Fault("complicated")
        self.found[attributes.get("Id", "")] = (kind, _resolved(self._folder, attributes.get("Target", "")))


def _resolved(folder: str, target: str) -> str:
    """A part's name; what leads out of the file is the name of no part."""
    target = target.replace("\\", "/")
    steps = [] if target.startswith("/") or not folder else folder.split("/")
    for step in target.split("/"):
        if step == "..":
            if not steps:
                return ""
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


class Listed:
    """A sheet as the workbook lists it."""

    __slots__ = ("hidden", "link", "name")

    def __init__(self, name: str, link: str, *, hidden: bool) -> None:
        self.name, self.link, self.hidden = name, link, hidden


class Contents(Reader):
    """The part that lists the sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.since_1904 = self.is_workbook = False
        self.sheets: list[Listed] = []
        self.at("workbook", self._workbook)
        self.at("workbookPr", self._properties)
        self.at("sheet", self._sheet)

    def _workbook(self, _attributes: Attributes) -> None:
        self.is_workbook = True

    def _properties(self, attributes: Attributes) -> None:
        self.since_1904 = attributes.get("date1904") in ("1", "true", "on")

    def _sheet(self, attributes: Attributes) -> None:
        if len(self.sheets) == limits.SHEETS:
            raise Fault("sheets")
        name = clean(attributes.get("name", "")).strip()
        link = next((attributes[key] for key in _ID if key in attributes), "")
        if not 0 < len(name) <= _LONGEST_NAME or _NOT_IN_NAMES & set(name):
            raise Fault("damaged")
        if name.lower() in {one.name.lower() for one in self.sheets}:
            raise Fault("damaged")
        self.sheets.append(Listed(name, link, hidden=attributes.get("state") in ("hidden", "veryHidden")))
