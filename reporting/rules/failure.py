"""Why a rule does not hold: the comparison that decided, with its two values."""

from dataclasses import dataclass
from decimal import Decimal

from reporting.rules.compute import Values, arithmetic, closure_of, stored
from reporting.rules.parse import Expression
from reporting.rules.tree import Call, Comparison, Denial, Junction, Node, Number, Reference

_OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@dataclass(frozen=True)
class Failure:
    """`found` should have been `operator` `expected`. `code` is an indicator in whose unit both are, where there is one."""

    operator: str
    found: Decimal
    expected: Decimal
    code: str | None


def failure_of(rule: Expression, values: Values) -> Failure | None:
    """Of a rule that does not hold; None where no comparison decided, as with `missing`, or its values are beyond all measure."""
    with arithmetic():
        return _failure(rule.root, values, wanted=True)


def _failure(node: Node, values: Values, *, wanted: bool) -> Failure | None:
    """Of a part that is not what was wanted of it."""
    if isinstance(node, Comparison):
        return _compared(node.operator if wanted else _OPPOSITES[node.operator], node.left, node.right, values)
    if isinstance(node, Denial):
        return _failure(node.operand, values, wanted=not wanted)
    if isinstance(node, Junction):
        return _failure(next(part for part in node.parts if closure_of(part)(values) is (not wanted)), values, wanted=wanted)
    if isinstance(node, Call) and node.function == "if":
        condition, first, other = node.arguments
        return _failure(first if closure_of(condition)(values) else other, values, wanted=wanted)
    return None


def _compared(operator: str, left: Node, right: Node, values: Values) -> Failure | None:
    """What was found stands on the left, unless that is a number that somebody wrote."""
    if isinstance(left, Number):
        operator, left, right = _TURNED[operator], right, left
    code = next((side.code for side in (left, right) if isinstance(side, Reference)), None)
    found, expected = stored(closure_of(left)(values)), stored(closure_of(right)(values))
    return None if found is None or expected is None else Failure(operator, found, expected, code)
