"""Sections and questions are moved by forms; two who move at once lose nothing."""

import pytest

from reporting.models import DefinitionVersion, Indicator, Question, Section
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import move, outline, token, tree, url, words
from tests.reporting.admin.helpers import signed_in

STATISTICS = ["P1", "P2", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"]
NARRATIVE = ["plans", "practice"]
AS_MADE = [("statistics", STATISTICS), ("narrative", NARRATIVE)]


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(published=False)


@pytest.fixture
def other(version: DefinitionVersion) -> DefinitionVersion:
    indicators = Indicator.objects.in_bulk(field_name="code")
    return factories.make_version({code: indicators[code] for code in STATISTICS}, published=False, slug="other")


def section(version: DefinitionVersion, key: str) -> Section:
    return version.sections.get(key=key)


def question(version: DefinitionVersion, key: str) -> Question:
    return Question.objects.get(section__version=version, key=key)


def test_question_goes_up_and_down_and_over_the_end_of_its_section(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    response = move(client, version, "question", question(version, "P2"), to="up")
    anchor = f"question-{question(version, 'P2').pk}"
    assert (response.status_code, response.headers["Location"]) == (302, f"{url(version)}?moved={anchor}#{anchor}")
    assert outline(version) == [("statistics", ["P2", "P1", *STATISTICS[2:]]), ("narrative", NARRATIVE)]
    move(client, version, "question", question(version, "P2"), to="down")
    assert outline(version) == AS_MADE
    move(client, version, "question", question(version, "STOCK"), to="down")
    assert outline(version) == [("statistics", STATISTICS[:-1]), ("narrative", ["STOCK", *NARRATIVE])]
    move(client, version, "question", question(version, "STOCK"), to="up")
    assert outline(version) == AS_MADE


def test_moved_question_is_said_with_its_new_place(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    response = move(client, version, "question", question(version, "plans"), to="down")
    page = tree(client.get(response.headers["Location"]))
    assert page.xpath("//*[@data-said]/text()") == ["“Plans” is now question 2 of 2 in “Narrative”."]
    assert page.xpath("//*[@data-said]/@role") == ["status"]
    response = move(client, version, "section", section(version, "narrative"), to="up")
    page = tree(client.get(response.headers["Location"]))
    assert page.xpath("//*[@data-said]/text()") == ["“Narrative” is now section 1 of 2."]
    for nonsense in ("question-0", "question-x", "<b>", "rule-1"):
        assert tree(client.get(url(version), {"moved": nonsense})).xpath("//*[@data-said]/text()") == []


def test_question_goes_to_another_section_and_before_another_question(cast: Cast, version: DefinitionVersion) -> None:
    client, plans, narrative = signed_in(cast.administrator), question(version, "plans"), section(version, "narrative")
    statistics = section(version, "statistics")
    move(client, version, "question", plans, to="section", **{f"section-{plans.pk}": statistics.pk})
    assert outline(version) == [("statistics", [*STATISTICS, "plans"]), ("narrative", ["practice"])]
    before = question(version, "practice")
    move(client, version, "question", plans, to="place", section=narrative.pk, before=before.pk)
    assert outline(version) == AS_MADE
    move(client, version, "question", plans, to="place", section=statistics.pk, before=question(version, "GRP").pk)
    assert outline(version)[0] == ("statistics", ["P1", "P2", "plans", *STATISTICS[2:]])
    move(client, version, "question", plans, to="place", section=narrative.pk, before="")
    assert outline(version)[1] == ("narrative", ["practice", "plans"])
    move(client, version, "question", plans, to="place", section=narrative.pk, before=plans.pk)
    assert outline(version)[1] == ("narrative", ["practice", "plans"])


def test_section_goes_up_and_before_another_with_its_questions(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    move(client, version, "section", section(version, "narrative"), to="up")
    assert outline(version) == AS_MADE[::-1]
    move(client, version, "section", section(version, "statistics"), to="place", before=section(version, "narrative").pk)
    assert outline(version) == AS_MADE
    move(client, version, "section", section(version, "statistics"), to="place", before="")
    assert outline(version) == AS_MADE[::-1]


def test_second_of_two_who_move_at_once_is_refused_and_looks_again(cast: Cast, version: DefinitionVersion) -> None:
    first, second = signed_in(cast.administrator), signed_in(cast.administrator)
    seen = token(second, version)
    assert move(first, version, "question", question(version, "P2"), to="up").status_code == 302
    moved = outline(version)
    stock = question(version, "STOCK")
    body = {"seen": seen, "to": "section", f"section-{stock.pk}": section(version, "narrative").pk}
    refused = second.post(url(version, "part_move", "question", stock.pk), body)
    assert refused.status_code == 409
    assert "Somebody changed the order since you opened the page." in words(refused)
    assert outline(version) == moved
    again = tree(refused).xpath("//form[@id='moves']/input[@name='seen']/@value")[0]
    assert second.post(url(version, "part_move", "question", stock.pk), body | {"seen": again}).status_code == 302
    assert sorted(key for _section, keys in outline(version) for key in keys) == sorted([*STATISTICS, *NARRATIVE])


def test_move_off_the_end_is_refused_in_words(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    for kind, part, to in (
        ("question", question(version, "P1"), "up"),
        ("question", question(version, "practice"), "down"),
        ("section", section(version, "statistics"), "up"),
        ("section", section(version, "narrative"), "down"),
    ):
        response = move(client, version, kind, part, to=to)
        assert (response.status_code, f"“{part}” stands at the end already." in words(response)) == (422, True)
    assert outline(version) == AS_MADE


@pytest.mark.parametrize(
    "posted",
    [
        {"to": ""},
        {"to": "sideways"},
        {"to": "place", "section": "x"},
        {"to": "place", "section": ""},
        {"to": "place", "section": "9" * 30},
        {"to": "place", "section": "{home}", "before": "-1"},
        {"to": "place", "section": "{home}", "before": "{away}"},
        {"to": "place", "section": "{foreign}", "before": ""},
        {"to": "section", "section-{own}": "{foreign}"},
        {"to": "section"},
    ],
)
def test_forged_move_is_refused_and_changes_nothing(
    cast: Cast, version: DefinitionVersion, other: DefinitionVersion, posted: dict[str, str]
) -> None:
    plans = question(version, "plans")
    names = {
        "home": section(version, "narrative").pk,
        "away": question(other, "plans").pk,
        "foreign": section(other, "narrative").pk,
        "own": plans.pk,
    }
    body = {name.format(**names): value.format(**names) for name, value in posted.items()}
    response = move(signed_in(cast.administrator), version, "question", plans, **body)
    assert response.status_code == 422
    assert (outline(version), outline(other)) == (AS_MADE, AS_MADE)


def test_part_of_another_version_is_as_if_it_were_not_there(
    cast: Cast, version: DefinitionVersion, other: DefinitionVersion
) -> None:
    client = signed_in(cast.administrator)
    for kind, part in (("question", question(other, "plans")), ("section", section(other, "narrative"))):
        assert move(client, version, kind, part, to="up").status_code == 404
    for kind in ("rule", "check", "else"):
        assert move(client, version, kind, other.checks.get(), to="up").status_code == 404
    assert (outline(version), outline(other)) == (AS_MADE, AS_MADE)


def test_rows_whose_positions_are_equal_still_move(cast: Cast, version: DefinitionVersion) -> None:
    Question.objects.filter(section__version=version).update(position=1)
    Section.objects.filter(version=version).update(position=1)
    client = signed_in(cast.administrator)
    move(client, version, "question", question(version, "GRP"), to="up")
    assert outline(version)[0] == ("statistics", ["P1", "GRP", "P2", *STATISTICS[3:]])
    move(client, version, "section", section(version, "narrative"), to="up")
    assert [key for key, _questions in outline(version)] == ["narrative", "statistics"]
