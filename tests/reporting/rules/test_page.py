"""The page about the language says what is so."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reporting.rules import ExpressionError, evaluate, holds, parse_formula, parse_rule
from reporting.rules.parse import MAX_LENGTH
from reporting.rules.reader import FUNCTIONS, JOINING, MAX_DEPTH
from reporting.rules.tree import Moment

_ROOT = Path(__file__).parents[3]
_TEXT = (_ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def _tables() -> Iterator[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """(heading, rows) of each table."""
    for lines in re.findall(r"(?:^\|.*\n)+", _TEXT, re.MULTILINE):
        heading, _rule, *rows = (tuple(cell.strip().strip("`") for cell in line[1:-1].split("|")) for line in lines.splitlines())
        yield heading, rows


def _rows(*heading: str) -> list[tuple[str, ...]]:
    return [row for found, rows in _tables() if found == heading for row in rows]


_MOMENTS = ("this period", ".last_period", ".last_year", ".target")
VALUES = {
    f"{code}{moment if moment.startswith('.') else ''}": Decimal(cell) if cell else None
    for code, *cells in _rows("code", *_MOMENTS)
    for moment, cell in zip(_MOMENTS, cells, strict=True)
}


def _given(text: str) -> str:
    """As the page writes it."""
    try:
        number = evaluate(parse_formula(text), VALUES)
    except ExpressionError:
        verdict = holds(parse_rule(text), VALUES)
        return "n/a" if verdict is None else "yes" if verdict else "no"
    return "n/a" if number is None else f"{number.normalize() + 0:f}"


@pytest.mark.parametrize(("text", "expected"), _rows("written", "gives"))
def test_example_gives_what_the_page_says(text: str, expected: str) -> None:
    assert _given(text) == expected


@pytest.mark.parametrize(("text", "expected"), _rows("written", "answer"))
def test_mistake_is_answered_as_the_page_says(text: str, expected: str) -> None:
    known = {name.partition(".")[0] for name in VALUES}
    try:
        answers = parse_rule(text).unknown(known)
    except ExpressionError as error:
        answers = [str(error)]
    assert answers == [expected]


def test_page_shows_every_word_and_bound_of_the_language() -> None:
    shown = " ".join(text for text, _expected in _rows("written", "gives"))
    assert set(re.findall(r"\b[a-z_]+\b", shown)) == {*FUNCTIONS, *JOINING, *Moment} - {""}
    assert all(sign in shown for sign in ("<=", ">=", "!=", "=", "<", ">", "+", "-", "*", "/"))
    assert f"up to {MAX_LENGTH} characters and up to {MAX_DEPTH} levels" in _TEXT


def _shown_in_a_file() -> list[Any]:
    """The tuning of a question, and a rule."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", _TEXT, re.DOTALL)]


def test_page_shows_how_tuned_checks_stand_in_a_file() -> None:
    tuned, _rule = _shown_in_a_file()
    schema = json.loads((_ROOT / "reporting" / "data" / "definition.schema.json").read_text(encoding="utf-8"))
    one = Draft202012Validator({"$ref": "#/$defs/question", "$defs": schema["$defs"]})
    assert list(one.iter_errors(tuned)) == []
    assert len(list(one.iter_errors(tuned | {"checks": {"year_on_year": {"bounds": "50"}}}))) == 1


def test_page_shows_how_a_rule_stands_in_a_file() -> None:
    _tuned, rule = _shown_in_a_file()
    assert holds(parse_rule(rule["expression"]), VALUES) is False
    shipped = json.loads((_ROOT / "reporting" / "data" / "digital_economy.json").read_text(encoding="utf-8"))["rules"]
    assert {tuple(each) for each in shipped} == {tuple(rule)}
