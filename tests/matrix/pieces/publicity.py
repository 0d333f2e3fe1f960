"""The publicity plan: a proposal and an approved plan of each district, and one of the bureau's."""

from typing import Any

from django.utils import timezone

from reporting.domain.publicity import Plan, approve_publicity, propose_publicity
from reporting.enums.publicity import OutletKind, PublicityKind
from reporting.models import Outlet, PublicityItem
from tests.matrix.verdicts import Body, Page, bureau
from tests.matrix.world import NORTH, SOUTH, Tenant, World

_READ = "302 | 404 | 200 | 200"
_OWNERS = "302 | 404 | 403 302 302 | 403"
_LOOK = "302 | 404 | 403 200 200 | 403"
_DAY = str(timezone.localdate())


def plant(world: World) -> None:
    outlet = Outlet.objects.create(name="Agency", name_zh="通讯社", kind=OutletKind.NEWS_AGENCY)
    world.shared["outlet"], approver = outlet, world.cast.approver
    for tenant in (world.north, world.south):
        for kind in ("approved_publicity", "publicityitem"):
            words: dict[str, Any] = {name: f"{tenant.canary} {name}" for name in ("summary", "place")}
            plan = Plan(PublicityKind.STORY, f"{tenant.canary} {kind}", first_day=timezone.localdate(), outlets=[outlet], **words)
            item = propose_publicity(district=tenant.district, plan=plan, actor=tenant.officer, now=world.now)
            tenant.rows[kind] = item
        approve_publicity(item=PublicityItem.objects.get(pk=tenant.rows["approved_publicity"].pk), actor=approver, now=world.now)
    plan = Plan(PublicityKind.EVENT, "Conference", "For all districts.", timezone.localdate(), outlets=[outlet])
    own = propose_publicity(district=None, plan=plan, actor=world.cast.administrator, now=world.now)
    world.shared["bureaus_publicity"] = own


def _typed(**more: Any) -> Body:
    def body(world: World, tenant: Tenant) -> dict[str, Any]:
        given = {
            "kind": "story",
            "title": "Typed",
            "summary": "Typed.",
            "first_day": _DAY,
            "outlets": [world.shared["outlet"].pk],
        }
        return given | {"district": tenant.district.pk, "version": 1} | more

    return body


def _out(world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"outlet": world.shared["outlet"].pk, "link": "https://example.org/story", "out_on": _DAY}


def _one(get: str, post: str = "405", row: str = "publicityitem", **kwargs: Any) -> Page:
    return Page(get, post, row=row, is_tenants=True, **kwargs)


PORTAL = {
    "publicity": Page("302 | 403 | 200 | 200"),
    "publicity_new": Page("302 | 403 | 403 200 200 | 403", "302 | 403 | 403 302 302 | 403", body=_typed()),
    "publicity_item": _one(_READ, "302 | 404 | 403 409 409 | 403", body=_out),
    "publicity_item#approved": _one(_READ, _OWNERS, row="approved_publicity", body=_out),
    "publicity_item#bureaus": Page(_READ, "302 | 404 | 403 | 403", row="bureaus_publicity", body=_out),
    "publicity_change": _one(_LOOK, _OWNERS, body=_typed()),
    "publicity_change#approved": _one(
        "302 | 404 | 403 302 302 | 403", "302 | 404 | 403 409 409 | 403", row="approved_publicity", body=_typed(version=2)
    ),
    "publicity_withdraw": _one(_LOOK, _OWNERS, body=lambda *_: {"reason": "Not ready."}),
    "publicity_withdraw#approved": _one(_LOOK, _OWNERS, row="approved_publicity", body=lambda *_: {"reason": "Not ready."}),
}


def _step(get: str, post: str, row: str = "publicityitem", **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row=row, is_tenants=True, missing=bureau("404"), **kwargs)


_DECIDES, _DECIDED = "403 200 200", "403 302 302"
_P = "admin:reporting_publicityitem_"
ADMIN = {
    f"{_P}add": Page(bureau("403 403 200"), bureau("403 403 302"), body=_typed()),
    f"{_P}counts": Page(bureau("200"), bureau("405")),
    f"{_P}change": _step("200", "405"),
    f"{_P}edit": _step(_DECIDES, _DECIDED, body=_typed()),
    f"{_P}approve": _step(_DECIDES, _DECIDED),
    f"{_P}decline": _step(_DECIDES, _DECIDED, body=lambda *_: {"reason": "Not now."}),
    f"{_P}withdraw": Page(
        bureau("403 403 200"),
        bureau("403 403 302"),
        row="bureaus_publicity",
        missing=bureau("404"),
        body=lambda *_: {"reason": "Not now."},
    ),
    f"{_P}note": _step(
        _DECIDES,
        _DECIDED,
        row="approved_publicity",
        more={"outlet_pk": "outlet"},
        body=lambda *_: {"link": "https://example.org/story", "out_on": _DAY},
    ),
}
WORDS = [
    ("publicity", "observer", {NORTH}),
    ("publicity_item", "head", {NORTH}),
    (f"{_P}changelist", "reviewer", {NORTH}),
    (f"{_P}changelist", "approver", {NORTH, SOUTH}),
]
