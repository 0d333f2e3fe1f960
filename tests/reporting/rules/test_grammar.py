"""The whitelist: what is not a formula is refused, with the place where it stops being one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import FormulaError, parse
from reporting.rules.parse import MAX_DEPTH, MAX_LENGTH


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"At 1: the formula ends"),
        ("   ", r"At 4: the formula ends"),
        ("A +", r"At 4: the formula ends"),
        ("A + * B", r"At 5: “\*” stands where"),
        ("A B", r"At 3: “B” stands where \+ - \* / or the end"),
        ("2 (3)", r"At 3: “\(” stands where"),
        ("(A", r"The bracket opened at 1 is not closed"),
        ("A + (B * (C)", r"The bracket opened at 5 is not closed"),
        ("A)", r"At 2: “\)” stands where"),
        ("()", r"At 2: “\)” stands where"),
        ("A ^ B", r"At 3: “\^ B” is neither"),
        ("A ** B", r"At 4: “\*” stands where"),
        ("A // B", r"At 4: “/” stands where"),
        ("A % B", r"At 3: “% B” is neither"),
        ("a", r"At 1: “a” is neither"),
        ("+A", r"At 1: “\+” stands where"),
        ("A = B", r"At 3: “= B” is neither"),
    ],
)
def test_error_says_where(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "A.__class__",
        "A.real",
        "ABS(A)",
        "MAX(A, B)",
        "A[0]",
        "'A'",
        '"A"',
        "A; B",
        "A\\B",
        "lambda: A",
        "A if B else C",
        "A and B",
        "A < B",
        "1e5",
        "1E5",
        "0x10",
        "1_000",
        "1.",
        ".5",
        "1.2.3",
        "1,5",
        "NaN",
        "Infinity",
        "_A",
        "A" * 21,
        "1234567890123456789",
        "1.1234567890123",
        "Ä",
        "Aé",
        "数",
        "A × B",
        "A − B",
        "１ + １",
        "١ + ١",
        "A–B",
        "A--",
        "A\x00",
        "A --",
        "A; DROP TABLE districts_user",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


def test_names_that_python_knows_are_only_codes() -> None:
    assert parse("NONE + TRUE").codes == {"NONE", "TRUE"}


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("-", "")])
def test_depth_is_limited_exactly(opening: str, closing: str) -> None:
    inside = MAX_DEPTH - 1
    assert parse(opening * inside + "A" + closing * inside).codes == {"A"}
    with pytest.raises(FormulaError, match=f"more than {MAX_DEPTH} deep"):
        parse(opening * (inside + 1) + "A" + closing * (inside + 1))


def test_brackets_side_by_side_are_not_depth() -> None:
    assert parse("+".join(["(A)"] * 90)).codes == {"A"}


def test_length_is_limited_exactly() -> None:
    assert parse("A" + " " * (MAX_LENGTH - 1)).codes == {"A"}
    with pytest.raises(FormulaError, match="longer than 400"):
        parse("A" + " " * MAX_LENGTH)


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-*/()"


@given(st.text(alphabet="AB_19.+-*/() \t\n,eN'é２٢", max_size=60) | st.text(max_size=30))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    with suppress(FormulaError):
        formula = parse(text)
        assert all(character in _LETTERS or character.isspace() for character in text)
        assert formula.text == text
