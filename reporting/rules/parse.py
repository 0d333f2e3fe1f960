"""Reading a formula (it gives a number) or a rule (it gives yes or no) into a tree.

any        = all ("or" all)*
all        = denial ("and" denial)*
denial     = "not" denial | comparison
comparison = sum [("<" | "<=" | ">" | ">=" | "=" | "!=") sum]
sum        = term (("+" | "-") term)*
term       = factor (("*" | "/") factor)*
factor     = "-" factor | "(" any ")" | number | reference | function "(" any ("," any)* ")"
reference  = code ["." ("last_period" | "last_year" | "target")]
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import gettext as _

from reporting.rules.compute import Closure, closure_of
from reporting.rules.errors import ExpressionError, nearest, with_suggestion
from reporting.rules.reader import Reader
from reporting.rules.tokens import tokens_of
from reporting.rules.tree import Moment, Node, Reference

MAX_LENGTH = 500


@dataclass(frozen=True)
class Expression:
    """A formula or rule that was read. `references` are those to indicators, each once, in the order of the text."""

    text: str
    root: Node
    references: tuple[Reference, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The indicators that it needs, of whatever period."""
        return frozenset(reference.code for reference in self.references)

    @cached_property
    def compute(self) -> Closure:
        return closure_of(self.root)

    def unknown(self, known: Collection[str]) -> list[str]:
        """A sentence for every indicator that is not among the known."""
        first = {reference.code: reference for reference in reversed(self.references) if reference.code not in known}
        return [
            with_suggestion(
                _("At %(at)d: there is no indicator %(code)s here.") % {"at": reference.at, "code": reference.code},
                nearest(reference.code, known),
            )
            for reference in sorted(first.values(), key=lambda reference: reference.at)
        ]


@lru_cache(maxsize=512)
def parse_formula(text: str) -> Expression:
    """ExpressionError where it is not a formula: a number, from values of the same report."""
    formula = _parse(text, Reader.number)
    for reference in formula.references:
        if reference.moment != Moment.THIS:
            raise ExpressionError(
                _("At %(at)d: “%(name)s” is of another period; a formula computes with the report's own values.")
                % {"at": reference.at, "name": reference.name}
            )
    return formula


@lru_cache(maxsize=512)
def parse_rule(text: str) -> Expression:
    """ExpressionError where it is not a rule: yes or no, from values of this report and of other periods."""
    return _parse(text, Reader.yes_no)


def _parse(text: str, whole: Callable[[Reader], Node]) -> Expression:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(_("It is longer than %(length)d characters.") % {"length": MAX_LENGTH})
    reader = Reader(tokens_of(text))
    root = whole(reader)
    return Expression(text, root, tuple(reader.references))
