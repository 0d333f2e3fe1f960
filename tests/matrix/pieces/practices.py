"""Practices: of each district one that waits and one that is endorsed, which everybody reads."""

from typing import Any

from reporting.domain.practices import Shared, endorse_practice, propose_practice
from reporting.enums.practices import PracticeTopic
from reporting.models import Practice
from tests.matrix.verdicts import Body, Page, bureau
from tests.matrix.world import NORTH, SOUTH, Tenant, World

_OWNERS = "302 | 404 | 403 302 302 | 403"
_LOOK = "302 | 404 | 403 200 200 | 403"


def plant(world: World) -> None:
    known = Shared(PracticeTopic.DATA, "推荐的做法", "各区可读。", "办公室")
    told = propose_practice(district=world.north.district, shared=known, actor=world.north.officer, now=world.now)
    world.shared["endorsed_practice"] = endorse_practice(
        practice=Practice.objects.get(pk=told.pk), actor=world.cast.approver, now=world.now
    )
    for tenant in (world.north, world.south):
        shared = Shared(PracticeTopic.DATA, f"{tenant.canary} practice", f"{tenant.canary} is done", "Office", "A result")
        tenant.rows["practice"] = propose_practice(district=tenant.district, shared=shared, actor=tenant.officer, now=world.now)


def _typed(**more: Any) -> Body:
    def body(_world: World, tenant: Tenant) -> dict[str, Any]:
        given = {"topic": "data", "title": "Typed", "summary": "Typed.", "contact": "Office", "version": 1}
        return given | {"district": tenant.district.pk} | more

    return body


def _one(get: str, post: str, **kwargs: Any) -> Page:
    return Page(get, post, row="practice", is_tenants=True, **kwargs)


PORTAL = {
    "practices": Page("302 | 403 | 200 | 200"),
    "practice_new": Page("302 | 403 | 403 200 200 | 403", "302 | 403 | 403 302 302 | 403", body=_typed()),
    "practice": _one("302 | 404 | 200 | 200", "302 | 404 | 403 | 403"),
    "practice_change": _one(_LOOK, _OWNERS, body=_typed()),
    "practice_withdraw": _one(_LOOK, _OWNERS, body=lambda *_: {"reason": "Over."}),
}


def _step(get: str, post: str, **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row="practice", is_tenants=True, missing=bureau("404"), **kwargs)


_DECIDES, _DECIDED = "403 200 200", "403 302 302"
_P = "admin:reporting_practice_"
ADMIN = {
    f"{_P}change": _step("200", "405"),
    f"{_P}endorse": _step(_DECIDES, _DECIDED),
    f"{_P}decline": _step(_DECIDES, _DECIDED, body=lambda *_: {"reason": "Not now."}),
}
WORDS = [
    ("practices", "observer", {NORTH}),
    ("practice", "head", {NORTH}),
    (f"{_P}changelist", "reviewer", {NORTH}),
    (f"{_P}changelist", "approver", {NORTH, SOUTH}),
]
