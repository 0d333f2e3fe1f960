"""Releases and bulletins: drafts, internal ones and one whose instant is to come; what is public has nobody's words."""

from datetime import timedelta
from typing import Any

from reporting.domain.releases import (
    BulletinText,
    ReleaseText,
    prepare_release,
    schedule_release,
    show_internally,
    write_bulletin,
)
from reporting.enums.publication import Detail
from reporting.models import Indicator, Release
from tests.matrix.verdicts import Page, bureau
from tests.matrix.world import BUREAU, DRAFT, NORTH_NUMBER, SOUTH_NUMBER, Tenant, World

_ANY = "200 | 200 | 200 | 200"
_GONE = "404 | 404 | 404 | 404"
_NO = "405 | 405 | 405 | 405"


def plant(world: World) -> None:
    """The figures of the approved reports, which nobody outside the bureau may read before the instant; one of none is public."""
    actor, now, indicators = world.cast.administrator, world.now, list(Indicator.objects.filter(code="P1"))
    cycle = world.north.reports["approved"].cycle
    given: dict[str, Any] = {"indicators": indicators, "detail": Detail.DISTRICTS, "actor": actor, "now": now}
    draft = prepare_release(cycle=cycle, text=ReleaseText(f"{BUREAU} {DRAFT} title"), **given)
    ahead = prepare_release(cycle=world.north.reports["amending"].cycle, text=ReleaseText(f"{DRAFT} title"), **given)
    schedule_release(item=show_internally(item=ahead, actor=actor), at=now + timedelta(days=1), actor=actor, now=now)
    public = prepare_release(cycle=world.north.reports["nil"].cycle, text=ReleaseText("公开发布"), **given)
    schedule_release(item=show_internally(item=public, actor=actor), at=now, actor=actor, now=now)
    text: dict[str, Any] = {"issuer": "局", "day": now.date(), "body": f"{BUREAU} {DRAFT} body"}
    bulletin = write_bulletin(
        text=BulletinText(number="1", headline=f"{BUREAU} {DRAFT}", **text), release=None, actor=actor, now=now
    )
    told = write_bulletin(
        text=BulletinText(number="2", headline="公开简报", **text | {"body": "全文。"}),
        release=None,
        actor=actor,
        now=now,
    )
    schedule_release(item=show_internally(item=told, actor=actor), at=now, actor=actor, now=now)
    internal = write_bulletin(
        text=BulletinText(number="3", headline="内部简报", **text | {"body": "内部。"}), release=None, actor=actor, now=now
    )
    show_internally(item=internal, actor=actor)
    world.shared |= {"release": draft, "ahead": Release.objects.get(pk=ahead.pk), "public_release": public}
    world.shared |= {"bulletin": bulletin, "public_bulletin": told, "internal_bulletin": internal}


def _public(get: str = _ANY, **kwargs: Any) -> Page:
    return Page(get, _NO, missing=_GONE, **kwargs)


PORTAL = {
    "public": _public(),
    "public_bulletins": _public(),
    "public_indicators": _public(),
    "public_feed": _public(),
    "public_bulletin": _public(row="public_bulletin"),
    "public_bulletin#draft": _public(_GONE, row="bulletin"),
    "public_bulletin#internal": _public(_GONE, row="internal_bulletin"),
    "public_release": _public(row="public_release"),
    "public_release#draft": _public(_GONE, row="release"),
    "public_release#ahead": _public(_GONE, row="ahead"),
    "public_download": _public(row="public_release", more={"extension": "csv"}),
    "public_download#xlsx": _public(row="public_release", more={"extension": "xlsx"}),
    "public_download#ahead": _public(_GONE, row="ahead", more={"extension": "csv"}),
    "public_download#unknown": _public(_GONE, row="public_release", more={"extension": "pdf"}),
}
_API = {
    f"public_api:{name}": Page(_ANY, _NO) for name in ("releases", "indicators", "bulletins", "observations", "observations_csv")
}
PORTAL |= _API | {"public_api_description": Page(_ANY, _NO), "public_api:api-root": Page(_GONE, _GONE)}
_OWN, _DONE, _MISSING = "404 404 200", "404 404 302", bureau("404")
"""Drafts are there for administrators alone."""


def _staged(get: str, post: str, row: str, **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row=row, missing=_MISSING, **kwargs)


def _release(_world: World, _tenant: Tenant) -> dict[str, Any]:
    number = Indicator.objects.get(code="P1").pk
    return {"title": "Typed", "detail": "city", "indicators": [number], "version": 1}


def _new_release(world: World, tenant: Tenant) -> dict[str, Any]:
    return _release(world, tenant) | {"cycle": world.north.reports["draft"].cycle.pk}


def _bulletin(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"number": "9", "issuer": "Bureau", "day": "2026-08-30", "headline": "Typed", "body": "Text.", "version": 1}


_R, _B = "admin:reporting_release_", "admin:reporting_bulletin_"
_ADDS: dict[str, Any] = {"get": bureau("403 403 200"), "post": bureau("403 403 302")}
ADMIN = {
    f"{_R}add": Page(**_ADDS, body=_new_release),
    **{
        f"{kind}history": Page(bureau(_OWN), bureau(_OWN), row=row, missing=bureau("404"), writers=())
        for kind, row in ((_R, "release"), (_B, "bulletin"))
    },
    f"{_R}change": _staged(_OWN, "405", "release"),
    f"{_R}change#ahead": _staged("200", "405", "ahead"),
    f"{_R}edit": _staged(_OWN, _DONE, "release", body=_release),
    f"{_R}step": _staged(_OWN, _DONE, "release", more={"step": "internal"}),
    f"{_R}step#rebuild": _staged(_OWN, _DONE, "release", more={"step": "rebuild"}),
    f"{_R}step#call_off": _staged("403 403 200", "403 403 302", "ahead", more={"step": "call_off"}),
    f"{_R}step#unknown": _staged("404", "404", "ahead", more={"step": "burn"}),
    f"{_B}add": Page(**_ADDS, body=_bulletin),
    f"{_B}change": _staged(_OWN, "405", "bulletin"),
    f"{_B}change#internal": _staged("200", "405", "internal_bulletin"),
    f"{_B}edit": _staged(_OWN, _DONE, "bulletin", body=_bulletin),
    f"{_B}step": _staged(_OWN, _DONE, "bulletin", more={"step": "internal"}),
    f"{_B}step#release": _staged("403 403 200", "403 403 302", "internal_bulletin", more={"step": "release"}),
    f"{_B}step#draft": _staged("403 403 200", "403 403 302", "internal_bulletin", more={"step": "draft"}),
}
WORDS = [
    (f"{_R}change", "administrator", {BUREAU, DRAFT, NORTH_NUMBER, SOUTH_NUMBER}),
    (f"{_B}change", "administrator", {BUREAU, DRAFT}),
]
