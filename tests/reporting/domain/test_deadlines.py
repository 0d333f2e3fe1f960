"""Deadlines, one second before, at and after; late, and by how much; own due times and locks."""

from datetime import datetime, timedelta

import pytest

from districts.errors import Conflict, NotAllowed, Refused
from reporting.domain.answers import AnswerChange, save_answers, set_nil_return
from reporting.domain.comments import address_comment
from reporting.domain.cycles import extend_cycle, extend_submission, lock_cycle
from reporting.domain.submissions import Terms
from reporting.models import Cycle, Event, Submission
from reporting.queries.submissions import owed, past, submissions_for
from tests.conftest import Cast
from tests.factories import NOW, fill, sign
from tests.reporting.domain.states import begin_review, bring_to, do, hand_over, reread, resubmit, send_back

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
DUE, LOCK = NOW + timedelta(days=10), NOW + timedelta(days=17)


@pytest.mark.parametrize(
    ("signed_at", "late_by"),
    [(DUE - SECOND, None), (DUE, None), (DUE + TICK, TICK), (DUE + SECOND, SECOND), (DUE + timedelta(days=2), timedelta(days=2))],
)
def test_signature_is_late_after_the_due_instant(
    cast: Cast, submission: Submission, signed_at: datetime, late_by: timedelta | None
) -> None:
    hand_over(submission, cast)
    assert sign(submission, cast.head, signed_at).late_by == late_by


@pytest.mark.parametrize(("after", "late_by"), [(-SECOND, None), (timedelta(0), None), (TICK, TICK), (SECOND, SECOND)])
def test_districts_own_due_time_is_the_one_that_counts_for_it_alone(
    cast: Cast, submission: Submission, south_submission: Submission, after: timedelta, late_by: timedelta | None
) -> None:
    own, day = DUE + timedelta(days=1), timedelta(days=1)
    hand_over(submission, cast)
    fill(south_submission, cast.south_head)
    do(south_submission, "hand_over", cast.south_head)
    extend_submission(submission=submission, due_at=own, note="", actor=cast.approver, now=NOW)
    assert sign(submission, cast.head, own + after).late_by == late_by
    assert sign(south_submission, cast.south_head, own + after).late_by == day + after


@pytest.mark.parametrize(("now", "overdue"), [(DUE - SECOND, False), (DUE, False), (DUE + TICK, True)])
def test_report_is_overdue_after_the_due_instant_until_it_is_signed(
    cast: Cast, submission: Submission, now: datetime, overdue: bool
) -> None:
    hand_over(submission, cast)
    assert reread(submission).is_overdue(now) is overdue
    assert sign(submission, cast.head, now).is_overdue(now) is False


