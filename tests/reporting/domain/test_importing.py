"""Definitions from files: the whole of one or nothing, every problem at once, and back out as the same bytes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from districts.enums import BureauRoleName
from districts.errors import NotAllowed, Refused
from districts.models import District
from reporting.domain.definitions import load_indicators, publish_version
from reporting.domain.importing import import_definition, load_definition, preview_import
from reporting.enums import NUMERIC_KINDS, QuestionKind
from reporting.models import Check, Definition, DefinitionVersion, Inclusion, Indicator, Question, Rule, Section
from reporting.queries.exchange import as_file, exported
from reporting.validators.definition_files import SCHEMA, schema_text
from tests.conftest import Cast
from tests.factories import NOW, make_bureau, make_district, make_indicator, make_indicators, make_version
from tests.reporting.files import SECTION, content_of, definition_item, indicator_item

pytestmark = pytest.mark.django_db

STORED = (Definition, DefinitionVersion, Section, Question, Check, Rule, Indicator, Inclusion)
KINDS = "number, percent, money, whole, text, long_text, choice, choices, date, yes_no, file"


def counts() -> list[int]:
    return [model._default_manager.count() for model in STORED]


def refusals(cast: Cast, content: bytes) -> list[str]:
    """What the import says; nothing is written, and the look at it says the same."""
    before = counts()
    with pytest.raises(Refused) as caught:
        import_definition(content=content, actor=cast.administrator)
    assert counts() == before
    assert preview_import(content=content, actor=cast.administrator).sentences == list(caught.value.messages)
    assert counts() == before
    return [str(message) for message in caught.value.messages]


@contextmanager
def another_portal() -> Iterator[None]:
    """The districts, and nothing of what reports ask for."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def whole_version(kinds: tuple[str, ...] = tuple(QuestionKind.values)) -> DefinitionVersion:
    """With a question of every kind, checks, rules, and an indicator that uses every field of the catalogue."""
    north = District.objects.get(code="north")
    indicators = make_indicators()
    indicators["MEAN"] = make_indicator(
        "MEAN",
        minimum=Decimal("-5.5"),
        maximum=Decimal("1000000.000001"),
        decimals=6,
        measure="rate",
        direction="none",
        price_basis="constant",
        city_aggregation="weighted_mean",
        weight_indicator=make_indicator("WEIGHT", formula="P1 + FAR"),
        definition="Per head.\nAs counted “there”.",
        source="The statistics bureau; 统计局",
    )
    make_indicator("FAR")
    Inclusion.objects.create(indicator=indicators["P1"], contained=District.objects.get(code="zone")).containers.set(
        [north, District.objects.get(code="south")]
    )
    version = make_version(
        indicators, published=False, rules={"sizes": ("P1 <= GRP and STOCK >= STOCK.last_year", ["P1", "GRP"])}
    )
    version.year_on_year_bound = Decimal("12.5")
    version.save()
    version.definition.needs_two_people = True
    version.definition.save()
    section = version.sections.get(key="narrative")
    for position, kind in enumerate(kinds, start=10):
        code = f"K{position}"
        numeric = {"unit": "%", "unit_zh": "%"} if kind == "percent" else {"decimals": 0 if kind == "whole" else 2}
        indicator = make_indicator(code, **numeric) if kind in NUMERIC_KINDS else None
        Question.objects.create(
            section=section,
            key=f"asked_{kind}",
            kind=kind,
            indicator=indicator,
            label=f"Asked as {kind}?",
            label_zh="问",
            help_text='Read\nthis "twice".',
            help_text_zh="请读",
            choices=["One, two", "Three"] if kind.startswith("choice") else [],
            choices_zh=["一", "二"] if kind == "choices" else [],
            required=position % 2 == 0,
            tuning={"unit_slip": {"on": False}, "share_shift": {"bound": "1.5", "total": "P1"}} if indicator else {},
            position=position,
        )
    return version


def test_file_gives_a_draft_with_its_indicators(cast: Cast) -> None:
    version = import_definition(content=content_of(year_on_year_bound="12.5"), actor=cast.administrator)
    assert (version.definition.slug, version.number, version.state, version.year_on_year_bound) == (
        "kind",
        1,
        "draft",
        Decimal("12.5"),
    )
    questions = Question.objects.filter(section__version=version).values_list("key", "kind", "indicator__code", "required")
    assert list(questions) == [("N1", "number", "N1", True), ("N2", "number", "N2", True)]
    indicator = Indicator.objects.get(code="N1")
    assert (indicator.decimals, indicator.minimum, indicator.city_aggregation, indicator.direction) == (0, None, "sum", "up")


def _asked(**said: Any) -> bytes:
    section = {"key": "statistics", "title": "Statistics", "questions": [{"indicator": "N1", **said}, {"indicator": "N2"}]}
    return content_of(sections=[section])


