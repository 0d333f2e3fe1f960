"""What the districts' pages, the figures and the pages of accounts answer."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.utils import timezone

from reporting.domain.submissions import current_digest
from reporting.forms.answers import seen_token
from tests.factories import PASSWORD
from tests.files import PNG, Upload
from tests.matrix.verdicts import SIGNED_OUT, Body, Page
from tests.matrix.world import ROLES, Tenant, World
from tests.reporting.workbooks.every_kind import workbook

_READ = "302 | 404 | 200 | 200"
_FILE = "302 | 404 | 403 302 302 | 403"
_FILE_OR_SIGN = "302 | 404 | 403 302 302 | 403"
_SIGN = "302 | 404 | 403 403 302 | 403"
_OFFICERS = "302 | 404 | 404 200 404 | 404"
"""What the one officer has uploaded is there for nobody else."""
_LOOK_AT_SIGNING = "302 | 404 | 403 403 200 | 403"


def _typed(stage: str) -> Body:
    def body(_world: World, tenant: Tenant) -> dict[str, Any]:
        revision = tenant.reports[stage].working_revision
        stored = revision.answers.filter(question_key="plans").first() if revision else None
        return {"editor": "e", "seen-plans": seen_token(stored), "answer-plans": "Changed."}

    return body


def _workbook(stage: str) -> Body:
    return lambda _world, tenant: {"workbook": Upload("report.xlsx", workbook(tenant.reports[stage]))}


def _signature(_world: World, tenant: Tenant) -> dict[str, Any]:
    return {"digest": current_digest(tenant.reports["awaiting"]), "statement": "yes"}


def _invited(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"email": "new@example.org", "full_name": "New Person", "role": "officer"}


def _scanned(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"scan": Upload("scan.png", PNG)}


def _evidence(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"file": Upload("plan.png", PNG)}


def _days(_world: World, _tenant: Tenant) -> dict[str, Any]:
    today = timezone.localdate()
    return {"first_day": today, "last_day": today}


def _more_time(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"due_at": f"{timezone.now().year + 1}-07-31T18:00", "why": "Late."}


def _report(get: str, post: str = "405", *, row: str, **kwargs: Any) -> Page:
    return Page(get, post, row=row, is_tenants=True, **kwargs)


DISTRICT_PAGES = {
    "home": Page("302 | 200 | 200 | 302"),
    "report": _report(_READ, _FILE, row="draft", body=_typed("draft")),
    "report#returned": _report(_READ, "302 | 404 | 403 302 302 | 403", row="returned", body=_typed("returned")),
    "report#in_review": _report(_READ, "302 | 404 | 403 422 422 | 403", row="in_review", body=_typed("in_review")),
    "report#nil": _report(_READ, _FILE, row="nil", body=_typed("nil")),
    "report_answers": _report("405", "302 | 404 | 403 200 200 | 403", row="draft", body=_typed("draft")),
    "report_nil_return": _report("405", _FILE, row="draft", body=lambda _world, _tenant: {"reason": "Nothing."}),
    "report_comment": _report(
        "405", _FILE, row="returned", more={"comment_pk": "comment"}, body=lambda _world, _tenant: {"reply": "Corrected."}
    ),
    "report_comment#draft": _report(
        "405", "302 | 404 | 404 | 404", row="in_review", more={"comment_pk": "draft"}, body=lambda *_: {"reply": "Seen."}
    ),
    "report_ask": _report(_READ, _FILE_OR_SIGN, row="draft", query="question=P1", body=lambda *_: {"text": "Why?"}),
    "report_ask#unknown": _report("302 | 404 | 404 | 404", "302 | 404 | 404 | 404", row="draft", query="question=none"),
    "report_enquiry": _report(
        _READ, _FILE_OR_SIGN, row="draft", more={"enquiry_pk": "enquiry"}, body=lambda *_: {"text": "Why?"}
    ),
    "report_enquiry#submitted": _report(
        _READ, "302 | 404 | 403 409 409 | 403", row="submitted", more={"enquiry_pk": "asked"}, body=lambda *_: {"text": "Why?"}
    ),
    "report_enquiry_close": _report("405", "302 | 404 | 403 302 302 | 302", row="draft", more={"enquiry_pk": "enquiry"}),
    "report#asking": _report(_READ, _FILE, row="asking", body=_typed("asking")),
    "report#amending": _report(_READ, "302 | 404 | 403 422 422 | 403", row="amending", body=_typed("amending")),
    "report_history#asking": _report(_READ, row="asking"),
    "report_extension": _report(
        _READ, _FILE_OR_SIGN, row="draft", body=lambda *_: {"due_at": f"{timezone.now().year + 1}-07-31T18:00", "why": "Late."}
    ),
    "report_extension#waits": _report(
        _READ,
        "302 | 404 | 403 409 409 | 403",
        row="asking",
        body=_more_time,
    ),
    "report_correction": _report(_READ, _FILE_OR_SIGN, row="approved", body=lambda *_: {"what": "P1.", "why": "Wrong."}),
    "report_correction#early": _report(
        _READ, "302 | 404 | 403 409 409 | 403", row="in_review", body=lambda *_: {"what": "P1.", "why": "Wrong."}
    ),
    "report_petition_withdraw": _report(
        "302 | 404 | 403 200 200 | 403", _FILE_OR_SIGN, row="asking", more={"petition_pk": "petition"}
    ),
    "report_petition_withdraw#refused": _report(
        "302 | 404 | 403 302 302 | 403", "302 | 404 | 403 409 409 | 403", row="asking", more={"petition_pk": "refused"}
    ),
    "report_start": _report("405", _FILE, row="not_started"),
    "report_hand_over": _report("405", _FILE, row="draft"),
    "report_take_back": _report("405", _FILE, row="awaiting"),
    "report_sign": _report(_LOOK_AT_SIGNING, _SIGN, row="awaiting", body=_signature),
    "report_recall": _report(_LOOK_AT_SIGNING, _SIGN, row="submitted"),
    "report_receipt": _report(_READ, row="submitted"),
    "report_revision_receipt": _report(_READ, _FILE_OR_SIGN, row="approved", more={"number": 2}, body=_scanned),
    "report_revision_receipt#superseded": _report(
        _READ, "302 | 404 | 403 409 409 | 403", row="approved", more={"number": 1}, body=_scanned
    ),
    "report_revision_receipt#missing": _report(
        "302 | 404 | 404 | 404", "302 | 404 | 404 | 404", row="approved", more={"number": 7}, body=_scanned
    ),
    "report_scan": _report(_READ, row="approved", more={"scan_pk": "scan"}),
    "report_workbook": _report(_READ, _FILE, row="draft", body=_workbook("draft")),
    "report_workbook#in_review": _report(_READ, "302 | 404 | 403 422 422 | 403", row="in_review", body=_workbook("in_review")),
    "report_workbook#nil": _report(_READ, "302 | 404 | 403 409 409 | 403", row="nil", body=_workbook("nil")),
    "report_workbook_download": _report("302 | 404 | 200 | 409", row="draft"),
    "report_workbook_download#not_started": _report("302 | 404 | 200 | 409", row="not_started"),
    "report_workbook_download#approved": _report(_READ, row="approved"),
    "report_workbook_preview": _report(
        _OFFICERS,
        "302 | 404 | 404 302 404 | 404",
        row="draft",
        more={"upload_pk": "workbook"},
        body=lambda *_: {"change": "plans"},
    ),
    "report_workbook_preview#elsewhere": _report(
        "302 | 404 | 404 | 404", "302 | 404 | 404 | 404", row="asking", more={"upload_pk": "workbook"}
    ),
    "report_workbook_marked": _report(_OFFICERS, row="draft", more={"upload_pk": "workbook"}),
    "report_evidence": _report("405", _FILE, row="draft", more={"key": "papers"}, body=_evidence),
    "report_evidence#in_review": _report(
        "405", "302 | 404 | 403 422 422 | 403", row="in_review", more={"key": "papers"}, body=_evidence
    ),
    "report_evidence#unknown": _report("405", "302 | 404 | 404 | 404", row="draft", more={"key": "plans"}, body=_evidence),
    "report_file": _report("302 | 404 | 200 | 404", row="draft", more={"file_pk": "file"}),
    "report_file#signed": _report(_READ, row="approved", more={"file_pk": "signed_file"}),
    "report_file_remove": _report(
        "302 | 404 | 403 200 200 | 404", "302 | 404 | 403 302 302 | 404", row="draft", more={"file_pk": "file"}
    ),
    "report_file_remove#signed": _report(
        "302 | 404 | 403 302 302 | 403", "302 | 404 | 403 422 422 | 403", row="approved", more={"file_pk": "signed_file"}
    ),
    "report_history": _report(_READ, row="in_review"),
    "report#checked": _report(_READ, "302 | 404 | 403 422 422 | 403", row="checked", body=_typed("checked")),
    "report_history#checked": _report(_READ, row="checked"),
    "report_history#approved": _report(_READ, row="approved"),
    "report_history#extended": _report(_READ, row="not_started"),
    "report_compare": _report(_READ, row="approved", query="before=1&after=2"),
    "report_compare#unsigned": _report("302 | 404 | 200 | 404", row="returned", query="before=1&after=2"),
    "report_print": _report(_READ, row="returned"),
    "report_print#in_review": _report(_READ, row="in_review"),
    "figures": Page("200"),
    "indicators": Page("200"),
    "figures_of": Page("302 | 404 | 200 | 200", row="opened"),
    "figures_of#planned": Page("404", row="cycle"),
    "figures_download": Page("302 | 404 | 200 | 200", row="opened", more={"extension": "csv"}),
    "figures_download#xlsx": Page("302 | 404 | 200 | 200", row="opened", more={"extension": "xlsx"}),
    "calendar": Page("302 | 200 | 200 | 200", "302", body=lambda *_: {"address": "new"}, writers=ROLES[2:]),
    "calendar_feed": Page("404 | 404 | 404 | 404", "405 | 405 | 405 | 405", arguments=lambda *_: {"key": "1-1.made-up"}),
    "contacts": Page("302 | 200 | 200 | 200"),
    "people": Page("302 | 403 | 403 403 200 | 403"),
    "people_invite": Page(
        "302 | 404 | 302 | 302", "302 | 404 | 403 403 302 | 403 403 302", row="code", is_tenants=True, body=_invited
    ),
    "people_role": Page(
        _LOOK_AT_SIGNING, _SIGN, row="membership", is_tenants=True, body=lambda _world, _tenant: {"role": "officer"}
    ),
    "people_remove": Page(_LOOK_AT_SIGNING, _SIGN, row="membership", is_tenants=True),
    "people_appoint": Page(_LOOK_AT_SIGNING, _SIGN, row="membership", is_tenants=True, body=_days),
    "people_end_acting": Page(_LOOK_AT_SIGNING, _SIGN, row="actinghead", is_tenants=True),
}


def _credentials(world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"login": world.cast.outsider.email, "password": PASSWORD}


def _new_password(_world: World, _tenant: Tenant) -> dict[str, Any]:
    return {"oldpassword": PASSWORD, "password1": "another long phrase 7", "password2": "another long phrase 7"}


def entrance(_world: World, tenant: Tenant) -> dict[str, Any]:
    user = tenant.observer
    return {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}


_ANY = "200 | 200 | 200 | 200"
_NOBODYS = "405 | 405 | 405 | 405"
OTHER_PAGES = {
    "account_login": Page("200 | 302 | 302 | 302", "302", body=_credentials, writers=SIGNED_OUT),
    "account_logout": Page("200", "302", writers=()),
    "account_inactive": Page(_ANY, _NOBODYS),
    "account_signup": Page("200 | 302 | 302 | 302", "200 | 302 | 302 | 302", body=_new_password, writers=()),
    "account_reauthenticate": Page("200", "302", body=lambda _world, _tenant: {"password": PASSWORD}, writers=()),
    "account_change_password": Page("200", "302", body=_new_password, writers=ROLES[2:]),
    "account_set_password": Page("302", "302", body=_new_password, writers=()),
    "account_reset_password": Page(_ANY, "302", body=lambda _world, tenant: {"email": tenant.officer.email}, writers=ROLES),
    "account_reset_password_from_key_done": Page(_ANY, _NOBODYS),
    "account_reset_password_from_key": Page("302", "302", arguments=entrance, writers=()),
    "account_reset_password_done": Page(_ANY, _NOBODYS),
    "healthz": Page(_ANY, _NOBODYS),
    "set_language": Page(_NOBODYS, "302", body=lambda _world, _tenant: {"language": "zh-hans"}, writers=ROLES[2:]),
    "preferences": Page(
        "302 | 200 | 200 | 200",
        "302",
        body=lambda _world, _tenant: {"language": "zh-hans", "daily_digest": "on"},
        writers=ROLES[2:],
    ),
}
PORTAL_PAGES = DISTRICT_PAGES | OTHER_PAGES
