"""The portal's own templates, in the language of the moment. The bureau downloads one, changes it and uploads it as its own.

A template is a document with names in double braces; rows and paragraphs repeat between `for` and `endfor`
(the page of the templates lists the names).
"""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import Table

from reporting.enums.symposiums import DocumentKind

_FONT, _CHINESE_FONT = "Calibri", "SimSun"
_ACROSS = Cm(16)
_RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
_Columns = Sequence[tuple[str, str, bool]]
"""Header, text, and whether it is a number, of each."""


def own_template(kind: DocumentKind) -> bytes:
    document = _blank()
    document.add_heading("{{ title }}", 0)
    document.add_paragraph(f"{{{{ when }}}} · {{{{ place }}}} · {_('chair')}: {{{{ chair }}}}")
    _optional(document, "synthetic", "{{ synthetic }}")
    _BODIES[kind](document)
    _sources(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _blank() -> DocumentType:
    document = Document()
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        style = document.styles[name]
        style.font.name = _FONT
        style.font.color.rgb = RGBColor(0x17, 0x20, 0x2C)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE_FONT)
    document.styles["Normal"].font.size = Pt(11)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    return document


def _briefing(document: DocumentType) -> None:
    document.add_heading(_("The city's figures"), 1)
    columns: _Columns = (
        (_("Indicator"), "{{ one.name }} ({{ one.unit }})", False),
        (_("Value"), "{{ one.value }}", True),
        (_("Against the same period last year"), "{{ one.growth }}", True),
        (_("Units reported"), "{{ one.coverage }}", True),
    )
    _table(document, "figures", columns)
    _source(document)
    _repeat(document, "one in pictures")
    document.add_heading("{{ one.title }}", 2)
    document.add_paragraph("{{ one.drawing }}")
    document.add_paragraph("{{ one.unit }} {{ one.note }}", style="Caption")
    document.add_paragraph(_("Source: %(source)s") % {"source": "{{ one.source }}"}, style="Caption")
    _end(document)
    document.add_heading(_("Problems"), 1)
    _lines(document, "problems")
    _repeat(document, "district in districts")
    _district(document)
    _end(document)


def _district(document: DocumentType) -> None:
    """Its profile, targets, texts and tasks."""
    document.add_heading("{{ district.name }}", 1)
    document.add_paragraph("{{ district.profile.positioning }} {{ district.profile.industries }}")
    columns: _Columns = (
        (_("Target"), "{{ one.name }}: {{ one.target }}", False),
        (_("Result so far"), "{{ one.result }}", True),
        (_("Completion or gap"), "{{ one.gap }}", True),
        (_("Standing"), "{{ one.light }}", False),
    )
    _table(document, "district.targets", columns)
    _source(document)
    _repeat(document, "text in district.texts")
    document.add_heading("{{ text.title }}", 2)
    _repeat(document, "paragraph in text.paragraphs")
    document.add_paragraph("{{ paragraph }}")
    _end(document)
    _end(document)
    columns = (
        (_("Key task"), "{{ one.title }}", False),
        (_("Deadline"), "{{ one.deadline }}", False),
        (_("Progress"), "{{ one.progress }}", True),
        (_("Standing"), "{{ one.standing }}", False),
    )
    _table(document, "district.tasks", columns)


def _minutes(document: DocumentType) -> None:
    document.add_heading(_("Attendees"), 1)
    columns: _Columns = (
        (_("District"), "{{ one.district }}", False),
        (_("Who comes"), "{{ one.person }}", False),
        (_("Answer"), "{{ one.note }}", False),
    )
    _table(document, "attendees", columns)
    document.add_heading(_("Reports"), 1)
    _repeat(document, "report in reports")
    document.add_heading("{{ report.name }}", 2)
    _repeat(document, "paragraph in report.paragraphs")
    document.add_paragraph("{{ paragraph }}")
    _end(document)
    _end(document)
    document.add_heading(_("Assessment"), 1)
    _repeat(document, "paragraph in assessment")
    document.add_paragraph("{{ paragraph }}")
    _end(document)
    document.add_heading(_("Conclusions"), 1)
    _repeat(document, "group in conclusions")
    document.add_heading("{{ group.group }}", 2)
    _lines(document, "group.texts")
    _end(document)
    document.add_heading(_("Agreed items"), 1)
    columns = (
        (_("Item"), "{{ one.title }}", False),
        (_("Lead"), "{{ one.lead }}", False),
        (_("Co-leads"), "{{ one.co_leads }}", False),
        (_("Deliverable"), "{{ one.deliverable }}", False),
        (_("Deadline"), "{{ one.deadline }}", False),
    )
    _table(document, "items", columns)


_BODIES = {DocumentKind.BRIEFING: _briefing, DocumentKind.MINUTES: _minutes}


def _sources(document: DocumentType) -> None:
    """Every number with where it comes from."""
    document.add_heading(_("The numbers and their sources"), 1)
    _source(document)
    columns = (
        (_("Of"), "{{ one.place }}", False),
        (_("Number"), "{{ one.name }}", False),
        (_("Value"), "{{ one.shown }}", True),
    )
    _table(document, "numbers", columns)


def _source(document: DocumentType) -> None:
    document.add_paragraph(_("Source: %(source)s") % {"source": "{{ source }}"}, style="Caption")


def _table(document: DocumentType, rows: str, columns: _Columns) -> None:
    """Header, text and whether it is a number, of each column; a row for each of `rows`."""
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    _widths(table, len(columns))
    table.rows[1].cells[0].text = f"{{%tr for one in {rows} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for number, (header, text, is_number) in enumerate(columns):
        for row, said in ((0, header), (2, text)):
            paragraph = table.rows[row].cells[number].paragraphs[0]
            paragraph.add_run(said).bold = row == 0
            if is_number:
                paragraph.alignment = _RIGHT
    document.add_paragraph("")


def _widths(table: Table, columns: int) -> None:
    """The first column, which names the row, takes twice as much as another; the header stands on every page."""
    table.autofit = False
    widths = [Emu(_ACROSS * (2 if number == 0 else 1) // (columns + 1)) for number in range(columns)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)  # noqa: SLF001 (there is no other way to it)


def _lines(document: DocumentType, rows: str) -> None:
    _repeat(document, f"one in {rows}")
    document.add_paragraph("{{ one }}", style="List Bullet")
    _end(document)


def _optional(document: DocumentType, name: str, text: str) -> None:
    document.add_paragraph(f"{{%p if {name} %}}")
    document.add_paragraph(text)
    document.add_paragraph("{%p endif %}")


def _repeat(document: DocumentType, what: str) -> None:
    document.add_paragraph(f"{{%p for {what} %}}")


def _end(document: DocumentType) -> None:
    document.add_paragraph("{%p endfor %}")
