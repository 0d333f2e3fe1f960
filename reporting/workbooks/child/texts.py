"""Texts of a workbook as a person sees them."""

from __future__ import annotations

TYPE_CHECKING = False  # see child/__init__.py
if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSEEN = {code: None for code in range(32) if chr(code) not in "\t\n"}
_HEX = frozenset("0123456789abcdefABCDEF")
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """With its escapes (`_x000D_`) resolved, new lines as one character, and no control characters."""
    if "_x" in text:
        text = _resolved(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else text.translate(_UNSEEN)


def _resolved(text: str) -> str:
    """A character that XML cannot hold is written as its number."""
    units, at = [], 0
    while (place := text.find("_x", at)) >= 0:
        number = text[place + 2 : place + 6]
        if text[place + 6 : place + 7] == "_" and _HEX.issuperset(number):
            units += [text[at:place], chr(int(number, 16))]
            at = place + 7
        else:
            units.append(text[at : place + 2])
            at = place + 2
    units.append(text[at:])
    return "".join(_characters("".join(units)))


def _characters(units: str) -> Iterator[str]:
    """Halves of a pair as the one character that they are; half of a pair, and what is no character, as its replacement."""
    at = 0
    while at < len(units):
        first, second = units[at], units[at + 1 : at + 2]
        if "\ud800" <= first <= "\udbff" and "\udc00" <= second <= "\udfff":
            yield chr(0x10000 + ((ord(first) - 0xD800) << 10) + ord(second) - 0xDC00)
            at += 2
        else:
            yield _REPLACEMENT if "\ud800" <= first <= "\udfff" or first in "\ufffe\uffff" else first
            at += 1
