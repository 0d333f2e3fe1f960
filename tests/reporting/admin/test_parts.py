"""The parts of a draft: what is refused, what is frozen, what is said before it goes."""

from typing import Any

import pytest

from districts.errors import Conflict, NotAllowed, Refused
from reporting.domain.drafts import draft_from
from reporting.domain.editing import lock_draft
from reporting.domain.keys import suggested_key
from reporting.domain.questions import add_question, change_question
from reporting.domain.sections import change_section
from reporting.models import DefinitionVersion, Question, Rule, Section
from reporting.queries.outline import history_of_version
from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.editing import form_of, outline, post_form, tree, url, words
from tests.reporting.admin.helpers import signed_in

PARTS = ("section", "question", "rule", "check")


@pytest.fixture
def version(cast: Cast) -> DefinitionVersion:
    return factories.make_version(
        published=False, rules={"sizes": ("P1 <= GRP", ["P1", "P2"]), "stock": ("STOCK > 1", ["STOCK"])}
    )


@pytest.fixture
def copy(cast: Cast) -> DefinitionVersion:
    """A draft made from a published version."""
    return draft_from(version=factories.make_version(rules={"sizes": ("P1 <= GRP", ["P1"])}), actor=cast.administrator)


def question(version: DefinitionVersion, key: str) -> Question:
    return Question.objects.select_related("section", "indicator").get(section__version=version, key=key)


def part_of(version: DefinitionVersion, kind: str) -> Any:
    found: dict[str, Any] = {
        "section": version.sections.first(),
        "question": question(version, "P1"),
        "rule": version.rules.first(),
        "check": version.checks.first(),
    }
    return found[kind]


