"""The table of portfolios as it comes back: which rows were shown with what, and what is wanted instead.

Rows are written as `12:3.4`: the district's number, then those of the bureau roles that have it.
"""

import re

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from districts.errors import DomainError
from districts.queries.portfolios import PAGE, Roles, Row, Wish

SEEN, WANTED = "seen", "wanted"
_TICKS = "district-"
_NUMBER = r"\d{1,18}"
_ROW = re.compile(rf"({_NUMBER}):((?:{_NUMBER}(?:\.{_NUMBER})*)?)", re.ASCII)


def name_of(district_id: int) -> str:
    """Of the ticks in a district's row."""
    return f"{_TICKS}{district_id}"


def written(rows: dict[int, Roles]) -> str:
    return " ".join(f"{pk}:{'.'.join(map(str, sorted(roles)))}" for pk, roles in rows.items())


def seen_in(rows: tuple[Row, ...]) -> str:
    return written({row.district.pk: row.stored for row in rows})


def wishes_from(given: QueryDict) -> list[Wish]:
    """From the table's ticks, or from the page that asks once more. DomainError for what neither of them sends."""
    seen = _read(given.get(SEEN, ""))
    wanted = _read(given.get(WANTED, "")) if WANTED in given else {pk: _numbers(given.getlist(name_of(pk))) for pk in seen}
    ticked = {name for name in given if name.startswith(_TICKS)}
    if wanted.keys() != seen.keys() or ticked - {name_of(pk) for pk in seen}:
        raise _unreadable()
    return [Wish(pk, seen[pk], wanted[pk]) for pk in seen]


def _read(text: str) -> dict[int, Roles]:
    parts = text.split(" ")
    found = [match for match in map(_ROW.fullmatch, parts) if match]
    rows = {int(match[1]): _numbers(match[2].split(".") if match[2] else []) for match in found}
    if not 0 < len(rows) == len(parts) <= PAGE:
        raise _unreadable()
    return rows


def _numbers(texts: list[str]) -> Roles:
    if not all(re.fullmatch(_NUMBER, text, re.ASCII) for text in texts):
        raise _unreadable()
    return frozenset(map(int, texts))


def _unreadable() -> DomainError:
    return DomainError(_("This is not what the table sends. Open it again and repeat what you did."))
