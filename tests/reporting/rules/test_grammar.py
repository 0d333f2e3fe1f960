"""The whitelist: what is not in the language is refused, with the place where it stops being so and a near word."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import Expression, ExpressionError, parse_formula, parse_rule
from reporting.rules.parse import MAX_LENGTH
from reporting.rules.reader import MAX_DEPTH

_PART = "a number, a code, a function or a bracket"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"At 1: it ends where {_PART} is expected."),
        ("   ", f"At 4: it ends where {_PART} is expected."),
        ("A +", f"At 4: it ends where {_PART} is expected."),
        ("A + * B", f"At 5: “*” stands where {_PART} is expected."),
        ("A B", "At 3: “B” stands where an operator or the end is expected."),
        ("2 (3)", "At 3: “(” stands where an operator or the end is expected."),
        ("(A", "The bracket opened at 1 is not closed."),
        ("A + (B * (C)", "The bracket opened at 5 is not closed."),
        ("sum(A, B", "The bracket opened at 4 is not closed."),
        ("A)", "At 2: “)” stands where an operator or the end is expected."),
        ("()", f"At 2: “)” stands where {_PART} is expected."),
        ("(A B)", "At 4: “B” stands where an operator or a closing bracket is expected."),
        ("sum(A B)", "At 7: “B” stands where an operator, a comma or a closing bracket is expected."),
        ("sum()", f"At 5: “)” stands where {_PART} is expected."),
        ("sum + A", "At 5: “+” stands where the bracket of sum(A, B, …) is expected."),
        ("A ** B", f"At 4: “*” stands where {_PART} is expected."),
        ("+A", f"At 1: “+” stands where {_PART} is expected."),
        ("abs(A, B)", "At 1: “abs” is written abs(A); found 2 values."),
        ("1 + if(A > 1, B)", "At 5: “if” is written if(A > B, C, D); found 2 values."),
        ("round(A, B)", "At 10: the places of “round” are a whole number from 0 to 6."),
        ("round(A, 7)", "At 10: the places of “round” are a whole number from 0 to 6."),
        ("round(A, 1.5)", "At 10: the places of “round” are a whole number from 0 to 6."),
        ("A.last_year", "At 1: “A.last_year” is of another period; a formula computes with the report's own values."),
        ("A > B", "At 1: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
        ("A + (B > 1)", "At 5: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
        ("-(A > B)", "At 2: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
        ("max(A, missing(B))", "At 8: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
        ("if(A > 1, B, C > 1)", "At 14: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
    ],
)
def test_error_in_a_formula_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_formula(text)
    assert str(caught.value) == message


_NUMBER = "a number stands where yes or no is expected; compare it with something, such as A > 0."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A", f"At 1: {_NUMBER}"),
        ("A > 1 and B", f"At 11: {_NUMBER}"),
        ("A or B > 1", f"At 1: {_NUMBER}"),
        ("not A", f"At 5: {_NUMBER}"),
        ("if(A, B > 1, C > 1)", f"At 4: {_NUMBER}"),
        ("if(A > 1, B > 1, C)", f"At 18: {_NUMBER}"),
        ("1 < A < 2", "At 7: a second comparison; write two and join them, such as A > 1 and A < 5."),
        ("(A > 1) = (B > 1)", "At 1: yes or no stands where a number is expected; to count it, write if(…, 1, 0)."),
    ],
)
def test_error_in_a_rule_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_rule(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("A == B", "="),
        ("A <> B", "!="),
        ("A ≤ B", "<="),
        ("A =< B", "<="),
        ("A × B > 1", "*"),
        ("sum（A) > 1", "("),
        ("A > 1 && B > 1", "and"),
        ("A > 1 AND B > 1", "and"),
        ("SUM(A, B) > 1", "sum"),
        ("summ(A, B) > 1", "sum"),
        ("mising(A)", "missing"),
        ("a02 > 1", "A02"),
        ("A.lastyear > 1", ".last_year"),
        ("A.last_yaer > 1", ".last_year"),
    ],
)
def test_error_suggests_what_was_meant(text: str, meant: str) -> None:
    with pytest.raises(ExpressionError, match=rf" Did you mean “{re.escape(meant)}”\?$"):
        parse_rule(text)


def test_unknown_indicators_are_named_each_once_with_the_nearest() -> None:
    rule = parse_rule("A20 > A01 and A20.last_year > 0 or XYZ < A01")
    assert rule.unknown({"A01", "A02", "A10", "A22"}) == [
        "At 1: there is no indicator A20 here. Did you mean “A02”?",
        "At 36: there is no indicator XYZ here.",
    ]
    assert rule.unknown({"A01", "A20", "XYZ"}) == []


def test_error_is_said_in_the_language_of_the_reader() -> None:
    with translation.override("zh-hans"), pytest.raises(ExpressionError, match=r"第3位.*是否应为“=”？"):
        parse_rule("A == B")


@pytest.mark.parametrize("read", [parse_formula, parse_rule])
@pytest.mark.parametrize(
    "text",
    [
        *("__import__('os')", "A.__class__", "A.real", "A.last_year.last_year", "A[0]", "'A'", '"A"', "A; B", "A\\B"),
        *("A if B else C", "eval(A)", "open(A)", "print(A)", "true", "none", "sum", "A.sum(B)", "sum.A", "a", "lambda: A"),
        *("1_000", "1.", ".5", "1.2.3", "NaN", "1e5", "1E5", "0x10", "1234567890123456789", "1.1234567890123"),
        *("A ^ B", "A % B", "A // B", "_A", "A" * 21, "A . last_year", "A := 1", "{A}", "[A]", "A and", "and", "not", "A !B"),
        *("Ä", "Aé", "数", "A − B", "１ + １", "١ + ١", "A–B", "A--", "A\x00", "A --", "A; DROP TABLE districts_user"),
        *("sum(*A)", "sum(x=A)", "A, B", "(A, B)", "A > > B", "A.LAST_YEAR"),
    ],
)
def test_anything_else_is_refused(read: Callable[[str], Expression], text: str) -> None:
    with pytest.raises(ExpressionError):
        read(text)


def test_names_that_python_knows_are_only_codes() -> None:
    assert parse_formula("NONE + TRUE").codes == {"NONE", "TRUE"}


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("-", ""), ("abs(", ")"), ("sum(1, ", ")")])
def test_depth_is_limited_exactly(opening: str, closing: str) -> None:
    assert parse_formula(opening * MAX_DEPTH + "A" + closing * MAX_DEPTH).codes == {"A"}
    with pytest.raises(ExpressionError, match=f"nested more than {MAX_DEPTH} deep"):
        parse_formula(opening * (MAX_DEPTH + 1) + "A" + closing * (MAX_DEPTH + 1))


def test_depth_of_denials_is_limited() -> None:
    assert parse_rule("not " * MAX_DEPTH + "A > 1").codes == {"A"}
    with pytest.raises(ExpressionError, match=f"nested more than {MAX_DEPTH} deep"):
        parse_rule("not " * (MAX_DEPTH + 1) + "A > 1")


def test_brackets_side_by_side_are_not_depth() -> None:
    assert parse_formula("+".join(["(A)"] * 90)).codes == {"A"}


def test_length_is_limited_exactly() -> None:
    assert parse_formula("A" + " " * (MAX_LENGTH - 1)).codes == {"A"}
    with pytest.raises(ExpressionError, match="longer than 500"):
        parse_formula("A" + " " * MAX_LENGTH)


_WORDS = ["and", "or", "not", "sum(", "if(", "missing(", ".last_year", ".target", "A1", "<=", "!=", "=", "(", ")", ",", "7", " "]
_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-*/()<>=!,abcdefghijklmnopqrstuvwxyz")


@given(
    st.text(alphabet="AB_19.+-*/() <>=!,\t\nandort,eN'é２٢", max_size=60)
    | st.text(max_size=30)
    | st.lists(st.sampled_from(_WORDS), max_size=25).map("".join)
)
def test_any_text_is_read_or_refused_with_an_expression_error(text: str) -> None:
    for read in (parse_formula, parse_rule):
        with suppress(ExpressionError):
            found = read(text)
            assert all(character in _CHARACTERS or character.isspace() for character in text)
            assert found.text == text
