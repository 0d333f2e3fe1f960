"""A published version, its parts and its indicators do not change; drafts do."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from reporting.models import Check, DefinitionVersion, Indicator, Question, Rule, Section
from tests.factories import add_rule, make_indicator, make_indicators, make_version
from tests.reporting.models.test_submission_triggers import refused, run_sql

pytestmark = pytest.mark.django_db

PARTS: dict[type[models.Model], dict[str, Any]] = {
    Section: {"title": "x", "key": "x", "position": 9, "help_text": "x", "title_zh": "x"},
    Question: {"label": "x", "key": "x", "position": 9, "required": False, "help_text": "x", "choices": ["x"], "tuning": {}},
    Rule: {"expression": "P1 > 1", "key": "x", "severity": "hard", "message": "x", "message_zh": "x", "question_keys": ["P2"]},
    Check: {"codes": ["P1", "GRP"], "kind": "sum", "position": 9},
}

RULES = {"sizes": ("P1 <= GRP", ["P1"])}


@pytest.fixture
def indicators() -> dict[str, Indicator]:
    return make_indicators()


@pytest.fixture
def published(indicators: dict[str, Indicator]) -> DefinitionVersion:
    return make_version(indicators, rules=RULES)


@pytest.mark.parametrize("state", ["published", "retired"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_part_of_a_published_version_does_not_change(part: type[models.Model], state: str, published: DefinitionVersion) -> None:
    DefinitionVersion.objects.filter(pk=published.pk).update(state=state)
    rows = part._default_manager.all()
    before = list(rows.values())
    for field, value in PARTS[part].items():
        with refused("a published definition version does not change"):
            rows.update(**{field: value})
    with refused("a published definition version does not change"):
        run_sql(f"DELETE FROM {part._meta.db_table}")
    assert list(rows.values()) == before
    assert before


def test_nothing_is_added_to_a_published_version_or_moved_into_or_out_of_it(
    published: DefinitionVersion, indicators: dict[str, Indicator]
) -> None:
    section = published.sections.get(key="narrative")
    draft = make_version(indicators, published=False, slug="other", rules=RULES)
    with refused("does not change"):
        Section.objects.create(version=published, key="late", title="Late", position=9)
    with refused("does not change"):
        Question.objects.create(section=section, key="late", kind="text", position=9)
    with refused("does not change"):
        Check.objects.create(version=published, kind="ascending", codes=["P1", "GRP"])
    with refused("does not change"):
        add_rule(published, "late", "P1 <= GRP", ["P1"])
    for source, target in ((published, draft), (draft, published)):
        with refused("does not change"):
            Check.objects.filter(version=source).update(version=target)
        with refused("does not change"):
            Rule.objects.filter(version=source).update(version=target, key="moved")
        with refused("does not change"):
            Section.objects.filter(version=source, key="narrative").update(version=target, key="moved")
        with refused("does not change"):
            Question.objects.filter(section__version=source, key="plans").update(
                section=Section.objects.get(version=target, key="statistics"), key="moved"
            )


def test_parts_of_a_draft_change(indicators: dict[str, Indicator]) -> None:
    make_version(indicators, published=False, rules=RULES)
    for part in PARTS:
        rows = part._default_manager.all()
        assert rows.update(position=9) == rows.count() > 0
    for part in (Rule, Check, Question, Section):
        assert part._default_manager.all().delete()[0] > 0


@pytest.mark.parametrize("state", ["published", "retired"])
def test_published_version_does_not_change(state: str, published: DefinitionVersion) -> None:
    rows = DefinitionVersion.objects.filter(pk=published.pk)
    rows.update(state=state)
    other = make_version({}, published=False, slug="other")
    changes = {"number": 9, "statement": "x", "statement_zh": "x", "year_on_year_bound": Decimal(50), "published_at": None}
    for field, value in (changes | {"definition": other.definition}).items():
        with refused("Cannot update"):
            rows.update(**{field: value})
    with refused("Cannot delete|does not change"):
        run_sql("DELETE FROM reporting_definitionversion WHERE id = %s", published.pk)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (["published"], True),
        (["published", "retired"], True),
        (["retired"], False),
        (["published", "draft"], False),
        (["published", "retired", "published"], False),
        (["published", "retired", "draft"], False),
    ],
)
def test_version_moves_from_draft_to_published_to_retired(
    path: list[str], allowed: bool, indicators: dict[str, Indicator]
) -> None:
    rows = DefinitionVersion.objects.filter(pk=make_version(indicators, published=False).pk)
    for state in path[:-1]:
        rows.update(state=state)
    if allowed:
        assert rows.update(state=path[-1]) == 1
    else:
        with refused("Invalid transition"):
            rows.update(state=path[-1])


FROZEN: dict[str, Any] = {
    "code": "X",
    "unit": "x",
    "decimals": 5,
    "minimum": None,
    "maximum": Decimal(9),
    "measure": "stock",
    "direction": "down",
    "price_basis": "constant",
    "formula": "P2",
    "city_aggregation": "none",
}
WORDING = dict.fromkeys(
    (
        *("name", "name_zh", "unit_zh", "definition", "definition_zh", "scope", "scope_zh", "source", "source_zh"),
        *("comparability", "comparability_zh"),
    ),
    "x",
)


def test_indicator_of_a_published_version_keeps_its_meaning(
    published: DefinitionVersion, indicators: dict[str, Indicator]
) -> None:
    rows = Indicator.objects.filter(code="P1")
    for field, value in (FROZEN | {"base_indicator": indicators["GRP"], "weight_indicator": indicators["GRP"]}).items():
        with refused("indicator P1 is used by a published definition"):
            rows.update(**{field: value})
    assert {field.attname for field in Indicator._meta.concrete_fields} == {
        *FROZEN,
        *WORDING,
        *("id", "base_indicator_id", "weight_indicator_id", "units_indicator_id"),
    }
    for field, text in WORDING.items():
        assert rows.update(**{field: text}) == 1
    assert rows.update(units_indicator=indicators["GRP"]) == 1


def test_indicator_that_no_published_version_asks_for_changes(indicators: dict[str, Indicator]) -> None:
    make_version(indicators, published=False)
    make_indicator("FREE")
    for code in ("FREE", "P1"):
        for field, value in FROZEN.items():
            if field != "code":
                assert Indicator.objects.filter(code=code).update(**{field: value}) == 1
    assert Indicator.objects.filter(code="FREE").update(code="RENAMED") == 1


def test_key_that_a_published_version_has_is_frozen_in_every_draft_of_the_definition(
    published: DefinitionVersion, indicators: dict[str, Indicator]
) -> None:
    draft = make_version(indicators, published=False)
    assert draft.definition == published.definition
    Question.objects.create(section=draft.sections.get(key="narrative"), key="late", kind="text", position=9)
    rows = Question.objects.filter(section__version=draft)
    with refused("the key plans stands in a published definition version"):
        run_sql("UPDATE reporting_question SET key = 'aims' WHERE id = %s", rows.get(key="plans").pk)
    DefinitionVersion.objects.filter(pk=published.pk).update(state="retired")
    with refused("the key P1 stands in a published definition version"):
        rows.filter(key="P1").update(key="p_1")
    assert rows.filter(key="plans").update(key="plans", label="Aims") == 1
    assert rows.filter(key="late").update(key="later") == 1


def test_key_of_another_definition_s_draft_is_free(published: DefinitionVersion, indicators: dict[str, Indicator]) -> None:
    draft = make_version(indicators, published=False, slug="other")
    assert Question.objects.filter(section__version=draft, key="plans").update(key="aims") == 1
