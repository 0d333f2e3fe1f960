"""Two districts with a report at every stage, everywhere marked with words that the other must never read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.forms import default_token_generator
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from districts.domain.accounts import ask_for_password_reset
from districts.domain.people import remove_member
from districts.enums import DistrictRole, MailState
from districts.models import BureauRole, District, Membership, OutgoingMail, User, WorkdayOverride
from reporting.domain.adjustments import add_adjustment
from reporting.domain.answers import AnswerChange, set_nil_return
from reporting.domain.checking import mark_checked
from reporting.domain.comments import address_comment, draft_comment
from reporting.domain.cycles import extend_submission
from reporting.domain.districts import rename_district
from reporting.domain.enquiries import answer_enquiry, ask_bureau
from reporting.domain.evidence import add_file
from reporting.domain.figures import refresh_figures
from reporting.domain.jobs import ask_for_workbooks
from reporting.domain.petitions import ask_correction, ask_extension, refuse_petition
from reporting.domain.review import Read
from reporting.domain.scans import attach_scan
from reporting.domain.submissions import Terms, apply_transition
from reporting.domain.workbooks import ReadWorkbook, keep_upload
from reporting.enums import CheckKind, CommentState, ItemState, JobKind, TransitionName
from reporting.jobs.running import Outcome, run_job
from reporting.models import (
    Adjustment,
    Comment,
    Cycle,
    Definition,
    DefinitionVersion,
    Enquiry,
    Event,
    EvidenceFile,
    Indicator,
    Job,
    Petition,
    Question,
    ReminderPolicy,
    Scan,
    Section,
    Submission,
    WorkbookUpload,
)
from tests import factories
from tests.conftest import Cast, make_cast
from tests.files import pdf
from tests.reporting.workbooks.every_kind import workbook

ROLES = (
    "anonymous", "deactivated", "outsider", "revoked", "observer", "officer", "head", "reviewer", "approver", "administrator",
)  # fmt: skip
DISTRICT_ROLES = ("observer", "officer", "head")
BUREAU_ROLES = ("reviewer", "approver", "administrator")

NORTH, SOUTH, DRAFT, BUREAU = "canarynorth", "canarysouth", "canarydraft", "canarybureau"
"""Words of the one district, of the other, of what reviewers did not send, and of the bureau's administrators alone."""
NORTH_NUMBER, SOUTH_NUMBER = "61803.39", "27182.81"
_NUMBERS = {
    NORTH: {"P1": NORTH_NUMBER, "P2": "14142.13", "GRP": "98765.43", "BASE": "74444.44", "STOCK": "12"},
    SOUTH: {"P1": SOUTH_NUMBER, "P2": "31415.92", "GRP": "87654.32", "BASE": "57721.56", "STOCK": "13"},
}
_PERIODS = {
    "asking": "1995-S1",
    "amending": "1998-S1",
    "not_started": "2001-S1",
    "draft": "2004-S1",
    "awaiting": "2007-S1",
    "submitted": "2010-S1",
    "in_review": "2013-S1",
    "returned": "2016-S1",
    "approved": "2019-S1",
    "nil": "2022-S1",
    "checked": "2025-S1",
    "commented": "2028-S1",
}
"""So far apart that no period is another's base."""


@dataclass
class Tenant:
    """One district, its people, and its rows by what they are called in the tables of pages."""

    district: District
    canary: str
    head: User
    officer: User
    observer: User
    reviewer: User
    reports: dict[str, Submission] = field(default_factory=dict)
    rows: dict[str, Model] = field(default_factory=dict)


@dataclass
class World:
    cast: Cast
    north: Tenant
    south: Tenant
    now: datetime
    shared: dict[str, Model]
    """The bureau's configuration, by the same names."""
    sessions: dict[str, str]
    """Session keys by role."""

    def row(self, name: str, tenant: Tenant) -> Any:
        return tenant.rows.get(name) or self.shared[name]


