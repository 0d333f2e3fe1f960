"""Computing a formula. Missing operands and division by zero give None, which people read as n/a."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext as _

from reporting.rules.parse import Formula, FormulaError
from reporting.rules.tree import Code, Negation, Node, Number, Operation

_CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
_QUANTUM = Decimal("0.000001")
_LIMIT = Decimal(10) ** 18

Values = Mapping[str, Decimal | None]


class _NotAvailableError(Exception):
    pass


def evaluate(formula: Formula, values: Values) -> Decimal | None:
    """The formula's value to six decimals, rounded half up as numeric(24,6) does; None where it is n/a or does not fit."""
    with localcontext(_CONTEXT):
        try:
            result = _compute(formula.root, values).quantize(_QUANTUM)
            return result if abs(result) < _LIMIT else None
        except (_NotAvailableError, InvalidOperation, DivisionByZero, Overflow):
            return None


def _compute(node: Node, values: Values) -> Decimal:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Code):
        value = values.get(node.name)
        if value is None:
            raise _NotAvailableError
        return value
    if isinstance(node, Negation):
        return -_compute(node.operand, values)
    return _operate(node, _compute(node.left, values), _compute(node.right, values))


def _operate(node: Operation, left: Decimal, right: Decimal) -> Decimal:
    if node.operator == "+":
        return left + right
    if node.operator == "-":
        return left - right
    if node.operator == "*":
        return left * right
    return left / right


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """The codes of the formulas, each after those it needs; FormulaError where they go round in a circle."""
    needs = {code: formula.codes & formulas.keys() for code, formula in formulas.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise FormulaError(_("These formulas need one another: %(circle)s.") % {"circle": circle}) from error
