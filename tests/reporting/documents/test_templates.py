"""Templates: the portal's own are whole in both languages, and what somebody else's may not do is refused in words."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils.translation import override
from docx import Document

from districts.errors import Refused
from reporting.documents import writing
from reporting.documents.charts import as_png
from reporting.documents.content import writable
from reporting.documents.own import own_template
from reporting.documents.sample import sample_of, sample_pictures
from reporting.documents.writing import check_template, written
from reporting.enums.symposiums import DocumentKind

BRIEFING, MINUTES = DocumentKind.BRIEFING, DocumentKind.MINUTES


def template(*paragraphs: str) -> bytes:
    document, file = Document(), BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


def words_in(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs if paragraph.text]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_own_template_is_filled_in_whole(kind: DocumentKind, language: str) -> None:
    with override(language):
        content = own_template(kind)
        check_template(content, sample_of(kind), sample_pictures(kind))
        made = written(content, sample_of(kind), sample_pictures(kind))
    with ZipFile(BytesIO(made)) as archive:
        text = archive.read("word/document.xml").decode()
        images = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert ("{{" in text, "{%" in text) == (False, False)
    assert len(images) == (1 if kind == BRIEFING else 0)


def test_document_of_own_template_says_where_its_numbers_come_from() -> None:
    words = sample_of(MINUTES) | {
        "source": "approved reports, 2024",
        "numbers": [{"place": "X", "name": "Growth", "shown": "+7.8 %"}],
    }
    document = Document(BytesIO(written(own_template(MINUTES), words)))
    assert "Source: approved reports, 2024" in [paragraph.text for paragraph in document.paragraphs]
    last = document.tables[-1]
    assert [[cell.text for cell in row.cells] for row in last.rows] == [["Of", "Number", "Value"], ["X", "Growth", "+7.8 %"]]


def test_words_with_markup_and_braces_stay_words() -> None:
    hostile = "<w:br/>&amp; {{ title }} {% for %} \x00\x0b =1+1"
    made = written(template("{{ title }}"), {"title": hostile})
    assert words_in(made) == ["<w:br/>&amp; {{ title }} {% for %}  =1+1"]
    assert writable({"a": ["\x01b", {"c": "\ufffe"}]}) == {"a": ["b", {"c": ""}]}


@pytest.mark.parametrize(
    "paragraph",
    [
        "{{ title.__class__ }}",
        "{{ title.upper() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ pictures[0].drawing.tpl }}",
        "{{ pictures[0].drawing.tpl.save('x.docx') }}",
        "{{ pictures[0].drawing.image_descriptor }}",
        "{{ title|attr('__class__') }}",
        "{{ title * 1000000000 }}",
        "{{ title|center(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ range(10) }}",
        "{{ cycler('a') }}",
        "{{ lipsum() }}",
        "{{ self.__init__ }}",
        "{{ figures[0].nothing }}",
        "{% for a in %}",
        "{% for a in title %}",
        "{% include 'x' %}",
    ],
)
def test_template_that_is_a_program_is_refused(paragraph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused):
        check_template(template(paragraph), sample_of(BRIEFING), sample_pictures(BRIEFING))
    assert list(tmp_path.iterdir()) == []


def test_template_with_unknown_names_says_which() -> None:
    with pytest.raises(Refused, match="There is no such name: secret_key, settings"):
        check_template(template("{{ settings }} {{ secret_key }} {{ title }}"), sample_of(MINUTES))


def test_template_of_the_minutes_names_its_own_items() -> None:
    made = written(
        template("{%p for one in items %}", "{{ loop.index }} {{ one.title|upper }}", "{%p endfor %}"), sample_of(MINUTES)
    )
    assert words_in(made) == ["1 …"]


def big() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b"a" * (writing.EXPANDED_BYTES + 1))
    return file.getvalue()


def many() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for number in range(writing.PARTS + 1):
            archive.writestr(str(number), b"")
    return file.getvalue()


def other() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"")
    return file.getvalue()


def torn() -> bytes:
    """Packed bytes that unpack to nothing: what a disk or a mail gateway does to a file."""
    content = bytearray(template("{{ title }}"))
    with ZipFile(BytesIO(content)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    content[start : start + 40] = b"\xff" * 40
    return bytes(content)


def changed_entry(**fields: int) -> bytes:
    """A field of the list of parts that says what is not so: `flags` with a password, `method` that nobody knows."""
    content = bytearray(template("{{ title }}"))
    place = content.index(b"PK\x01\x02")
    for name, value in fields.items():
        offset = {"flags": 8, "method": 10}[name]
        content[place + offset : place + offset + 2] = value.to_bytes(2, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no Word document"),
        (torn(), "no Word document"),
        (changed_entry(flags=1), "no Word document"),
        (changed_entry(method=99), "no Word document"),
        (b"PK\x03\x04none", "no Word document"),
        (other(), "no Word document"),
        (big(), "too large once it is unpacked"),
        (many(), "too large once it is unpacked"),
        (b"x" * (writing.TEMPLATE_BYTES + 1), "5 MB are possible"),
    ],
    ids=["empty", "torn", "locked", "unknown packing", "broken", "workbook", "big", "many", "long"],
)
def test_file_that_is_no_template_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        check_template(content, sample_of(BRIEFING))


def test_document_whose_xml_is_broken_or_expands_is_refused() -> None:
    good = template("{{ title }}")
    laughs = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n > 1 else "") + ";") * 10}">' for n in range(1, 9)
    )
    for body in (b"<w:document", laughs.encode() + b"]><l>&a8;</l>"):
        file = BytesIO()
        with ZipFile(BytesIO(good)) as source, ZipFile(file, "w") as target:
            for entry in source.infolist():
                target.writestr(entry, body if entry.filename == "word/document.xml" else source.read(entry))
        with pytest.raises(Refused):
            check_template(file.getvalue(), sample_of(BRIEFING))


def test_picture_is_an_image_of_the_pages_colours() -> None:
    (picture,) = sample_pictures(BRIEFING)
    content = as_png(picture)
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 2160
