"""Reading a formula: numbers, indicator codes, + - * / and brackets, and nothing else.

expression = term (("+" | "-") term)*
term       = factor (("*" | "/") factor)*
factor     = "-" factor | "(" expression ")" | number | code
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from reporting.rules.tree import Code, Negation, Node, Number, Operation

MAX_LENGTH = 400
MAX_DEPTH = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,18}(?:\.[0-9]{1,12})?(?![\w.]))|(?P<code>[A-Z][A-Z0-9_]{0,19}(?!\w))|(?P<sign>[-+*/()]))"
)


class FormulaError(ValueError):
    """The text is not a formula; the message says where (counted from 1) and what was expected."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read; `codes` are the indicators it needs."""

    text: str
    root: Node
    codes: frozenset[str]


@dataclass
class _Reader:
    tokens: list[tuple[str, str, int]]
    length: int
    position: int = 0
    depth: int = 0
    codes: set[str] = field(default_factory=set)

    def peek(self) -> str:
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self) -> tuple[str, str, int]:
        if self.position >= len(self.tokens):
            raise FormulaError(
                _("At %(at)d: the formula ends where a number, a code or a bracket is expected.") % {"at": self.length}
            )
        self.position += 1
        return self.tokens[self.position - 1]

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(_("The formula is nested more than %(depth)d deep.") % {"depth": MAX_DEPTH})
        node = self.term()
        while self.peek() in {"+", "-"}:
            operator = self.take()[1]
            node = Operation(operator, node, self.term())
        self.depth -= 1
        return node

    def term(self) -> Node:
        node = self.factor()
        while self.peek() in {"*", "/"}:
            operator = self.take()[1]
            node = Operation(operator, node, self.factor())
        return node

    def factor(self) -> Node:
        kind, text, at = self.take()
        if kind == "number":
            return Number(Decimal(text))
        if kind == "code":
            self.codes.add(text)
            return Code(text)
        if text == "-":
            return self.negation()
        if text == "(":
            return self.bracket(at)
        raise FormulaError(
            _("At %(at)d: “%(text)s” stands where a number, a code or a bracket is expected.") % {"at": at, "text": text}
        )

    def negation(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(_("The formula is nested more than %(depth)d deep.") % {"depth": MAX_DEPTH})
        node = Negation(self.factor())
        self.depth -= 1
        return node

    def bracket(self, opened_at: int) -> Node:
        node = self.expression()
        if self.peek() != ")":
            raise FormulaError(_("The bracket opened at %(at)d is not closed.") % {"at": opened_at})
        self.take()
        return node


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """(kind, text, position from 1) of each token."""
    found, end = [], 0
    while text[end:].strip():
        match = _TOKEN.match(text, end)
        if match is None:
            start = end + len(text[end:]) - len(text[end:].lstrip())
            raise FormulaError(
                _("At %(at)d: “%(text)s” is neither a number, an indicator code, + - * / nor a bracket.")
                % {"at": start + 1, "text": text[start : start + 10]}
            )
        kind = str(match.lastgroup)
        found.append((kind, match[kind], match.start(kind) + 1))
        end = match.end()
    return found


@lru_cache(maxsize=512)
def parse(text: str) -> Formula:
    """Read a formula. FormulaError where it is not one, too long or nested too deep."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(_("The formula is longer than %(length)d characters.") % {"length": MAX_LENGTH})
    reader = _Reader(_tokens(text), len(text) + 1)
    root = reader.expression()
    if reader.position < len(reader.tokens):
        _kind, extra, at = reader.take()
        raise FormulaError(_("At %(at)d: “%(text)s” stands where + - * / or the end is expected.") % {"at": at, "text": extra})
    return Formula(text, root, frozenset(reader.codes))