def test_checks_of_a_question_come_in_their_one_form(cast: Cast) -> None:
    said = {
        "outlier": {"bound": 4.50},
        "year_on_year": {"on": True},
        "share_shift": {"total": "N2"},
        "falling_stock": {"on": False},
    }
    version = import_definition(content=_asked(checks=said), actor=cast.administrator)
    assert list(Question.objects.filter(section__version=version).order_by("key").values_list("tuning", flat=True)) == [
        {"falling_stock": {"on": False}, "share_shift": {"total": "N2"}, "outlier": {"bound": "4.5"}},
        {},
    ]
    assert import_definition(content=_asked(checks=said), actor=cast.administrator) == version


@pytest.mark.parametrize(
    ("checks", "problem"),
    [
        ({"outliers": {}}, "checks.outliers: is not a name of this format. Did you mean “outlier”?"),
        ({"outlier": {"bond": "4"}}, "checks.outlier.bond: is not a name of this format. Did you mean “bound”?"),
        ({"outlier": {"total": "N2"}}, "checks.outlier.total: is not a name of this format."),
        ({"outlier": False}, "checks.outlier: must be an object, in curly brackets."),
        ({"outlier": {"on": "no"}}, "checks.outlier.on: must be true or false."),
        (
            {"outlier": {"bound": "-4"}},
            "checks.outlier.bound: is a number from 0, such as 12.5, with at most 18 digits before the point and 6 behind it.",
        ),
        ({"unit_slip": {"bound": "51"}}, "checks: Unit slip: The tolerance is at most 50 %."),
        ({"falling_flow": {}}, ""),
        (
            {"falling_flow": {"on": False}},
            "N1 has no check “Cumulative value below the previous one”: leave it out.",
        ),
        ({"share_shift": {"bound": "1"}}, "N1: name the total for the check “Share moved against last year”."),
        (
            {"share_shift": {"total": "N3"}},
            "N1: the check “Share moved against last year” needs N3 as its total, which this version does not ask for.",
        ),
        (
            {"share_shift": {"total": "N1"}},
            "N1: the check “Share moved against last year” needs N1 as its total, which this version does not ask for.",
        ),
    ],
)
def test_checks_that_there_are_not_are_said_at_their_place(checks: Any, problem: str, cast: Cast) -> None:
    preview = preview_import(content=_asked(checks=checks), actor=cast.administrator)
    place = "." if problem.startswith("checks") else ": "
    assert preview.sentences == ([f"sections[0].questions[0]{place}{problem}"] if problem else [])


def test_same_file_sent_again_gives_the_same_draft(cast: Cast) -> None:
    first, again = (import_definition(content=content_of(), actor=cast.administrator) for _time in range(2))
    assert first == again
    other = import_definition(content=content_of(statement="Also true."), actor=cast.administrator)
    assert (other.number, DefinitionVersion.objects.count()) == (2, 2)


def test_importing_is_the_administrators(cast: Cast) -> None:
    for actor in (cast.approver, cast.reviewer, cast.head, cast.outsider):
        for call in (import_definition, preview_import):
            with pytest.raises(NotAllowed):
                call(content=content_of(), actor=actor)
    assert not Definition.objects.exists()


def test_export_of_everything_is_sound_and_comes_back_byte_for_byte(cast: Cast) -> None:
    make_district("zone")
    with another_portal():
        version = whole_version()
        text = as_file(exported(version.pk))
        assert import_definition(content=text.encode(), actor=cast.administrator) == version
        publish_version(version=version, now=NOW)
        within = import_definition(content=text.encode(), actor=cast.administrator)
        assert (within.number, as_file(exported(within.pk))) == (2, text)
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(json.loads(text))) == []
    assert {item["code"] for item in json.loads(text)["indicators"]} >= {"WEIGHT", "FAR", "MEAN", "BASE", "P1"}
    assert not Indicator.objects.exists()
    made = import_definition(content=text.encode(), actor=cast.administrator)
    assert as_file(exported(made.pk)) == text
    assert {question["kind"] for section in json.loads(text)["sections"] for question in section["questions"]} == set(
        QuestionKind
    )


def test_demonstration_comes_back_byte_for_byte(cast: Cast) -> None:
    for code in ("BDA", "110115", "110112"):
        make_district(code)
    with another_portal():
        load_indicators(path=SCHEMA.parent / "indicators.csv")
        version = load_definition(path=SCHEMA.parent / "digital_economy.json", now=NOW)
        text = as_file(exported(version.pk))
    made = import_definition(content=text.encode(), actor=cast.administrator)
    assert as_file(exported(made.pk)) == text
    assert Inclusion.objects.count() == Indicator.objects.filter(inclusions__isnull=False).count() > 0


