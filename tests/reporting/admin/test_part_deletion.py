"""Deleting the parts of a draft, and what needs a question: said before it goes, and while it is changed."""

import pytest

from reporting.domain.questions import add_question
from reporting.models import DefinitionVersion, Question
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import outline, post_form, tree, url, words
from tests.reporting.admin.helpers import signed_in
from tests.reporting.admin.test_parts import PARTS, part_of, question


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(
        published=False, rules={"sizes": ("P1 <= GRP", ["P1", "P2"]), "stock": ("STOCK > 1", ["STOCK"])}
    )


def needs(version: DefinitionVersion, key: str, cast: Cast) -> list[str]:
    """What the page that changes a question lists."""
    page = tree(signed_in(cast.administrator).get(url(version, "part", "question", question(version, key).pk)))
    return [" ".join(item.text_content().split()) for item in page.xpath("//details//li")]


def test_deleting_a_question_says_what_needs_it_first(cast: Cast, version: DefinitionVersion) -> None:
    client, row = signed_in(cast.administrator), question(version, "P1")
    address = url(version, "part_delete", "question", row.pk)
    page = client.get(address)
    assert page.status_code == 200
    for sentence in (
        "Delete the question “Indicator P1”?",
        "The rule sizes: P1 <= GRP needs it: change or delete that too.",
        "TOTAL Indicator TOTAL is computed from it.",
    ):
        assert sentence in words(page)
    assert "stock" not in words(page)
    seen = tree(page).xpath("//input[@name='seen']/@value")[0]
    assert client.post(address, {"seen": seen}).headers["Location"] == url(version)
    assert outline(version)[0][1] == ["P2", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"]
    assert "sizes is to be shown at P1, which this version does not ask." in words(client.get(url(version)))


def test_deleting_a_question_of_a_check_names_the_check(cast: Cast, version: DefinitionVersion) -> None:
    page = signed_in(cast.administrator).get(url(version, "part_delete", "question", question(version, "TOTAL").pk))
    assert "The check “each value at most the next: TOTAL, GRP” needs it: change or delete that too." in words(page)


def test_section_that_got_a_question_meanwhile_is_not_deleted(cast: Cast, version: DefinitionVersion) -> None:
    client, narrative = signed_in(cast.administrator), version.sections.get(key="narrative")
    address = url(version, "part_delete", "section", narrative.pk)
    page = client.get(address)
    assert "2 questions are deleted with it." in words(page)
    seen = tree(page).xpath("//input[@name='seen']/@value")[0]
    add_question(question=Question(section=narrative, kind="text", label="Late"), actor=cast.administrator)
    refused = client.post(address, {"seen": seen})
    assert refused.status_code == 409
    assert "Somebody changed it since you opened the page." in words(refused)
    assert "3 questions are deleted with it." in words(refused)
    seen = tree(refused).xpath("//input[@name='seen']/@value")[0]
    assert client.post(address, {"seen": seen}).status_code == 302
    assert [key for key, _questions in outline(version)] == ["statistics"]


@pytest.mark.parametrize("kind", PARTS)
def test_deleting_without_what_was_seen_is_refused(cast: Cast, version: DefinitionVersion, kind: str) -> None:
    part = part_of(version, kind)
    response = signed_in(cast.administrator).post(url(version, "part_delete", kind, part.pk), {"post": "yes"})
    assert response.status_code == 409
    assert type(part)._default_manager.filter(pk=part.pk).exists()


def test_total_of_a_share_is_named_before_its_question_is_deleted_or_changed(cast: Cast, version: DefinitionVersion) -> None:
    """Where the check is off too: publishing would refuse a total that nobody asks for."""
    Question.objects.filter(pk=question(version, "P1").pk).update(tuning={"share_shift": {"total": "GRP"}})
    Question.objects.filter(pk=question(version, "TOTAL").pk).update(tuning={"share_shift": {"total": "GRP", "on": False}})
    Question.objects.filter(pk=question(version, "P2").pk).update(tuning={"share_shift": {"total": "TOTAL"}})
    needed = [
        "The rule sizes: P1 <= GRP needs it: change or delete that too.",
        "The check “each value at most the next: TOTAL, GRP” needs it: change or delete that too.",
        "P1 has it as the total of its check “Share moved against last year”: name another there.",
        "TOTAL has it as the total of its check “Share moved against last year”: name another there.",
        "SHARE Indicator SHARE is computed from it.",
    ]
    asking = tree(signed_in(cast.administrator).get(url(version, "part_delete", "question", question(version, "GRP").pk)))
    assert [item.text_content() for item in asking.xpath("//ul[@class='bureau-facts']/li")] == needed
    assert needs(version, "GRP", cast) == needed
    assert "P2 has it" not in " ".join(needed)
    assert needs(version, "P1", cast)[-1] == "TOTAL Indicator TOTAL is computed from it."
    assert needs(version, "BASE", cast) == []


def test_section_that_is_deleted_with_a_share_and_its_total_names_neither(cast: Cast, version: DefinitionVersion) -> None:
    Question.objects.filter(pk=question(version, "P1").pk).update(tuning={"share_shift": {"total": "GRP"}})
    statistics = version.sections.get(key="statistics")
    page = words(signed_in(cast.administrator).get(url(version, "part_delete", "section", statistics.pk)))
    assert "has it as the total" not in page
    assert "7 questions are deleted with it." in page


def test_question_whose_change_is_refused_still_says_what_needs_it_as_stored(cast: Cast, version: DefinitionVersion) -> None:
    Question.objects.filter(pk=question(version, "P1").pk).update(tuning={"share_shift": {"total": "GRP"}})
    client, address = signed_in(cast.administrator), url(version, "part", "question", question(version, "GRP").pk)
    refused = post_form(client, address, {"indicator": "STOCK", "key": "P1"})
    assert refused.status_code == 422
    assert "P1 has it as the total of its check “Share moved against last year”: name another there." in words(refused)
    assert tree(refused).xpath("//details/@open") != []
