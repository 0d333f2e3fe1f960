"""Key tasks: assigning, progress between and in reports, closing, more time, and who is told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.domain.letters import compose
from districts.enums import BureauRoleName
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail
from reporting.domain.answers import set_nil_return
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task, change_key_task
from reporting.domain.key_tasks.closing import answer_key_task, chase_key_task, close_key_task, drop_key_task, send_back_key_task
from reporting.domain.key_tasks.extensions import answer_task_extension, ask_task_extension
from reporting.domain.key_tasks.progress import save_report_progress, tell_progress
from reporting.domain.receipts import canonical_content
from reporting.domain.submissions import Terms, apply_transition
from reporting.domain.verification import Verification
from reporting.enums import TransitionName
from reporting.enums.key_tasks import KeyTaskSource, KeyTaskStep, Signal
from reporting.models import KeyTask, KeyTaskParty, KeyTaskRecord, KeyTaskUpdate, Submission
from reporting.queries.key_tasks import register_for, report_tasks, standings, tasks_for, waiting_tasks
from tests.conftest import Cast
from tests.factories import NOW, depute, fill, make_bureau, sign
from tests.reporting.figures.test_verify_receipts import tamper

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
LATER = NOW + timedelta(hours=1)


def given(cast: Cast, **more: Any) -> Assignment:
    return Assignment(
        title="Data exchange", lead=cast.north, deliverable="A working exchange", deadline=date(2026, 12, 31), **more
    )


@pytest.fixture
def task(cast: Cast) -> KeyTask:
    return assign_key_task(assignment=given(cast), actor=cast.approver, now=NOW)


@pytest.fixture
def party(task: KeyTask) -> KeyTaskParty:
    return task.parties.get()


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def steps(task: KeyTask) -> list[str]:
    return list(task.records.order_by("pk").values_list("step", flat=True))


def test_assigned_task_has_its_districts_and_they_get_a_mail(cast: Cast) -> None:
    task = assign_key_task(assignment=given(cast, co_leads=[cast.south]), actor=cast.approver, now=NOW)
    assert {(party.district, party.role) for party in task.parties.all()} == {(cast.north, "lead"), (cast.south, "co_lead")}
    assert (task.state, task.begins_on, steps(task)) == ("assigned", TODAY, ["assign"])
    people = [cast.officer, cast.head, cast.south_officer, cast.south_head]
    assert mails("task_assigned") == sorted(person.email for person in people)


def test_the_same_assignment_again_is_one_task(cast: Cast) -> None:
    first = assign_key_task(assignment=given(cast), actor=cast.approver, now=NOW)
    assert assign_key_task(assignment=given(cast), actor=cast.approver, now=LATER) == first
    origin = given(cast, origin="symposium:1")
    made = assign_key_task(assignment=origin, actor=cast.approver, now=NOW)
    again = assign_key_task(assignment=replace(origin, title="Reworded"), actor=cast.administrator, now=LATER)
    assert (made, KeyTask.objects.count()) == (again, 2)


@pytest.mark.parametrize("who", ["reviewer", "officer", "head", "south_reviewer", "outsider"])
def test_only_an_approver_of_all_its_districts_assigns(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        assign_key_task(assignment=given(cast), actor=getattr(cast, who), now=NOW)
    assert not KeyTask.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": " "}, "Give a title."),
        ({"title": "x" * 201}, "“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…” is too long: 200 characters are possible."),
        ({"deliverable": ""}, "Say what is to be delivered."),
        ({"deadline": TODAY - timedelta(days=1)}, "The deadline is in the past."),
        ({"deadline": date(2037, 1, 1)}, "The deadline is more than 10 years away. Check the year."),
        ({"begins_on": date(2027, 1, 1)}, "The task would begin after its deadline."),
    ],
)
def test_assignment_that_cannot_be_met_is_refused_in_words(cast: Cast, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as caught:
        assign_key_task(assignment=replace(given(cast), **more), actor=cast.approver, now=NOW)
    assert [str(message) for message in caught.value.messages] == [said]


def test_lead_is_not_its_own_co_lead_and_todays_deadline_is_taken(cast: Cast) -> None:
    with pytest.raises(Refused, match="its own co-lead"):
        assign_key_task(assignment=given(cast, co_leads=[cast.north]), actor=cast.approver, now=NOW)
    task = assign_key_task(assignment=replace(given(cast), deadline=TODAY), actor=cast.approver, now=NOW)
    assert (task.begins_on, task.deadline) == (TODAY, TODAY)


def test_progress_between_reports_counts_at_once_and_never_changes(cast: Cast, task: KeyTask, party: KeyTaskParty) -> None:
    first = tell_progress(party=party, progress=30, text="Begun.", actor=cast.officer, now=NOW)
    assert tell_progress(party=party, progress=30, text="Begun.", actor=cast.officer, now=LATER) == first
    tell_progress(party=party, progress=20, text="Less than thought.", actor=cast.head, now=LATER)
    assert standings([task], LATER)[0].progress == 20
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskUpdate.objects.filter(pk=first.pk).update(progress=90)
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskUpdate.objects.filter(pk=first.pk).delete()


@pytest.mark.parametrize("progress", [None, -1, 101])
def test_progress_that_is_no_per_cent_is_refused(cast: Cast, party: KeyTaskParty, progress: int | None) -> None:
    with pytest.raises(Refused, match="from 0 to 100"):
        tell_progress(party=party, progress=progress, text="x", actor=cast.officer, now=NOW)
    assert not KeyTaskUpdate.objects.exists()


@pytest.mark.parametrize("who", ["observer", "south_officer", "reviewer", "approver", "outsider"])
def test_nobody_but_the_districts_people_tells_its_progress(cast: Cast, party: KeyTaskParty, who: str) -> None:
    with pytest.raises(NotAllowed):
        tell_progress(party=party, progress=1, text="x", actor=getattr(cast, who), now=NOW)


def test_co_leads_progress_is_its_own_and_not_the_tasks(cast: Cast) -> None:
    task = assign_key_task(assignment=given(cast, co_leads=[cast.south]), actor=cast.approver, now=NOW)
    south = task.parties.get(district=cast.south)
    tell_progress(party=south, progress=80, text="Ours.", actor=cast.south_officer, now=NOW)
    (standing,) = standings([task], NOW)
    said = [(party.district, update.progress if update else None) for party, update in standing.said]
    assert (standing.progress, said) == (0, [(cast.north, None), (cast.south, 80)])
    with pytest.raises(NotAllowed, match="lead district"):
        answer_key_task(task=task, note="Done.", actor=cast.south_officer, now=NOW)


def begun(submission: Submission, cast: Cast) -> Submission:
    fill(submission, cast.officer, now=NOW)
    submission.refresh_from_db()
    return submission


def saved(submission: Submission, party: KeyTaskParty, cast: Cast, seen: int = 0, **more: Any) -> KeyTaskUpdate:
    said: dict[str, Any] = {"progress": 50, "text": "Half.", "actor": cast.officer, "now": NOW} | more
    return save_report_progress(submission=submission, party_id=party.pk, seen_version=seen, **said)


def test_progress_in_a_report_counts_once_it_is_signed(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    begun(submission, cast)
    saved(submission, party, cast)
    assert standings([task], NOW)[0].progress == 0
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=NOW)
    signed = sign(submission, cast.head, NOW)
    assert standings([task], LATER)[0].progress == 50
    revision = signed.working_revision
    assert revision is not None
    content = canonical_content(signed, revision, revision.answers.all(), revision.files.all(), revision.task_updates.all())
    assert (content["format"], content["tasks"]) == (4, [[party.pk, 50, "Half."]])
    assert list(Verification().mismatches()) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        revision.task_updates.update(progress=90)


def test_tampered_progress_is_found_by_the_receipts(cast: Cast, party: KeyTaskParty, submission: Submission) -> None:
    begun(submission, cast)
    saved(submission, party, cast)
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=NOW)
    sign(submission, cast.head, NOW)
    tamper("reporting_keytaskupdate", "UPDATE reporting_keytaskupdate SET progress = 51")
    assert len(list(Verification().mismatches())) == 1


def test_handed_over_report_has_every_open_task_as_it_stood(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    tell_progress(party=party, progress=30, text="Before.", actor=cast.officer, now=NOW)
    other = assign_key_task(assignment=replace(given(cast), title="Other"), actor=cast.approver, now=NOW)
    theirs = assign_key_task(assignment=replace(given(cast), lead=cast.south), actor=cast.approver, now=NOW)
    begun(submission, cast)
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=NOW)
    submission.refresh_from_db()
    assert submission.working_revision is not None
    rows = submission.working_revision.task_updates.order_by("party").values_list("party__task", "progress", "text")
    assert list(rows) == [(task.pk, 30, "Before."), (other.pk, 0, "")]
    assert theirs.parties.get().updates.count() == 0


def test_report_that_is_returned_keeps_what_it_said_of_tasks(cast: Cast, party: KeyTaskParty, submission: Submission) -> None:
    begun(submission, cast)
    saved(submission, party, cast)
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=NOW)
    sign(submission, cast.head, NOW)
    apply_transition(submission=submission, name=TransitionName.RECALL, actor=cast.head, now=NOW)
    submission.refresh_from_db()
    assert submission.working_revision is not None
    assert submission.working_revision.task_updates.get().text == "Half."
    changed = saved(submission, party, cast, seen=1, progress=60, text="More.", now=LATER)
    assert (changed.progress, changed.version) == (60, 2)


def test_two_people_at_one_task_in_a_report_clash_and_nothing_is_lost(
    cast: Cast, party: KeyTaskParty, submission: Submission
) -> None:
    begun(submission, cast)
    saved(submission, party, cast)
    saved(submission, party, cast, seen=1, progress=60, text="The head's.", actor=cast.head)
    with pytest.raises(Conflict, match=r"North Head saved: 60 %, “The head's\.”"):
        saved(submission, party, cast, seen=1, progress=70, text="The officer's.")
    with pytest.raises(Conflict):
        saved(submission, party, cast, seen=0, progress=70, text="Blind.")
    assert submission.working_revision is not None
    assert submission.working_revision.task_updates.get().progress == 60
    assert saved(submission, party, cast, seen=0, progress=60, text="The head's.").version == 2


def test_task_of_another_district_or_closed_is_not_in_the_report(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    theirs = assign_key_task(assignment=replace(given(cast), lead=cast.south), actor=cast.approver, now=NOW)
    begun(submission, cast)
    with pytest.raises(Refused, match="not one of the district's open tasks"):
        saved(submission, theirs.parties.get(), cast)
    close_key_task(task=task, note="Seen.", actor=cast.approver, now=NOW)
    with pytest.raises(Refused, match="not one of the district's open tasks"):
        saved(submission, party, cast)
    assert report_tasks(submission, submission.working_revision, NOW) == []


def test_section_of_a_report_is_filled_with_what_stood_before(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    tell_progress(party=party, progress=30, text="Before.", actor=cast.officer, now=NOW)
    begun(submission, cast)
    (one,) = report_tasks(submission, submission.working_revision, NOW)
    assert one.shown is not None
    assert (one.shown.progress, one.version, one.update) == (30, 0, None)
    saved(submission, party, cast)
    (one,) = report_tasks(submission, submission.working_revision, NOW)
    assert one.before is not None
    assert one.update is not None
    assert (one.before.progress, one.update.progress, one.version) == (30, 50, 1)


def test_done_is_reported_by_the_lead_with_all_its_progress_and_the_approver_is_told(
    cast: Cast, task: KeyTask, party: KeyTaskParty
) -> None:
    with pytest.raises(Refused, match="what was delivered"):
        answer_key_task(task=task, note=" ", actor=cast.officer, now=NOW)
    done = answer_key_task(task=task, note="It runs.", actor=cast.officer, now=NOW)
    assert (done.state, standings([done], NOW)[0].progress, steps(task)) == ("answered", 100, ["assign", "answer"])
    assert mails("task_waiting") == [cast.approver.email]
    assert list(waiting_tasks(cast.approver)) == [task]
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=LATER)
    assert (steps(task), len(mails("task_waiting"))) == (["assign", "answer"], 1)
    with pytest.raises(Conflict):
        answer_key_task(task=task, note="Really.", actor=cast.head, now=LATER)


def test_sent_back_is_the_districts_turn_again(cast: Cast, task: KeyTask) -> None:
    with pytest.raises(Conflict):
        send_back_key_task(task=task, note="Not yet.", actor=cast.approver, now=NOW)
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=NOW)
    back = send_back_key_task(task=task, note="No data yet.", actor=cast.approver, now=LATER)
    assert (back.state, back.closed_at) == ("sent_back", None)
    assert mails("task_decided") == sorted([cast.officer.email, cast.head.email])
    again = answer_key_task(task=task, note="Now it does.", actor=cast.head, now=LATER)
    assert again.state == "answered"


@pytest.mark.parametrize("who", ["officer", "head", "reviewer", "south_reviewer", "outsider"])
def test_only_the_bureaus_approver_closes(cast: Cast, task: KeyTask, who: str) -> None:
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=NOW)
    for step in (close_key_task, send_back_key_task, drop_key_task):
        with pytest.raises(NotAllowed):
            step(task=task, note="x", actor=getattr(cast, who), now=NOW)
    task.refresh_from_db()
    assert task.state == "answered"


def test_closed_on_evidence_once_and_for_good(cast: Cast, task: KeyTask, party: KeyTaskParty) -> None:
    with pytest.raises(Refused, match="on what evidence"):
        close_key_task(task=task, note="", actor=cast.approver, now=NOW)
    closed = close_key_task(task=task, note="Seen on site.", actor=cast.approver, now=NOW)
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    assert close_key_task(task=task, note="Seen on site.", actor=cast.approver, now=LATER).closed_at == NOW
    assert steps(task) == ["assign", "close"]
    for call in (
        lambda: drop_key_task(task=task, note="x", actor=cast.approver, now=LATER),
        lambda: tell_progress(party=party, progress=1, text="x", actor=cast.officer, now=LATER),
        lambda: ask_task_extension(task=task, wanted=date(2027, 1, 1), why="x", actor=cast.officer, now=LATER),
        lambda: chase_key_task(task=task, note="x", actor=cast.reviewer, now=LATER),
    ):
        with pytest.raises(Conflict):
            call()
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTask.objects.filter(pk=task.pk).update(state="assigned", closed_at=None)


def test_chased_by_the_reviewer_once_for_the_same_words(cast: Cast, task: KeyTask) -> None:
    chase_key_task(task=task, note="Please.", actor=cast.reviewer, now=NOW)
    chase_key_task(task=task, note="Please.", actor=cast.reviewer, now=NOW + timedelta(minutes=1))
    assert (steps(task), mails("task_chased")) == (["assign", "chase"], sorted([cast.officer.email, cast.head.email]))
    with pytest.raises(NotAllowed):
        chase_key_task(task=task, note="Please.", actor=cast.south_reviewer, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskRecord.objects.update(note="Softer.")


def test_more_time_is_asked_for_before_the_deadlines_end_and_given(cast: Cast, task: KeyTask) -> None:
    wanted, last = date(2027, 1, 31), NOW.replace(year=2026, month=12, day=31, hour=15, minute=59)
    for wrong in (None, date(2026, 12, 31), date(2037, 1, 1)):
        with pytest.raises(Refused, match="Ask for a day after 31 December 2026"):
            ask_task_extension(task=task, wanted=wrong, why="Late.", actor=cast.officer, now=NOW)
    with pytest.raises(Refused, match="The deadline has passed"):
        ask_task_extension(task=task, wanted=wanted, why="Late.", actor=cast.officer, now=last + timedelta(minutes=1))
    asked = ask_task_extension(task=task, wanted=wanted, why="Late.", actor=cast.officer, now=last)
    assert ask_task_extension(task=task, wanted=wanted, why="Late.", actor=cast.officer, now=last) == asked
    with pytest.raises(Conflict):
        ask_task_extension(task=task, wanted=wanted, why="Later.", actor=cast.head, now=last)
    with pytest.raises(NotAllowed):
        answer_task_extension(extension=asked, grant=True, answer="", actor=cast.head, now=last)
    answer_task_extension(extension=asked, grant=True, answer="", actor=cast.approver, now=last)
    task.refresh_from_db()
    assert (task.deadline, steps(task)) == (wanted, ["assign", "ask_extension", "grant_extension"])
    with pytest.raises(Conflict, match="answered meanwhile"):
        answer_task_extension(extension=asked, grant=False, answer="No.", actor=cast.approver, now=last)


def test_more_time_is_refused_with_a_reason_and_the_deadline_stays(cast: Cast, task: KeyTask) -> None:
    asked = ask_task_extension(task=task, wanted=date(2027, 1, 31), why="Late.", actor=cast.head, now=NOW)
    with pytest.raises(Refused, match="why the request is refused"):
        answer_task_extension(extension=asked, grant=False, answer="", actor=cast.approver, now=NOW)
    answer_task_extension(extension=asked, grant=False, answer="It is due.", actor=cast.approver, now=NOW)
    task.refresh_from_db()
    assert task.deadline == date(2026, 12, 31)
    again = ask_task_extension(task=task, wanted=date(2027, 2, 1), why="Still late.", actor=cast.head, now=LATER)
    close_key_task(task=task, note="Seen.", actor=cast.approver, now=LATER)
    again.refresh_from_db()
    assert (again.granted, again.answer) == (False, "Seen.")


def test_change_is_compared_with_what_was_read(cast: Cast, task: KeyTask) -> None:
    new = replace(given(cast), title="Renamed")
    changed = change_key_task(task=task, version=1, assignment=new, actor=cast.approver, now=NOW)
    assert (changed.title, changed.version) == ("Renamed", 2)
    with pytest.raises(Conflict):
        change_key_task(task=task, version=1, assignment=given(cast), actor=cast.administrator, now=NOW)
    with pytest.raises(NotAllowed):
        change_key_task(task=task, version=2, assignment=given(cast), actor=cast.reviewer, now=NOW)


def test_change_stands_in_the_history_with_a_new_deadline_and_the_districts_are_told(cast: Cast, task: KeyTask) -> None:
    moved = replace(given(cast), deadline=date(2027, 1, 31))
    change_key_task(task=task, version=1, assignment=moved, actor=cast.approver, now=NOW)
    change_key_task(task=task, version=2, assignment=replace(moved, title="Renamed"), actor=cast.approver, now=LATER)
    rows = task.records.order_by("pk").values_list("step", "wanted")
    assert list(rows) == [("assign", None), ("change", date(2027, 1, 31)), ("change", None)]
    assert mails("task_decided") == sorted([cast.officer.email, cast.head.email] * 2)
    letter = compose(OutgoingMail.objects.filter(kind="task_decided", recipient=cast.head).earliest("pk"), NOW)
    assert letter is not None
    assert str(letter.subject) == "Key task: Renamed – Changed by the bureau"
    assert ("Deadline", "31 January 2027") in letter.facts


def test_change_that_changes_nothing_leaves_no_trace(cast: Cast, task: KeyTask) -> None:
    same = change_key_task(task=task, version=1, assignment=given(cast), actor=cast.approver, now=NOW)
    assert (same.version, steps(task), mails("task_decided")) == (1, ["assign"], [])


def test_what_a_deputy_does_is_said_in_the_history(cast: Cast) -> None:
    absent = make_bureau("absent", BureauRoleName.APPROVER, [cast.north])
    deputy = make_bureau("deputy", BureauRoleName.REVIEWER, [cast.south])
    depute(absent, deputy)
    task = assign_key_task(assignment=given(cast), actor=deputy, now=NOW)
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=NOW)
    send_back_key_task(task=task, note="Not yet.", actor=deputy, now=NOW)
    asked = ask_task_extension(task=task, wanted=date(2027, 1, 31), why="Late.", actor=cast.head, now=NOW)
    answer_task_extension(extension=asked, grant=True, answer="", actor=deputy, now=NOW)
    close_key_task(task=task, note="Seen.", actor=cast.approver, now=NOW)
    assert list(task.records.order_by("pk").values_list("step", "deputy_of")) == [
        ("assign", "Absent"),
        ("answer", ""),
        ("send_back", "Absent"),
        ("ask_extension", ""),
        ("grant_extension", "Absent"),
        ("close", ""),
    ]


def test_description_too_long_is_refused_and_not_cut(cast: Cast, task: KeyTask) -> None:
    long = replace(given(cast), title="Other", description="x" * 5001)
    with pytest.raises(Refused, match="The text has 5001 characters; 5000 are possible"):
        assign_key_task(assignment=long, actor=cast.approver, now=NOW)
    with pytest.raises(Refused, match="5001 characters"):
        change_key_task(task=task, version=1, assignment=long, actor=cast.approver, now=NOW)
    whole = assign_key_task(assignment=replace(long, description=" " + "x" * 5000), actor=cast.approver, now=NOW)
    assert len(whole.description) == 5000


def test_report_that_is_still_to_be_begun_shows_its_tasks(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    assign_key_task(assignment=replace(given(cast), lead=cast.south), actor=cast.approver, now=NOW)
    tell_progress(party=party, progress=30, text="Before.", actor=cast.officer, now=NOW)
    (one,) = report_tasks(submission, None, NOW)
    assert one.before is not None
    assert (one.party, one.before.progress, one.update) == (party, 30, None)
    submission.state = "released"
    assert report_tasks(submission, None, NOW) == []


def test_each_person_sees_the_tasks_of_the_own_districts(cast: Cast, task: KeyTask) -> None:
    theirs = assign_key_task(assignment=replace(given(cast), lead=cast.south), actor=cast.approver, now=NOW)
    both = assign_key_task(assignment=replace(given(cast, co_leads=[cast.south]), title="Both"), actor=cast.approver, now=NOW)
    seen = {who: set(tasks_for(getattr(cast, who))) for who in ("observer", "south_head", "outsider", "reviewer", "approver")}
    assert seen == {
        "observer": {task, both},
        "south_head": {theirs, both},
        "outsider": set(),
        "reviewer": {task, both},
        "approver": {task, theirs, both},
    }
    assert set(register_for(cast.officer)) == set()
    assert set(register_for(cast.south_reviewer)) == {theirs, both}


def test_standings_show_how_urgent_each_is(cast: Cast) -> None:
    days = {"over": -1, "soon": 3, "far": 100}
    late = assign_key_task(assignment=replace(given(cast), deadline=TODAY), actor=cast.approver, now=NOW)
    soon = replace(given(cast), title="Soon", deadline=TODAY + timedelta(days=days["soon"]))
    far = replace(given(cast), title="Far", deadline=TODAY + timedelta(days=days["far"]))
    tasks = [late, *(assign_key_task(assignment=one, actor=cast.approver, now=NOW) for one in (soon, far))]
    signals = [one.signal for one in standings(tasks, NOW + timedelta(days=1))]
    assert signals == [Signal.RED, Signal.YELLOW, Signal.NONE]


def test_letters_are_not_sent_once_nobody_needs_them(cast: Cast, task: KeyTask) -> None:
    assigned = OutgoingMail.objects.get(kind="task_assigned", recipient=cast.head)
    letter = compose(assigned, NOW)
    assert letter is not None
    assert letter.facts == [("Deliverable", "A working exchange"), ("Deadline", "31 December 2026"), ("Role", "Lead")]
    answer_key_task(task=task, note="It runs.", actor=cast.officer, now=NOW)
    waiting = OutgoingMail.objects.get(kind="task_waiting")
    asked = compose(waiting, NOW)
    assert asked is not None
    assert str(asked.subject) == "Northgate, key task: Data exchange – Reported as done"
    close_key_task(task=task, note="Seen.", actor=cast.approver, now=NOW)
    assert (compose(waiting, NOW), compose(assigned, NOW)) == (None, None)
    told = compose(OutgoingMail.objects.get(kind="task_decided", recipient=cast.officer), NOW)
    assert told is not None
    assert (str(told.subject), told.quotes) == ("Key task: Data exchange – Closed", [("Note", "Seen.")])


def test_nil_return_says_nothing_of_tasks(cast: Cast, task: KeyTask, submission: Submission) -> None:
    apply_transition(submission=submission, name=TransitionName.START, actor=cast.officer, now=NOW)
    set_nil_return(submission=submission, reason="Nothing.", actor=cast.officer, now=NOW)
    handed = apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=NOW, terms=Terms())
    assert handed.working_revision is not None
    assert not handed.working_revision.task_updates.exists()


def test_vocabulary_is_the_registers() -> None:
    assert {source.value for source in KeyTaskSource} == {"plan", "symposium", "other"}
    assert str(KeyTaskStep.ANSWER.label) == "Reported as done"


def test_what_was_told_after_the_hand_over_stays_the_latest(
    cast: Cast, task: KeyTask, party: KeyTaskParty, submission: Submission
) -> None:
    tell_progress(party=party, progress=30, text="Before.", actor=cast.officer, now=NOW)
    begun(submission, cast)
    apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=cast.officer, now=LATER)
    tell_progress(party=party, progress=80, text="Meanwhile.", actor=cast.officer, now=LATER + timedelta(minutes=5))
    signed = sign(submission, cast.head, LATER + timedelta(minutes=9))
    assert standings([task], LATER + timedelta(days=1))[0].progress == 80
    tell_progress(party=party, progress=90, text="Later.", actor=cast.officer, now=LATER + timedelta(days=5))
    (one,) = report_tasks(signed, signed.working_revision, LATER + timedelta(days=6))
    assert one.before is not None
    assert one.update is not None
    assert (one.before.progress, one.update.progress) == (80, 30)


def test_other_co_leads_make_another_task_and_a_made_one_is_found_after_its_deadline(cast: Cast, task: KeyTask) -> None:
    both = assign_key_task(assignment=given(cast, co_leads=[cast.south]), actor=cast.approver, now=NOW)
    assert both != task
    made = assign_key_task(assignment=given(cast, origin="item:1"), actor=cast.approver, now=NOW)
    again = assign_key_task(assignment=given(cast, origin="item:1"), actor=cast.approver, now=NOW + timedelta(days=400))
    assert again == made


def test_same_words_a_week_later_chase_again(cast: Cast, task: KeyTask) -> None:
    for now in (NOW, NOW + timedelta(minutes=1), NOW + timedelta(days=7)):
        chase_key_task(task=task, note="", actor=cast.reviewer, now=now)
    assert steps(task) == ["assign", "chase", "chase"]
