"""A definition goes out as a file and comes in as a draft, after a look at it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from lxml import html

from districts.models import District
from reporting.domain.definitions import publish_version
from reporting.domain.importing import import_definition
from reporting.models import Definition, DefinitionVersion, Indicator
from reporting.queries.exchange import as_file, exported
from tests.conftest import Cast
from tests.factories import NOW, make_indicator, make_version
from tests.reporting.admin.helpers import signed_in
from tests.reporting.files import content_of, indicator_item

URL = "admin:reporting_definitionversion_"


def sent(cast: Cast, content: bytes, **headers: Any) -> Any:
    return signed_in(cast.administrator).post(
        reverse(f"{URL}import"), {"file": SimpleUploadedFile("a.json", content, "application/json")}, **headers
    )


def text_of(page: Any) -> str:
    """The main part, as it is read."""
    return " ".join(html.fromstring(page.content.decode()).xpath("//*[contains(@class, 'bureau-ask')]")[0].text_content().split())


def confirmed(page: Any) -> dict[str, str]:
    (form,) = html.fromstring(page.content.decode()).xpath("//form[.//textarea[@name='content']]")
    return {name: value for name, value in form.form_values() if name == "content"}


def test_version_goes_out_as_a_file_from_its_page(cast: Cast) -> None:
    version, client = make_version(), signed_in(cast.administrator)
    url = reverse(f"{URL}export", args=[version.pk])
    assert url in client.get(reverse(f"{URL}change", args=[version.pk])).content.decode()
    response = client.get(url)
    assert response.content.decode() == as_file(exported(version.pk))
    assert (response.headers["Content-Disposition"], response.headers["Content-Type"]) == (
        'attachment; filename="half-year-1.json"',
        "application/json",
    )


def test_schema_goes_out_too(cast: Cast) -> None:
    schema = signed_in(cast.administrator).get(reverse(f"{URL}schema"))
    assert json.loads(schema.content)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_file_is_looked_at_before_it_is_imported(cast: Cast) -> None:
    make_indicator("N1", decimals=2, unit="firms", unit_zh="", measure="stock", minimum=None, price_basis="", name="Indicator N1")
    client = signed_in(cast.administrator)
    assert reverse(f"{URL}import") in client.get(reverse(f"{URL}changelist")).content.decode()
    assert client.get(reverse(f"{URL}import")).status_code == 200
    page = sent(cast, b"\xef\xbb\xbf" + content_of())
    assert page.status_code == 200
    shown = text_of(page)
    assert shown.startswith(
        "Import version 1 of “Kind”? The definition is new. A draft with: sections 1, questions 2, checks 0, rules 0. "
        "Indicators that are added to the catalogue: N2 The indicator N1 is not in use yet and becomes as the file says: "
        "decimals is “2” here and “0” in the file."
    )
    assert not Definition.objects.exists()
    answers = [client.post(reverse(f"{URL}import"), confirmed(page)) for _again in range(2)]
    version = DefinitionVersion.objects.get()
    change = reverse(f"{URL}change", args=[version.pk])
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, change)] * 2
    assert "is imported as a draft" in client.get(change).content.decode()
    assert version.state == "draft"


def test_file_of_a_version_comes_back_through_the_pages_as_the_same_bytes(cast: Cast) -> None:
    version = make_version(rules={"sizes": ("P1 <= GRP", ["P1"])})
    District.objects.update(name_zh="市区")
    content = signed_in(cast.administrator).get(reverse(f"{URL}export", args=[version.pk])).content
    page = sent(cast, content)
    signed_in(cast.administrator).post(reverse(f"{URL}import"), confirmed(page))
    draft = DefinitionVersion.objects.get(state="draft")
    assert signed_in(cast.administrator).get(reverse(f"{URL}export", args=[draft.pk])).content == content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everything_that_is_wrong_is_on_the_page_and_nothing_is_written(cast: Cast, language: str) -> None:
    publish_version(version=import_definition(content=content_of(), actor=cast.administrator), now=NOW)
    before = Indicator.objects.count(), DefinitionVersion.objects.count()
    content = content_of(name="<b>", frequency="daily", indicators=[indicator_item("N1", unit="persons")], extra="</textarea>")
    page = sent(cast, content, HTTP_ACCEPT_LANGUAGE=language)
    assert page.status_code == 422
    items = [item.text_content() for item in html.fromstring(page.content.decode()).xpath("//*[@role='alert']//li")]
    assert [item.partition(":")[0] for item in items] == ["frequency", "indicators[0].unit", "extra"]
    if language == "en":
        assert items[1:] == [
            (
                "indicators[0].unit: N1 is in use by a published version and stays as it is: "
                "unit is “firms” here and “persons” in the file."
            ),
            "extra: is not a name of this format.",
        ]
    assert (Indicator.objects.count(), DefinitionVersion.objects.count()) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is not JSON: line 1, column 1 is not as it should be."),
        (b"%PDF-1.7", "This is not JSON: line 1, column 1 is not as it should be."),
        (b"\x00" * 50, "This is not JSON: line 1, column 1 is not as it should be."),
        (b"[" * 5000, "is nested more than 12 deep."),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(cast: Cast, content: bytes, sentence: str) -> None:
    page = sent(cast, content)
    assert (page.status_code, sentence in text_of(page)) == (422, True)


def test_no_file_and_one_that_is_too_large_are_refused_in_words(cast: Cast) -> None:
    nothing = signed_in(cast.administrator).post(reverse(f"{URL}import"), {})
    assert (nothing.status_code, "Choose the file with the definition." in text_of(nothing)) == (422, True)
    with override_settings(DEFINITION_MAX_BYTES=4096):
        page = sent(cast, b" " * 5000)
    assert (page.status_code, "The file has more than 4 kB" in text_of(page)) == (422, True)


def test_text_that_was_changed_under_way_is_judged_again(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    for text in ("", "{", "\ud800", "a\x00", content_of(slug="").decode()):
        page = client.post(reverse(f"{URL}import"), {"content": text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
        assert page.status_code == 422
    assert not Definition.objects.exists()


def test_draft_that_is_there_and_what_stays_are_said(cast: Cast) -> None:
    import_definition(content=content_of(), actor=cast.administrator)
    shown = text_of(sent(cast, content_of(name="Other", statement="Other.")))
    assert shown.startswith(
        "Import version 2 of “Kind”? There is a draft already (version 1). This one is made beside it. "
        "The file says other things of the definition (name). They stay as they are here: "
        "change them on the definition's own page."
    )
