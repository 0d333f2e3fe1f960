"""The morning digest: when it is written, to whom, and what it says of whose districts."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.domain.sending import send_due_mail
from districts.enums import MailState
from districts.models import OutgoingMail, User, WorkdayOverride
from reporting.domain.enquiries import ask_bureau
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task, close_key_task, send_back_key_task
from reporting.domain.key_tasks.extensions import answer_task_extension, ask_task_extension
from reporting.domain.morning import KIND, sweep_digests
from reporting.domain.petitions import ask_extension
from reporting.domain.practices import Shared, decline_practice, propose_practice
from reporting.domain.submissions import apply_transition
from reporting.enums.practices import PracticeTopic
from reporting.models import Cycle, KeyTask, Practice, ReminderPolicy, Submission
from reporting.queries.morning import morning_of
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

MORNING = datetime(2026, 7, 22, 0, 30, tzinfo=UTC)
"""08:30 in Beijing, on the Wednesday after NOW."""
BUREAU = {"administrator", "approver", "reviewer", "south-reviewer"}


@pytest.fixture(autouse=True)
def joined(cast: Cast) -> None:
    User.objects.update(date_joined=NOW)


def written() -> set[str]:
    rows = OutgoingMail.objects.filter(kind=KIND).select_related("recipient")
    return {row.recipient.email.partition("@")[0] for row in rows}


def digests(now: datetime) -> dict[str, EmailMultiAlternatives]:
    """What goes out then, by the recipient's name; other mails are left out."""
    OutgoingMail.objects.exclude(kind=KIND).filter(state=MailState.DUE).update(state=MailState.SUPERSEDED)
    mail.outbox.clear()
    sweep_digests(now=now)
    send_due_mail(now=now)
    return {message.to[0].partition("@")[0]: message for message in mail.outbox}  # type: ignore[misc]


def body(message: EmailMultiAlternatives) -> list[str]:
    """The lines between the greeting and the signature."""
    lines = str(message.body).partition("\n-- \n")[0].splitlines()
    return [line.strip() for line in lines[1:] if line.strip()]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MORNING - timedelta(seconds=1), set()),
        (MORNING, BUREAU),
        (MORNING + timedelta(hours=14), BUREAU),  # 22:30: the worker was away all day
        (datetime(2026, 7, 25, 1, 0, tzinfo=UTC), set()),  # a Saturday
    ],
)
def test_digest_is_written_from_the_morning_of_a_working_day_on(cycle: Cycle, now: datetime, expected: set[str]) -> None:
    assert sweep_digests(now=now) == len(expected)
    assert written() == expected


def test_digest_day_off_by_the_bureaus_calendar_has_none_and_a_worked_saturday_has_one(cycle: Cycle) -> None:
    saturday = datetime(2026, 7, 25, 1, 0, tzinfo=UTC)
    WorkdayOverride.objects.create(date=MORNING.date(), is_workday=False, reason="Day off")
    WorkdayOverride.objects.create(date=saturday.date(), is_workday=True, reason="Worked")
    assert (sweep_digests(now=MORNING), sweep_digests(now=saturday)) == (0, 4)


def test_digest_swept_again_the_same_day_is_not_written_twice_and_comes_again_the_next(cycle: Cycle) -> None:
    counts = [sweep_digests(now=MORNING + timedelta(minutes=minutes)) for minutes in (0, 1, 600)]
    assert counts == [4, 0, 0]
    assert sweep_digests(now=MORNING + timedelta(days=1)) == 4
    assert OutgoingMail.objects.filter(kind=KIND).count() == 8


def test_digest_days_without_a_sweep_are_not_made_up_for(cycle: Cycle) -> None:
    sweep_digests(now=MORNING)
    assert sweep_digests(now=MORNING + timedelta(days=6)) == 4
    assert OutgoingMail.objects.filter(kind=KIND).count() == 8


def test_digest_goes_to_the_bureau_alone_and_to_those_who_take_it(cast: Cast, cycle: Cycle) -> None:
    User.objects.filter(pk=cast.approver.pk).update(morning_digest=False)
    User.objects.filter(pk=cast.south_reviewer.pk).update(is_active=False)
    User.objects.filter(pk=cast.administrator.pk).update(date_joined=MORNING + timedelta(hours=1))
    assert sweep_digests(now=MORNING + timedelta(hours=2)) == 1
    assert written() == {"reviewer"}


