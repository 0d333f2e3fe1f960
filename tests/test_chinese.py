"""In Chinese every page and every mail is Chinese: for an officer, a head, a reviewer and an administrator."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from districts.domain.acting import appoint_acting_head
from districts.domain.deputies import name_deputy
from districts.domain.letters import KINDS, compose, render
from districts.domain.people import invite_member
from districts.enums import DistrictRole
from districts.models import OutgoingMail, User, WorkdayOverride
from reporting.domain.answers import AnswerChange
from reporting.domain.chasing import chase
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.domain.entering import enter_for_district
from reporting.domain.key_tasks.closing import answer_key_task, chase_key_task, send_back_key_task
from reporting.domain.key_tasks.reminders import sweep_task_reminders
from reporting.domain.morning import sweep_digests
from reporting.domain.moves import move_cycle
from reporting.domain.practices import adopt_practice
from reporting.domain.reminders import sweep_reminders
from reporting.domain.submissions import Terms, apply_transition
from reporting.domain.symposiums.planning import cancel_symposium, invite_districts, remind_districts
from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums import TransitionName
from reporting.enums.targets import TargetKind
from reporting.models import Answer, Indicator, KeyTask, Practice, ReminderPolicy, ReminderRung, Symposium
from tests.chinese import data_of, english_in, english_in_page
from tests.matrix.pages import ADMIN_PAGES, PORTAL_PAGES
from tests.matrix.rounds import path_of
from tests.matrix.urls import all_urls
from tests.matrix.visitor import Visitor, standing

pytestmark = pytest.mark.django_db
NO_TEXT = {
    "healthz",
    "admin:jsi18n",
    "figures_download#xlsx",
    "admin:reporting_cycle_table#xlsx",
    "admin:reporting_keytask_export#xlsx",
    "admin:reporting_job_result",
    "admin:reporting_job_results",
    "key_task_file",
    "report_scan",
    "report_file",
    "report_file#signed",
}
_SENT = ("report_workbook_download", "report_workbook_marked", "symposium_entry", "public_download", "public_feed", "public_api")
NO_TEXT |= {key for key in PORTAL_PAGES if key.startswith(_SENT)}
_FILES = {"admin:reporting_definitionversion_export", "admin:reporting_definitionversion_schema"}
_FILES |= {"admin:reporting_symposium_document", "admin:reporting_symposium_template_file"}
"""In both languages at once, or in none."""
TABLES = {"figures_download", "admin:reporting_cycle_table", "admin:reporting_keytask_export"}
PAGES = {
    key: page
    for key, page in (PORTAL_PAGES | ADMIN_PAGES).items()
    if 200 in page.codes("GET").values() and key not in NO_TEXT | _FILES
}
URLS = all_urls()
ROLES = ("anonymous", "officer", "head", "reviewer", "administrator")
REPORTS = ("report_", "figures", "admin:reporting_submission")


@pytest.fixture(scope="module")
def visitor(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Visitor]:
    with standing(django_db_blocker) as visitor:
        User.objects.update(language="zh-hans")
        visitor.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
        yield visitor


@pytest.mark.parametrize("key", sorted(PAGES))
def test_page_in_chinese_has_no_english(visitor: Visitor, key: str) -> None:
    """Bureau pages that configure something show the English wording too, which is theirs to change."""
    path = path_of(PAGES[key], URLS[key.partition("#")[0]], visitor.world, "own")
    data = data_of(with_english=key.startswith("admin") and not key.startswith(REPORTS))
    found = {}
    for role in ROLES:
        answer = visitor.ask(role, "GET", path)
        body, _break, _head = answer.text.partition("\nContent-Type:")
        if body.strip() and (words := (english_in if key in TABLES else english_in_page)(body, data)):
            found[role] = (answer.status, words)
    assert found == {}, "ENGLISH " + repr(found)


def test_mails_in_chinese_have_no_english(visitor: Visitor) -> None:
    """One of every kind, as it is composed when it is sent."""
    _cause_the_mails_that_nobody_got_yet(visitor)
    data, found = data_of(), {}
    mails = {mail.kind: mail for mail in OutgoingMail.objects.filter(recipient__is_active=True).order_by("pk")}
    for kind, mail in mails.items():
        letter = compose(mail, visitor.world.now)
        assert letter is not None, kind
        rendered = render([letter, letter], mail)
        with translation.override("zh-hans"):
            texts = f"{rendered.subject}\n{rendered.text}\n{KINDS[kind].label}"
        if words := english_in(texts, data) | english_in_page(rendered.html, data):
            found[kind] = words
    assert found == {}
    assert set(mails) == set(KINDS)


def _version(visitor: Visitor, key: str) -> int:
    """Of an answer in the north's draft."""
    return Answer.objects.get(revision=visitor.world.north.reports["draft"].working_revision, question_key=key).version


