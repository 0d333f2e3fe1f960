"""What the bureau's pages answer: Django's own pages of each model, and the portal's steps."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from reporting.admin.part_deletion import part_token
from reporting.queries.outline import order_of, order_token
from tests.files import Upload, archive
from tests.matrix.verdicts import Body, Page, bureau
from tests.matrix.world import Tenant, World
from tests.reporting.files import content_of

NEXT_YEAR = str(timezone.localdate() + timedelta(days=365))

_CONFIGURATION = "403 403 200"
_CHANGED = "403 403 302"
_ADDING = {"403": "403", "200": "302", _CONFIGURATION: _CHANGED}
"""What a new row is answered, by what its page is."""

PREFIXES = {
    "actinghead": "districts",
    "bureaurole": "districts",
    "deputy": "districts",
    "district": "districts",
    "industry": "districts",
    "profile": "districts",
    "membership": "districts",
    "outgoingmail": "districts",
    "user": "districts",
    "workdayoverride": "districts",
    **dict.fromkeys(
        (
            "adjustment",
            "bulletin",
            "cycle",
            "definition",
            "definitionversion",
            "enquiry",
            "event",
            "indicator",
            "job",
            "keytask",
            "outlet",
            "petition",
            "practice",
            "publicityitem",
            "release",
            "reminderpolicy",
            "submission",
            "symposium",
            "target",
        ),
        "reporting",
    ),
}
RECORDS = {
    "bulletin",
    "enquiry",
    "event",
    "job",
    "keytask",
    "outgoingmail",
    "petition",
    "practice",
    "profile",
    "publicityitem",
    "release",
    "submission",
}
DELETABLE = {"bureaurole", "membership", "workdayoverride"}
NOT_ADDED = {"definitionversion", "user"}
NOT_CHANGED = {"actinghead", "adjustment", "deputy", "target"}
OPEN_TO_ALL = {"deputy"}
"""Everybody at the bureau sees the own ones and adds one."""


_NEW = {"email": "new@example.org", "full_name": "New Person"}
_TODAY = str(timezone.localdate())
ADDED: dict[str, dict[str, Any]] = {
    "actinghead": {"membership": lambda _, tenant: tenant.rows["membership"], "first_day": _TODAY, "last_day": _TODAY},
    "adjustment": {
        "cycle": lambda world, _: world.shared["opened"], "indicator": lambda world, _: world.shared["indicator"],
        "value": "1", "base": "1", "reason": "Other.",
    },
    "bureaurole": {**_NEW, "role": "reviewer", "scope": "all"},
    "cycle": {
        "definition_version": lambda world, _: world.shared["published"], "period": "2034-S1", "due_at_0": NEXT_YEAR,
        "due_at_1": "18:00", "locks_at_0": NEXT_YEAR, "locks_at_1": "18:00",
        "reminder_policy": lambda world, _: world.shared["policy"],
    },
    "deputy": {
        "absent": lambda world, _: world.shared["bureaurole"], "deputy": lambda world, _: world.shared["otherrole"],
        "first_day": _TODAY, "last_day": _TODAY,
    },
    "definition": {"slug": "other", "name": "Other", "frequency": "yearly"},
    "district": {
        "code": "east", "name": "Eastgate", "name_zh": "东区", "peer_group": "urban", "grid_row": "50", "grid_column": "50",
    },
    "indicator": {
        "code": "OTHER", "name": "Other", "name_zh": "其他", "unit": "firms", "decimals": "0", "measure": "stock",
        "direction": "up", "city_aggregation": "sum",
    },
    "membership": {**_NEW, "district": lambda _, tenant: tenant.district, "role": "officer"},
    "industry": {"name": "Other", "name_zh": "其他"},
    "outlet": {"name": "Other", "name_zh": "其他", "kind": "online"},
    "reminderpolicy": {"name": "Other", "quiet_from": "18:00", "quiet_until": "08:30"},
    "workdayoverride": {"date": "2031-05-01", "reason": "Other."},
}  # fmt: skip
CHANGED = {
    "bureaurole": {"role": "approver"},
    "cycle": {"period": "2034-S1"},
    "definition": {"name": "Renamed"},
    "district": {"specialty": "Chips"},
    "indicator": {"name": "Renamed"},
    "membership": {"role": "officer"},
    "industry": {"name": "Renamed"},
    "outlet": {"name": "Renamed"},
    "reminderpolicy": {"name": "Renamed"},
    "user": {"full_name": "Renamed"},
    "workdayoverride": {"reason": "Renamed"},
}


def _page(codes: str, post: str, **kwargs: Any) -> Page:
    return Page(bureau(codes), bureau(post), **kwargs)


def _pages_of(model: str) -> dict[str, Page]:
    prefix = PREFIXES[model]
    name = f"admin:{prefix}_{model}_".__add__
    is_record, is_open = model in RECORDS, model in RECORDS | OPEN_TO_ALL
    listed = "200" if is_open else _CONFIGURATION
    added = "403" if is_record or model in NOT_ADDED else listed
    one: dict[str, Any] = {"row": model, "is_tenants": is_open}
    gone = {"missing": bureau("302" if is_open else _CHANGED)}
    kept = is_record or model in NOT_CHANGED
    deleted = (_CONFIGURATION, _CHANGED) if model in DELETABLE else ("403", "403")
    look_back = {"missing": bureau("404" if is_open else "403 403 404"), "writers": ()}
    return {
        name("changelist"): _page(listed, listed, writers=()),
        name("add"): _page(added, _ADDING[added], form=added != "403", body=_given(ADDED.get(model, {}))),
        name("history"): _page(listed, listed, **one, **look_back),
        name("change"): _page(
            listed,
            "403" if kept else _CHANGED,
            **one,
            **gone,
            missing_post=bureau("403") if kept else "",
            form=not kept,
            body=_given(CHANGED.get(model, {})),
        ),
        name("delete"): _page(*deleted, **one, missing=bureau(deleted[1]), body=_given({"post": "yes"})),
        f"admin/{prefix}/{model}/<path:object_id>/": _page("302", "302", **one, missing=bureau("302"), writers=()),
    }


def _given(values: dict[str, Any]) -> Body:
    """With rows by their numbers, where a value is the name of one."""

    def body(world: World, tenant: Tenant) -> dict[str, Any]:
        return {name: value(world, tenant).pk if callable(value) else value for name, value in values.items()}

    return body


def _step(step: str, stage: str, get: str, post: str, **given: Any) -> Page:
    def body(_world: World, tenant: Tenant) -> dict[str, Any]:
        return {"revision": tenant.reports[stage].working_revision_id, **given}

    return _page(get, post, row=stage, more={"step": step}, is_tenants=True, body=body, missing=bureau("404"))


_VERSION: dict[str, Any] = {"row": "definitionversion", "missing": bureau("403 403 404")}
PARTS: dict[str, dict[str, Any]] = {
    "section": {"title": "Other"},
    "question": {"kind": "text", "label": "Other?", "section": lambda world, _: world.shared["section"]},
    "rule": {"expression": "P1 > 1", "severity": "soft", "message": "Look.", "question_keys": "P1"},
    "check": {"kind": "ascending", "codes": "P1\nP2"},
}


def _pages_of_part(kind: str, typed: dict[str, Any]) -> dict[str, Page]:
    name = "admin:reporting_definitionversion_part{}#{}".format
    body, both = _given(typed), {"kind": kind, "part": kind}
    is_sum = kind == "check"  # the sketch asks for one indicator alone
    written = "403 403 422" if is_sum else _CHANGED
    pages = {
        name("_add", kind): _page(_CONFIGURATION, written, form=True, body=body, more={"kind": kind}, **_VERSION),
        name("", kind): _page(_CONFIGURATION, written, form=True, body=body, more=both, **_VERSION),
        name("_delete", kind): _page(_CONFIGURATION, _CHANGED, body=_deleted(kind), more=both, **_VERSION),
    }
    moved = _page("405", _CHANGED, body=_moved, more=both, **_VERSION)
    return pages | ({name("_move", kind): moved} if kind in {"section", "question"} else {})


def _deleted(kind: str) -> Body:
    return lambda world, _tenant: {"seen": part_token(world.shared[kind])}


def _moved(world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"to": "down", "seen": order_token(order_of(world.shared["definitionversion"].pk))}


_LATER = f"{timezone.now().year + 1}-07-31T18:00"
_TENANTS: dict[str, Any] = {"is_tenants": True, "missing": bureau("404")}
_APPROVERS = "403 302 302"
_ARCHIVE = archive({"a.xlsx": b"none"})
_OWNERS = "200 404 404"
"""Of a job, which is its reviewer's alone."""
STEPS = {
    "admin:reporting_submission_change": _page("200", "405", row="in_review", **_TENANTS),
    "admin:reporting_submission_history": _page("302", "302", row="in_review", writers=(), **_TENANTS),
    "admin:reporting_submission_step": _step("begin_review", "submitted", "200", "302"),
    "admin:reporting_submission_step#return": _step("return", "commented", "200", "302", due_at=_LATER, note="Please."),
    "admin:reporting_submission_step#approve": _step("approve", "checked", "200", _APPROVERS),
    "admin:reporting_submission_step#reopen": _step("reopen", "approved", "200", _APPROVERS, due_at=_LATER, note="Wrong."),
    "admin:reporting_submission_step#release": _step("release", "draft", "200", _APPROVERS, note="Merged."),
    "admin:reporting_submission_step#expect": _step("expect", "submitted", "200", "403 409 409"),
    "admin:reporting_submission_step#unknown": _page("404", "404", row="submitted", more={"step": "sign"}, **_TENANTS),
    "admin:reporting_submission_check": _page(
        "200",
        "302",
        row="in_review",
        body=lambda _world, tenant: {"revision": tenant.reports["in_review"].working_revision_id, "note": "Read."},
        **_TENANTS,
    ),
    "admin:reporting_submission_check#checked": _page("200", "422", row="checked", body=lambda *_: {"note": "\x00"}, **_TENANTS),
    "admin:reporting_submission_change#checked": _page("200", "405", row="checked", **_TENANTS),
    "admin:reporting_enquiry_change": _page("200", "405", row="enquiry", **_TENANTS),
    "admin:reporting_enquiry_history": _page("302", "302", row="enquiry", writers=(), **_TENANTS),
    "admin:reporting_enquiry_answer": _page("405", "302", row="enquiry", body=lambda *_: {"text": "Yes."}, **_TENANTS),
    "admin:reporting_enquiry_close": _page("405", "302", row="enquiry", **_TENANTS),
    "admin:reporting_petition_change": _page("200", "405", row="petition", **_TENANTS),
    "admin:reporting_petition_change#refused": _page("200", "405", row="refused", **_TENANTS),
    "admin:reporting_petition_change#amendment": _page("200", "405", row="amendment", **_TENANTS),
    "admin:reporting_petition_history": _page("302", "302", row="petition", writers=(), **_TENANTS),
    "admin:reporting_petition_grant": _page("200", "302", row="petition", body=lambda *_: {"due_at": _LATER}, **_TENANTS),
    "admin:reporting_petition_grant#amendment": _page(
        "403 200 200", _APPROVERS, row="amendment", body=lambda *_: {"due_at": _LATER, "note": "Wrong."}, **_TENANTS
    ),
    "admin:reporting_petition_grant#refused": _page("302", "409", row="refused", body=lambda *_: {"due_at": _LATER}, **_TENANTS),
    "admin:reporting_petition_refuse": _page("200", "302", row="petition", body=lambda *_: {"reason": "No."}, **_TENANTS),
    "admin:reporting_petition_refuse#amendment": _page(
        "403 200 200", _APPROVERS, row="amendment", body=lambda *_: {"reason": "No."}, **_TENANTS
    ),
    "admin:reporting_submission_change#asking": _page("200", "405", row="asking", **_TENANTS),
    "admin:reporting_submission_change#amending": _page("200", "405", row="amending", **_TENANTS),
    "admin:reporting_submission_due": _page(
        "200", "302", row="draft", body=lambda _world, _tenant: {"due_at": _LATER, "note": "More time."}, **_TENANTS
    ),
    "admin:reporting_submission_comment_add": _page(
        "405", "302", row="in_review", body=lambda _world, _tenant: {"question_key": "plans", "text": "Why?"}, **_TENANTS
    ),
    "admin:reporting_submission_comment": _page(
        "405", "302", row="in_review", more={"comment_pk": "draft"}, body=lambda *_: {"text": "Other.", "version": 1}, **_TENANTS
    ),
    "admin:reporting_submission_comment_delete": _page("405", "302", row="in_review", more={"comment_pk": "draft"}, **_TENANTS),
    "admin:reporting_submission_compare": _page("200", "405", row="approved", more={"before": 1, "after": 2}, **_TENANTS),
    "admin:reporting_submission_approve_many": _page(
        "200", "200", writers=("approver", "administrator"), body=lambda world, _tenant: approvals(world)
    ),
    "admin:reporting_submission_chase": _page("200", "200", body=lambda world, _tenant: chases(world)),
    "admin:reporting_cycle_step": _page(
        _CONFIGURATION,
        _CHANGED,
        row="cycle",
        more={"step": "open"},
        body=_given({"confirm": "yes"}),
        missing=bureau("403 403 404"),
    ),
    "admin:reporting_job_exchange": _page("200", "302", body=lambda world, _tenant: workbooks(world, "download")),
    "admin:reporting_job_exchange#upload": _page(
        "200", "302", body=lambda world, _tenant: workbooks(world, "upload") | {"archive": Upload("mail.zip", _ARCHIVE)}
    ),
    "admin:reporting_job_exchange#nothing": _page("200", "422", body=lambda world, _tenant: workbooks(world, "upload")),
    "admin:reporting_job_change": _page(_OWNERS, "405", row="job", **_TENANTS),
    "admin:reporting_job_history": _page("302 404 404", "302 404 404", row="job", writers=(), **_TENANTS),
    "admin:reporting_job_progress": _page(_OWNERS, "405", row="job", **_TENANTS),
    "admin:reporting_job_cancel": _page("405", "302 404 404", row="waiting_job", **_TENANTS),
    "admin:reporting_job_result": _page(_OWNERS, "405", row="job", **_TENANTS),
    "admin:reporting_job_results": _page(_OWNERS, "405", row="job", more={"extension": "csv"}, **_TENANTS),
    "admin:reporting_cycle_table": _page("200", "405", row="opened", more={"extension": "csv"}, missing=bureau("404")),
    "admin:reporting_cycle_table#xlsx": _page("200", "405", row="opened", more={"extension": "xlsx"}, missing=bureau("404")),
    "admin:reporting_cycle_table#unknown": _page("404", "405", row="opened", more={"extension": "pdf"}, missing=bureau("404")),
    "admin:reporting_cycle_table#planned": _page("404", "405", row="cycle", more={"extension": "csv"}, missing=bureau("404")),
    "admin:reporting_definitionversion_change": _page(_CONFIGURATION, "405", **_VERSION),
    "admin:reporting_definitionversion_change#published": _page(_CONFIGURATION, "405", **_VERSION | {"row": "published"}),
    "admin:reporting_definitionversion_preview": _page(_CONFIGURATION, "405", **_VERSION),
    "admin:reporting_definitionversion_preview#published": _page(_CONFIGURATION, "405", **_VERSION | {"row": "published"}),
    "admin:reporting_definitionversion_try": _page(_CONFIGURATION, "405", **_VERSION),
    "admin:reporting_definitionversion_try#published": _page(_CONFIGURATION, "405", **_VERSION | {"row": "published"}),
    "admin:reporting_definitionversion_statement": _page(
        _CONFIGURATION, _CHANGED, form=True, body=_given({"statement": "All of it is true."}), **_VERSION
    ),
    **{key: page for kind, typed in PARTS.items() for key, page in _pages_of_part(kind, typed).items()},
    "admin:reporting_definitionversion_part#unknown": _page(
        "403 403 404", "403 403 404", more={"kind": "unknown", "part": "question"}, **_VERSION
    ),
    "admin:reporting_definition_draft": _page("405", _CHANGED, row="definition", missing=bureau("403 403 404"), writers=()),
    "admin:reporting_cycle_move": _page(
        _CONFIGURATION,
        "403 403 409",
        row="cycle",
        body=_given({"version": lambda world, _: world.shared["published"]}),
        missing=bureau("403 403 404"),
    ),
    "admin:reporting_definitionversion_publish": _page(
        _CONFIGURATION, _CHANGED, row="definitionversion", missing=bureau("403 403 404")
    ),
    "admin:reporting_definitionversion_draft": _page("405", _CHANGED, row="published", missing=bureau("403 403 404")),
    "admin:reporting_definitionversion_export": _page(
        _CONFIGURATION, "405", row="published", missing=bureau("403 403 404"), writers=()
    ),
    "admin:reporting_definitionversion_differences": _page(
        _CONFIGURATION, "405", row="published", missing=bureau("403 403 404"), writers=()
    ),
    "admin:reporting_definitionversion_schema": _page(_CONFIGURATION, "405", writers=()),
    "admin:reporting_definitionversion_import": _page(
        _CONFIGURATION, _CHANGED, body=lambda *_: {"content": content_of().decode()}
    ),
    "admin:districts_user_step": _page(_CONFIGURATION, _CHANGED, row="user", more={"step": "end"}, missing=bureau("403 403 404")),
    "admin:districts_district_rename": _page(
        _CONFIGURATION,
        _CHANGED,
        row="district",
        body=lambda *_: {"name": "Renamed", "name_zh": "新区", "first_day": NEXT_YEAR},
        missing=bureau("403 403 404"),
    ),
    "admin:districts_district_join": _page(_CONFIGURATION, _CHANGED, row="district", missing=bureau("403 403 404"), writers=()),
    "admin:districts_district_close": _page(
        _CONFIGURATION, _CHANGED, row="district", body=lambda *_: {"first_day": NEXT_YEAR}, missing=bureau("403 403 404")
    ),
    "admin:districts_district_merge": _page(
        _CONFIGURATION,
        _CHANGED,
        row="district",
        body=lambda world, tenant: {
            "predecessors": [(world.south if tenant is world.north else world.north).district.pk],
            "first_day": NEXT_YEAR,
            "reports": "stay",
        },
        missing=bureau("403 403 404"),
    ),
    "admin:districts_district_keep": _page(_CONFIGURATION, "403 403 409", row="district", missing=bureau("403 403 404")),
    "admin:districts_district_keep_name": _page(_CONFIGURATION, _CHANGED, row="district", missing=bureau("403 403 404")),
    "admin:districts_actinghead_end": _page(_CONFIGURATION, _CHANGED, row="actinghead", missing=bureau("403 403 404")),
    "admin:districts_bureaurole_portfolios": _page(_CONFIGURATION, _CHANGED, body=lambda world, _tenant: portfolios(world)),
    "admin:districts_deputy_end": _page("200 403 200", "302 403 302", row="deputy", **_TENANTS),
    "admin:districts_outgoingmail_resend": _page("405", "302", row="outgoingmail", writers=("administrator",), **_TENANTS),
}
SITE = {
    "admin:index": _page("200", "200", writers=()),
    "admin:login": Page("302 | 403 | 403 | 302", "302 | 403 | 403 | 302", writers=()),
    "admin:logout": _page("302", "302", writers=()),
    "admin:search": _page("404", "404"),
    "admin:password_change": _page("302", "302", writers=()),
    "admin:autocomplete": _page("403", "405"),
    "admin:jsi18n": _page("200", "405"),
    "admin:app_list": _page("200", "200", more={"app_label": "reporting"}, writers=()),
    "admin/(?P<url>.*)$": _page("404", "404", more={"url": "nowhere/"}),
}
ADMIN_PAGES = {name: page for model in PREFIXES for name, page in _pages_of(model).items()} | STEPS | SITE


def approvals(world: World) -> dict[str, Any]:
    """Both districts' reports, as a forged form would name them."""
    chosen = [tenant.reports["checked"] for tenant in (world.north, world.south)]
    return {"pk": [one.pk for one in chosen], **{f"seen-{one.pk}": one.working_revision_id for one in chosen}}


def portfolios(world: World) -> dict[str, Any]:
    """The north given to the south's reviewer too, confirmed."""
    north, reviewer, other = world.north.district.pk, world.shared["bureaurole"].pk, world.shared["otherrole"].pk
    return {"seen": f"{north}:{reviewer}", "wanted": f"{north}:{reviewer}.{other}", "confirm": "yes"}


def chases(world: World) -> dict[str, Any]:
    """Both districts' reports of one cycle, as a forged form would name them."""
    return {"pk": [tenant.reports["draft"].pk for tenant in (world.north, world.south)], "text": "Please."}


def workbooks(world: World, what: str) -> dict[str, Any]:
    """The form of one of the two jobs of a cycle."""
    return {"cycle": world.shared["opened"].pk, "what": what}
