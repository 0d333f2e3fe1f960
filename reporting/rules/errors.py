"""What is wrong with a written formula or rule, said with its place and, where one is near, what was probably meant."""

from collections.abc import Collection
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

_NEAR = 0.6


class ExpressionError(ValueError):
    """The text is not in the language; the message says where (counted from 1), what was expected, and a near word."""


def with_suggestion(problem: str, suggestion: str | None) -> str:
    if not suggestion:
        return problem
    return _("%(problem)s Did you mean “%(suggestion)s”?") % {"problem": problem, "suggestion": suggestion}


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that is most like it: the same characters in another order before all others."""
    likeness = {other: _likeness(word, other) for other in sorted(known)}
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= _NEAR else None


def _likeness(word: str, other: str) -> float:
    if sorted(word) == sorted(other):
        return 1
    return SequenceMatcher(None, word, other).ratio()
