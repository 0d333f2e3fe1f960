"""The parts of a formula."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Code:
    """An indicator's value."""

    name: str


@dataclass(frozen=True)
class Negation:
    operand: "Node"


@dataclass(frozen=True)
class Operation:
    """`operator` is one of + - * /."""

    operator: str
    left: "Node"
    right: "Node"


Node = Number | Code | Negation | Operation
