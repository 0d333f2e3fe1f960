"""What a file with a definition may be: read by the published schema, everything said at once."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reporting.enums import CheckKind, CityAggregation, Direction, Frequency, Measure, PriceBasis, QuestionKind, Severity
from reporting.models import Check, Definition, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.queries.exchange import CHECK, DEFINITION, INDICATOR, QUESTION, RULE, SECTION, VERSION
from reporting.validators.definition_files import FORMS, SCHEMA, read_definition, schema_text
from reporting.validators.places import MOST_SHOWN, sentences, written
from tests.reporting.files import SECTION as SOUND_SECTION
from tests.reporting.files import content_of, definition_item, indicator_item

SCHEMA_ITEM = json.loads(schema_text())
PARTS = {name: SCHEMA_ITEM["$defs"][name]["properties"] for name in ("section", "question", "check", "rule", "indicator")}


def said(content: bytes) -> list[str]:
    return [str(problem) for problem in read_definition(content)[1]]


def test_schema_is_itself_sound_and_asks_nothing_of_the_network() -> None:
    Draft202012Validator.check_schema(SCHEMA_ITEM)
    assert SCHEMA_ITEM["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    references = {item["$ref"] for item in _walk(SCHEMA_ITEM) if "$ref" in item}
    assert references <= {f"#/$defs/{name}" for name in SCHEMA_ITEM["$defs"]}


def _walk(item: Any) -> Iterator[dict[str, Any]]:
    if isinstance(item, dict):
        yield item
    for child in item.values() if isinstance(item, dict) else item if isinstance(item, list) else ():
        yield from _walk(child)


def test_every_form_that_the_schema_asks_for_has_its_words() -> None:
    assert {item["title"] for item in _walk(SCHEMA_ITEM) if "pattern" in item and "type" in item} == set(FORMS)


def test_schema_names_what_the_portal_writes_and_nothing_else() -> None:
    own = {"$schema", "format", "sections", "checks", "rules", "indicators"}
    assert set(SCHEMA_ITEM["properties"]) == own | set(DEFINITION) | set(VERSION)
    assert set(PARTS["section"]) == set(SECTION) | {"questions"}
    assert set(PARTS["question"]) == set(QUESTION)
    assert set(PARTS["check"]) == set(CHECK)
    assert set(PARTS["rule"]) == set(RULE)
    assert set(PARTS["indicator"]) == set(INDICATOR) | {"inclusions"}


@pytest.mark.parametrize(
    ("model", "names", "beside"),
    [
        (Definition, DEFINITION, {"id"}),
        (DefinitionVersion, VERSION, {"id", "definition", "number", "state", "published_at"}),
        (Section, SECTION, {"id", "version", "position"}),
        (Question, QUESTION, {"id", "section", "position"}),
        (Check, CHECK, {"id", "version", "position"}),
        (Rule, RULE, {"id", "version", "position"}),
        (Indicator, INDICATOR, {"id"}),
    ],
)
def test_every_field_of_a_part_is_in_the_file(model: Any, names: dict[str, str], beside: set[str]) -> None:
    assert {field.name for field in model._meta.concrete_fields} == set(names.values()) | beside


def test_schema_has_the_choices_and_lengths_of_the_models() -> None:
    choices = {
        ("question", "kind"): QuestionKind,
        ("check", "kind"): CheckKind,
        ("rule", "severity"): Severity,
        ("indicator", "measure"): Measure,
        ("indicator", "direction"): Direction,
        ("indicator", "price_basis"): PriceBasis,
        ("indicator", "city_aggregation"): CityAggregation,
    }
    assert {place: PARTS[place[0]][place[1]]["enum"] for place in choices} == {
        place: list(enumeration.values) for place, enumeration in choices.items()
    }
    assert SCHEMA_ITEM["properties"]["frequency"]["enum"] == list(Frequency.values)
    models = {
        "section": (Section, SECTION),
        "question": (Question, QUESTION),
        "rule": (Rule, RULE),
        "indicator": (Indicator, INDICATOR),
    }
    for part, (model, names) in models.items():
        for name, attribute in names.items():
            asked = PARTS[part][name]
            asked = SCHEMA_ITEM["$defs"][asked["$ref"].rpartition("/")[2]] if "$ref" in asked else asked
            length = getattr(model._meta.get_field(attribute), "max_length", None)
            if asked.get("type") == "string" and "enum" not in asked and not model._meta.get_field(attribute).is_relation:
                assert asked.get("maxLength") == length, (part, name)


def test_file_of_the_demonstration_is_sound() -> None:
    content = (SCHEMA.parent / "digital_economy.json").read_bytes()
    assert said(content) == []
    assert list(Draft202012Validator(SCHEMA_ITEM).iter_errors(json.loads(content))) == []


def test_numbers_are_decimals_and_never_rounded() -> None:
    content = content_of().replace(b'"statement"', b'"year_on_year_bound": 12.10, "statement"')
    data, problems = read_definition(content)
    assert (problems, data["year_on_year_bound"], str(data["year_on_year_bound"])) == ([], Decimal("12.1"), "12.10")


def test_everything_that_is_wrong_is_said_at_once_with_its_place() -> None:
    section = {
        "key": "väl",
        "title": " ",
        "questoins": [],
        "questions": [
            {"indicator": "a01", "kind": "numbr", "required": "yes"},
            {"label": "x" * 301},
            "N1",
            {"key": "1x\n", "choices": ["", "b"]},
        ],
    }
    content = content_of(
        format=2,
        name=7,
        extra=None,
        frequency="monthly",
        year_on_year_bound="30 %",
        sections=[SOUND_SECTION, section],
        checks=[{"kind": "sum", "codes": ["N1"]}],
        rules=[{"key": "a b", "expression": "N1 > 0", "severity": "hard", "questions": ["N1"]}],
        indicators=[indicator_item("N1", decimals=7), indicator_item("N2", decimals="2", minimum=True)],
    )
    slugs = "may have letters without accents, digits, hyphens and underscores."
    assert sorted(said(content)) == sorted(
        [
            "checks[0].codes: needs at least 2.",
            "extra: is not a name of this format.",
            "format: This portal reads format 1, and the file is of format 2.",
            "frequency: “monthly” is none of: quarterly, half_yearly, yearly.",
            "indicators[0].decimals: must be from 0 to 6.",
            "indicators[1].decimals: must be a whole number.",
            "indicators[1].minimum: is a number such as 12.5, with at most 18 digits before the point and 6 behind it.",
            "name: must be text, in quotation marks.",
            f"rules[0].key: {slugs}",
            "rules[0].message: is missing.",
            f"sections[1].key: {slugs}",
            (
                "sections[1].questions[0].indicator: begins with a capital letter and has capital letters, digits "
                "and underscores, such as A01."
            ),
            (
                "sections[1].questions[0].kind: “numbr” is none of: number, percent, money, whole, text, long_text, choice, "
                "choices, date, yes_no, file."
            ),
            "sections[1].questions[0].required: must be true or false.",
            "sections[1].questions[1].label: has 301 characters; 300 are possible.",
            "sections[1].questions[1]: needs a key, or an indicator whose code is the key.",
            "sections[1].questions[2]: must be an object, in curly brackets.",
            "sections[1].questions[3].choices[0]: must not be blank.",
            "sections[1].questions[3].key: begins with a letter and has letters without accents, digits and underscores.",
            "sections[1].questoins: is not a name of this format. Did you mean “questions”?",
            "sections[1].title: must not be blank.",
            "year_on_year_bound: is a number such as 12.5, with at most 18 digits before the point and 6 behind it.",
        ]
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This is not JSON: line 1, column 1 is not as it should be."),
        (b'{"a": 1,\n  "b": }', "This is not JSON: line 2, column 8 is not as it should be."),
        (b"\xff\xfe{}", "This is not a text file in UTF-8."),
        (b"PK\x03\x04", "This is not JSON: line 1, column 1 is not as it should be."),
        (b"null", "The file must be an object, in curly brackets, that says what a report asks."),
        (b"[1]", "The file must be an object, in curly brackets, that says what a report asks."),
        (b'{"a": NaN}', "NaN is no number in JSON."),
        (b'{"a": -Infinity}', "-Infinity is no number in JSON."),
        (b"[" * 100_000, "is nested more than 12 deep."),
        (b'{"a": ' * 500 + b"1" + b"}" * 500, "is nested more than 12 deep."),
        (b" " * (settings.DEFINITION_MAX_BYTES + 1), "The file has more than 1024 kB; a definition is smaller."),
        (b'{"sections": [' + b"1," * 1000 + b"1]}", "sections: has 1001 entries; 1000 are possible."),
    ],
)
def test_what_is_no_such_file_is_said_in_one_sentence(content: bytes, sentence: str) -> None:
    data, problems = read_definition(content)
    assert data is None
    (problem,) = problems
    assert str(problem).endswith(sentence)
    assert len(str(problem)) < 200


def test_file_with_a_byte_order_mark_is_read() -> None:
    assert said(b"\xef\xbb\xbf" + content_of()) == []


def test_name_that_stands_twice_is_not_quietly_the_last_one() -> None:
    content = content_of().replace(b'"title": "Statistics"', b'"title": "One", "title": "Statistics", "key": "statistics"')
    assert said(content) == [
        "sections[0].key: stands twice: which of them is meant?",
        "sections[0].title: stands twice: which of them is meant?",
    ]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000, "1e-400000", "1e999999999"])
def test_number_out_of_all_bounds_is_refused_and_not_computed_with(number: str) -> None:
    content = content_of(indicators=[indicator_item("N1", maximum="GIVEN"), indicator_item("N2")])
    problems = said(content.replace(b'"GIVEN"', number.encode()))
    bad = "indicators[0].maximum: is a number such as 12.5, with at most 18 digits before the point and 6 behind it."
    assert problems == ([] if number == "1e-400000" else [bad])


def test_text_that_the_database_cannot_keep_is_refused_at_its_place() -> None:
    section = SOUND_SECTION | {"title": "\ud800", "help": "two\nlines\t"}
    content = json.dumps(definition_item(statement="a\x00b", sections=[section])).encode()
    sentence = "has a control character that cannot be kept: remove it."
    assert said(content) == [f"statement: {sentence}", f"sections[0].title: {sentence}"]


def test_rubbish_is_answered_briefly() -> None:
    problems = read_definition(json.dumps(definition_item() | {f"n{number}": 1 for number in range(500)}).encode())[1]
    shown = sentences(problems)
    assert (len(problems), len(shown), shown[-1]) == (500, MOST_SHOWN + 1, "And 300 more.")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    data, problems = read_definition(content)
    assert data is None
    assert problems


@given(st.sampled_from(sorted(SCHEMA_ITEM["properties"])), _JSON)
def test_no_value_of_a_part_breaks_the_reading(name: str, value: Any) -> None:
    data, problems = read_definition(json.dumps(definition_item() | {name: value}).encode())
    assert all(written(problem.path) and problem.text for problem in problems)
    valid = data is not None and not list(Draft202012Validator(SCHEMA_ITEM).iter_errors(data))
    assert valid or problems
