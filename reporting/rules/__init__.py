"""Formulas over indicator codes: read by a whitelist grammar into a tree, and computed in Decimal."""

from reporting.rules.evaluate import evaluate, in_order
from reporting.rules.parse import Formula, FormulaError, parse

__all__ = ["Formula", "FormulaError", "evaluate", "in_order", "parse"]