# Questions


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": ""}, "This field is required."),
        ({"kind": "essay"}, "Select a valid choice. essay is not one of the available choices."),
        ({"kind": "number", "indicator": ""}, "A number belongs to an indicator: name one."),
        ({"kind": "number", "indicator": "P99"}, "There is no indicator “P99”: choose one from the list, or make it."),
        ({"kind": "text", "label": ""}, "Write the question."),
        ({"kind": "choice", "label": "Which?"}, "Write the choices, one on each line."),
        ({"kind": "choice", "label": "Which?", "choices": "A\nB\nA"}, "“A” stands twice."),
        (
            {"kind": "choices", "label": "Which?", "choices": "A\nB", "choices_zh": "甲"},
            "There are 2 choices, and 1 of them in Chinese.",
        ),
        ({"kind": "text", "label": "Plans", "key": "P1"}, "The key P1 is that of “Indicator P1”."),
        ({"kind": "text", "label": "Plans", "key": "1 a"}, "Letters, digits and underscores."),
        ({"kind": "text", "label": "x" * 301}, "Ensure this value has at most 300 characters (it has 301)."),
        ({"kind": "choice", "label": "Which?", "choices": "x" * 101}, "at most 100 characters"),
        ({"kind": "text", "label": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_question_that_cannot_be_is_refused_at_its_field(
    cast: Cast, version: DefinitionVersion, typed: dict[str, str], sentence: str
) -> None:
    client, before = signed_in(cast.administrator), outline(version)
    response = post_form(client, url(version, "part_add", "question"), typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert outline(version) == before


@pytest.mark.parametrize(
    "written", ["SPARE", "spare", "SPARE Indicator SPARE", "Indicator SPARE", "indicator spare", "指标SPARE"]
)
def test_indicator_is_named_by_its_code_or_its_name_in_either_language(
    cast: Cast, version: DefinitionVersion, written: str
) -> None:
    factories.make_indicator("SPARE")
    client = signed_in(cast.administrator)
    page = tree(client.get(url(version, "part_add", "question")))
    offered = page.xpath("//datalist[@id='indicators']/option[@value='SPARE']/text()")
    assert offered == ["Indicator SPARE · 100m CNY"]
    typed = {"kind": "number", "indicator": written}
    assert post_form(client, url(version, "part_add", "question"), typed).status_code == 302
    assert outline(version)[0][1][-1] == "SPARE"


@pytest.mark.parametrize(
    "query", ["section=x", "section=%00", "section=999999999999999999999", "kind=essay", "indicator=%00", "typed=1"]
)
def test_links_that_nobody_made_open_the_form_as_it_is(cast: Cast, version: DefinitionVersion, query: str) -> None:
    response = signed_in(cast.administrator).get(f"{url(version, 'part_add', 'question')}?{query}")
    assert response.status_code == 200
    assert tree(response).xpath("//select[@name='section']/option/text()") == ["Statistics", "Narrative"]


def test_number_that_no_row_can_have_is_a_missing_one(cast: Cast, version: DefinitionVersion) -> None:
    client, huge = signed_in(cast.administrator), 10**30
    for name, rest in (("part", ("question", huge)), ("part_delete", ("section", huge)), ("part_move", ("question", huge))):
        assert client.post(url(version, name, *rest), {"to": "up", "seen": ""}).status_code == 404
    for name in ("change", "preview", "statement"):
        assert client.get(url(DefinitionVersion(pk=huge), name)).status_code == 404
    assert client.get(url(version).replace(str(version.pk), "x")).status_code == 404


def test_another_is_added_to_the_same_section_and_of_the_same_kind(cast: Cast, version: DefinitionVersion) -> None:
    client, narrative = signed_in(cast.administrator), version.sections.get(key="narrative")
    typed = {"kind": "text", "label": "Aims", "section": narrative.pk, "_another": "yes"}
    response = post_form(client, url(version, "part_add", "question"), typed)
    following = form_of(client, response.headers["Location"])
    assert (following["section"], following["kind"], following.get("label", "")) == (str(narrative.pk), "text", "")


def test_section_of_another_version_cannot_be_named(cast: Cast, version: DefinitionVersion) -> None:
    codes = {row.indicator.code: row.indicator for row in Question.objects.filter(indicator__isnull=False) if row.indicator}
    other = factories.make_version(codes, published=False, slug="other")
    client, before = signed_in(cast.administrator), (outline(version), outline(other))
    foreign = other.sections.get(key="narrative").pk
    typed = {"kind": "text", "label": "Plans", "section": foreign}
    assert post_form(client, url(version, "part_add", "question"), typed).status_code == 422
    address = url(version, "part", "question", question(version, "plans").pk)
    assert post_form(client, address, {"section": foreign}).status_code == 422
    assert client.get(url(version, "part_add", "question"), {"section": foreign}).status_code == 200
    assert (outline(version), outline(other)) == before


@pytest.mark.parametrize("kind", PARTS)
def test_part_of_another_version_is_as_if_it_were_not_there(cast: Cast, version: DefinitionVersion, kind: str) -> None:
    codes = {row.indicator.code: row.indicator for row in Question.objects.filter(indicator__isnull=False) if row.indicator}
    other = factories.make_version(codes, published=False, slug="other", rules={"sizes": ("P1 <= GRP", ["P1"])})
    client, foreign = signed_in(cast.administrator), part_of(other, kind)
    for name in ("part", "part_delete"):
        address = url(version, name, kind, foreign.pk)
        assert [client.get(address).status_code, client.post(address, {"title": "x"}).status_code] == [404, 404]
    assert type(foreign)._default_manager.filter(pk=foreign.pk).exists()


def test_question_that_moves_to_another_section_stands_at_its_end(cast: Cast, version: DefinitionVersion) -> None:
    client, narrative = signed_in(cast.administrator), version.sections.get(key="narrative")
    address = url(version, "part", "question", question(version, "P2").pk)
    assert post_form(client, address, {"section": narrative.pk}).status_code == 302
    assert outline(version) == [
        ("statistics", ["P1", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"]),
        ("narrative", ["plans", "practice", "P2"]),
    ]


# Keys


@pytest.mark.parametrize(
    ("word", "taken", "expected"),
    [
        ("What is planned?", set(), "what_is_planned"),
        ("What is planned?", {"what_is_planned"}, "what_is_planned_2"),
        ("What is planned?", {"what_is_planned", "what_is_planned_2"}, "what_is_planned_3"),
        ("2026: next steps", set(), "next_steps"),
        ("计划", set(), "question"),
        ("计划", {"question"}, "question_2"),
        ("x" * 90, set(), "x" * 37),
    ],
)
def test_key_is_suggested_from_the_words(word: str, taken: set[str], expected: str) -> None:
    assert suggested_key(word, taken=taken, otherwise="question") == expected


def test_new_key_is_followed_by_the_rules_that_name_it(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    address = url(version, "part", "question", question(version, "P2").pk)
    assert post_form(client, address, {"key": "second"}).status_code == 302
    assert list(version.rules.values_list("key", "question_keys")) == [("sizes", ["P1", "second"]), ("stock", ["STOCK"])]
    assert outline(version)[0][1][1] == "second"


def test_key_that_is_published_is_frozen_in_every_draft(cast: Cast, copy: DefinitionVersion) -> None:
    client, row = signed_in(cast.administrator), question(copy, "plans")
    address = url(copy, "part", "question", row.pk)
    field = tree(client.get(address)).xpath("//input[@name='key']")[0]
    assert (field.get("value"), "disabled" in field.attrib) == ("plans", True)
    assert client.post(address, form_of(client, address) | {"key": "intentions", "label": "Intentions"}).status_code == 302
    row.refresh_from_db()
    assert (row.key, row.label) == ("plans", "Intentions")
    row.key = "intentions"
    with pytest.raises(Refused, match="The key plans does not change: it stands in a published version"):
        change_question(question=row, actor=cast.administrator)
    row.refresh_from_db()
    assert row.key == "plans"


def test_key_of_a_question_that_is_new_in_the_draft_changes(cast: Cast, copy: DefinitionVersion) -> None:
    client, narrative = signed_in(cast.administrator), copy.sections.get(key="narrative")
    added = add_question(question=Question(section=narrative, kind="text", label="Later"), actor=cast.administrator)
    address = url(copy, "part", "question", added.pk)
    assert post_form(client, address, {"key": "later_on"}).status_code == 302
    assert outline(copy)[1] == ("narrative", ["plans", "practice", "later_on"])


# Rules and checks


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"expression": "P1 <= GRP and P2"}, "At 15: a number stands where yes or no is expected"),
        ({"expression": "P1 <=\nGRQ"}, "At 7: there is no indicator GRQ here. Did you mean “GRP”?"),
        ({"expression": ""}, "This field is required."),
        ({"expression": "P1 > " + "1" * 600}, "Ensure this value has at most 500 characters (it has 605)."),
        ({"question_keys": []}, "This field is required."),
        ({"question_keys": ["TOTAL"]}, "Select a valid choice. TOTAL is not one of the available choices."),
        ({"key": "stock"}, "Another rule has this key."),
        ({"severity": "mild"}, "Select a valid choice."),
    ],
)
def test_rule_that_does_not_read_is_refused_at_its_field(
    cast: Cast, version: DefinitionVersion, typed: dict[str, Any], sentence: str
) -> None:
    rule = version.rules.get(key="sizes")
    stored = Rule.objects.filter(pk=rule.pk).values().get()
    response = post_form(signed_in(cast.administrator), url(version, "part", "rule", rule.pk), typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert Rule.objects.filter(pk=rule.pk).values().get() == stored


def test_rules_page_offers_the_codes_of_the_version(cast: Cast, version: DefinitionVersion) -> None:
    page = tree(signed_in(cast.administrator).get(url(version, "part_add", "rule")))
    assert page.xpath("//*[@data-code]/@data-code") == ["P1", "P2", "GRP", "BASE", "TOTAL", "SHARE", "STOCK"]
    entered = ["P1", "P2", "GRP", "BASE", "STOCK", "plans", "practice"]
    assert page.xpath("//input[@name='question_keys']/@value") == entered


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ("", "Name two indicators or more."),
        ("P1", "Name two indicators or more."),
        ("P1\nP1", "Name each indicator once."),
        ("P1, P9, Q", "This version does not ask for P9, Q."),
    ],
)
def test_check_that_cannot_be_is_refused(cast: Cast, version: DefinitionVersion, codes: str, sentence: str) -> None:
    check = version.checks.get()
    response = post_form(signed_in(cast.administrator), url(version, "part", "check", check.pk), {"codes": codes})
    assert (response.status_code, sentence in words(response)) == (422, True)
    check.refresh_from_db()
    assert check.codes == ["TOTAL", "GRP"]


# Stale pages


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("section", {"title": "Numbers"}, {"title": "Figures"}),
        ("question", {"help_text": "Cumulative."}, {"help_text": "Of the period."}),
        ("rule", {"message": "Too large."}, {"message": "Too small."}),
        ("check", {"codes": "P1\nGRP"}, {"codes": "P2\nGRP"}),
    ],
)
def test_second_save_of_a_page_that_moved_is_refused_with_both_values(
    cast: Cast, version: DefinitionVersion, kind: str, first: dict[str, str], second: dict[str, str]
) -> None:
    client, part = signed_in(cast.administrator), part_of(version, kind)
    address = url(version, "part", kind, part.pk)
    shown = form_of(client, address)
    assert client.post(address, shown | first).status_code == 302
    (name,) = first
    part.refresh_from_db()
    stored = getattr(part, name)
    refused = client.post(address, shown | second)
    assert refused.status_code == 409
    for value in (*first.values(), *second.values()):
        assert all(line in refused.content.decode() for line in value.split("\n"))
    part.refresh_from_db()
    assert getattr(part, name) == stored
    again = tree(refused).xpath("//input[@name='_seen']/@value")[0]
    assert client.post(address, shown | second | {"_seen": again}).status_code == 302
    part.refresh_from_db()
    assert getattr(part, name) != stored


