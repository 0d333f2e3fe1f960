"""Publishing a version asks first: it cannot be taken back."""

from django.urls import reverse

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
