"""Reminders of key tasks: escalating, once each, and only while somebody is to act."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from districts.domain.letters import compose
from districts.models import OutgoingMail
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task, change_key_task
from reporting.domain.key_tasks.closing import answer_key_task, send_back_key_task
from reporting.domain.key_tasks.extensions import answer_task_extension, ask_task_extension
from reporting.domain.key_tasks.reminders import sweep_task_reminders
from reporting.models import KeyTask
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
DEADLINE = date(2026, 9, 15)
"""A Tuesday."""


def at(day: str, clock: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=timezone.get_default_timezone())


ASSIGNED = at("07-21")


@pytest.fixture
def task(cast: Cast) -> KeyTask:
    given = Assignment("Data exchange", cast.north, "A working exchange", DEADLINE)
    return assign_key_task(assignment=given, actor=cast.approver, now=ASSIGNED)


def reminded(state: str = "due") -> list[tuple[str, str]]:
    """(rung, recipient)."""
    rows = OutgoingMail.objects.filter(kind="task_reminder", state=state).select_related("recipient")
    return sorted((row.dedupe_key.split("|")[1].split(":")[-1], row.recipient.email.split("@")[0]) for row in rows)


def test_ladder_escalates_by_working_days(cast: Cast, task: KeyTask) -> None:
    assert sweep_task_reminders(now=at("08-31", "18:00")) == 0
    assert sweep_task_reminders(now=at("09-01")) == 1
    assert reminded() == [("-10", "north-officer")]
    assert sweep_task_reminders(now=at("09-10")) == 2
    assert reminded() == [("-3", "north-head"), ("-3", "north-officer")]
    sweep_task_reminders(now=at("09-16"))
    assert reminded() == [("+1", "north-head"), ("+1", "north-officer")]
    sweep_task_reminders(now=at("09-22"))
    assert reminded() == [("+5", "north-head"), ("+5", "reviewer")]


def test_sweep_that_runs_twice_or_late_writes_each_once_and_sends_the_latest(cast: Cast, task: KeyTask) -> None:
    late = at("09-16")
    assert sweep_task_reminders(now=late) == 5
    assert reminded() == [("+1", "north-head"), ("+1", "north-officer")]
    assert reminded("superseded") == [("-10", "north-officer"), ("-3", "north-head"), ("-3", "north-officer")]
    assert (sweep_task_reminders(now=late), sweep_task_reminders(now=late + timedelta(minutes=5))) == (0, 0)


def test_mail_waits_for_the_working_morning(cast: Cast, task: KeyTask) -> None:
    sweep_task_reminders(now=at("09-16", "20:00"))
    (one, _two) = OutgoingMail.objects.filter(kind="task_reminder", state="due").order_by("pk")
    assert one.due_at == at("09-17", "08:30")


def test_reminders_stop_when_it_is_reported_as_done_and_begin_again_when_it_is_sent_back(cast: Cast, task: KeyTask) -> None:
    sweep_task_reminders(now=at("09-01"))
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=at("09-02"))
    assert sweep_task_reminders(now=at("09-10")) == 0
    (early,) = OutgoingMail.objects.filter(kind="task_reminder")
    assert compose(early, at("09-10")) is None
    send_back_key_task(task=task, note="Not yet.", actor=cast.approver, now=at("09-11"))
    assert sweep_task_reminders(now=at("09-16")) == 2


def test_reminder_of_a_deadline_that_has_moved_is_not_sent(cast: Cast, task: KeyTask) -> None:
    sweep_task_reminders(now=at("09-10"))
    mail = OutgoingMail.objects.filter(kind="task_reminder", state="due").earliest("pk")
    letter = compose(mail, at("09-10"))
    assert letter is not None
    assert str(letter.subject) == "Key task due 15 September 2026: Data exchange, Northgate"
    overdue = compose(mail, at("09-16", "00:00"))
    assert overdue is not None
    assert str(overdue.subject) == "Overdue key task: Data exchange, Northgate"
    asked = ask_task_extension(task=task, wanted=date(2026, 9, 30), why="Late.", actor=cast.head, now=at("09-11"))
    answer_task_extension(extension=asked, grant=True, answer="", actor=cast.approver, now=at("09-11"))
    assert compose(mail, at("09-11")) is None


def test_task_of_long_ago_is_not_chased_by_mail_any_more(cast: Cast, task: KeyTask) -> None:
    assert sweep_task_reminders(now=at("11-14") + timedelta(days=1)) == 0


def test_task_that_is_sent_back_late_is_reminded_of_anew(cast: Cast, task: KeyTask) -> None:
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=at("09-14"))
    send_back_key_task(task=task, note="Not yet.", actor=cast.approver, now=at("09-24", "09:00"))
    sweep_task_reminders(now=at("09-24", "12:00"))
    assert reminded() == []
    sweep_task_reminders(now=at("09-28", "12:00"))
    assert reminded() == [("+1", "north-head"), ("+1", "north-officer")]


def test_reminders_begin_anew_where_the_bureau_moves_the_deadline_and_not_where_it_rewords(cast: Cast, task: KeyTask) -> None:
    sweep_task_reminders(now=at("09-10"))
    given = Assignment("Data exchange", cast.north, "A working exchange", DEADLINE)
    change_key_task(task=task, version=1, assignment=replace(given, title="Exchange"), actor=cast.approver, now=at("09-11"))
    assert sweep_task_reminders(now=at("09-11")) == 0
    later = replace(given, deadline=DEADLINE + timedelta(days=1))
    change_key_task(task=task, version=2, assignment=later, actor=cast.approver, now=at("09-11", "11:00"))
    assert sweep_task_reminders(now=at("09-11", "12:00")) == 0
    sweep_task_reminders(now=at("09-17"))
    assert reminded()[-2:] == [("+1", "north-head"), ("+1", "north-officer")]