def test_choices_in_another_order_make_a_page_stale(cast: Cast, version: DefinitionVersion) -> None:
    row = version.sections.get(key="narrative").questions.create(
        key="which", kind="choice", label="Which?", choices=["A", "B"], position=3
    )
    client = signed_in(cast.administrator)
    address = url(version, "part", "question", row.pk)
    shown = form_of(client, address)
    assert client.post(address, shown | {"choices": "B\nA"}).status_code == 302
    assert client.post(address, shown | {"help_text": "Tick."}).status_code == 409
    row.refresh_from_db()
    assert (row.choices, row.help_text) == (["B", "A"], "")


# Published versions, and other people


def test_published_version_is_read_and_refuses_every_post(cast: Cast, version: DefinitionVersion) -> None:
    client = signed_in(cast.administrator)
    forms = {kind: form_of(client, url(version, "part", kind, part_of(version, kind).pk)) for kind in PARTS}
    forms["statement"] = form_of(client, url(version, "statement"))
    assert client.post(url(version, "publish")).status_code == 302
    before = outline(version), list(version.rules.values()), list(version.checks.values())
    page = client.get(url(version))
    assert tree(page).xpath("//form[@id='moves'] | //*[@data-move] | //a[contains(@href, '/add/')]") == []
    assert "P1 <= GRP" in words(page)
    found: dict[tuple[str, str], int] = {}
    for kind in PARTS:
        part = part_of(version, kind).pk
        found |= {
            ("add", kind): client.post(url(version, "part_add", kind), forms[kind]).status_code,
            ("change", kind): client.post(url(version, "part", kind, part), forms[kind] | {"label": "x"}).status_code,
            ("delete", kind): client.post(url(version, "part_delete", kind, part), {"seen": "x"}).status_code,
            ("look", kind): client.get(url(version, "part", kind, part)).status_code,
        }
        if kind in {"section", "question"}:
            found["move", kind] = client.post(url(version, "part_move", kind, part), {"to": "down", "seen": "x"}).status_code
    found["change", "statement"] = client.post(url(version, "statement"), forms["statement"]).status_code
    assert found == {asked: 302 if asked[0] == "look" else 409 for asked in found}
    assert (outline(version), list(version.rules.values()), list(version.checks.values())) == before


