"""The symposium: a drawn order, invitations that follow, what the data show, and action items that become tasks once."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from icalendar import Calendar

from districts.domain.letters import compose
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.symposiums.mails import calendar_entry
from reporting.domain.symposiums.planning import (
    Meeting,
    answer_invitation,
    cancel_symposium,
    change_symposium,
    draw_order,
    invite_districts,
    move_item,
    plan_symposium,
    remind_districts,
    set_minutes,
    share_pack,
)
from reporting.domain.symposiums.results import (
    Item,
    add_action_item,
    add_conclusion,
    assess,
    assign_items,
    conclude_symposium,
    decide_problem,
    find_problems,
    hold_symposium,
    note_remarks,
    remove_action_item,
    remove_conclusion,
)
from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.symposiums import AgendaKind, Decision, Priority, ProblemKind
from reporting.enums.targets import TargetKind
from reporting.models import ActionItem, Cycle, Indicator, KeyTask, Submission, Symposium
from reporting.queries.key_tasks import report_tasks
from reporting.queries.symposiums.problems import sentence
from reporting.queries.symposiums.reading import (
    conclusions_by_priority,
    district_pages,
    replies,
    symposiums_for,
    timed_agenda,
)
from tests import factories
from tests.conftest import Cast
from tests.reporting.domain.states import bring_to

pytestmark = pytest.mark.django_db
NOW = factories.NOW
STARTS = NOW + timedelta(days=30)
AFTER = STARTS + timedelta(hours=3)


def meeting(**more: Any) -> Meeting:
    given: dict[str, Any] = {"title": "Symposium", "starts_at": STARTS, "place": "Hall", "chair": "The director"}
    return Meeting(**given | more)


@pytest.fixture
def symposium(cycle: Cycle, cast: Cast) -> Symposium:
    return plan_symposium(cycle=cycle, meeting=meeting(), seed=7, actor=cast.administrator, now=NOW)


@pytest.fixture
def invited(symposium: Symposium, cast: Cast) -> Symposium:
    return invite_districts(symposium=symposium, actor=cast.administrator, now=NOW)


@pytest.fixture
def held(invited: Symposium, cast: Cast) -> Symposium:
    return hold_symposium(symposium=invited, actor=cast.administrator, now=AFTER)


def agenda(symposium: Symposium) -> list[str]:
    return [item.speaker.code if item.speaker else item.kind for item in symposium.agenda.all()]


def test_agenda_has_every_district_in_a_drawn_order_that_can_be_drawn_again(symposium: Symposium, cast: Cast) -> None:
    for number in range(3):
        factories.make_district(f"d{number}")
    first = agenda(symposium)
    assert (first[:2], sorted(first[2:4]), first[4:]) == (["opening", "figures"], ["north", "south"], ["discussion", "closing"])
    drawn = {seed: agenda(draw_order(symposium=symposium, seed=seed, actor=cast.administrator)) for seed in (*range(1, 9), 7)}
    assert drawn[7] == first
    assert {tuple(order[2:4]) for order in drawn.values()} == {("north", "south"), ("south", "north")}


def test_clock_times_follow_from_the_minutes(symposium: Symposium, cast: Cast) -> None:
    item = symposium.agenda.all()[0]
    set_minutes(item=item, minutes=15, actor=cast.administrator)
    times = timed_agenda(symposium)
    assert (times[0].begins, times[1].begins) == (STARTS, STARTS + timedelta(minutes=15))
    assert times[-1].ends == STARTS + timedelta(minutes=15 + 20 + 5 + 5 + 40 + 20)
    for wrong in (None, 0, 481):
        with pytest.raises(Refused, match="from 1 to 480"):
            set_minutes(item=item, minutes=wrong, actor=cast.administrator)


def test_items_move_one_place_and_stay_at_the_ends(symposium: Symposium, cast: Cast) -> None:
    before = agenda(symposium)
    second = symposium.agenda.all()[1]
    move_item(item=second, up=True, actor=cast.administrator)
    assert agenda(symposium)[:2] == [before[1], before[0]]
    move_item(item=second, up=True, actor=cast.administrator)
    assert agenda(symposium)[:2] == [before[1], before[0]]
    move_item(item=second, up=False, actor=cast.administrator)
    assert agenda(symposium) == before


def test_the_same_plan_again_is_one(symposium: Symposium, cycle: Cycle, cast: Cast) -> None:
    again = plan_symposium(cycle=cycle, meeting=meeting(), seed=9, actor=cast.administrator, now=NOW)
    assert (again, Symposium.objects.count()) == (symposium, 1)


@pytest.mark.parametrize("who", ["approver", "reviewer", "head", "outsider"])
def test_only_an_administrator_prepares_it(symposium: Symposium, cast: Cast, who: str) -> None:
    actor: User = getattr(cast, who)
    calls: list[Callable[[], object]] = [
        lambda: plan_symposium(cycle=symposium.cycle, meeting=meeting(title="x"), seed=1, actor=actor, now=NOW),
        lambda: invite_districts(symposium=symposium, actor=actor, now=NOW),
        lambda: find_problems(symposium=symposium, actor=actor, now=NOW),
        lambda: assign_items(symposium=symposium, actor=actor, now=NOW),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_invitation_goes_to_officers_and_heads_with_a_calendar_entry(invited: Symposium, cast: Cast) -> None:
    people = {mail.recipient for mail in OutgoingMail.objects.filter(kind="symposium_invited")}
    assert people == {cast.officer, cast.head, cast.south_officer, cast.south_head}
    letter = compose(OutgoingMail.objects.get(kind="symposium_invited", recipient=cast.head), NOW)
    assert letter is not None
    (file,) = letter.files
    assert (file.name, file.content_type) == ("symposium.ics", "text/calendar")
    calendar = Calendar.from_ical(file.content)
    (entry,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], entry["SEQUENCE"], str(entry["SUMMARY"])) == ("PUBLISH", 1, "Symposium")
    times = (entry.decoded("dtstart"), entry.decoded("dtend"))
    assert times == (STARTS, STARTS + timedelta(minutes=100))


def test_invitation_follows_when_it_moves_and_the_old_one_is_not_sent(invited: Symposium, cast: Cast) -> None:
    later = meeting(starts_at=STARTS + timedelta(days=1))
    change_symposium(symposium=invited, version=1, meeting=later, actor=cast.administrator, now=NOW)
    old, new = OutgoingMail.objects.filter(kind="symposium_invited", recipient=cast.head).order_by("pk")
    assert compose(old, NOW) is None
    letter = compose(new, NOW)
    assert letter is not None
    (entry,) = Calendar.from_ical(letter.files[0].content).walk("VEVENT")
    assert (entry["SEQUENCE"], entry.decoded("dtstart")) == (2, STARTS + timedelta(days=1))
    with pytest.raises(Conflict, match="changed it meanwhile"):
        change_symposium(symposium=invited, version=1, meeting=meeting(), actor=cast.administrator, now=NOW)


def reply(symposium: Symposium, cast: Cast, answer: str = "yes") -> None:
    given = {"answer": answer, "person": "", "note": "", "actor": cast.officer, "now": NOW}
    answer_invitation(symposium=symposium, district=cast.north, **given)  # type: ignore[arg-type]


def test_districts_that_have_not_answered_are_reminded_once_a_day(invited: Symposium, cast: Cast) -> None:
    reply(invited, cast)
    assert remind_districts(symposium=invited, actor=cast.administrator, now=NOW) == 1
    with pytest.raises(Refused, match="has been reminded today"):
        remind_districts(symposium=invited, actor=cast.administrator, now=NOW + timedelta(hours=1))
    mails = OutgoingMail.objects.filter(kind="symposium_reminded")
    assert {mail.recipient for mail in mails} == {cast.south_officer, cast.south_head}
    assert mails.all().count() == 2
    remind_districts(symposium=invited, actor=cast.administrator, now=NOW + timedelta(days=1))
    assert mails.all().count() == 4
    letter = compose(mails.filter(recipient=cast.south_head).earliest("pk"), NOW)
    assert letter is not None
    assert str(letter.subject).startswith("Please answer: Symposium, ")
    assert letter.paragraphs == ["Southgate is invited to the symposium and has not said yet who comes."]


def test_reminder_is_not_sent_to_who_has_answered_meanwhile(invited: Symposium, cast: Cast) -> None:
    remind_districts(symposium=invited, actor=cast.administrator, now=NOW)
    reply(invited, cast)
    mails = OutgoingMail.objects.filter(kind="symposium_reminded")
    assert compose(mails.get(recipient=cast.officer), NOW) is None
    assert compose(mails.get(recipient=cast.south_officer), NOW) is not None
    cancel_symposium(symposium=invited, actor=cast.administrator, now=NOW)
    assert compose(mails.get(recipient=cast.south_officer), NOW) is None


def test_nobody_is_reminded_before_the_invitation_after_the_begin_or_where_all_have_answered(
    invited: Symposium, cast: Cast
) -> None:
    with pytest.raises(NotAllowed):
        remind_districts(symposium=invited, actor=cast.approver, now=NOW)
    with pytest.raises(Refused, match="It has begun"):
        remind_districts(symposium=invited, actor=cast.administrator, now=STARTS)
    reply(invited, cast)
    south = {"answer": "no", "person": "", "note": "Ill.", "actor": cast.south_head, "now": NOW}
    answer_invitation(symposium=invited, district=cast.south, **south)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="Every district has answered or"):
        remind_districts(symposium=invited, actor=cast.administrator, now=NOW)
    assert not OutgoingMail.objects.filter(kind="symposium_reminded").exists()


def test_plan_is_not_reminded_of(symposium: Symposium, cast: Cast) -> None:
    with pytest.raises(Conflict):
        remind_districts(symposium=symposium, actor=cast.administrator, now=NOW)


def test_cancelled_takes_itself_out_of_calendars(invited: Symposium, cast: Cast) -> None:
    off = cancel_symposium(symposium=invited, actor=cast.administrator, now=NOW)
    cancel_symposium(symposium=invited, actor=cast.administrator, now=NOW)
    calendar = Calendar.from_ical(calendar_entry(off, NOW))
    assert (calendar["METHOD"], calendar.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert OutgoingMail.objects.filter(kind="symposium_cancelled").count() == 4
    assert compose(OutgoingMail.objects.get(kind="symposium_invited", recipient=cast.head), NOW) is None


def test_nobody_hears_of_a_plan_that_is_cancelled(symposium: Symposium, cast: Cast) -> None:
    cancel_symposium(symposium=symposium, actor=cast.administrator, now=NOW)
    assert not OutgoingMail.objects.filter(kind__startswith="symposium").exists()


def answered(symposium: Symposium, cast: Cast, answer: str = "yes", **more: Any) -> object:
    given: dict[str, Any] = {"district": cast.north, "actor": cast.officer, "now": NOW, "person": "", "note": ""}
    return answer_invitation(symposium=symposium, answer=answer, **given | more)


def test_answer_of_a_district_and_a_later_one_in_its_place(invited: Symposium, cast: Cast) -> None:
    answered(invited, cast)
    answered(invited, cast, "deputy", person="Deputy Wang", actor=cast.head)
    found = {reply.district.code: reply.attendance.answer if reply.attendance else None for reply in replies(invited)}
    assert found == {"north": "deputy", "south": None}
    assert [reply.comes for reply in replies(invited)] == [True, False]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"answer": "maybe"}, "whether somebody comes"),
        ({"answer": "deputy"}, "Say who comes"),
        ({"answer": "no", "note": " "}, "Say why nobody comes"),
    ],
)
def test_answer_that_says_too_little_is_refused(invited: Symposium, cast: Cast, more: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        answered(invited, cast, **more)
    assert not invited.attendances.exists()


def test_answers_end_when_it_begins_and_are_the_districts_own(invited: Symposium, cast: Cast) -> None:
    answered(invited, cast, now=STARTS - timedelta(seconds=1))
    with pytest.raises(Conflict, match="It has begun"):
        answered(invited, cast, now=STARTS)
    for who in (cast.observer, cast.south_head, cast.approver):
        with pytest.raises(NotAllowed):
            answered(invited, cast, actor=who)


def test_district_sees_it_from_the_invitation_on(symposium: Symposium, cast: Cast) -> None:
    def seen() -> set[str]:
        people = ("administrator", "approver", "observer", "south_head", "outsider")
        return {who for who in people if symposiums_for(getattr(cast, who)).exists()}

    assert seen() == {"administrator"}
    invite_districts(symposium=symposium, actor=cast.administrator, now=NOW)
    assert seen() == {"administrator", "approver", "observer", "south_head"}


def test_pack_is_shared_only_where_the_figures_are_open(invited: Symposium, cast: Cast) -> None:
    with pytest.raises(Refused, match="Open them first"):
        share_pack(symposium=invited, actor=cast.administrator, now=NOW)
    Cycle.objects.filter(pk=invited.cycle_id).update(figures_opened_at=NOW)
    assert share_pack(symposium=invited, actor=cast.administrator, now=NOW).shared_at == NOW


def test_page_of_a_district_has_the_texts_of_its_approved_report(
    invited: Symposium, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    bring_to("approved", submission, cast)
    factories.fill(south_submission, cast.south_officer, now=NOW)
    (page,) = district_pages(invited, NOW)
    assert page.submission == submission
    assert [name for name, _text in page.texts]
    assert district_pages(invited, NOW, [cast.south.pk]) == []


def test_problems_are_found_in_the_data_with_their_numbers(
    symposium: Symposium, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    bring_to("returned", submission, cast)
    given = Assignment("Old", cast.south, "Plan", NOW.date())
    assign_key_task(assignment=given, actor=cast.approver, now=NOW)
    later = NOW + timedelta(days=3)
    assert find_problems(symposium=symposium, actor=cast.administrator, now=later) == 3
    found = {one.kind: one for one in symposium.problems.all()}
    assert set(found) == {ProblemKind.RETURNED, ProblemKind.MISSING, ProblemKind.TASK}
    assert {one.kind: [d.code for d in one.districts.order_by("code")] for one in found.values()} == {
        "returned": ["north"],
        "missing": ["north", "south"],
        "task": ["south"],
    }
    assert sentence(found["returned"]) == "The report of 1 district was sent back: Northgate (1)."
    assert found["task"].numbers["source"] == {"cycle": symposium.cycle.period, "as_of": later.isoformat()}


def test_found_again_keeps_decisions_and_marks_what_has_changed(
    symposium: Symposium, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    find_problems(symposium=symposium, actor=cast.administrator, now=NOW)
    problem = symposium.problems.get(kind="missing")
    decide_problem(problem=problem, decision=Decision.ACCEPTED, text="Two are late.", actor=cast.administrator)
    find_problems(symposium=symposium, actor=cast.administrator, now=NOW)
    problem.refresh_from_db()
    assert (problem.decision, problem.changed_at, sentence(problem)) == ("accepted", None, "Two are late.")
    bring_to("approved", submission, cast)
    find_problems(symposium=symposium, actor=cast.administrator, now=AFTER - timedelta(days=20))
    problem.refresh_from_db()
    assert (problem.decision, problem.text) == ("accepted", "Two are late.")
    assert problem.changed_at is not None
    assert [one["code"] for one in problem.numbers["districts"]] == ["south"]


def test_what_is_no_longer_found_goes_unless_it_was_decided_on(symposium: Symposium, cast: Cast, submission: Submission) -> None:
    task = assign_key_task(assignment=Assignment("Old", cast.south, "Plan", NOW.date()), actor=cast.approver, now=NOW)
    find_problems(symposium=symposium, actor=cast.administrator, now=NOW + timedelta(days=3))
    KeyTask.objects.filter(pk=task.pk).update(state="closed", closed_at=NOW)
    find_problems(symposium=symposium, actor=cast.administrator, now=NOW + timedelta(days=3))
    assert [one.kind for one in symposium.problems.all()] == ["missing"]


def concluded(symposium: Symposium, cast: Cast) -> ActionItem:
    conclusion = add_conclusion(symposium=symposium, group=Priority.COLLABORATION, text="Share data.", actor=cast.administrator)
    item = Item("Data exchange", cast.north, "A working exchange", date(2026, 12, 31), [cast.south])
    return add_action_item(conclusion=conclusion, item=item, actor=cast.administrator)


def test_action_items_become_tasks_once_and_stand_in_the_next_report(held: Symposium, cast: Cast, submission: Submission) -> None:
    item = concluded(held, cast)
    assert assign_items(symposium=held, actor=cast.administrator, now=AFTER) == 1
    assert assign_items(symposium=held, actor=cast.administrator, now=AFTER) == 1
    task = KeyTask.objects.get()
    item.refresh_from_db()
    assert (item.task, task.source, task.reference, task.description) == (task, "symposium", "Symposium", "Share data.")
    assert {(party.district, party.role) for party in task.parties.all()} == {(cast.north, "lead"), (cast.south, "co_lead")}
    factories.fill(submission, cast.officer, now=NOW)
    submission.refresh_from_db()
    assert [one.party.task for one in report_tasks(submission, submission.working_revision, AFTER)] == [task]
    with pytest.raises(DatabaseError), transaction.atomic():
        ActionItem.objects.update(title="Other")


def test_assigning_is_all_or_nothing(held: Symposium, cast: Cast) -> None:
    concluded(held, cast)
    conclusion = held.conclusions.get()
    past = Item("Too late", cast.south, "Plan", date(2026, 1, 1))
    add_action_item(conclusion=conclusion, item=past, actor=cast.administrator)
    with pytest.raises(Refused, match="in the past"):
        assign_items(symposium=held, actor=cast.administrator, now=AFTER)
    assert (KeyTask.objects.count(), ActionItem.objects.exclude(task=None).count()) == (0, 0)


def test_concluded_only_with_conclusions_and_assigned_items(held: Symposium, cast: Cast) -> None:
    with pytest.raises(Refused, match="at least one conclusion"):
        conclude_symposium(symposium=held, actor=cast.administrator)
    concluded(held, cast)
    with pytest.raises(Refused, match="not assigned yet"):
        conclude_symposium(symposium=held, actor=cast.administrator)
    assign_items(symposium=held, actor=cast.administrator, now=AFTER)
    done = conclude_symposium(symposium=held, actor=cast.administrator)
    assert (done.state, [name for name, _rows in conclusions_by_priority(done)]) == ("concluded", ["Collaboration"])
    for call in (
        lambda: add_conclusion(symposium=done, group=Priority.STRATEGY, text="More.", actor=cast.administrator),
        lambda: find_problems(symposium=done, actor=cast.administrator, now=AFTER),
        lambda: cancel_symposium(symposium=done, actor=cast.administrator, now=AFTER),
    ):
        with pytest.raises(Conflict):
            call()


def test_what_was_added_can_be_removed_in_its_order(held: Symposium, cast: Cast) -> None:
    item = concluded(held, cast)
    again = concluded(held, cast)
    assert (item, held.conclusions.count()) == (again, 1)
    with pytest.raises(Conflict, match="Remove them first"):
        remove_conclusion(conclusion=item.conclusion, actor=cast.administrator)
    remove_action_item(item=item, actor=cast.administrator)
    remove_conclusion(conclusion=item.conclusion, actor=cast.administrator)
    assert not held.conclusions.exists()


def test_remarks_and_assessment_are_kept(held: Symposium, cast: Cast) -> None:
    item = held.agenda.filter(kind=AgendaKind.DISCUSSION).get()
    note_remarks(item=item, remarks=" More pilots. ", actor=cast.administrator)
    assess(symposium=held, text="Good growth.", actor=cast.administrator)
    item.refresh_from_db()
    held.refresh_from_db()
    assert (item.remarks, held.assessment) == ("More pilots.", "Good growth.")


def test_it_is_not_held_before_it_begins_nor_invited_to_in_the_past(invited: Symposium, cast: Cast) -> None:
    with pytest.raises(Refused, match="not begun"):
        hold_symposium(symposium=invited, actor=cast.administrator, now=STARTS - timedelta(seconds=1))
    with pytest.raises(Refused, match="in the past"):
        invite_districts(symposium=invited, actor=cast.administrator, now=STARTS)


def test_districts_behind_their_targets_are_a_problem_with_how_far(
    symposium: Symposium, cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    indicator = Indicator.objects.get(code="P1")
    targets = [
        NewTarget(district, indicator, int(symposium.cycle.period[:4]), TargetKind.LEVEL, Decimal(value))
        for district, value in ((cast.north, 1_000_000), (cast.south, 1))
    ]
    issue_targets(targets=targets, note="Plan.", actor=cast.administrator, now=NOW)
    bring_to("approved", submission, cast)
    find_problems(symposium=symposium, actor=cast.administrator, now=NOW)
    problem = symposium.problems.get(kind=ProblemKind.SCHEDULE)
    assert [one.code for one in problem.districts.all()] == ["north"]
    assert problem.numbers["source"]["indicator"] == "P1"
    text = (
        f"{indicator.name} is behind the year's schedule in 1 district (reached of the year's target, expected by now, and "
        "needed in each period left): Northgate (0.0 %, 50.0 %, 999,940.00)."
    )
    assert sentence(problem) == text