def build_world() -> World:
    cast, now = make_cast(), timezone.now()
    north = _tenant(cast.north, NORTH, (cast.head, cast.officer, cast.observer, cast.reviewer))
    south = _tenant(cast.south, SOUTH, (cast.south_head, cast.south_officer, cast.south_observer, cast.south_reviewer))
    version = factories.make_version(files=True)
    for stage, period in _PERIODS.items():
        cycle = factories.make_cycle(version, period, opened_by=cast.administrator, now=now - timedelta(hours=1))
        for tenant in (north, south):
            tenant.reports[stage] = _Walk(cycle.submissions.get(district=tenant.district), tenant, cast, now).to(stage)
    shared = _configuration(cast, version, now)
    for tenant in (north, south):
        tenant.rows |= _rows(tenant, cast)
    for cycle in Cycle.objects.stale():
        refresh_figures(cycle_id=cycle.pk, now=now)
    OutgoingMail.objects.filter(district=None).update(text_body=f"{BUREAU} mail", subject=f"{BUREAU} mail")
    default_token_generator.make_token(cast.observer)  # allauth's row of the address comes with the first link
    return World(cast, north, south, now, shared, _sessions(cast, north))


def _tenant(district: District, canary: str, people: tuple[User, User, User, User]) -> Tenant:
    for person in people[:3]:
        User.objects.filter(pk=person.pk).update(full_name=f"{person.full_name} {canary}", phone=f"{canary} 110")
        person.refresh_from_db()
    return Tenant(district, canary, *people)


@dataclass
class _Walk:
    """One report on its way to a stage, with the tenant's word in whatever is written."""

    submission: Submission
    tenant: Tenant
    cast: Cast
    now: datetime

    def to(self, stage: str) -> Submission:
        for step in _WAYS[stage]:
            step(self)
        return Submission.objects.select_related("working_revision").get(pk=self.submission.pk)

    def _step(self, name: str, actor: User, **kwargs: Any) -> None:
        self.submission = apply_transition(submission=self.submission, name=name, actor=actor, now=self.now, **kwargs)

    def fill(self) -> None:
        texts = {"plans": f"{self.tenant.canary} plans", "practice": f"{self.tenant.canary} practice"}
        factories.fill(self.submission, self.tenant.officer, _NUMBERS[self.tenant.canary] | texts, self.now)
        file: dict[str, Any] = {"name": f"{self.tenant.canary}.pdf", "content": pdf(self.tenant.canary)}
        add_file(submission=self.submission, question_key="papers", actor=self.tenant.officer, now=self.now, **file)

    def ask(self) -> None:
        """At a question and about the whole report; the first is answered."""
        asked: dict[str, Any] = {"submission": self.submission, "actor": self.tenant.officer, "now": self.now}
        answered = ask_bureau(question_key="plans", text=f"{self.tenant.canary} question", **asked)
        ask_bureau(question_key="", text=f"{self.tenant.canary} question on the whole", **asked)
        answer: dict[str, Any] = {"text": f"{self.tenant.canary} answer", "actor": self.tenant.reviewer, "now": self.now}
        answer_enquiry(enquiry=answered, **answer)

    def ask_for_time(self) -> None:
        """Twice: the first request is refused, the second waits."""
        asked: dict[str, Any] = {"submission": self.submission, "actor": self.tenant.officer, "now": self.now}
        due_at = self.now + timedelta(days=20)
        refused = ask_extension(due_at=due_at, why=f"{self.tenant.canary} first reason", **asked)
        answer: dict[str, Any] = {"actor": self.tenant.reviewer, "now": self.now}
        refuse_petition(petition=refused, reason=f"{self.tenant.canary} refused", **answer)
        ask_extension(due_at=due_at, why=f"{self.tenant.canary} reason", **asked)

    def ask_to_correct(self) -> None:
        words = {"what": f"{self.tenant.canary} correction", "why": f"{self.tenant.canary} cause"}
        ask_correction(submission=self.submission, actor=self.tenant.officer, now=self.now, **words)

    def hand_over(self) -> None:
        self._step(TransitionName.HAND_OVER, self.tenant.officer)

    def sign(self) -> None:
        self.submission = factories.sign(self.submission, self.tenant.head, self.now)

    def begin(self) -> None:
        self._step(TransitionName.BEGIN_REVIEW, self.tenant.reviewer, note=f"{self.tenant.canary} note")

    def check(self) -> None:
        """Its note is read by the bureau alone, as drafts are."""
        read = Read(self.submission, self.submission.working_revision_id)
        mark_checked(read=read, note=f"{self.tenant.canary} {DRAFT}", actor=self.tenant.reviewer, now=self.now)

    def comment(self) -> None:
        self._draft(f"{self.tenant.canary} comment")

    def draft(self) -> None:
        self._draft(f"{self.tenant.canary} {DRAFT}")

    def _draft(self, text: str) -> None:
        draft_comment(submission=self.submission, question_key="plans", text=text, actor=self.tenant.reviewer, now=self.now)

    def send_back(self) -> None:
        terms = Terms(due_at=self.now + timedelta(days=5))
        self._step(TransitionName.RETURN, self.tenant.reviewer, note=f"{self.tenant.canary} returned", terms=terms)

    def address(self) -> None:
        reply = f"{self.tenant.canary} reply"
        for comment in self.submission.comments.filter(state=CommentState.OPEN):
            address_comment(comment=comment, reply=reply, actor=self.tenant.officer, now=self.now)

    def approve(self) -> None:
        self._step(TransitionName.APPROVE, self.cast.approver, note=f"{self.tenant.canary} approved")

    def attach(self) -> None:
        revision, word = self.submission.working_revision, self.tenant.canary
        assert revision is not None
        attach_scan(revision=revision, name=f"{word}.pdf", content=pdf(word), actor=self.tenant.officer, now=self.now)

    def extend(self) -> None:
        terms: dict[str, Any] = {"due_at": self.now + timedelta(days=12), "note": f"{self.tenant.canary} extended"}
        extend_submission(submission=self.submission, actor=self.tenant.reviewer, now=self.now, **terms)

    def declare_nil(self) -> None:
        self._step(TransitionName.START, self.tenant.officer)
        self.submission.refresh_from_db()
        reason = f"{self.tenant.canary} nil"
        set_nil_return(submission=self.submission, reason=reason, actor=self.tenant.officer, now=self.now)


