"""Key tasks: one assigned and one reported as done of each district, with its word in what is written."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task
from reporting.domain.key_tasks.evidence import add_task_file
from reporting.domain.key_tasks.extensions import ask_task_extension
from reporting.domain.key_tasks.progress import tell_progress
from tests.files import JPEG, PNG, Upload
from tests.matrix.verdicts import Page, bureau
from tests.matrix.world import NORTH, SOUTH, Tenant, World

_READ = "302 | 404 | 200 | 200"
_OWNERS = "302 | 404 | 403 302 302 | 403"
_LOOK = "302 | 404 | 403 200 200 | 403"
_DEADLINE = timezone.localdate() + timedelta(days=90)


def plant(world: World) -> None:
    actor = world.cast.approver
    for tenant in (world.north, world.south):
        for kind in ("answered_task", "asking_task", "keytask"):
            given = Assignment(f"{tenant.canary} {kind}", tenant.district, f"{tenant.canary} deliverable", _DEADLINE)
            tenant.rows[kind] = task = assign_key_task(assignment=given, actor=actor, now=world.now)
            if kind == "answered_task":
                answer_key_task(task=task, note=f"{tenant.canary} is done", actor=tenant.officer, now=world.now)
            if kind == "asking_task":
                wanted = _DEADLINE + timedelta(days=9)
                ask_task_extension(task=task, wanted=wanted, why=f"{tenant.canary} why", actor=tenant.head, now=world.now)
        party = task.parties.get()
        tenant.rows["task_party"] = party
        tenant.rows["task_file"] = add_task_file(
            party=party, name=f"{tenant.canary}.png", content=PNG, actor=tenant.officer, now=world.now
        )
        tell_progress(party=party, progress=30, text=f"{tenant.canary} progress", actor=tenant.officer, now=world.now)


def _said(**more: Any) -> Any:
    return lambda *_: {"progress": 40, "text": "More was done."} | more


def _file(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"file": Upload("plan.jpg", JPEG)}


def _one(get: str, post: str = "405", row: str = "keytask", **kwargs: Any) -> Page:
    return Page(get, post, row=row, is_tenants=True, **kwargs)


PORTAL = {
    "key_tasks": Page("302 | 403 | 200 | 200"),
    "key_task": _one(_READ, _OWNERS, body=_said()),
    "key_task#answered": _one(_READ, _OWNERS, row="answered_task", body=_said()),
    "key_task_done": _one(_LOOK, _OWNERS, body=lambda *_: {"note": "Delivered."}),
    "key_task_extension": _one(_LOOK, _OWNERS, body=lambda *_: {"wanted": str(_DEADLINE + timedelta(days=30)), "why": "Late."}),
    "key_task_files": _one("405", _OWNERS, body=_file),
    "key_task_files#answered": _one("405", "302 | 404 | 403 409 409 | 403", row="answered_task", body=_file),
    "key_task_file": _one(_READ, more={"file_pk": "task_file"}),
    "key_task_file_remove": _one(_LOOK, _OWNERS, more={"file_pk": "task_file"}),
    "report_task": _one("405", _OWNERS, row="draft", more={"party_pk": "task_party"}, body=_said(seen=0)),
    "report_task#in_review": _one(
        "405", "302 | 404 | 403 422 422 | 403", row="in_review", more={"party_pk": "task_party"}, body=_said(seen=0)
    ),
}


def _step(get: str, post: str, row: str = "keytask", **kwargs: Any) -> Page:
    return Page(bureau(get), bureau(post), row=row, is_tenants=True, missing=bureau("404"), **kwargs)


def _typed(_world: World, tenant: Tenant) -> dict[str, Any]:
    given = {"title": "Typed", "deliverable": "A plan", "deadline": str(_DEADLINE), "source": "plan", "version": 1}
    return given | {"leads": [tenant.district.pk]}


_DECIDES, _DECIDED = "403 200 200", "403 302 302"
_P = "admin:reporting_keytask_"
ADMIN = {
    f"{_P}add": Page(bureau(_DECIDES), bureau(_DECIDED), body=_typed),
    f"{_P}change": _step("200", "405"),
    f"{_P}timeline": Page(bureau("200"), bureau("405")),
    f"{_P}export": Page(bureau("200"), bureau("405"), more={"extension": "csv"}),
    f"{_P}export#xlsx": Page(bureau("200"), bureau("405"), more={"extension": "xlsx"}),
    f"{_P}export#unknown": Page(bureau("404"), bureau("405"), more={"extension": "pdf"}),
    f"{_P}edit": _step(_DECIDES, _DECIDED, body=_typed),
    f"{_P}step": _step(_DECIDES, _DECIDED, more={"step": "close"}, body=lambda *_: {"note": "Seen."}),
    f"{_P}step#send_back": _step(
        _DECIDES, _DECIDED, row="answered_task", more={"step": "send_back"}, body=lambda *_: {"note": "Not yet."}
    ),
    f"{_P}step#chase": _step("200", "302", more={"step": "chase"}, body=lambda *_: {"note": "Please."}),
    f"{_P}step#unknown": _step("404", "404", more={"step": "burn"}),
    f"{_P}extension": _step(_DECIDES, _DECIDED, row="asking_task", more={"answer": "grant"}),
    f"{_P}extension#refuse": _step(
        _DECIDES, _DECIDED, row="asking_task", more={"answer": "refuse"}, body=lambda *_: {"answer": "No."}
    ),
    f"{_P}extension#unknown": _step("403 404 404", "403 404 404", row="asking_task", more={"answer": "burn"}),
}
WORDS = [
    ("key_tasks", "observer", {NORTH}),
    ("key_task", "head", {NORTH}),
    ("report", "officer", {NORTH, "61803.39"}),
    (f"{_P}changelist", "reviewer", {NORTH}),
    (f"{_P}changelist", "approver", {NORTH, SOUTH}),
    (f"{_P}change", "administrator", {NORTH}),
    (f"{_P}timeline", "reviewer", {NORTH}),
    (f"{_P}timeline", "approver", {NORTH, SOUTH}),
    (f"{_P}export", "reviewer", {NORTH}),
    (f"{_P}export", "administrator", {NORTH, SOUTH}),
    (f"{_P}export#xlsx", "reviewer", {NORTH}),
]
