"""The ladder: which rung goes out when, to whom; late runs, quiet hours, restarts."""

from datetime import UTC, datetime, timedelta

import pytest

from districts.enums import MailState
from districts.models import OutgoingMail
from districts.queries.workdays import WorkCalendar
from reporting.domain.reminders import ensure_default_policy, sweep_reminders
from reporting.domain.submissions import Terms, apply_transition
from reporting.models import Cycle, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_cycle, make_version, submit

# Due on Friday 31 July 2026, 18:00 in Beijing; -7 is Wednesday 22 July, -3 Tuesday 28 July, -1 Thursday 30 July.
DUE = datetime(2026, 7, 31, 10, 0, tzinfo=UTC)


def beijing(day: int, hour: int, minute: int = 0, month: int = 7) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def ladder(cast: Cast) -> Cycle:
    cycle = make_cycle(make_version(), opened_by=cast.administrator, due_at=DUE, locks_at=DUE + timedelta(days=7))
    cycle.reminder_policy = ensure_default_policy()
    cycle.save()
    return cycle


def due_mails(north: bool, cast: Cast) -> set[tuple[str, int]]:
    rows = OutgoingMail.objects.filter(kind="reminder", state=MailState.DUE, district=cast.north if north else cast.south)
    return {(mail.recipient.full_name, mail.context["offset"]) for mail in rows.select_related("recipient")}


@pytest.mark.parametrize(
    ("day", "hour", "minute", "month", "expected"),
    [
        (22, 8, 29, 7, set()),
        (22, 8, 30, 7, {("North Officer", -7)}),
        (28, 8, 30, 7, {("North Officer", -3), ("North Head", -3)}),
        (30, 8, 30, 7, {("North Officer", -1), ("North Head", -1), ("Reviewer", -1)}),
        (31, 8, 30, 7, {("North Officer", 0), ("North Head", 0)}),
        (3, 8, 30, 8, {("North Officer", 1), ("North Head", 1)}),
        (5, 8, 30, 8, {("North Head", 3), ("Reviewer", 3)}),
    ],
)
def test_each_rung_first_run_after_silence_sends_the_latest_rung_only(
    cast: Cast, ladder: Cycle, day: int, hour: int, minute: int, month: int, expected: set[tuple[str, int]]
) -> None:
    sweep_reminders(now=beijing(day, hour, minute, month))
    assert due_mails(True, cast) == expected
    sweep_reminders(now=beijing(day, hour, minute, month) + timedelta(seconds=30))
    assert due_mails(True, cast) == expected


def test_late_run_records_the_rungs_it_missed_as_superseded(cast: Cast, ladder: Cycle) -> None:
    sweep_reminders(now=beijing(31, 9))
    rows = OutgoingMail.objects.filter(kind="reminder", district=cast.north, state=MailState.SUPERSEDED)
    assert sorted((mail.context["offset"], mail.recipient.full_name) for mail in rows) == [
        (-7, "North Officer"),
        (-3, "North Head"),
        (-3, "North Officer"),
        (-1, "North Head"),
        (-1, "North Officer"),
        (-1, "Reviewer"),
    ]


def test_submitted_report_is_not_reminded_and_the_other_district_is(cast: Cast, ladder: Cycle) -> None:
    submission = Submission.objects.get(cycle=ladder, district=cast.north)
    submit(submission, cast.head)
    sweep_reminders(now=beijing(31, 9))
    assert due_mails(True, cast) == set()
    assert due_mails(False, cast) == {("South Officer", 0), ("South Head", 0)}


def test_quiet_hours_reminder_waits_for_the_next_working_morning(cast: Cast, ladder: Cycle) -> None:
    sweep_reminders(now=beijing(24, 19))  # a Friday evening
    mail = OutgoingMail.objects.get(kind="reminder", district=cast.north, state=MailState.DUE)
    assert mail.next_try_at == beijing(27, 8, 30)


def test_quiet_hours_waiting_past_the_deadline_goes_at_once(cast: Cast, ladder: Cycle) -> None:
    ladder.due_at = beijing(25, 12)  # a Saturday noon: the next working morning is too late
    ladder.save()
    sweep_reminders(now=beijing(24, 19))
    assert {m.next_try_at for m in OutgoingMail.objects.filter(kind="reminder", state=MailState.DUE)} == {beijing(24, 19)}


def test_return_restarts_the_ladder_against_the_new_due_time(cast: Cast, ladder: Cycle) -> None:
    submission = Submission.objects.get(cycle=ladder, district=cast.north)
    submit(submission, cast.head)
    apply_transition(submission=submission, name="begin_review", actor=cast.reviewer, now=beijing(29, 10))
    submission.comments.create(
        district=cast.north, revision=submission.revisions.get(), text="Check", author=cast.reviewer, created_at=NOW
    )
    apply_transition(
        submission=submission,
        name="return",
        actor=cast.reviewer,
        now=beijing(29, 11),
        terms=Terms(due_at=beijing(5, 18, month=8)),
    )
    sweep_reminders(now=beijing(30, 9))
    assert due_mails(True, cast) == set()
    sweep_reminders(now=beijing(31, 9))
    assert due_mails(True, cast) == {("North Officer", -3), ("North Head", -3)}


def test_work_calendar_follows_the_published_one_and_its_overrides() -> None:
    calendar = WorkCalendar()
    days = {
        d: calendar.is_workday(datetime.fromisoformat(d).date())
        for d in ("2024-09-29", "2024-10-12", "2026-02-14", "2026-10-10", "2024-10-01")
    }
    assert days == {"2024-09-29": True, "2024-10-12": True, "2026-02-14": True, "2026-10-10": True, "2024-10-01": False}
    day = datetime(2026, 10, 10, tzinfo=UTC).date()
    assert not WorkCalendar({day: False}).is_workday(day)
    assert WorkCalendar().is_workday(datetime(2031, 7, 1, tzinfo=UTC).date())
