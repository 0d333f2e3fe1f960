"""Compiling a tree into closures. A closure takes the values by name and gives a Decimal, True, False, or None for n/a.

They compute in the context of decimal arithmetic in force: whoever calls them does so inside `arithmetic()`, once for many.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Any

from reporting.rules.tree import Call, Chain, Comparison, Denial, Junction, Negation, Node, Number, Reference

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


def _with_constant(operate: Callable[[Any, Any], Any], left: Closure, constant: Decimal) -> Closure:
    def compute(values: Values) -> Any:
        first = left(values)
        return None if first is None else operate(first, constant)

    return compute


def _joined(first: Node, rest: Sequence[tuple[Callable[[Any, Any], Any], Node]]) -> Closure:
    """From left to right. Two parts, and a number as the second, are the usual case and have shorter ways."""
    compute = closure_of(first)
    if len(rest) == 1:
        operate, part = rest[0]
        if isinstance(part, Number):
            return _with_constant(operate, compute, part.value)
        return _of_two(operate, compute, closure_of(part))
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
    return _joined(node.left, [(_COMPARISONS[node.operator], node.right)])


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
    return _of_one(lambda value: rounded(value, quantum), closure_of(part))


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
