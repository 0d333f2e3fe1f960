"""Workbooks written by hand, down to the part that a test is about."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLACE = "xl/worksheets/sheet1.xml"


def sheet(rows: str, *, after: str = "") -> str:
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def cells(xml: str, row: int = 1) -> str:
    """A sheet of one row."""
    return sheet(f'<row r="{row}">{xml}</row>')


def strings(*texts: str) -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'


def styles(*formats: str) -> str:
    """Style n has the nth format."""
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{code}"/>' for n, code in enumerate(formats))
    used = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'


def contents(*names: str, extra: str = "", states: Mapping[str, str] | None = None) -> str:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{(states or {}).get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{extra}<sheets>{listed}</sheets></workbook>'


def links(*targets: tuple[str, str]) -> str:
    """Kind and target of each, with the ids rId1, rId2, ..."""
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK_TYPE}"/></Types>'
)


@dataclass(frozen=True)
class Parts:
    """A workbook of one sheet, "Report"; `changed` replaces parts, adds them, or with None leaves them out."""

    sheet: str = field(default_factory=lambda: cells('<c r="A1"><v>1</v></c>'))
    changed: Mapping[str, str | bytes | None] = field(default_factory=dict)

    def of(self, **changed: "str | bytes | None") -> "Parts":
        return replace(self, changed={**self.changed, **changed})

    def all(self) -> dict[str, bytes]:
        parts: dict[str, str | bytes | None] = {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": contents("Report"),
            "xl/_rels/workbook.xml.rels": links(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
            ),
            "xl/sharedStrings.xml": strings("first", "second"),
            "xl/styles.xml": styles("General", "0.00%", "yyyy\\-mm\\-dd", "yyyy/m/d h:mm", "h:mm"),
            PLACE: self.sheet,
            **self.changed,
        }
        return {name: part if isinstance(part, bytes) else part.encode() for name, part in parts.items() if part is not None}


def packed(parts: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 7, 1, 9, 0, 0)), part, compress_type=compression)
    return buffer.getvalue()


def workbook(sheet_xml: str | None = None, /, **changed: "str | bytes | None") -> bytes:
    """Packed: with that sheet, and with those parts changed."""
    parts = Parts() if sheet_xml is None else Parts(sheet_xml)
    return packed(replace(parts, changed=changed).all())