_Way = tuple[Callable[[_Walk], None], ...]
_SUBMITTED: _Way = (_Walk.fill, _Walk.hand_over, _Walk.sign)
_REVIEWED: _Way = (*_SUBMITTED, _Walk.begin)
_RETURNED: _Way = (*_REVIEWED, _Walk.comment, _Walk.send_back)
_WAYS: dict[str, _Way] = {
    "asking": (_Walk.fill, _Walk.ask_for_time),
    "amending": (*_REVIEWED, _Walk.approve, _Walk.ask_to_correct),
    "not_started": (_Walk.extend,),
    "draft": (_Walk.fill, _Walk.ask),
    "awaiting": (_Walk.fill, _Walk.hand_over),
    "submitted": (_Walk.ask, *_SUBMITTED),
    "in_review": (*_REVIEWED, _Walk.draft),
    "checked": (*_REVIEWED, _Walk.check),
    "commented": (*_REVIEWED, _Walk.comment),
    "returned": _RETURNED,
    "approved": (*_RETURNED, _Walk.address, _Walk.hand_over, _Walk.sign, _Walk.begin, _Walk.approve, _Walk.attach),
    "nil": (_Walk.declare_nil,),
}


def _rows(tenant: Tenant, cast: Cast) -> dict[str, Model]:
    mails = OutgoingMail.objects.filter(district=tenant.district)
    mails.update(text_body=f"{tenant.canary} mail", html_body=f"<p>{tenant.canary} mail</p>", subject=f"{tenant.canary} mail")
    mail = mails.filter(kind="receipt").latest("pk")
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, last_error=f"550 {tenant.canary}")
    observed = Membership.objects.get(user=tenant.observer)
    ahead = {"begins_at": mail.created_at + timedelta(days=60), "ends_at": mail.created_at + timedelta(days=70)}
    return {
        "actinghead": factories.act(Membership.objects.get(user=tenant.officer), **ahead),
        "deputy": factories.depute(tenant.reviewer, cast.approver, **ahead),
        "district": _to_be_renamed(tenant, cast),
        "user": tenant.observer,
        "membership": observed,
        "outgoingmail": OutgoingMail.objects.get(pk=mail.pk),
        "event": Event.objects.filter(district=tenant.district).latest("pk"),
        "enquiry": Enquiry.objects.get(submission=tenant.reports["draft"], question=None),
        "asked": Enquiry.objects.get(submission=tenant.reports["submitted"], question=None),
        "file": EvidenceFile.objects.get(revision__submission=tenant.reports["draft"]),
        "signed_file": EvidenceFile.objects.filter(revision__submission=tenant.reports["approved"]).latest("pk"),
        "scan": Scan.objects.get(district=tenant.district),
        "petition": Petition.objects.get(submission=tenant.reports["asking"], state="waiting"),
        "refused": Petition.objects.get(submission=tenant.reports["asking"], state="refused"),
        "amendment": Petition.objects.get(submission=tenant.reports["amending"]),
        "job": _job(tenant),
        "waiting_job": ask_for_workbooks(cycle=tenant.reports["draft"].cycle, actor=tenant.reviewer, now=mail.created_at),
        "submission": tenant.reports["in_review"],
        "draft": Comment.objects.get(submission=tenant.reports["in_review"]),
        "workbook": _uploaded(tenant),
        "comment": Comment.objects.get(submission=tenant.reports["returned"], state=CommentState.OPEN),
    }


