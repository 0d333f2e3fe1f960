"""How the tables of pages declare what each role is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.matrix.world import BUREAU_ROLES, DISTRICT_ROLES, Tenant, World

SIGNED_OUT, OUTSIDE = ("anonymous", "deactivated"), ("outsider", "revoked")
SEES_ALL = ("approver", "administrator")
MISSING = 987654321
"""No row has this number; nor is there a district of this code."""
_AWAY = "302 | 302 | 302 |"

Body = Callable[[World, Tenant], dict[str, Any]]


def nothing(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Page:
    """One URL with what stands in it and what is posted to it.

    Codes stand for: signed out | outside | observer officer head | reviewer approver administrator. A single code within bars is
    everybody's there; a single code alone is that of all who are signed in.
    """

    get: str
    post: str = "405"
    row: str = ""
    """The report's stage, or the name of the row, whose number stands in the URL."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments: plain ones, and `part` and those whose names end in `_pk` as the name of a row."""
    arguments: Body | None = None
    """All that stands in the URL, where neither `row` nor `more` says it."""
    body: Body = nothing
    query: str = ""
    is_tenants: bool = False
    """The row is a district's: another district's answers as a missing one, but to those who see all."""
    missing: str = "404"
    """For a row that is not there; where the method itself is refused, that comes first."""
    missing_post: str = ""
    """Where a post is answered in another way than a look."""
    form: bool = False
    """Whether the body is the page's own form, as an administrator gets it, with `body` typed over it."""
    writers: tuple[str, ...] | None = None
    """Whose post changes something: by default of those who work with the page and get 200 or 302."""

    def hides(self, role: str) -> bool:
        """Whether the other district's row is to the role as if it were not there."""
        return role not in SEES_ALL

    def codes(self, method: str) -> dict[str, int]:
        return read({"GET": self.get, "POST": self.post}.get(method, "405 | 405 | 405 | 405"))

    def codes_of(self, method: str, target: str) -> dict[str, int]:
        """By role, of the "own" row, a "foreign" one, or a "missing" one."""
        own = self.codes(method)
        if target == "own":
            return own
        given = (method == "POST" and self.missing_post) or self.missing
        missing = {role: own[role] if own[role] == 405 else code for role, code in read(given).items()}
        missing |= {role: own[role] for role in SIGNED_OUT if own[role] != 200}
        everywhere = SEES_ALL if target == "foreign" else ()
        return missing | {role: own[role] for role in everywhere}

    def writers_of(self, target: str) -> frozenset[str]:
        """The roles whose post changes something; nobody's does at a missing row, nor at a foreign one, but of who sees all."""
        if target == "missing":
            return frozenset()
        codes = self.codes("POST")
        at_work = BUREAU_ROLES if self.get.startswith(_AWAY) else (*DISTRICT_ROLES, *BUREAU_ROLES)
        found = set(self.writers if self.writers is not None else (role for role in at_work if codes[role] in {200, 302}))
        return frozenset(found & set(SEES_ALL) if target == "foreign" else found)


def read(codes: str) -> dict[str, int]:
    groups = [part.split() for part in codes.split("|")]
    if len(groups) == 1:
        groups = [["302"], groups[0], groups[0], groups[0]]
    found: dict[str, int] = {}
    for roles, given in zip((SIGNED_OUT, OUTSIDE, DISTRICT_ROLES, BUREAU_ROLES), groups, strict=True):
        each = given * len(roles) if len(given) == 1 else given
        found |= {role: int(code) for role, code in zip(roles, each, strict=True)}
    return found


def bureau(codes: str) -> str:
    """Codes of a page of the bureau's: everybody else is sent away."""
    return f"{_AWAY} {codes}"