def test_editing_is_the_administrators(cast: Cast, version: DefinitionVersion) -> None:
    section = version.sections.first()
    assert section is not None
    section.title = "Renamed"
    for person in (cast.approver, cast.reviewer, cast.head):
        with pytest.raises(NotAllowed):
            change_section(section=section, actor=person)
        with pytest.raises(NotAllowed):
            add_question(question=Question(section=section, kind="text", label="x"), actor=person)
    assert Section.objects.get(pk=section.pk).title == "Statistics"


def test_lock_of_a_published_version_is_refused_in_words(cast: Cast) -> None:
    published = factories.make_version()
    with pytest.raises(Conflict, match="is published and does not change"):
        lock_draft(version_id=published.pk, actor=cast.administrator)


# History


def test_history_of_a_version_names_each_part_and_who_changed_it(cast: Cast, version: DefinitionVersion) -> None:
    client, row = signed_in(cast.administrator), question(version, "plans")
    post_form(client, url(version, "part", "question", row.pk), {"help_text": "Briefly."})
    post_form(client, url(version, "part", "rule", version.rules.get(key="stock").pk), {"message": "Look again."})
    section = row.section
    seen = tree(client.get(url(version, "part_delete", "section", section.pk))).xpath("//input[@name='seen']/@value")[0]
    assert client.post(url(version, "part_delete", "section", section.pk), {"seen": seen}).status_code == 302
    made = [(change.label, change.what) for change in history_of_version(version) if change.who == "Administrator"]
    assert sorted(made) == [
        ("delete", "question plans"),
        ("delete", "question practice"),
        ("delete", "section narrative"),
        ("update", "question plans"),
        ("update", "rule stock"),
    ]
    page = words(client.get(url(version, "history")))
    assert "Briefly." in page


def test_what_stands_in_the_way_is_listed_with_its_place_and_marked_there(cast: Cast, version: DefinitionVersion) -> None:
    version.rules.create(key="gone", expression="P9 > 1", message="Look.", question_keys=["P9"], position=9)
    rule = version.rules.get(key="gone")
    page = tree(signed_in(cast.administrator).get(url(version)))
    listed = page.xpath("//section[@aria-labelledby='problems-title']//li/a")
    assert [(link.get("href"), " ".join(link.text_content().split())) for link in listed] == [
        (url(version, "part", "rule", rule.pk), "gone: At 1: there is no indicator P9 here."),
        (url(version, "part", "rule", rule.pk), "gone is to be shown at P9, which this version does not ask."),
    ]
    marked = page.xpath("//*[contains(@class, 'editor-mark')]/ancestor::li[1]/@id")
    assert marked == [f"rule-{rule.pk}"]
