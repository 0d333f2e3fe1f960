"""Reading JSON that somebody sends: bounded, nothing said twice, numbers as decimals, text that the database can keep."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from reporting.validators.places import Path, Problem

MAX_DEPTH = 12
MAX_ITEMS = 1000
"""Of one list or object."""
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters: the database or a page could not carry them."""


class _BeyondBounds(Exception):
    """So large or so deep that nothing else is looked at."""

    def __init__(self, path: Path, text: str) -> None:
        self.problem = Problem(path, text)
        super().__init__(text)


class _Twice(dict[str, Any]):
    """An object, with the names that stand in it more than once."""

    doubled: tuple[str, ...] = ()


def read_json(content: bytes) -> tuple[Any, list[Problem]]:
    """The value and what is wrong with it as JSON; None where it cannot be read at all."""
    if len(content) > settings.DEFINITION_MAX_BYTES:
        return None, [Problem((), too_large())]
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_no_number,
        )
    except json.JSONDecodeError as error:
        text = _("This is not JSON: line %(line)d, column %(column)d is not as it should be.")
        return None, [Problem((), text % {"line": error.lineno, "column": error.colno})]
    except RecursionError:
        return None, [_BeyondBounds((), _too_deep()).problem]
    except UnicodeDecodeError:
        return None, [Problem((), _("This is not a text file in UTF-8."))]
    except ValueError as error:
        return None, [Problem((), str(error))]
    try:
        return value, list(_walk(value, ()))
    except _BeyondBounds as bound:
        return None, [bound.problem]


def too_large() -> str:
    limit = {"limit": settings.DEFINITION_MAX_BYTES // 1024}
    return _("The file has more than %(limit)d kB; a definition is smaller.") % limit


def _object(pairs: list[tuple[str, Any]]) -> _Twice:
    found = _Twice(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        found.doubled = tuple(sorted({name for name in names if names.count(name) > 1}))
    return found


def _whole(text: str) -> int | Decimal:
    """Python refuses to read thousands of digits as an integer; what is too large is judged where it stands."""
    return int(text) if len(text) <= 40 else Decimal(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(_("%(text)s is no number in JSON.") % {"text": text})


def _too_deep() -> str:
    return _("is nested more than %(depth)d deep.") % {"depth": MAX_DEPTH}


def _walk(value: Any, path: Path) -> Iterator[Problem]:
    if len(path) > MAX_DEPTH:
        raise _BeyondBounds(path, _too_deep())
    if isinstance(value, str):
        if _UNKEPT.search(value):
            yield Problem(path, _("has a control character that cannot be kept: remove it."))
    elif isinstance(value, dict | list):
        yield from _walk_items(value, path)


def _walk_items(value: dict[str, Any] | list[Any], path: Path) -> Iterator[Problem]:
    if len(value) > MAX_ITEMS:
        numbers = {"number": len(value), "limit": MAX_ITEMS}
        raise _BeyondBounds(path, _("has %(number)d entries; %(limit)d are possible.") % numbers)
    for name in getattr(value, "doubled", ()):
        yield Problem((*path, clean(name)), _("stands twice: which of them is meant?"))
    for name, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(name, str) and _UNKEPT.search(name):
            yield Problem((*path, clean(name)), _("has a control character that cannot be kept: remove it."))
        yield from _walk(item, (*path, clean(name) if isinstance(name, str) else name))


def clean(text: str, length: int = 60) -> str:
    """Of a text from a file, what a sentence can show."""
    shown = _UNKEPT.sub("�", text)
    return shown if len(shown) <= length else f"{shown[:length]}…"
