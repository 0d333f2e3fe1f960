"""The reader behind `parse`: one method for each line of the grammar, and what is wrong where a line is not kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.rules.errors import ExpressionError, nearest, with_suggestion
from reporting.rules.tokens import Token
from reporting.rules.tree import (
    Call,
    Chain,
    Comparison,
    Denial,
    Junction,
    Moment,
    Negation,
    Node,
    Number,
    Reference,
    gives_yes_no,
)

MAX_DEPTH = 20
MAX_PLACES = 6
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
JOINING = ("and", "or", "not")
FUNCTIONS = {
    "sum": "sum(A, B, …)",
    "min": "min(A, B, …)",
    "max": "max(A, B, …)",
    "abs": "abs(A)",
    "round": "round(A, 2)",
    "if": "if(A > B, C, D)",
    "missing": "missing(A)",
}
"""How each is written."""
_COUNTS = {"abs": (1, 1), "round": (1, 2), "if": (3, 3), "missing": (1, 1)}


@dataclass
class Reader:
    tokens: list[Token]
    position: int = 0
    depth: int = 0
    references: dict[Reference, None] = field(default_factory=dict)

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position += token.kind != "end"
        return token

    def number(self) -> Node:
        """The whole text as a number."""
        return self._whole(wants_yes_no=False)

    def yes_no(self) -> Node:
        """The whole text as yes or no."""
        return self._whole(wants_yes_no=True)

    def _whole(self, *, wants_yes_no: bool) -> Node:
        at = self.next.at
        node = self._any()
        if self.next.kind != "end":
            raise self._unexpected(_("an operator or the end"))
        return _checked(node, at, wants_yes_no=wants_yes_no)

    def _any(self) -> Node:
        return self._junction("or", self._all)

    def _all(self) -> Node:
        return self._junction("and", self._denial)

    def _junction(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [(self.next.at, part())]
        while self.next.text == word:
            self.take()
            parts.append((self.next.at, part()))
        if len(parts) == 1:
            return parts[0][1]
        return Junction(word, tuple(_checked(node, at, wants_yes_no=True) for at, node in parts))

    def _denial(self) -> Node:
        if self.next.text != "not":
            return self._comparison()
        self.take()
        at = self.next.at
        return Denial(_checked(self._deeper(self._denial), at, wants_yes_no=True))

    def _comparison(self) -> Node:
        at, left = self.next.at, self._sum()
        if self.next.text not in COMPARISONS:
            return left
        operator = self.take().text
        right_at, right = self.next.at, self._sum()
        if self.next.text in COMPARISONS:
            raise ExpressionError(
                _("At %(at)d: a second comparison; write two and join them, such as A > 1 and A < 5.") % {"at": self.next.at}
            )
        return Comparison(operator, _checked(left, at, wants_yes_no=False), _checked(right, right_at, wants_yes_no=False))

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._term)

    def _term(self) -> Node:
        return self._chain(("*", "/"), self._factor)

    def _chain(self, operators: tuple[str, str], part: Callable[[], Node]) -> Node:
        at, first = self.next.at, part()
        rest = []
        while self.next.text in operators:
            operator = self.take().text
            part_at = self.next.at
            rest.append((operator, _checked(part(), part_at, wants_yes_no=False)))
        return Chain(_checked(first, at, wants_yes_no=False), tuple(rest)) if rest else first

    def _factor(self) -> Node:
        token = self.next
        if token.kind == "number":
            return Number(Decimal(self.take().text))
        if token.kind == "reference":
            return self._reference()
        if token.text in FUNCTIONS:
            return self._call()
        if token.text == "-":
            self.take()
            at = self.next.at
            return Negation(_checked(self._deeper(self._factor), at, wants_yes_no=False))
        if token.text == "(":
            self.take()
            node = self._deeper(self._any)
            self._close(token.at, _("an operator or a closing bracket"))
            return node
        raise self._unexpected(_("a number, a code, a function or a bracket"))

    def _reference(self) -> Node:
        token = self.take()
        code, _point, suffix = token.text.partition(".")
        if suffix not in set(Moment):
            moments = ", ".join(f".{moment}" for moment in Moment if moment)
            problem = _("At %(at)d: “.%(text)s” is not known; a code is followed by %(moments)s or nothing.") % {
                "at": token.at + len(code),
                "text": suffix,
                "moments": moments,
            }
            near = nearest(suffix, [moment for moment in Moment if moment])
            raise ExpressionError(with_suggestion(problem, near and f".{near}"))
        reference = Reference(code, Moment(suffix), token.at)
        self.references.setdefault(reference)
        return reference

    def _call(self) -> Node:
        name = self.take()
        opened = self.next
        if opened.text != "(":
            raise self._unexpected(_("the bracket of %(usage)s") % {"usage": FUNCTIONS[name.text]})
        self.take()
        arguments = [(self.next.at, self._deeper(self._any))]
        while self.next.text == ",":
            self.take()
            arguments.append((self.next.at, self._deeper(self._any)))
        self._close(opened.at, _("an operator, a comma or a closing bracket"))
        fewest, most = _COUNTS.get(name.text, (1, len(arguments)))
        if not fewest <= len(arguments) <= most:
            raise ExpressionError(
                _("At %(at)d: “%(name)s” is written %(usage)s; found %(count)d values.")
                % {"at": name.at, "name": name.text, "usage": FUNCTIONS[name.text], "count": len(arguments)}
            )
        return Call(name.text, _arguments(name.text, arguments))

    def _deeper(self, part: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(_("At %(at)d: nested more than %(depth)d deep.") % {"at": self.next.at, "depth": MAX_DEPTH})
        node = part()
        self.depth -= 1
        return node

    def _close(self, opened_at: int, expected: str) -> None:
        if self.next.kind == "end":
            raise ExpressionError(_("The bracket opened at %(at)d is not closed.") % {"at": opened_at})
        if self.next.text != ")":
            raise self._unexpected(expected)
        self.take()

    def _unexpected(self, expected: str) -> ExpressionError:
        token = self.next
        if token.kind == "end":
            return ExpressionError(
                _("At %(at)d: it ends where %(expected)s is expected.") % {"at": token.at, "expected": expected}
            )
        problem = _("At %(at)d: “%(text)s” stands where %(expected)s is expected.") % {
            "at": token.at,
            "text": token.text,
            "expected": expected,
        }
        return ExpressionError(with_suggestion(problem, self._meant(token)))

    def _meant(self, token: Token) -> str | None:
        """The word of the language that was probably meant, where one is near."""
        before = self.tokens[self.position - 1].text.lower() if self.position else ""
        if token.text == "(" and before in FUNCTIONS:
            return before
        if token.kind == "reference":
            return token.text.lower() if token.text.lower() in JOINING else None
        return nearest(token.text, [*FUNCTIONS, *JOINING]) if token.kind == "word" and token.text not in JOINING else None


def _arguments(function: str, arguments: list[tuple[int, Node]]) -> tuple[Node, ...]:
    """Each of the kind that the function takes there."""
    if function == "if":
        (at, condition), (_first_at, first), (other_at, other) = arguments
        alike = _checked(other, other_at, wants_yes_no=gives_yes_no(first))
        return _checked(condition, at, wants_yes_no=True), first, alike
    if function == "round" and len(arguments) > 1:
        at, places = arguments[1]
        if not isinstance(places, Number) or places.value % 1 or places.value > MAX_PLACES:
            raise ExpressionError(
                _("At %(at)d: the places of “round” are a whole number from 0 to %(most)d.") % {"at": at, "most": MAX_PLACES}
            )
    return tuple(_checked(node, at, wants_yes_no=False) for at, node in arguments)


def _checked(node: Node, at: int, *, wants_yes_no: bool) -> Node:
    if gives_yes_no(node) == wants_yes_no:
        return node
    if wants_yes_no:
        raise ExpressionError(
            _("At %(at)d: a number stands where yes or no is expected; compare it with something, such as A > 0.") % {"at": at}
        )
    raise ExpressionError(
        _("At %(at)d: yes or no stands where a number is expected; to count it, write if(…, 1, 0).") % {"at": at}
    )
