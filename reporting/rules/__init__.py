"""The language of formulas and rules over indicator codes: a whitelist grammar, a tree, closures that compute in Decimal."""

from reporting.rules.errors import ExpressionError
from reporting.rules.evaluate import evaluate, holds, in_order, verdicts
from reporting.rules.failure import Failure, failure_of
from reporting.rules.parse import Expression, parse_formula, parse_rule

__all__ = [
    "Expression",
    "ExpressionError",
    "Failure",
    "evaluate",
    "failure_of",
    "holds",
    "in_order",
    "parse_formula",
    "parse_rule",
    "verdicts",
]
