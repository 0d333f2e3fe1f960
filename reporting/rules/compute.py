"""Compiling a tree into closures. A closure takes the values by name and gives a Decimal, True, False, or None for n/a.

They compute in the context of decimal arithmetic in force: whoever calls them does so inside `arithmetic()`, once for many.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Any

from reporting.rules.tree import Call, Chain, Comparison, Denial, Junction, Negation, Node, Number, Reference

_QUANTUM, _LIMIT = Decimal("0.000001"), Decimal(10) ** 18
_ZERO = Number(Decimal(0))
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

Values = Mapping[str, Decimal | None]
"""By the name of the reference: A01, A01.last_year. What is absent is n/a."""
Closure = Callable[[Values], Any]


def arithmetic() -> AbstractContextManager[Context]:
    """34 digits, rounded half up, whatever the thread's own context is."""
    return localcontext(_CONTEXT)


def rounded(value: Decimal, quantum: Decimal) -> Decimal | None:
    """None where the digits do not suffice."""
    try:
        return value.quantize(quantum)
    except InvalidOperation:
        return None


def stored(value: Decimal | None) -> Decimal | None:
    """To six decimals, as numeric(24,6) keeps it; None where it does not fit."""
    kept = None if value is None else rounded(value, _QUANTUM)
    return kept if kept is not None and -_LIMIT < kept < _LIMIT else None


def _divided(left: Decimal, right: Decimal) -> Decimal | None:
    return left / right if right else None


_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
}
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def closure_of(node: Node) -> Closure:
    return _COMPILERS[type(node)](node)


def _number(node: Number) -> Closure:
    value = node.value
    return lambda _values: value


def _reference(node: Reference) -> Closure:
    name = node.name

    def look_up(values: Values) -> Decimal | None:
        try:
            return values[name]
        except KeyError:
            return None

    return look_up


def _negation(node: Negation) -> Closure:
    return _of_one(operator.neg, closure_of(node.operand))


def _denial(node: Denial) -> Closure:
    return _of_one(operator.not_, closure_of(node.operand))


def _of_one(operate: Callable[[Any], Any], operand: Closure) -> Closure:
    def compute(values: Values) -> Any:
        value = operand(values)
        return None if value is None else operate(value)

    return compute


def _of_two(operate: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    def compute(values: Values) -> Any:
        first = left(values)
        if first is None:
            return None
        second = right(values)
        return None if second is None else operate(first, second)

    return compute


def _of_references(operate: Callable[[Any, Any], Any], left: Reference, right: Reference) -> Closure:
    left_name, right_name = left.name, right.name

    def compute(values: Values) -> Any:
        try:
            first, second = values[left_name], values[right_name]
        except KeyError:
            return None
        return None if first is None or second is None else operate(first, second)

    return compute


def _with_constant(operate: Callable[[Any, Any], Any], left: Closure, constant: Decimal) -> Closure:
    def compute(values: Values) -> Any:
        first = left(values)
        return None if first is None else operate(first, constant)

    return compute


def _pair(operate: Callable[[Any, Any], Any], left: Node, right: Node) -> Closure:
    if isinstance(left, Reference) and isinstance(right, Reference):
        return _of_references(operate, left, right)
    if isinstance(right, Number):
        return _with_constant(operate, closure_of(left), right.value)
    return _of_two(operate, closure_of(left), closure_of(right))


def _joined(first: Node, rest: Sequence[tuple[Callable[[Any, Any], Any], Node]]) -> Closure:
    """From left to right. What rules are mostly made of has shorter ways."""
    if len(rest) == 1:
        return _pair(rest[0][0], first, rest[0][1])
    compute = closure_of(first)
    steps = [(operate, closure_of(part)) for operate, part in rest]

    def compute_all(values: Values) -> Any:
        total = compute(values)
        for operate, part in steps:
            value = part(values)
            if total is None or value is None:
                return None
            total = operate(total, value)
        return total

    return compute_all


def _chain(node: Chain) -> Closure:
    return _joined(node.first, [(_OPERATIONS[sign], part) for sign, part in node.rest])


def _comparison(node: Comparison) -> Closure:
    return _pair(_COMPARISONS[node.operator], node.left, node.right)


def _junction(node: Junction) -> Closure:
    """One part that decides (no for `and`, yes for `or`) does so whatever is n/a beside it."""
    parts = [closure_of(part) for part in node.parts]
    deciding = node.word == "or"

    def compute(values: Values) -> bool | None:
        result: bool | None = not deciding
        for part in parts:
            value = part(values)
            if value is deciding:
                return deciding
            if value is None:
                result = None
        return result

    return compute


def _call(node: Call) -> Closure:
    return _FUNCTIONS[node.function](*node.arguments)


def _of_all(operate: Callable[[Any, Any], Any]) -> Callable[..., Closure]:
    return lambda first, *others: _joined(first, [(operate, other) for other in others])


def _absolute(part: Node) -> Closure:
    return _of_one(abs, closure_of(part))


def _round(part: Node, places: Number = _ZERO) -> Closure:
    quantum = Decimal(1).scaleb(-int(places.value))
    exact = closure_of(part)

    def compute(values: Values) -> Decimal | None:
        value = exact(values)
        return None if value is None else rounded(value, quantum)

    return compute


def _if(asked: Node, first: Node, other: Node) -> Closure:
    condition, when_so, when_not = closure_of(asked), closure_of(first), closure_of(other)

    def compute(values: Values) -> Any:
        verdict = condition(values)
        if verdict is None:
            return None
        return when_so(values) if verdict else when_not(values)

    return compute


def _missing(part: Node) -> Closure:
    compute = closure_of(part)
    return lambda values: compute(values) is None


_FUNCTIONS: dict[str, Callable[..., Closure]] = {
    "sum": _of_all(operator.add),
    "min": _of_all(min),
    "max": _of_all(max),
    "abs": _absolute,
    "round": _round,
    "if": _if,
    "missing": _missing,
}
_COMPILERS: dict[type, Callable[[Any], Closure]] = {
    Number: _number,
    Reference: _reference,
    Negation: _negation,
    Chain: _chain,
    Comparison: _comparison,
    Junction: _junction,
    Denial: _denial,
    Call: _call,
}