def test_indicator_in_use_that_differs_is_a_conflict_field_by_field(cast: Cast) -> None:
    publish_version(version=import_definition(content=content_of(), actor=cast.administrator), now=NOW)
    differing = indicator_item("N1", unit="persons", minimum="0.5", name="Other", decimals=0, base_indicator="N2")
    differing["inclusions"] = [{"contained": "south", "containers": ["north"]}]
    assert refusals(cast, content_of(indicators=[differing, indicator_item("N2")])) == [
        f"indicators[0].{place}: N1 is in use by a published version and stays as it is: {difference}"
        for place, difference in (
            ("name", "name is “Indicator N1” here and “Other” in the file."),
            ("unit", "unit is “firms” here and “persons” in the file."),
            ("minimum", "smallest value is “–” here and “0.5” in the file."),
            ("base_indicator", "base indicator is “–” here and “N2” in the file."),
            ("inclusions", "inclusions is “–” here and “south ⊂ north” in the file."),
        )
    ]


def test_indicator_that_is_equal_or_says_less_is_left_alone(cast: Cast) -> None:
    publish_version(version=import_definition(content=content_of(), actor=cast.administrator), now=NOW)
    minimal = {name: indicator_item("N1")[name] for name in ("code", "name", "name_zh", "unit", "measure")}
    content = content_of(statement="Other.", indicators=[minimal, indicator_item("N2", decimals=0)])
    seen = preview_import(content=content, actor=cast.administrator)
    assert seen.catalogue is not None
    assert (seen.problems, seen.catalogue.equal, seen.catalogue.added, seen.catalogue.changed) == ((), ["N1", "N2"], [], {})
    assert import_definition(content=content, actor=cast.administrator).number == 2


def test_indicator_that_nobody_publishes_yet_is_changed_and_the_look_says_so(cast: Cast) -> None:
    make_indicator("N1", decimals=2, unit="firms", unit_zh="", measure="stock", minimum=None, price_basis="", name="Indicator N1")
    seen = preview_import(content=content_of(), actor=cast.administrator)
    assert seen.catalogue is not None
    assert seen.catalogue.changed == {"N1": ["decimals is “2” here and “0” in the file."]}
    assert Indicator.objects.get(code="N1").decimals == 2
    import_definition(content=content_of(), actor=cast.administrator)
    assert Indicator.objects.get(code="N1").decimals == 0


def test_what_concerns_several_parts_is_said_with_what_concerns_one(cast: Cast) -> None:
    """A fault of form in one place hides none in another, and causes none."""
    make_indicator("P9")
    section = {
        "key": "second",
        "title": "Second",
        "questions": [
            {"indicator": "N1"},
            {"indicator": "P9", "kind": "colour"},
            {"indicator": "GONE"},
            {"key": "plans", "kind": "number"},
            {"key": "odd", "kind": "colour"},
            {"key": "share", "kind": "percent", "indicator": "P8"},
        ],
    }
    content = content_of(
        name="",
        sections=[SECTION, section, SECTION | {"questions": []}],
        checks=[{"kind": "ascending", "codes": ["N1", "NONE"]}],
        rules=[
            {"key": "r", "expression": "N1 => 1", "severity": "hard", "message": "m", "questions": ["P9"]},
            {"key": "r", "expression": "P9 > 1", "severity": "loud", "message": "m", "questions": ["nowhere"]},
        ],
        indicators=[
            indicator_item("N1", formula="N2 + NO"),
            indicator_item("N2", base_indicator="NONE"),
            indicator_item("N2"),
            indicator_item("P8", measure="weight", inclusions=[{"contained": "nowhere", "containers": ["north", "else"]}]),
        ],
    )
    assert refusals(cast, content) == [
        "name: must not be blank.",
        "sections[0].questions[0]: N1: At 6: there is no indicator NO here.",
        "sections[1].questions[0].indicator: The key N1 stands twice.",
        f"sections[1].questions[1].kind: “colour” is none of: {KINDS}.",
        "sections[1].questions[2].indicator: There is no indicator GONE, here or in the file.",
        "sections[1].questions[3]: A number belongs to an indicator, and only a number does.",
        f"sections[1].questions[4].kind: “colour” is none of: {KINDS}.",
        "sections[1].questions[5]: share asks for a percentage, and P8 is measured in firms: choose another kind.",
        "sections[2]: The section “Statistics” asks nothing.",
        "sections[2].key: The key statistics stands twice.",
        "checks[0]: each value at most the next: N1, NONE needs NONE, which this version does not ask for.",
        "rules[0]: r: At 4: “=>” is neither a number, an indicator code, a word nor a sign of the language. Did you mean “>=”?",
        "rules[1]: r-2 is to be shown at nowhere, which this version does not ask.",
        "rules[1].severity: “loud” is none of: hard, soft.",
        "rules[1].key: The key r stands twice.",
        "indicators[0].formula: At 6: there is no indicator NO here.",
        "indicators[1].base_indicator: There is no indicator NONE, here or in the file.",
        "indicators[2].code: The indicator N2 stands twice.",
        "indicators[3].measure: “weight” is none of: flow_ytd, flow, stock, rate.",
        "indicators[3].inclusions[0].contained: There is no district with the code “nowhere”.",
        "indicators[3].inclusions[0].containers[1]: There is no district with the code “else”.",
    ]


