"""XML as it streams by: no document type and so no entities, nothing large in one piece."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate, errors

from reporting.workbooks import limits
from reporting.workbooks.child.fault import Fault

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Attributes = dict[str, str]

_SHEETS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespaces of the format's two editions."""
_ENCODINGS = (None, "utf-8", "utf8", "utf-16", "us-ascii")
_NO_MEMORY = errors.codes[errors.XML_ERROR_NO_MEMORY]


class Reader:
    """What is done at the elements that somebody wants to know of, by their names in the namespaces of sheets.

    A text is given to `end_...` of its element through `taken()`.
    """

    spaces: tuple[str, ...] = _SHEETS

    def __init__(self) -> None:
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self.ends: dict[str, Callable[[], None]] = {}
        self.pieces: list[str] = []
        self.namespaces = 0

    def at(self, local: str, start: Callable[[Attributes], None] | None = None, end: Callable[[], None] | None = None) -> None:
        for space in self.spaces:
            if start:
                self.starts[f"{space} {local}"] = start
            if end:
                self.ends[f"{space} {local}"] = end

    def start(self, name: str, attributes: Attributes) -> None:
        if handler := self.starts.get(name):
            handler(attributes)

    def end(self, name: str) -> None:
        if handler := self.ends.get(name):
            handler()

    def namespace(self, _prefix: str | None, _uri: str) -> None:
        self.namespaces += 1
        if self.namespaces > limits.NAMESPACES:
            raise Fault("complicated")

    def begin_text(self, _attributes: Attributes) -> None:
        self.pieces.clear()

    def taken(self) -> str:
        """What was said since `begin_text`."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return text


def read_markup(pieces: Iterable[bytes], reader: Reader, tags: int) -> int:
    """Gives the reader what the part holds; `tags` were met before, and the sum is returned.

    Raises Fault: "damaged" for what is no XML or has a document type, "complicated" for what is beyond the limits.
    """
    parser = ParserCreate(None, " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _need_encoding
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartNamespaceDeclHandler = reader.namespace
    parser.CharacterDataHandler = reader.pieces.append
    given = 0
    try:
        for piece in pieces:
            given += len(piece)
            tags += piece.count(b"<")  # with those in comments, which is as many as there can be, and much faster than asking
            if tags > limits.TAGS:
                raise Fault("complicated")
            parser.Parse(piece, False)
            if given - parser.CurrentByteIndex > limits.TOKEN_BYTES:
                raise Fault("complicated")
        parser.Parse(b"", True)
    except ExpatError as error:
        raise Fault("complicated" if error.code == _NO_MEMORY else "damaged") from None
    return tags


def _refuse_doctype(*_declared: object) -> None:
    raise Fault("damaged")


def _need_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in _ENCODINGS:
        raise Fault("damaged")
