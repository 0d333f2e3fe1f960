"""Publishing a version asks first: it cannot be taken back."""

from django.urls import reverse
from lxml import html

from reporting.models import DefinitionVersion
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in


def url_of(version: DefinitionVersion, name: str = "publish") -> str:
    return reverse(f"admin:reporting_definitionversion_{name}", args=[version.pk])


def test_publishing_asks_first_and_happens_once(cast: Cast) -> None:
    draft, client = factories.make_version(published=False), signed_in(cast.administrator)
    assert url_of(draft) in client.get(url_of(draft, "change")).content.decode()
    body = client.get(url_of(draft)).content.decode()
    assert f"Publish {draft}?" in body
    assert "It cannot be taken back" in body
    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == ("draft", None)
    answers = [client.post(url_of(draft)) for _again in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, url_of(draft, "change"))] * 2
    draft.refresh_from_db()
    assert draft.state == "published"
    assert client.get(url_of(draft)).status_code == 302


def test_refused_publishing_says_why_on_the_page_that_asks(cast: Cast) -> None:
    draft = factories.make_version({}, published=False)
    draft.sections.all().delete()
    response = signed_in(cast.administrator).post(url_of(draft))
    assert response.status_code == 422
    assert "The version asks nothing." in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_publishing_is_the_administrators(cast: Cast) -> None:
    draft = factories.make_version(published=False)
    for person in (cast.approver, cast.reviewer):
        client = signed_in(person)
        assert [client.get(url_of(draft)).status_code, client.post(url_of(draft)).status_code] == [403, 403]
    draft.refresh_from_db()
    assert draft.state == "draft"


def form_of(page: bytes) -> dict[str, str]:
    """What the page's form sends as it stands."""
    form = html.fromstring(page).get_element_by_id("definitionversion_form")
    return {name: value or "" for name, value in form.form_values()}


def test_rule_of_a_draft_is_edited_beside_its_version_and_read_at_once(cast: Cast) -> None:
    draft = factories.make_version(published=False, rules={"sizes": ("P1 <= GRP", ["P1"])})
    client, url = signed_in(cast.administrator), url_of(draft, "change")
    body = form_of(client.get(url).content)
    refused = client.post(url, body | {"rules-0-expression": "P1 <= GRP and P2"})
    assert refused.status_code == 200
    assert "At 15: a number stands where yes or no is expected" in html.fromstring(refused.content).text_content()
    assert client.post(url, body | {"rules-0-expression": "P1 < GRP", "rules-0-question_keys": "P1,P2"}).status_code == 302
    assert list(draft.rules.values_list("expression", "question_keys")) == [("P1 < GRP", ["P1", "P2"])]


def test_rule_of_a_published_version_is_read_and_not_changed(cast: Cast) -> None:
    version = factories.make_version(rules={"sizes": ("P1 <= GRP", ["P1"])})
    client, url = signed_in(cast.administrator), url_of(version, "change")
    page = client.get(url).content.decode()
    assert "P1 &lt;= GRP" in page
    assert 'name="rules-0-expression"' not in page
    assert client.post(url, {"rules-0-expression": "P1 < GRP"}).status_code == 403
    assert list(version.rules.values_list("expression", flat=True)) == ["P1 <= GRP"]