def test_frequency_of_a_known_definition_stays(cast: Cast) -> None:
    make_version(slug="kind")
    assert refusals(cast, content_of()) == [
        "frequency: The reports of “Report kind” are of another frequency (every half-year), which no version changes."
    ]


def test_draft_from_a_file_leaves_the_definition_as_it_is_and_the_look_says_so(cast: Cast) -> None:
    import_definition(content=content_of(), actor=cast.administrator)
    content = content_of(name="Renamed", needs_two_people=True, statement="Other.")
    seen = preview_import(content=content, actor=cast.administrator)
    assert (seen.is_new, seen.number, seen.kept, seen.drafts, seen.counts) == (
        False,
        2,
        ("name", "two pairs of eyes"),
        (1,),
        (1, 2, 0, 0),
    )
    import_definition(content=content, actor=cast.administrator)
    assert list(Definition.objects.values_list("name", "needs_two_people")) == [("Kind", False)]


def test_command_sets_the_definitions_name_and_publishes(cast: Cast, tmp_path: Path) -> None:
    import_definition(content=content_of(), actor=cast.administrator)
    path = tmp_path / "file.json"
    path.write_bytes(content_of(name="Renamed"))
    call_command("load_definition", str(path))
    assert list(Definition.objects.values_list("name", "needs_two_people")) == [("Renamed", False)]
    assert list(DefinitionVersion.objects.order_by("number").values_list("number", "state")) == [(1, "draft"), (2, "published")]
    out = tmp_path / "out.json"
    call_command("export_definition", "kind", output=out)
    assert json.loads(out.read_text())["name"] == "Renamed"
    with pytest.raises(CommandError, match="no such version"):
        call_command("export_definition", "kind", number=9)
    path.write_bytes(b"{")
    with pytest.raises(CommandError, match="This is not JSON: line 1, column 2"):
        call_command("load_definition", str(path))


def test_too_many_questions_are_refused_at_once(cast: Cast) -> None:
    sections = [
        {"key": f"s{part}", "title": "S", "questions": [{"key": f"q{part}_{number}", "kind": "text"} for number in range(200)]}
        for part in range(6)
    ]
    assert refusals(cast, content_of(sections=sections)) == ["sections: The file has 1200 questions; 1000 are possible."]


_BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "drop": lambda item: item.pop(sorted(item)[0], None),
    "null": lambda item: item.update({sorted(item)[-1]: None}),
    "number": lambda item: item.update({sorted(item)[0]: 10**30}),
    "list": lambda item: item.update({sorted(item)[len(item) // 2]: [[]]}),
    "text": lambda item: item.update({sorted(item)[len(item) // 2]: "\u202e" * 50}),
    "unknown": lambda item: item.update({"=cmd": {"a": "b"}}),
    "twice": lambda item: item.update(json.loads(json.dumps({"sections": [SECTION, SECTION]}))),
}


def _objects(item: Any) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        yield item
    for child in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
        yield from _objects(child)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(sorted(_BROKEN))), min_size=1, max_size=4))
def test_no_broken_file_is_half_written_or_an_error(faults: list[tuple[int, str]]) -> None:
    with another_portal():
        administrator = make_bureau("administrator", BureauRoleName.ADMINISTRATOR)
        rules = [{"key": "r", "expression": "N1 >= N2", "severity": "soft", "message": "m", "questions": ["N1"]}]
        item = json.loads(json.dumps(definition_item(checks=[{"kind": "sum", "codes": ["N1", "N2"]}], rules=rules)))
        for place, fault in faults:
            found = [one for one in _objects(item) if one]
            _BROKEN[fault](found[place % len(found)])
        before = counts()
        seen = preview_import(content=json.dumps(item).encode(), actor=administrator)
        assert counts() == before
        if seen.problems:
            with pytest.raises(Refused) as caught:
                import_definition(content=json.dumps(item).encode(), actor=administrator)
            assert (list(caught.value.messages), counts()) == (seen.sentences, before)
        else:
            assert import_definition(content=json.dumps(item).encode(), actor=administrator).state == "draft"