def _job(tenant: Tenant) -> Job:
    """The reviewer's own, done, with the tenant's word in its file."""
    now = timezone.now()
    job = ask_for_workbooks(cycle=tenant.reports["approved"].cycle, actor=tenant.reviewer, now=now)
    outcome = Outcome(ItemState.DONE, f"{tenant.canary} message", fields={"content": f"{tenant.canary} workbook".encode()})
    run_job(job_id=job.pk, works={JobKind.DOWNLOAD: lambda *_: outcome}, now=now)
    return Job.objects.get(pk=job.pk)


def _uploaded(tenant: Tenant) -> WorkbookUpload:
    """The officer's: a change, and a problem at a cell."""
    submission, key = tenant.reports["draft"], "plans"
    read = ReadWorkbook(
        name=f"{tenant.canary}.xlsx",
        content=workbook(submission),
        changes=[AnswerChange(key, 1, raw=f"{tenant.canary} plans 2")],
        problems=[{"reason": "stray", "place": ["填报表", 90, 6], "found": f"{tenant.canary}.xlsx", "key": ""}],
        places={key: ["填报表", 6, 6]},
    )
    return keep_upload(submission=submission, read=read, actor=tenant.officer, now=timezone.now())


def _to_be_renamed(tenant: Tenant, cast: Cast) -> District:
    name = {"name": f"{tenant.canary} town", "name_zh": f"新区{tenant.district.pk}"}
    soon = timezone.localdate() + timedelta(days=30)
    return rename_district(district=tenant.district, **name, first_day=soon, actor=cast.administrator)


def _configuration(cast: Cast, published: DefinitionVersion, now: datetime) -> dict[str, Model]:
    ask_for_password_reset(user=cast.administrator, now=now)
    opened = Cycle.objects.get(period=_PERIODS["approved"])
    indicator = Indicator.objects.get(code="P1")
    values: dict[str, Any] = {"value": Decimal(1), "base": Decimal(1), "reason": f"{BUREAU} reason"}
    adjustment = add_adjustment(cycle=opened, indicator=indicator, actor=cast.administrator, now=now, **values)
    draft = factories.make_version({"P1": indicator}, published=False, slug="sketch", rules={"sizes": ("P1 > 0", ["P1"])})
    return {
        "adjustment": adjustment,
        "bureaurole": BureauRole.objects.get(user=cast.reviewer),
        "otherrole": BureauRole.objects.get(user=cast.south_reviewer),
        "opened": opened,
        "cycle": factories.make_cycle(published, "2031-S1", now=now),
        "definition": Definition.objects.get(pk=draft.definition_id),
        "definitionversion": draft,
        "indicator": factories.make_indicator("SPARE"),
        "published": published,
        "policy": ReminderPolicy.objects.get(),
        "reminderpolicy": ReminderPolicy.objects.get(),
        "section": Section.objects.get(version=draft, key="statistics"),
        "question": Question.objects.get(section__version=draft, key="P1"),
        "rule": draft.rules.get(),
        "check": draft.checks.create(kind=CheckKind.ASCENDING, codes=["P1", "P1"]),
        "workdayoverride": WorkdayOverride.objects.create(date=now.date(), is_workday=True, reason=f"{BUREAU} day"),
        "adjusted": Adjustment.objects.get(pk=adjustment.pk),
    }


def _sessions(cast: Cast, north: Tenant) -> dict[str, str]:
    deactivated = factories.make_member("deactivated", north.district, DistrictRole.OFFICER)
    revoked = factories.make_member("revoked", north.district, DistrictRole.OFFICER)
    people = {role: getattr(cast, role) for role in ("outsider", *DISTRICT_ROLES, *BUREAU_ROLES)}
    keys = {role: _session(user) for role, user in {**people, "deactivated": deactivated, "revoked": revoked}.items()}
    User.objects.filter(pk=deactivated.pk).update(is_active=False)
    remove_member(membership=Membership.objects.get(user=revoked), actor=cast.head)
    assert Session.objects.count() == len(keys)
    return keys


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
