"""Cutting a text into numbers, references, words and signs. Nothing else gets through."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from reporting.rules.errors import ExpressionError, with_suggestion

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]{1,18}(?:\.[0-9]{1,12})?(?![\w.]))
        | (?P<reference>[A-Z][A-Z0-9_]{0,19}(?:\.[a-z_]{1,20})?(?![\w.]))
        | (?P<word>[a-z_]{1,20}(?![\w.]))
        | (?P<sign><=|>=|!=|<(?!>)|=(?![=<>])|[-+*/(),>])
    )""",
    re.VERBOSE,
)
_MEANT = {
    "==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "−": "-", "–": "-",
    "·": "*", "（": "(", "）": ")", "，": ",", "、": ",", "＋": "+", "－": "-", "＝": "=", "＜": "<", "＞": ">",
    "&&": "and", "||": "or", "&": "and", "|": "or", "!": "not",
}  # fmt: skip
"""What people write instead of the language's signs."""


class Token(NamedTuple):
    """`kind` is number, reference, word, sign or end; `at` is counted from 1."""

    kind: str
    text: str
    at: int


def tokens_of(text: str) -> list[Token]:
    """Closed by one of kind "end"."""
    found, end = [], 0
    while text[end:].strip():
        match = _TOKEN.match(text, end)
        if match is None:
            raise ExpressionError(_complaint(text, end + len(text[end:]) - len(text[end:].lstrip())))
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind) + 1))
        end = match.end()
    return [*found, Token("end", "", len(text) + 1)]


def _complaint(text: str, start: int) -> str:
    piece = text[start:].split()[0][:20]
    said = {"at": start + 1, "text": piece}
    if piece[0] in "0123456789":
        return _("At %(at)d: “%(text)s” is not a number: only digits, up to 18, and a point with up to 12 behind it.") % said
    problem = _("At %(at)d: “%(text)s” is neither a number, an indicator code, a word nor a sign of the language.") % said
    sign = next((piece[:length] for length in (2, 1) if piece[:length] in _MEANT), None)
    if sign:
        return with_suggestion(problem, _MEANT[sign])
    code = re.match(r"[A-Za-z][A-Za-z0-9_]{0,19}(?!\w)", piece)
    return with_suggestion(problem, code[0].upper() if code and code[0] != code[0].upper() else None)
