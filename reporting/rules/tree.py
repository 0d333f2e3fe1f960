"""The parts of a formula or rule. Every part gives a number or yes/no (`gives_yes_no`), or n/a."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Moment(StrEnum):
    """Of which period a reference is: of the report's own, or another one of the same district."""

    THIS = ""
    LAST_PERIOD = "last_period"
    LAST_YEAR = "last_year"
    TARGET = "target"


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Reference:
    """An indicator's value; `at` is where it first stands in the text, from 1."""

    code: str
    moment: Moment = Moment.THIS
    at: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """As it is written, and as its value is looked up."""
        return f"{self.code}.{self.moment}" if self.moment else self.code


@dataclass(frozen=True)
class Negation:
    operand: "Node"


@dataclass(frozen=True)
class Chain:
    """Parts joined from left to right; the operators of one chain are + - or * /."""

    first: "Node"
    rest: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True)
class Comparison:
    """`operator` is one of < <= > >= = !=."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Junction:
    """Two parts or more, all joined by `and` or all by `or`."""

    word: str
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Denial:
    operand: "Node"


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Number | Reference | Negation | Chain | Comparison | Junction | Denial | Call


def gives_yes_no(node: Node) -> bool:
    if isinstance(node, Call):
        return node.function == "missing" or (node.function == "if" and gives_yes_no(node.arguments[1]))
    return isinstance(node, Comparison | Junction | Denial)