def _cause_the_mails_that_nobody_got_yet(visitor: Visitor) -> None:
    cast, now = visitor.world.cast, visitor.world.now
    terms = Terms(due_at=now + timedelta(days=5))
    report = visitor.world.north.reports["approved"]
    apply_transition(submission=report, name=TransitionName.REOPEN, actor=cast.approver, note="请更正。", now=now, terms=terms)
    enter_for_district(
        submission=visitor.world.north.reports["draft"],
        changes=[AnswerChange("plans", _version(visitor, "plans"), raw="扩大试点。")],
        workbook="七月.xlsx",
        actor=cast.reviewer,
        now=now,
    )
    plan, invited = (Symposium.objects.get(pk=visitor.world.shared[name].pk) for name in ("symposium", "invited"))
    cancel_symposium(symposium=invited, actor=cast.administrator, now=now)
    invite_districts(symposium=plan, actor=cast.administrator, now=now)
    remind_districts(symposium=plan, actor=cast.administrator, now=now)
    task, assigned = (KeyTask.objects.get(pk=visitor.world.north.rows[name].pk) for name in ("answered_task", "keytask"))
    send_back_key_task(task=task, note="请补充。", actor=cast.approver, now=now)
    chase_key_task(task=assigned, note="请尽快。", actor=cast.reviewer, now=now)
    sweep_task_reminders(now=now + timedelta(days=91))
    answer_key_task(task=task, note="已补充。", actor=cast.head, now=now + timedelta(days=92))
    aimed = NewTarget(cast.north, Indicator.objects.get(code="TOTAL"), 2031, TargetKind.GROWTH, Decimal(9))
    issue_targets(targets=[aimed], note="年度目标。", actor=cast.administrator, now=now)
    practice = Practice.objects.get(pk=visitor.world.shared["endorsed_practice"].pk)
    adopt_practice(practice=practice, district=cast.south, note="同样办理。", actor=cast.south_officer, now=now)
    chase(submission=visitor.world.north.reports["draft"], text="请尽快上报。", actor=cast.reviewer, now=now)
    ReminderRung.objects.create(policy_id=visitor.world.shared["policy"].pk, offset=-7, audiences=["officers"])
    sweep_reminders(now=now + timedelta(days=9, hours=12))
    cycle = visitor.world.north.reports["draft"].cycle
    newer = draft_from(version=cycle.definition_version, actor=cast.administrator)
    newer.sections.get(key="narrative").questions.filter(key="practice").delete()
    publish_version(version=newer, now=now)
    move_cycle(cycle=cycle, target=newer, actor=cast.administrator, now=now)
    invite_member(
        district=cast.south, email=cast.officer.email, full_name="", role=DistrictRole.OBSERVER, actor=cast.administrator, now=now
    )
    invite_member(
        district=cast.north, email="new@example.org", full_name="新人", role=DistrictRole.OFFICER, actor=cast.head, now=now
    )
    today = timezone.localdate(now)
    appoint_acting_head(
        membership=cast.south_observer.memberships.get(), first_day=today, last_day=today, actor=cast.south_head, now=now
    )
    days = {"first_day": today, "last_day": today}
    name_deputy(absent=cast.reviewer, deputy=cast.south_reviewer, **days, actor=cast.reviewer, now=now)
    User.objects.update(language="zh-hans", date_joined=now - timedelta(days=9))
    ReminderPolicy.objects.update(quiet_until="00:00")
    WorkdayOverride.objects.update_or_create(date=today, defaults={"is_workday": True})
    sweep_digests(now=now)
