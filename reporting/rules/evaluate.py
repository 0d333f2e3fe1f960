"""What a formula gives and whether a rule holds. Missing operands and division by zero give None, which people read as n/a."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext as _

from reporting.rules.compute import Values, arithmetic, stored
from reporting.rules.errors import ExpressionError
from reporting.rules.parse import Expression


def evaluate(formula: Expression, values: Values) -> Decimal | None:
    """The formula's value to six decimals, rounded half up as numeric(24,6) does; None where it is n/a or does not fit."""
    with arithmetic():
        return stored(formula.compute(values))


def holds(rule: Expression, values: Values) -> bool | None:
    """None where it cannot be told because something is n/a."""
    return verdicts([rule], values)[0]


def verdicts(rules: Iterable[Expression], values: Values) -> list[bool | None]:
    """For each rule whether it holds."""
    with arithmetic():
        return [rule.compute(values) for rule in rules]


def in_order(formulas: Mapping[str, Expression]) -> list[str]:
    """The codes of the formulas, each after those it needs; ExpressionError where they go round in a circle."""
    needs = {code: formula.codes & formulas.keys() for code, formula in formulas.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise ExpressionError(_("These formulas need one another: %(circle)s.") % {"circle": circle}) from error
