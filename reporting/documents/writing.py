"""Filling a template in, and looking a template through before it is kept."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from django.utils.translation import gettext as _
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from districts.errors import Refused
from reporting.documents.charts import as_png
from reporting.documents.content import Words, writable
from reporting.documents.environment import WordsOnly
from reporting.pictures import Picture
from reporting.validators.office import UNREADABLE

TEMPLATE_BYTES, EXPANDED_BYTES, PARTS = 5 * 1024**2, 40 * 1024**2, 2_000
_ACROSS = Cm(16)
_DAMAGED = (PackageNotFoundError, SyntaxError, LookupError, ValueError, TypeError, AttributeError)
"""What the reader of documents says of parts that are missing, and of XML that is none."""
_MAIN = "word/document.xml"


def written(template: bytes, words: Words, pictures: Sequence[Picture] = ()) -> bytes:
    """The document. Nothing of a template is carried out but loops, conditions and names: whoever replaces it writes words, not
    a program. Raises Refused for a template that cannot be filled in."""
    given = writable(dict(words))
    try:
        document = DocxTemplate(BytesIO(template))
        given["pictures"] = [_picture(document, picture) for picture in pictures]
        document.render(given, WordsOnly(), autoescape=True)
    except (TemplateError, *_DAMAGED) as error:
        raise Refused(_("The template cannot be filled in: %(why)s") % {"why": error}) from error
    _describe(document, [picture.words.title for picture in pictures])
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def check_template(content: bytes, words: Words, pictures: Sequence[Picture] = ()) -> None:
    """Fill it in with these words, as a rehearsal. Raises Refused with what is wrong: no document, too large, a name that is not
    one of the words', or a fault of its loops."""
    _need_document(content)
    try:
        asked = DocxTemplate(BytesIO(content)).get_undeclared_template_variables(WordsOnly())
    except (TemplateError, *_DAMAGED) as error:
        raise Refused(_("The template cannot be read: %(why)s") % {"why": error}) from error
    unknown = sorted(asked - {*words, "pictures"})
    if unknown:
        raise Refused(_("There is no such name: %(names)s.") % {"names": _(", ").join(unknown)})
    written(content, words, pictures)


def _need_document(content: bytes) -> None:
    if len(content) > TEMPLATE_BYTES:
        raise Refused(_("The file is too large: %(megabytes)d MB are possible.") % {"megabytes": TEMPLATE_BYTES // 1024**2})
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            is_document = any(entry.filename == _MAIN for entry in entries)
            if len(entries) > PARTS or not _is_small(archive):
                raise Refused(_("The file is too large once it is unpacked."))
    except (*UNREADABLE, RuntimeError, OSError) as error:  # damaged; with a password; with a place that is not in the file
        raise Refused(_("The file is no Word document (.docx), or is damaged.")) from error
    if not is_document:
        raise Refused(_("The file is no Word document (.docx), or is damaged."))


def _is_small(archive: ZipFile) -> bool:
    """Counted as it is unpacked: what a file says of itself is not believed."""
    size = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while piece := part.read(64 * 1024):
                size += len(piece)
                if size > EXPANDED_BYTES:
                    return False
    return True


def _picture(document: Any, picture: Picture) -> Words:
    told = {name: getattr(picture.words, name) for name in ("title", "unit", "note", "source")}
    return writable(told) | {"drawing": InlineImage(document, BytesIO(as_png(picture)), width=_ACROSS)}


def _describe(document: Any, titles: Sequence[str]) -> None:
    """What a reader of the screen says of each picture."""
    shapes = document.docx.element.body.iter(qn("wp:docPr"))
    for shape, title in zip(shapes, titles, strict=False):
        shape.set("descr", title)