def test_late_stays_late_after_return_and_in_time_stays_in_time(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    hand_over(submission, cast)
    sign(submission, cast.head, DUE + SECOND)
    sent_back = _send_back_again(submission, cast, NOW + timedelta(days=20))
    assert sent_back.late_by == SECOND
    assert resubmit(sent_back, cast, DUE + timedelta(days=5)).late_by == SECOND
    fill(south_submission, cast.south_head)
    do(south_submission, "hand_over", cast.south_head)
    sign(south_submission, cast.south_head, DUE)
    extended = extend_submission(
        submission=south_submission, due_at=NOW + timedelta(hours=1), note="", actor=cast.approver, now=NOW
    )
    assert extended.late_by is None


def _send_back_again(submission: Submission, cast: Cast, due_at: datetime) -> Submission:
    do(submission, "begin_review", cast.approver)
    do(submission, "approve", cast.approver)
    return do(submission, "reopen", cast.approver, note="Revised", terms=Terms(due_at=due_at))


@pytest.mark.parametrize("now", [LOCK - SECOND, LOCK])
def test_lock_instant_itself_is_in_time(cast: Cast, submission: Submission, now: datetime) -> None:
    fill(submission, cast.officer, now=now)
    set_nil_return(submission=submission, reason="Nothing", actor=cast.officer, now=now)
    assert do(submission, "hand_over", cast.officer, now=now).state == "awaiting_signature"
    assert submission.cycle.is_open(now)
    assert not submission.cycle.is_locked(now)


@pytest.mark.parametrize("now", [LOCK + TICK, LOCK + SECOND])
def test_nothing_is_filled_in_or_handed_over_after_the_lock(cast: Cast, submission: Submission, now: datetime) -> None:
    with pytest.raises(Refused, match="Ask your reviewer"):
        do(submission, "start", cast.officer, now=now)
    fill(submission, cast.officer)
    with pytest.raises(Refused, match="Ask your reviewer"):
        do(submission, "hand_over", cast.officer, now=now)
    with pytest.raises(Refused, match="Ask your reviewer"):
        save_answers(submission=submission, changes=[AnswerChange("P1", 1, raw="61")], actor=cast.officer, now=now)
    with pytest.raises(Refused, match="Ask your reviewer"):
        set_nil_return(submission=submission, reason="Nothing", actor=cast.officer, now=now)
    assert submission.cycle.is_locked(now)
    assert not submission.cycle.is_open(now)
    found = reread(submission)
    assert found.state == "draft"
    assert found.working_revision is not None
    assert found.working_revision.nil_reason == ""
    assert found.working_revision.answers.get(question_key="P1").raw == "60"


def test_what_was_handed_over_in_time_is_signed_after_the_lock_and_is_late(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    assert sign(submission, cast.head, LOCK + SECOND).late_by == timedelta(days=7, seconds=1)


def test_comment_is_not_answered_after_the_lock(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast, answered=False)
    comment = submission.comments.get()
    with pytest.raises(Refused, match="was not saved"):
        address_comment(comment=comment, reply="Late", actor=cast.officer, now=LOCK + SECOND)
    assert address_comment(comment=comment, reply="In time", actor=cast.officer, now=LOCK).state == "addressed"


def test_return_past_the_lock_moves_this_reports_lock_to_its_due_time(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    due_at = LOCK + timedelta(days=4)
    send_back(submission, cast, due_at=due_at)
    found = reread(submission)
    assert (found.due_in_force, found.lock_in_force) == (due_at, due_at)
    assert (reread(south_submission).due_in_force, reread(south_submission).lock_in_force) == (DUE, LOCK)
    with pytest.raises(Refused, match="locked at its closing time"):
        do(submission, "hand_over", cast.officer, now=due_at + TICK)
    assert do(submission, "hand_over", cast.officer, now=due_at).state == "awaiting_signature"


def test_return_before_the_lock_leaves_the_cycles_lock_in_force(cast: Cast, submission: Submission) -> None:
    due_at = NOW + timedelta(days=3)
    send_back(submission, cast, due_at=due_at)
    assert (reread(submission).due_in_force, reread(submission).lock_in_force) == (due_at, LOCK)


def test_locking_the_cycle_locks_every_report_but_those_with_a_later_due_time(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    send_back(submission, cast, due_at=NOW + timedelta(days=3))
    later = LOCK + timedelta(days=1)
    extend_submission(submission=south_submission, due_at=later, note="Flood", actor=cast.approver, now=NOW)
    now = DUE + SECOND
    lock_cycle(cycle=cycle, actor=cast.administrator, now=now)
    assert reread(submission).is_locked(now + TICK)
    assert not reread(south_submission).is_locked(later)
    assert reread(south_submission).is_locked(later + TICK)


def test_extending_the_cycle_never_leaves_a_returned_report_with_an_earlier_lock(
    cast: Cast, cycle: Cycle, submission: Submission
) -> None:
    send_back(submission, cast, due_at=NOW + timedelta(days=3))
    longer = LOCK + timedelta(days=30)
    extend_cycle(cycle=cycle, due_at=DUE, locks_at=longer, actor=cast.administrator, now=NOW)
    assert reread(submission).lock_in_force == longer
    assert [found.lock for found in submissions_for(cast.officer)] == [longer]  # type: ignore[attr-defined]


def test_lists_read_the_same_lock_as_the_report(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    later = LOCK + timedelta(days=4)
    extend_submission(submission=submission, due_at=later, note="", actor=cast.approver, now=NOW)
    found = submissions_for(cast.officer).get()
    assert (found.due, found.lock) == (found.due_in_force, found.lock_in_force) == (later, later)  # type: ignore[attr-defined]
    assert [list(owed(cast.officer, now)) for now in (later, later + TICK)] == [[submission], []]
    assert [list(past(cast.officer, now)) for now in (later, later + TICK)] == [[], [submission]]


def test_extension_writes_one_event_and_replay_none(cast: Cast, submission: Submission) -> None:
    due_at = DUE + timedelta(days=1)
    for _time in range(2):
        extend_submission(submission=submission, due_at=due_at, note=" Flood ", actor=cast.reviewer, now=NOW)
    events = Event.objects.filter(submission=submission).values_list("kind", "note", "actor", "from_state", "to_state")
    assert list(events) == [("extend", "Flood", cast.reviewer.pk, "not_started", "not_started")]
    assert (reread(submission).due_in_force, reread(submission).lock_in_force) == (due_at, LOCK)


@pytest.mark.parametrize("due_at", [NOW, NOW - SECOND])
def test_new_due_time_in_the_past_is_refused_everywhere(
    cast: Cast, cycle: Cycle, submission: Submission, due_at: datetime
) -> None:
    with pytest.raises(Refused, match="past"):
        extend_submission(submission=submission, due_at=due_at, note="", actor=cast.reviewer, now=NOW)
    with pytest.raises(Refused, match="past"):
        extend_cycle(cycle=cycle, due_at=due_at, locks_at=LOCK, actor=cast.administrator, now=NOW)
    begin_review(submission, cast)
    with pytest.raises(Refused, match="past"):
        do(submission, "return", cast.reviewer, terms=Terms(due_at=due_at))
    assert (reread(submission).due_in_force, reread(submission).lock_in_force) == (DUE, LOCK)


def test_extension_is_the_reviewers_of_the_district_and_cycles_are_the_administrators(
    cast: Cast, cycle: Cycle, submission: Submission
) -> None:
    due_at = DUE + timedelta(days=1)
    for actor in (cast.head, cast.officer, cast.south_reviewer, cast.outsider, cast.south_head):
        with pytest.raises(NotAllowed):
            extend_submission(submission=submission, due_at=due_at, note="", actor=actor, now=NOW)
    for actor in (cast.approver, cast.reviewer, cast.head, cast.outsider):
        with pytest.raises(NotAllowed):
            extend_cycle(cycle=cycle, due_at=due_at, locks_at=LOCK, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            lock_cycle(cycle=cycle, actor=actor, now=LOCK)
    assert reread(submission).due_in_force == DUE


def test_cycle_locks_when_due_and_not_before(cast: Cast, cycle: Cycle) -> None:
    with pytest.raises(Refused, match="not due yet"):
        lock_cycle(cycle=cycle, actor=cast.administrator, now=DUE - SECOND)
    assert lock_cycle(cycle=cycle, actor=cast.administrator, now=DUE).locks_at == DUE
    assert lock_cycle(cycle=cycle, actor=cast.administrator, now=DUE + SECOND).locks_at == DUE
    unopened = Cycle(**{field: getattr(cycle, field) for field in ("definition", "definition_version", "due_at", "locks_at")})
    unopened.period, unopened.reminder_policy = "2026-A1", cycle.reminder_policy
    unopened.save()
    with pytest.raises(Conflict, match="not open yet"):
        lock_cycle(cycle=unopened, actor=cast.administrator, now=LOCK)
