"""Symposiums: one planned, one with invitations out, one concluded; the bureau's words in what districts must not read."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from reporting.documents.own import own_template
from reporting.domain.symposiums.planning import Meeting, answer_invitation, invite_districts, plan_symposium
from reporting.domain.symposiums.results import Item, add_action_item, add_conclusion, find_problems
from reporting.enums.symposiums import DocumentKind, Priority
from reporting.models import Symposium, SymposiumDocument
from tests.matrix.verdicts import Page, bureau
from tests.matrix.world import BUREAU, NORTH, SOUTH, Tenant, World

_CONFIGURES, _CHANGED = "403 403 200", "403 403 302"
_MISSING = bureau("403 403 404")


def plant(world: World) -> None:
    actor, now = world.cast.administrator, world.now
    given: dict[str, Any] = {"actor": actor, "now": now}

    def planned(stage: str, title: str) -> Symposium:
        meeting = Meeting(title, now + timedelta(days=30), "大厅", "主任")
        return plan_symposium(cycle=world.north.reports[stage].cycle, meeting=meeting, seed=7, **given)

    plan = planned("draft", "筹备中的座谈会")
    invited = invite_districts(symposium=planned("approved", "座谈会"), **given)
    for tenant in (world.north, world.south):
        words = {"answer": "no", "person": f"{tenant.canary} person", "note": f"{tenant.canary} note"}
        answer_invitation(symposium=invited, district=tenant.district, actor=tenant.officer, now=now, **words)
    find_problems(symposium=invited, **given)
    conclusion = add_conclusion(symposium=invited, group=Priority.STRATEGY, text=f"{BUREAU} conclusion", actor=actor)
    bare = add_conclusion(symposium=invited, group=Priority.STRATEGY, text=f"{BUREAU} bare conclusion", actor=actor)
    item = Item(f"{BUREAU} item", world.north.district, "计划", timezone.localdate() + timedelta(days=60))
    world.shared |= {
        "symposium": plan,
        "invited": invited,
        "planned_item": plan.agenda.all()[3],
        "invited_item": invited.agenda.all()[3],
        "problem": invited.problems.all()[0],
        "conclusion": conclusion,
        "bare_conclusion": bare,
        "action_item": add_action_item(conclusion=conclusion, item=item, actor=actor),
        "document": SymposiumDocument.objects.create(
            symposium=invited,
            kind="minutes",
            name="纪要.docx",
            content=own_template(DocumentKind.MINUTES),
            as_of=now,
            made_by=actor,
        ),
    }


_READ, _GONE = "302 | 404 | 200 | 200", "302 | 404 | 404 | 200"


def _answer(*_: Any) -> dict[str, Any]:
    return {"answer": "yes", "person": "", "note": ""}


PORTAL = {
    "symposiums": Page("302 | 403 | 200 | 200"),
    "symposium": Page(_READ, "302 | 404 | 403 302 302 | 403", row="invited", body=_answer),
    "symposium#planned": Page("302 | 404 | 404 | 404 404 200", "302 | 404 | 404 | 404 404 403", row="symposium", body=_answer),
    "symposium_pack": Page(_GONE, "405", row="invited", missing="404"),
    "symposium_entry": Page(_READ, "405", row="invited"),
}


def _page(get: str, post: str, row: str = "symposium", **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row=row, missing=_MISSING, **kwargs)


def _meeting(world: World, _tenant: Tenant) -> dict[str, Any]:
    later = timezone.localtime(world.now + timedelta(days=40))
    given = {"title": "Typed", "starts_at": later.strftime("%Y-%m-%dT%H:%M"), "place": "Hall", "chair": "Chair", "version": 1}
    return given | {"cycle": world.north.reports["nil"].cycle.pk}


def _item(_world: World, tenant: Tenant) -> dict[str, Any]:
    deadline = timezone.localdate() + timedelta(days=90)
    return {"title": "Typed", "lead": tenant.district.pk, "deliverable": "Plan", "deadline": str(deadline)}


_P = "admin:reporting_symposium_"
ADMIN = {
    f"{_P}add": Page(bureau(_CONFIGURES), bureau(_CHANGED), body=_meeting),
    **{
        f"{_P}change{mark}": Page(bureau(_CONFIGURES), bureau("405"), row=row, missing=_MISSING, missing_post=bureau("405"))
        for mark, row in (("", "symposium"), ("#invited", "invited"))
    },
    f"{_P}edit": _page(_CONFIGURES, _CHANGED, body=_meeting),
    f"{_P}step": _page(_CONFIGURES, _CHANGED, more={"step": "invite"}),
    f"{_P}step#draw": _page(_CONFIGURES, _CHANGED, more={"step": "draw"}),
    f"{_P}step#cancel": _page(_CONFIGURES, _CHANGED, row="invited", more={"step": "cancel"}),
    f"{_P}step#remind": _page(_CONFIGURES, "403 403 422", row="invited", more={"step": "remind"}),
    f"{_P}step#unknown": _page("403 403 404", "403 403 404", more={"step": "burn"}),
    f"{_P}agenda": _page("405", _CHANGED, more={"item_pk": "planned_item"}, body=lambda *_: {"move": "up"}),
    f"{_P}remarks": _page(
        _CONFIGURES, _CHANGED, row="invited", more={"item_pk": "invited_item"}, body=lambda *_: {"text": "Said."}
    ),
    f"{_P}assessment": _page(_CONFIGURES, _CHANGED, row="invited", body=lambda *_: {"text": "Good."}),
    f"{_P}problem": _page(
        _CONFIGURES, _CHANGED, row="invited", more={"problem_pk": "problem"}, body=lambda *_: {"decision": "accepted"}
    ),
    f"{_P}conclusion": _page(_CONFIGURES, _CHANGED, row="invited", body=lambda *_: {"group": "strategy", "text": "Agreed."}),
    f"{_P}conclusion_remove": _page("405", _CHANGED, row="invited", more={"conclusion_pk": "bare_conclusion"}),
    f"{_P}item": _page(_CONFIGURES, _CHANGED, row="invited", more={"conclusion_pk": "conclusion"}, body=_item),
    f"{_P}document_build": _page("405", _CHANGED, row="invited", more={"kind": "minutes"}, missing_post=bureau("403 403 404")),
    f"{_P}document_build#unknown": _page("405", "403 403 404", row="invited", more={"kind": "poem"}),
    f"{_P}document": _page(_CONFIGURES, "405", row="invited", more={"document_pk": "document"}, missing_post=bureau("405")),
    f"{_P}templates": Page(bureau(_CONFIGURES), bureau("405")),
    f"{_P}template": Page(bureau("405"), bureau(_CHANGED), more={"kind": "briefing"}, body=lambda *_: {"own": "1"}),
    f"{_P}template_file": Page(bureau(_CONFIGURES), bureau("405"), more={"kind": "briefing"}),
    f"{_P}item_remove": _page("405", _CHANGED, row="invited", more={"item_pk": "action_item"}),
}
WORDS: list[tuple[str, str, set[str]]] = [(f"{_P}change#invited", "administrator", {BUREAU, NORTH, SOUTH})]