def test_digest_without_a_policy_is_not_written(cast: Cast) -> None:
    assert not ReminderPolicy.objects.exists()
    assert sweep_digests(now=MORNING) == 0


def test_digest_where_nothing_waits_is_not_sent(cycle: Cycle) -> None:
    assert digests(MORNING) == {}
    assert set(OutgoingMail.objects.filter(kind=KIND).values_list("state", flat=True)) == {MailState.SUPERSEDED}


def test_digest_names_what_waits_in_the_own_portfolio_with_links(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    factories.submit(submission, cast.head)
    factories.submit(south_submission, cast.south_head)
    apply_transition(submission=south_submission, name="begin_review", actor=cast.south_reviewer, now=NOW)
    OutgoingMail.objects.filter(kind="receipt", recipient=cast.head).update(state=MailState.FAILED, last_error="550 unknown")
    (failed,) = OutgoingMail.objects.filter(state=MailState.FAILED)
    found = digests(MORNING)
    assert set(found) == BUREAU
    assert found["reviewer"].subject == "Waiting for the bureau, Wednesday 22 July 2026"
    assert body(found["reviewer"]) == [
        "This waits in the districts that you look after.",
        "Submitted: 1",
        f"- {submission}: signed 22 hours ago",
        f"http://testserver/admin/reporting/submission/{submission.pk}/change/",
        "Failed mails: 1",
        "- North Head: 550 unknown",
        f"http://testserver/admin/districts/outgoingmail/{failed.pk}/change/",
        "Open the bureau's page:",
        "http://testserver/admin/",
    ]
    south = str(found["south-reviewer"].message())
    assert ("In review: 1" in south, "Southgate" in south, "Northgate" in south, "550" in south) == (True, True, False, False)
    every = body(found["approver"])
    assert [line for line in every if line.partition(": ")[2].isdigit()] == ["Submitted: 1", "In review: 1", "Failed mails: 1"]


def test_digest_names_the_overdue_until_they_are_locked(cast: Cast, submission: Submission) -> None:
    due, lock = submission.cycle.due_at, submission.cycle.locks_at
    first, last, after = MORNING.replace(day=31), MORNING.replace(month=8, day=7), MORNING.replace(month=8, day=10)
    assert first < due < last < lock < after
    assert "reviewer" not in digests(first)
    lines = body(digests(last)["reviewer"])
    assert lines[1:3] == ["Overdue: 1", f"- {submission}: was due on Friday 31 July 2026, 10:00"]
    assert "reviewer" not in digests(after)


def test_digest_names_questions_that_wait_and_not_the_other_districts(cast: Cast, submission: Submission) -> None:
    ask_bureau(
        submission=submission, question_key="plans", text="Which year?", actor=cast.officer, now=MORNING - timedelta(hours=3)
    )
    found = digests(MORNING)
    assert body(found["reviewer"])[1:3] == ["Questions from districts: 1", "- Northgate · Plans: asked 3 hours ago"]
    assert "south-reviewer" not in found


def test_digest_names_requests_that_wait(cast: Cast, submission: Submission) -> None:
    wanted = submission.due_in_force + timedelta(days=1)
    ask_extension(submission=submission, due_at=wanted, why="Late.", actor=cast.officer, now=MORNING - timedelta(hours=3))
    found = digests(MORNING)
    assert body(found["reviewer"])[1:3] == ["Requests from districts: 1", "- Northgate · Extension request: asked 3 hours ago"]
    assert "south-reviewer" not in found


def test_digest_names_tasks_and_practices_that_wait_for_an_approver_of_the_district(cast: Cast, cycle: Cycle) -> None:
    for district, officer in ((cast.north, cast.officer), (cast.south, cast.south_officer)):
        given = Assignment(f"Exchange of {district}", district, "A plan", MORNING.date())
        task = assign_key_task(assignment=given, actor=cast.administrator, now=NOW)
        answer_key_task(task=task, note="Done.", actor=officer, now=NOW)
        shared = Shared(PracticeTopic.DATA, f"Lake of {district}", "Done.", "Office")
        propose_practice(district=district, shared=shared, actor=officer, now=NOW)
    found = digests(MORNING)
    task, practice = KeyTask.objects.get(title="Exchange of Northgate"), Practice.objects.get(title="Lake of Northgate")
    assert body(found["approver"])[1:4] == [
        "Key tasks reported as done: 2",
        "- Exchange of Northgate: due on 22 July 2026",
        f"http://testserver/admin/reporting/keytask/{task.pk}/change/",
    ]
    assert body(found["approver"])[6:9] == [
        "Practices to be decided on: 2",
        "- Northgate: Lake of Northgate",
        f"http://testserver/admin/reporting/practice/{practice.pk}/change/",
    ]
    assert {"reviewer", "south-reviewer"} & set(found) == set()


def test_digest_names_requests_for_more_time_for_key_tasks_until_they_are_answered(cast: Cast, cycle: Cycle) -> None:
    wanted, asked = MORNING.date() + timedelta(days=90), {}
    for district, head in ((cast.north, cast.head), (cast.south, cast.south_head)):
        given = Assignment(f"Exchange of {district}", district, "A plan", MORNING.date() + timedelta(days=60))
        task = assign_key_task(assignment=given, actor=cast.administrator, now=NOW)
        asked[district] = ask_task_extension(task=task, wanted=wanted, why="Late.", actor=head, now=NOW)
    answer_task_extension(extension=asked[cast.south], grant=False, answer="No.", actor=cast.approver, now=NOW)
    found = digests(MORNING)
    assert body(found["approver"])[1:4] == [
        "More time for key tasks: 1",
        "- Exchange of Northgate: until 20 October 2026",
        f"http://testserver/admin/reporting/keytask/{asked[cast.north].task_id}/change/",
    ]
    assert {"reviewer", "south-reviewer"} & set(found) == set()


def waiting_rows(cast: Cast, number: int) -> None:
    """So many answered tasks and proposed practices in the north, each with words of its own; one of each in the south."""
    wanted = [(cast.north, cast.officer, f"North {one}") for one in range(number)]
    for district, officer, name in [*wanted, (cast.south, cast.south_officer, "South")]:
        given = Assignment(f"{name} task", district, "A plan", MORNING.date())
        task = assign_key_task(assignment=given, actor=cast.administrator, now=NOW)
        answer_key_task(task=task, note="Done.", actor=officer, now=NOW)
        shared = Shared(PracticeTopic.DATA, f"{name} practice", "Done.", "Office")
        propose_practice(district=district, shared=shared, actor=officer, now=NOW)


def test_digest_links_of_tasks_and_practices_lead_to_all_that_wait(cast: Cast, cycle: Cycle) -> None:
    waiting_rows(cast, 6)
    lines = body(digests(MORNING)["approver"])
    heads = [line for line in lines if line.partition(": ")[2].isdigit()]
    assert heads == ["Key tasks reported as done: 7", "Practices to be decided on: 7"]
    paths = [line.removeprefix("http://testserver") for line in lines if line.startswith("http")]
    lists = ["/admin/reporting/keytask/?state=answered", "/admin/reporting/practice/?state=proposed"]
    assert [path for path in paths if "?" in path] == lists
    client = Client()
    client.force_login(cast.approver)
    pages = {path: client.get(path) for path in paths}
    assert {page.status_code for page in pages.values()} == {200}
    assert len(pages) == 13
    for path, word in zip(lists, ("task", "practice"), strict=True):
        listed = pages[path].content.decode()
        assert [listed.count(f"{name} {word}") > 0 for name in ("North 0", "North 5", "South")] == [True, True, True]


def test_digest_names_no_task_or_practice_that_is_decided_or_not_answered(cast: Cast, cycle: Cycle) -> None:
    waiting_rows(cast, 1)
    send_back_key_task(task=KeyTask.objects.get(title="South task"), note="Not yet.", actor=cast.approver, now=NOW)
    close_key_task(task=KeyTask.objects.get(title="North 0 task"), note="Seen.", actor=cast.approver, now=NOW)
    assign_key_task(assignment=Assignment("Open", cast.north, "A plan", MORNING.date()), actor=cast.administrator, now=NOW)
    for practice in Practice.objects.all():
        decline_practice(practice=practice, reason="No.", actor=cast.approver, now=NOW)
    assert "approver" not in digests(MORNING)


def test_digest_in_chinese_names_tasks_and_practices(cast: Cast, cycle: Cycle) -> None:
    waiting_rows(cast, 1)
    User.objects.update(language="zh-hans")
    lines = body(digests(MORNING)["approver"])
    assert [line for line in lines if line.endswith("：2")] == ["已报完成的重点任务：2", "待推荐的经验做法：2"]


@pytest.mark.parametrize("rows", [1, 3])
def test_digest_of_tasks_and_practices_is_read_in_as_many_queries_for_one_row_as_for_three(
    cast: Cast, cycle: Cycle, rows: int
) -> None:
    waiting_rows(cast, rows)
    with CaptureQueriesContext(connection) as queries:
        found = morning_of(cast.approver, MORNING)
        told = [str(row) for row in found.tasks.rows] + [f"{row.district} {row}" for row in found.practices.rows]
    assert (len(told), found.tasks.count, found.practices.count) == (2 * rows + 2, rows + 1, rows + 1)
    assert len(queries) == 9


def test_digest_of_many_shows_five_and_the_way_to_all(cast: Cast, cycle: Cycle) -> None:
    version = cycle.definition_version
    for year in range(2001, 2007):
        other = factories.make_cycle(version, f"{year}-S1", opened_by=cast.administrator)
        factories.submit(other.submissions.get(district=cast.north), cast.head)
    lines = body(digests(MORNING)["reviewer"])
    assert lines[1] == "Submitted: 6"
    assert [line.startswith("- ") for line in lines[2:14]] == [True, False] * 6
    assert lines[12:14] == ["- See all", "http://testserver/admin/reporting/submission/?state=submitted"]


def test_digest_that_was_late_by_a_day_is_not_sent(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    sweep_digests(now=MORNING)
    OutgoingMail.objects.exclude(kind=KIND).update(state=MailState.SUPERSEDED)
    send_due_mail(now=MORNING + timedelta(days=1))
    assert [message for message in mail.outbox if "Waiting for the bureau" in message.subject] == []


def test_digest_says_what_holds_when_it_is_sent(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    sweep_digests(now=MORNING)
    apply_transition(submission=submission, name="begin_review", actor=cast.reviewer, now=MORNING)
    assert body(digests(MORNING + timedelta(hours=1))["reviewer"])[1] == "In review: 1"


def test_digest_of_who_left_the_bureau_meanwhile_is_not_sent(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    sweep_digests(now=MORNING)
    cast.reviewer.bureau_role.delete()
    assert "reviewer" not in digests(MORNING)


def test_digest_links_open_for_who_gets_them(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    client = Client()
    client.force_login(cast.reviewer)
    links = [line for line in body(digests(MORNING)["reviewer"]) if line.startswith("http")]
    paths = [link.removeprefix("http://testserver") for link in links]
    assert [client.get(path).status_code for path in [*paths, "/admin/reporting/submission/?late=overdue"]] == [200, 200, 200]


@pytest.mark.parametrize("rows", [1, 3])
def test_digest_is_read_in_as_many_queries_for_one_row_as_for_three(cast: Cast, cycle: Cycle, rows: int) -> None:
    for number in range(rows):
        other = factories.make_cycle(cycle.definition_version, f"200{number}-S1", opened_by=cast.administrator)
        factories.submit(other.submissions.get(district=cast.north), cast.head)
    with CaptureQueriesContext(connection) as queries:
        morning_of(cast.reviewer, MORNING)
    assert len(queries) == 9


def test_digest_is_a_preference_of_the_bureaus_people_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.officer)
    assert b"morning_digest" not in client.get("/settings/").content
    client.post("/settings/", {"language": "en"})
    cast.officer.refresh_from_db()
    assert cast.officer.morning_digest is True  # not asked for, not changed
    client.force_login(cast.reviewer)
    assert b'name="morning_digest"' in client.get("/settings/").content
    client.post("/settings/", {"language": "en"})
    cast.reviewer.refresh_from_db()
    assert cast.reviewer.morning_digest is False


def test_sweep_without_a_worker_writes_reminders_and_digests(cycle: Cycle) -> None:
    ReminderPolicy.objects.update(quiet_until="00:00")
    WorkdayOverride.objects.create(date=timezone.localdate(), is_workday=True, reason="Whatever day it is")
    out = StringIO()
    call_command("sweep_reminders", stdout=out)
    assert out.getvalue() == "0 reminders and 4 digests written\n"
