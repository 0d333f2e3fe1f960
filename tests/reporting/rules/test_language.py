"""Random trees: written out and read again they are the same, and they give what a reference evaluator gives."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules import ExpressionError, holds, parse_rule
from reporting.rules.compute import arithmetic, closure_of
from reporting.rules.parse import MAX_LENGTH
from reporting.rules.reader import Reader
from reporting.rules.tokens import tokens_of
from reporting.rules.tree import Call, Chain, Comparison, Denial, Junction, Moment, Negation, Node, Number, Reference

D = Decimal
VALUES: dict[str, Decimal | None] = {
    "A": D("7.5"),
    "B": D("-2"),
    "C": D(0),
    "D_1": D("0.000001"),
    "N": None,
    "A.last_year": D(7),
    "B.last_period": D("-2.5"),
    "C.last_year": None,
    "A.target": D(9),
}

# Writing a tree out with the brackets that it needs, by the rank of its parts: the looser, the lower.

_RANKS: dict[type, int] = {Comparison: 3, Negation: 6, Denial: 2}


def _rank(node: Node) -> int:
    if isinstance(node, Junction):
        return 0 if node.word == "or" else 1
    if isinstance(node, Chain):
        return 4 if node.rest[0][0] in "+-" else 5
    return _RANKS.get(type(node), 7)


def _written(node: Node, at_least: int = 0) -> str:
    text = _WRITERS[type(node)](node)
    return text if _rank(node) >= at_least else f"({text})"


def _written_chain(node: Chain) -> str:
    inner = _rank(node) + 1
    return _written(node.first, inner) + "".join(f" {sign} {_written(part, inner)}" for sign, part in node.rest)


_WRITERS: dict[type, Any] = {
    Number: lambda node: f"{node.value:f}",
    Reference: lambda node: node.name,
    Negation: lambda node: f"-{_written(node.operand, 6)}",
    Denial: lambda node: f"not {_written(node.operand, 2)}",
    Comparison: lambda node: f"{_written(node.left, 4)} {node.operator} {_written(node.right, 4)}",
    Junction: lambda node: f" {node.word} ".join(_written(part, _rank(node) + 1) for part in node.parts),
    Chain: _written_chain,
    Call: lambda node: f"{node.function}({', '.join(_written(argument) for argument in node.arguments)})",
}

# Computing a tree as the page of the language says it, by Python's own operators; n/a is an exception.


class _NotAvailableError(Exception):
    pass


def _reference_value(node: Node, values: Mapping[str, Decimal | None]) -> Any:
    with localcontext(Context(prec=34, rounding=ROUND_HALF_UP)):
        try:
            return _value(node, values)
        except _NotAvailableError:
            return None


def _known(value: Any) -> Any:
    if value is None:
        raise _NotAvailableError
    return value


def _value(node: Node, values: Mapping[str, Decimal | None]) -> Any:  # noqa: C901 (one case a kind of node)
    match node:
        case Number(number):
            return number
        case Reference():
            return _known(values.get(node.name))
        case Negation(operand):
            return -_value(operand, values)
        case Denial(operand):
            return not _value(operand, values)
        case Chain(first, rest):
            return _chain_value(_value(first, values), rest, values)
        case Comparison(sign, left, right):
            order = (_value(left, values) > _value(right, values)) - (_value(left, values) < _value(right, values))
            return order in {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0}, "=": {0}, "!=": {-1, 1}}[sign]
        case Junction(word, parts):
            verdicts = [_reference_value(part, values) for part in parts]
            return _known((word == "or") if (word == "or") in verdicts else None if None in verdicts else word == "and")
        case Call("if", (condition, first, other)):
            return _value(first if _value(condition, values) else other, values)
        case Call("missing", (part,)):
            return _reference_value(part, values) is None
        case Call("round", (part, Number(places))):
            return _value(part, values).quantize(D(10) ** -int(places))
        case Call(function, arguments):
            found = [_value(argument, values) for argument in arguments]
            return {"sum": lambda: sum(found[1:], found[0]), "min": lambda: min(found), "max": lambda: max(found)}.get(
                function, lambda: abs(found[0])
            )()
    raise AssertionError(node)


def _chain_value(total: Decimal, rest: tuple[tuple[str, Node], ...], values: Mapping[str, Decimal | None]) -> Decimal:
    for sign, part in rest:
        value = _value(part, values)
        if sign == "/" and value == 0:
            raise _NotAvailableError
        total = {"+": total.__add__, "-": total.__sub__, "*": total.__mul__, "/": total.__truediv__}[sign](value)
    return total


# Random trees: numbers first, yes/no from them, and each from both.

_LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.decimals(min_value=0, max_value=1000, places=2).map(Number),
    st.sampled_from([Reference(name) for name in ("A", "B", "C", "D_1", "N")]),
    st.builds(Reference, st.sampled_from("ABC"), st.sampled_from(list(Moment))),
)


def _chains(part: st.SearchStrategy[Node], signs: str) -> st.SearchStrategy[Node]:
    rest = st.lists(st.tuples(st.sampled_from(signs), part), min_size=1, max_size=3).map(tuple)
    return st.builds(Chain, part, rest)


def _questions(number: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    signs = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    return st.builds(Comparison, signs, number, number) | number.map(lambda part: Call("missing", (part,)))


def _verdicts(number: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.recursive(
        _questions(number),
        lambda inner: st.one_of(
            st.builds(Junction, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
            inner.map(Denial),
            st.tuples(inner, inner, inner).map(lambda parts: Call("if", parts)),
        ),
        max_leaves=4,
    )


def _numbers(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    places = st.integers(0, 6).map(lambda count: Number(D(count)))
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        _chains(inner, "+-"),
        _chains(inner, "*/"),
        inner.map(Negation),
        st.builds(Call, st.sampled_from(["sum", "min", "max"]), several),
        inner.map(lambda part: Call("abs", (part,))),
        st.tuples(inner, places).map(lambda parts: Call("round", parts)),
        st.tuples(_questions(inner), inner, inner).map(lambda parts: Call("if", parts)),
    )


_NUMBERS = st.recursive(_LEAVES, _numbers, max_leaves=6)


def _read(node: Node) -> Node:
    reader = Reader(tokens_of(_written(node)))
    return reader.yes_no() if isinstance(node, Comparison | Junction | Denial) else reader.number()


def _computed(node: Node) -> Any:
    with arithmetic():
        return closure_of(node)(VALUES)


@given(_NUMBERS)
def test_number_is_read_as_it_was_written_and_gives_what_the_reference_gives(node: Node) -> None:
    assert _read(node) == node
    assert _computed(node) == _reference_value(node, VALUES)


@given(_verdicts(_NUMBERS).filter(lambda node: len(_written(node)) <= MAX_LENGTH))
def test_rule_is_read_as_it_was_written_and_gives_what_the_reference_gives(node: Node) -> None:
    rule = parse_rule(_written(node))
    assert rule.root == node
    assert holds(rule, VALUES) is _reference_value(node, VALUES)


YES, NO, UNKNOWN = "A > 0", "A < 0", "N > 0"


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, True, True),
        (YES, NO, False, True),
        (YES, UNKNOWN, None, True),
        (NO, NO, False, False),
        (NO, UNKNOWN, False, None),
        (UNKNOWN, UNKNOWN, None, None),
    ],
)
def test_and_or_with_what_is_not_available(left: str, right: str, both: bool | None, either: bool | None) -> None:
    for first, second in ((left, right), (right, left)):
        assert holds(parse_rule(f"{first} and {second}"), VALUES) is both
        assert holds(parse_rule(f"{first} or {second}"), VALUES) is either


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A > B and A > 0 or A < B", True),
        ("A < B and A > 0 or A > B", True),
        ("A > B or A > 0 and A < B", True),
        ("(A > B or A > 0) and A < B", False),
        ("not A > B or A > B", True),
        ("not (A > B or A > B)", False),
        ("not N > 0", None),
        ("A + B * 2 = 3.5", True),
        ("A - 1 < A and A != B", True),
        ("A.last_year < A and A <= A.target", True),
        ("A > C.last_year", None),
        ("missing(C.last_year) and not missing(A.last_year)", True),
        ("missing(A / C)", True),
        ("if(missing(N), A > 0, N > 0)", True),
        ("if(A > 0, N > 0, A > 0)", None),
        ("1 / 3 * 3 = 1", False),
        ("round(1 / 3 * 3, 6) = 1", True),
    ],
)
def test_rule_gives_exact_verdict(text: str, expected: bool | None) -> None:
    assert holds(parse_rule(text), VALUES) is expected


def test_rule_names_what_it_refers_to() -> None:
    rule = parse_rule("B > A.last_year and A > B")
    assert [(reference.name, reference.at) for reference in rule.references] == [("B", 1), ("A.last_year", 5), ("A", 21)]
    assert rule.codes == {"A", "B"}


def test_refusal_is_not_kept_as_a_rule() -> None:
    for _time in range(2):
        with pytest.raises(ExpressionError):
            parse_rule("A >")
