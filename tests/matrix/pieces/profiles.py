"""Profiles: one approved and one that waits of each district. Approved ones are read by all districts and hold no words."""

from typing import Any

from districts.domain.profiles import ProfileText, approve_profile, send_profile, write_profile
from districts.models import Industry
from tests.matrix.verdicts import Page, bureau
from tests.matrix.world import NORTH, SOUTH, Tenant, World


def plant(world: World) -> None:
    world.shared["industry"] = industry = Industry.objects.create(name="Software", name_zh="软件")
    for tenant in (world.north, world.south):
        given: dict[str, Any] = {"district": tenant.district, "actor": tenant.head, "now": world.now}
        first = write_profile(version=0, text=ProfileText("数字之城", industries=[industry]), **given)
        first = send_profile(profile=first, actor=tenant.head, now=world.now)
        approve_profile(profile=first, version=first.version, actor=world.cast.approver, now=world.now)
        word = tenant.canary
        text = ProfileText(f"{word} positioning", f"{word} advantages", f"{word} brand", f"{word} path", f"{word} contacts")
        waiting = write_profile(version=0, text=text, **given)
        tenant.rows["profile"] = send_profile(profile=waiting, actor=tenant.head, now=world.now)


_READ = "302 | 404 | 200 | 200"


def _typed(*_: Any) -> dict[str, Any]:
    return {"take_back": "yes"}


PORTAL = {
    "districts": Page("302 | 403 | 200 | 200"),
    "district": Page(_READ, row="code"),
    "district_profile": Page("302 | 404 | 403 403 200 | 403", "302 | 404 | 403 403 302 | 403", row="code", body=_typed),
}


def _step(get: str, post: str, **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row="profile", is_tenants=True, missing=bureau("404"), **kwargs)


def _decision(_world: World, tenant: Tenant) -> dict[str, Any]:
    return {"version": tenant.rows["profile"].version, "reason": "More."}  # type: ignore[attr-defined]


_DECIDES, _DECIDED = "403 200 200", "403 302 302"
_P = "admin:districts_profile_"
ADMIN = {
    f"{_P}change": _step("200", "405"),
    f"{_P}approve": _step(_DECIDES, _DECIDED, body=_decision),
    f"{_P}return": _step(_DECIDES, _DECIDED, body=_decision),
}
WORDS = [
    (f"{_P}changelist", "reviewer", {NORTH}),
    (f"{_P}changelist", "approver", {NORTH, SOUTH}),
    (f"{_P}change", "approver", {NORTH}),
    ("district_profile", "head", {NORTH}),
]
