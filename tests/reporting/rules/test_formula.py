"""Formulas: what is computed, in exact cases and against Python's own reading of the same text."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import ExpressionError, evaluate, in_order, parse_formula

D = Decimal
VALUES: dict[str, Decimal | None] = {"A": D("7.5"), "B": D("-2"), "C": D(0), "D_1": D("0.000001"), "N": None}
_LIMIT = D(10) ** 18


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", D(1)),
        ("A", D("7.5")),
        ("A + B", D("5.5")),
        ("2 + 3 * 4", D(14)),
        ("(2 + 3) * 4", D(20)),
        ("10 - 4 - 3", D(3)),
        ("10 - (4 - 3)", D(9)),
        ("24 / 4 / 2", D(3)),
        ("24 / (4 / 2)", D(12)),
        ("24 / 4 * 2", D(12)),
        ("-2 * 3", D(-6)),
        ("2 * -3", D(-6)),
        ("2 - -3", D(5)),
        ("--A", D("7.5")),
        ("-(A + B) * 2", D(-11)),
        ("0.1 + 0.2 - 0.3", D(0)),
        ("1 / 3", D("0.333333")),
        ("2 / 3", D("0.666667")),
        ("(A / B - 1) * 100", D(-475)),
        ("\tA\n+ B ", D("5.5")),
        ("D_1 * 1", D("0.000001")),
        ("0.0000005", D("0.000001")),
        ("-0.0000005", D("-0.000001")),
        ("0.0000025", D("0.000003")),
        ("sum(A, B, 1, C)", D("6.5")),
        ("min(A, B, C) - max(A, B, C)", D("-9.5")),
        ("abs(B) + abs(A)", D("9.5")),
        ("round(A)", D(8)),
        ("round(-A)", D(-8)),
        ("round(2 / 3, 2) * 3", D("2.01")),
        ("if(A > B, 1, 1 / C)", D(1)),
        ("if(A > B and not A = 7.5, 1, if(missing(N), 2, N))", D(2)),
        ("if(missing(A), N, 3)", D(3)),
    ],
)
def test_formula_gives_exact_value(text: str, expected: Decimal) -> None:
    assert evaluate(parse_formula(text), VALUES) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("N", "A + N", "N + A", "N * 0", "C * N", "A / C", "A / (B + 2)", "0 / 0", "C / C", "UNKNOWN", "1 / (1 - 1) * 0"),
        *("A + 1 + N + 1", "A / C + 1 + 1", "-N", "sum(A, N)", "min(A, N)", "max(N, A)", "abs(N)", "round(N, 2)"),
        *("if(N > 0, 1, 1)", "if(A > 0, N, 1)", "if(A < 0, 1, N)", "round(999999999999999999 * 999999999999999999, 6)"),
    ],
)
def test_formula_with_a_missing_operand_or_division_by_zero_is_not_available(text: str) -> None:
    assert evaluate(parse_formula(text), VALUES) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("999999999999999999.999999", D("999999999999999999.999999")),
        ("999999999999999999 + 1", None),
        ("-999999999999999999 - 1", None),
        ("999999999999999999.9999995", None),
        ("999999999999999999.9999994", D("999999999999999999.999999")),
        ("999999999999999999 * 999999999999999999", None),
        ("1 / 0.000000000001 * 999999999999", None),
    ],
)
def test_formula_that_does_not_fit_the_stored_type_is_not_available(text: str, expected: Decimal | None) -> None:
    assert evaluate(parse_formula(text), {}) == expected


def test_formula_names_its_codes() -> None:
    assert parse_formula("if(A02 > 0, (A02 + A07) / A02 * 100, A09)").codes == {"A02", "A07", "A09"}


# Against Python: the same text with numbers spelled as Decimals is a Python expression of the same grammar.

_NUMBERS = st.decimals(min_value=0, max_value=10**6, places=3).map(str)
_ATOMS = _NUMBERS | st.sampled_from(["A", "B", "C", "D_1"])


def _bigger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, st.sampled_from([" + ", "-", "*", " / ", " -", "* "]), inner).map("".join)
    return pair | inner.map(lambda text: f"({text})") | inner.map(lambda text: f"-{text}")


def _python_value(text: str) -> Decimal | None:
    source = re.sub(r"(?<![\w.])\d+(?:\.\d+)?", lambda match: f"Number('{match[0]}')", text.strip())
    with localcontext(Context(prec=34, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation, Overflow])):
        try:
            value = eval(source, {"__builtins__": {}, "Number": Decimal}, dict(VALUES))
            rounded = value.quantize(D("0.000001"))
        except (DivisionByZero, InvalidOperation):
            return None
        return rounded if abs(rounded) < _LIMIT else None


@given(st.recursive(_ATOMS, _bigger, max_leaves=12).filter(lambda text: len(text) <= 500))
def test_any_formula_gives_what_python_gives(text: str) -> None:
    assert evaluate(parse_formula(text), VALUES) == _python_value(text)


# What depends on what.


def test_order_puts_each_formula_after_those_it_needs() -> None:
    formulas = {code: parse_formula(text) for code, text in {"A": "B + C", "B": "C * 2", "C": "X", "E": "A / B"}.items()}
    order = in_order(formulas)
    assert sorted(order) == ["A", "B", "C", "E"]
    assert all(order.index(need) < order.index(code) for code in order for need in formulas[code].codes & formulas.keys())


@pytest.mark.parametrize("texts", [{"A": "A"}, {"A": "B", "B": "A"}, {"A": "B", "B": "C + 1", "C": "A"}])
def test_circle_is_refused_and_named(texts: dict[str, str]) -> None:
    with pytest.raises(ExpressionError, match=r"need one another: .*A"):
        in_order({code: parse_formula(text) for code, text in texts.items()})
