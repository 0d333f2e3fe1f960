"""Several people at once, each on a thread and a connection of their own: one wins, nothing is lost, nothing happens twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from queue import Queue
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from districts.domain.districts import add_district
from districts.domain.people import invite_member
from districts.enums import DistrictRole
from districts.errors import Conflict, DomainError, Refused
from districts.models import District, Membership, OutgoingMail, Succession, User, WorkdayOverride
from reporting.domain.answers import AnswerChange, save_answers, set_nil_return
from reporting.domain.checking import mark_checked
from reporting.domain.cycles import extend_cycle
from reporting.domain.districts import rename_district
from reporting.domain.enquiries import answer_enquiry, ask_bureau, close_enquiry
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task, close_key_task, send_back_key_task
from reporting.domain.key_tasks.evidence import add_task_file
from reporting.domain.key_tasks.extensions import ask_task_extension
from reporting.domain.merging import merge_districts
from reporting.domain.petitions import ask_extension, grant_petition, refuse_petition, withdraw_petition
from reporting.domain.review import Read
from reporting.domain.scans import attach_scan
from reporting.domain.submissions import current_digest
from reporting.enums import OpenReports
from reporting.errors import StaleAnswer
from reporting.models import (
    Answer,
    Cycle,
    Definition,
    Enquiry,
    EnquiryMessage,
    Event,
    KeyTask,
    KeyTaskExtension,
    Petition,
    Submission,
)
from tests.conftest import Cast
from tests.factories import NOW, fill
from tests.files import pdf
from tests.reporting.admin.helpers import signed_in
from tests.reporting.domain.states import bring_to, do, hand_over, reread, signature
from tests.running import until

pytestmark = pytest.mark.django_db(transaction=True)


T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | DomainError]:
    """Run the calls at the same time and give what each gave or was refused with."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | DomainError:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _save(submission: Submission, actor: User, change: AnswerChange) -> Callable[[], list[Answer]]:
    return partial(save_answers, submission=submission, changes=[change], actor=actor, now=NOW)


def _mails_by_key() -> Counter[str]:
    return Counter(OutgoingMail.objects.values_list("dedupe_key", flat=True))


def test_fifty_replays_of_one_signature_give_one_submission(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    terms = signature(submission)
    kinds_before = set(_mails_by_key())
    outcomes = at_once([lambda: do(submission, "sign", cast.head, terms=terms)] * 50)
    assert {type(outcome) for outcome in outcomes} == {Submission}
    assert Event.objects.filter(submission=submission, kind="sign").count() == 1
    (revision,) = submission.revisions.all()
    assert revision.receipt_number == "2026-S1-north-half-year-1"
    seen = {(found.state, found.working_revision.digest) for found in outcomes if isinstance(found, Submission)}  # type: ignore[union-attr]
    assert seen == {("submitted", revision.digest)}
    mails = OutgoingMail.objects.exclude(dedupe_key__in=kinds_before).values_list("kind", "recipient__email")
    expected = [("receipt", cast.head), ("receipt", cast.officer), ("submitted", cast.reviewer)]
    assert sorted(mails) == [(kind, person.email) for kind, person in expected]


def test_two_officers_saving_the_same_answer_one_wins_and_the_other_sees_both(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "60"})

    changes = {raw: AnswerChange("P1", 1, raw=raw, editor=raw) for raw in ("61", "62")}
    outcomes = at_once([_save(submission, cast.officer, changes["61"]), _save(submission, cast.head, changes["62"])])
    (clash,) = (outcome.clash for outcome in outcomes if isinstance(outcome, StaleAnswer))
    (won,) = (outcome for outcome in outcomes if isinstance(outcome, list))
    stored = Answer.objects.get(question_key="P1")
    assert (stored.raw, stored.version) == (won[0].raw, 2)
    assert (clash.theirs, clash.their_version, {clash.theirs, clash.yours}) == (stored.raw, 2, {"61", "62"})


def test_first_save_of_the_same_answer_by_two_makes_one_answer(cast: Cast, submission: Submission) -> None:
    do(submission, "start", cast.officer)
    outcomes = at_once([_save(submission, cast.head, AnswerChange("P1", 0, raw=raw)) for raw in ("61", "62", "63", "64")])
    assert Counter(type(outcome) for outcome in outcomes) == {list: 1, StaleAnswer: 3}
    assert Answer.objects.get().version == 1


def test_saves_of_different_answers_at_once_are_all_kept(cast: Cast, submission: Submission) -> None:
    do(submission, "start", cast.officer)
    keys = ["P1", "P2", "GRP", "BASE", "STOCK", "plans", "practice"]
    changes = [AnswerChange(key, 0, raw="7", editor=key) for key in keys]
    outcomes = at_once([_save(submission, cast.officer, change) for change in changes])
    assert {type(outcome) for outcome in outcomes} == {list}
    assert set(Answer.objects.values_list("question_key", "raw", "version")) == {(key, "7", 1) for key in keys}


def test_what_is_signed_is_what_was_seen_while_others_take_back_and_save(cast: Cast, submission: Submission) -> None:
    """Signing races with taking back and with a save: the report is either signed as seen, or not signed."""
    hand_over(submission, cast)
    terms = signature(submission)
    calls: list[Callable[[], object]] = [
        partial(do, submission, "sign", cast.head, terms=terms),
        partial(do, submission, "take_back", cast.officer),
        _save(submission, cast.officer, AnswerChange("P1", 1, raw="61")),
        partial(set_nil_return, submission=submission, reason="None", actor=cast.officer, now=NOW),
    ]
    at_once(calls)
    found = reread(submission)
    revision = submission.revisions.get()
    if found.state == "submitted":
        assert current_digest(found) == terms.seen_digest
        assert (revision.answers.get(question_key="P1").raw, revision.nil_reason) == ("60", "")
    else:
        assert (found.state, revision.signed_at) == ("draft", None)


def test_one_report_is_started_once_by_many(cast: Cast, submission: Submission) -> None:
    outcomes = at_once([lambda: do(submission, "start", cast.officer)] * 8)
    assert {type(outcome) for outcome in outcomes} == {Submission}
    assert submission.revisions.count() == Event.objects.count() == 1
    assert {found.working_revision for found in outcomes if isinstance(found, Submission)} == set(submission.revisions.all())


def test_approval_by_two_is_one(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    outcomes = at_once([partial(do, submission, "approve", actor) for actor in (cast.approver, cast.administrator)])
    assert {type(outcome) for outcome in outcomes} == {Submission}
    assert Event.objects.filter(kind="approve").count() == 1
    assert submission.revisions.filter(approved_at=NOW, superseded_at=None).count() == 1
    kinds = OutgoingMail.objects.values_list("kind", "recipient")
    assert len(kinds) == len(set(kinds))


def test_checks_at_once_make_one_event_a_person(cast: Cast, submission: Submission) -> None:
    read = Read(submission, bring_to("in_review", submission, cast).working_revision_id)
    people = [cast.reviewer, cast.approver] * 4
    outcomes = at_once([partial(mark_checked, read=read, note="", actor=actor, now=NOW) for actor in people])
    assert {type(outcome) for outcome in outcomes} == {Event}
    assert Counter(Event.objects.filter(kind="check").values_list("actor", flat=True)) == {
        cast.reviewer.pk: 1,
        cast.approver.pk: 1,
    }


def test_two_who_check_and_approve_at_once_never_approve_alone(cast: Cast, submission: Submission) -> None:
    """Both check and press approve: whoever comes second has the other's check before the eyes."""
    read = Read(submission, bring_to("in_review", submission, cast).working_revision_id)
    Definition.objects.update(needs_two_people=True)
    calls: list[Callable[[], object]] = []
    for actor in (cast.approver, cast.administrator):
        calls += [partial(mark_checked, read=read, note="", actor=actor, now=NOW), partial(do, submission, "approve", actor)]
    at_once(calls)
    for approval in Event.objects.filter(kind="approve"):
        assert Event.objects.filter(kind="check", pk__lt=approval.pk).exclude(actor=approval.actor_id).count() == 1
    assert Event.objects.filter(kind="approve").count() <= 1


def test_report_read_for_a_step_is_the_one_that_the_step_before_left(cast: Cast, submission: Submission) -> None:
    """What is read beside the locked row must not be older than the row."""
    bring_to("submitted", submission, cast)
    outcomes = at_once([lambda: do(submission, "recall", cast.head)] * 6)
    revisions = {found.working_revision for found in outcomes if isinstance(found, Submission)}
    assert revisions == {submission.revisions.get(number=2)}


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted)", [pid])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("step", "states"),
    [
        (partial(answer_enquiry, text="No."), [("waiting", True)]),
        (close_enquiry, [("closed", False), ("waiting", False)]),
    ],
)
def test_asking_again_in_the_instant_of_the_bureaus_step_loses_neither(
    cast: Cast, submission: Submission, step: Callable[..., None], states: list[tuple[str, bool]]
) -> None:
    """The second question waits for the step: it goes on in an answered thread, and begins another beside a closed one."""
    asked = partial(ask_bureau, submission=submission, question_key="P1", actor=cast.officer, now=NOW)
    thread = asked(text="Does this include head offices?")
    pids: Queue[int] = Queue()

    def ask_again() -> Enquiry:
        try:
            connection.ensure_connection()
            pids.put(connection.connection.info.backend_pid)
            return asked(text="And branches?")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            step(enquiry=thread, actor=cast.reviewer, now=NOW)
            again = pool.submit(ask_again)
            pid = pids.get(timeout=120)
            until(lambda: _waits(pid), what="the second question's wait")
        again.result(timeout=120)
    found = Enquiry.objects.order_by("pk")
    assert [(enquiry.state, enquiry.answered_at is not None) for enquiry in found] == states
    assert EnquiryMessage.objects.filter(by_bureau=False).count() == 2


def test_two_answers_and_a_withdrawal_at_once_end_a_request_in_one_way(cast: Cast, submission: Submission) -> None:
    wanted = NOW + timedelta(days=14)
    petition = ask_extension(submission=submission, due_at=wanted, why="Late.", actor=cast.officer, now=NOW)
    outcomes = at_once(
        [
            partial(grant_petition, petition=petition, due_at=wanted, note="", actor=cast.reviewer, now=NOW),
            partial(refuse_petition, petition=petition, reason="No.", actor=cast.approver, now=NOW),
            partial(withdraw_petition, petition=petition, actor=cast.officer, now=NOW),
        ]
    )
    assert Counter(type(outcome) for outcome in outcomes) == {Petition: 1, Conflict: 2}
    (won,) = (outcome for outcome in outcomes if isinstance(outcome, Petition))
    found = Petition.objects.get()
    assert (found.state, found.closed_by) == (won.state, won.closed_by)
    assert (reread(submission).due_at is not None) == (found.state == "granted")
    answers = ("extend", "refuse_extension", "withdraw_extension")
    assert Event.objects.filter(submission=submission, kind__in=answers).count() == 1


def test_cycle_that_moves_while_requests_are_answered_loses_none(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    wanted = NOW + timedelta(days=14)
    north, south = (
        ask_extension(submission=report, due_at=wanted, why="Late.", actor=officer, now=NOW)
        for report, officer in ((submission, cast.officer), (south_submission, cast.south_officer))
    )
    calls: list[Callable[[], object]] = [
        partial(extend_cycle, cycle=submission.cycle, due_at=wanted, locks_at=wanted, actor=cast.administrator, now=NOW),
        partial(refuse_petition, petition=north, reason="No.", actor=cast.reviewer, now=NOW),
        partial(withdraw_petition, petition=south, actor=cast.south_head, now=NOW),
    ]
    at_once(calls)
    states = dict(Petition.objects.values_list("district__code", "state"))
    assert states["north"] in {"granted", "refused"}
    assert states["south"] in {"granted", "withdrawn"}
    assert Cycle.objects.get().due_at == wanted


def test_same_scan_sent_five_times_at_once_is_attached_once(cast: Cast, submission: Submission) -> None:
    revision = bring_to("submitted", submission, cast).working_revision
    assert revision is not None
    outcomes = at_once([partial(attach_scan, revision=revision, name="a.pdf", content=pdf(), actor=cast.officer, now=NOW)] * 5)
    assert set(outcomes) == {revision.scans.get()}
    assert Event.objects.filter(submission=submission, kind="scan").count() == 1


def test_same_invitation_sent_three_times_at_once_lets_one_person_in_once(cast: Cast) -> None:
    given: dict[str, Any] = {"email": "new@example.org", "full_name": "New Person", "role": DistrictRole.OFFICER}
    results = at_once([partial(invite_member, district=cast.north, actor=cast.head, now=NOW, **given)] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Membership", "Refused", "Refused"]
    assert Membership.objects.filter(user__email="new@example.org").count() == 1
    assert OutgoingMail.objects.filter(recipient__email="new@example.org").count() == 1


def test_districts_merged_into_each_other_at_once_go_one_way_alone(cast: Cast) -> None:
    terms: dict[str, Any] = {"first_day": date(2026, 7, 1), "reports": OpenReports.STAY, "actor": cast.administrator, "now": NOW}
    pairs = ((cast.north, cast.south), (cast.south, cast.north))
    calls = [partial(merge_districts, successor=heir, predecessors=[other], **terms) for heir, other in pairs]
    results = at_once(calls)
    assert sorted(type(result).__name__ for result in results) == ["Refused", "list"]
    assert Succession.objects.count() == 1


def test_districts_given_one_name_or_place_at_once_get_it_once(cast: Cast) -> None:
    renamed: dict[str, Any] = {"name": "Midgate", "name_zh": "中区", "first_day": None, "actor": cast.administrator}
    calls: list[Callable[[], District]] = [partial(rename_district, district=one, **renamed) for one in (cast.north, cast.south)]
    added = {"grid_row": 50, "grid_column": 50, "peer_group": "urban"}
    calls += [partial(add_district, code=code, name=code, name_zh=f"{code}区", **added) for code in ("east", "east", "west")]
    results = at_once(calls)
    assert Counter(type(result) for result in results[:2]) == {District: 1, Refused: 1}
    assert Counter(type(result) for result in results[2:]) == {District: 1, Refused: 2}


def test_day_that_somebody_enters_at_the_same_moment_is_a_conflict(cast: Cast) -> None:
    day, pids, client = date(2026, 12, 24), Queue[int](), signed_in(cast.administrator)

    def enter() -> int:
        try:
            connection.ensure_connection()
            pids.put(connection.connection.info.backend_pid)
            return client.post(reverse("admin:districts_workdayoverride_add"), {"date": str(day)}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            WorkdayOverride.objects.create(date=day, is_workday=True)
            entered = pool.submit(enter)
            pid = pids.get(timeout=120)
            until(lambda: _waits(pid), what="the second entry's wait")
        assert entered.result(timeout=120) == 409
    assert WorkdayOverride.objects.get().is_workday


def test_configuration_that_somebody_saves_at_the_same_moment_is_not_overwritten(cast: Cast, cycle: Cycle) -> None:
    definition, pids, client = cycle.definition, Queue[int](), signed_in(cast.administrator)
    page = reverse("admin:reporting_definition_change", args=[definition.pk])
    seen = client.get(page).context["adminform"].form.seen

    def save() -> int:
        try:
            connection.ensure_connection()
            pids.put(connection.connection.info.backend_pid)
            return client.post(page, {"name": "Mine", "needs_two_people": "", "_seen": seen}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Definition.objects.filter(pk=definition.pk).update(name="Theirs")
            saved = pool.submit(save)
            pid = pids.get(timeout=120)
            until(lambda: _waits(pid), what="the second save's wait")
        assert saved.result(timeout=120) == 409
    assert Definition.objects.get(pk=definition.pk).name == "Theirs"


# Key tasks.


def _task(cast: Cast) -> KeyTask:
    given = Assignment("Exchange", cast.north, "A plan", NOW.date() + timedelta(days=60))
    return assign_key_task(assignment=given, actor=cast.approver, now=NOW)


def test_task_closed_and_sent_back_at_once_has_one_of_both(cast: Cast) -> None:
    task = _task(cast)
    answer_key_task(task=task, note="Done.", actor=cast.officer, now=NOW)
    calls: list[Callable[[], KeyTask]] = [
        partial(close_key_task, task=task, note="Seen.", actor=cast.approver, now=NOW),
        partial(send_back_key_task, task=task, note="Not yet.", actor=cast.administrator, now=NOW),
    ]
    results = at_once(calls)
    steps = list(task.records.order_by("pk").values_list("step", flat=True))
    # Sent back first, it can still be closed; closed first, it stays so.
    assert steps in (["assign", "answer", "send_back", "close"], ["assign", "answer", "close"])
    assert sum(isinstance(result, Conflict) for result in results) == 4 - len(steps)
    assert KeyTask.objects.get(pk=task.pk).state == "closed"


def test_task_assigned_by_two_presses_at_once_is_one(cast: Cast) -> None:
    given = Assignment("Exchange", cast.north, "A plan", NOW.date() + timedelta(days=60))
    at_once([partial(assign_key_task, assignment=given, actor=cast.approver, now=NOW) for _press in range(4)])
    assert KeyTask.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="task_assigned").count() == 2


def test_evidence_added_while_the_task_is_reported_as_done_is_there_or_refused(cast: Cast) -> None:
    task = _task(cast)
    party = task.parties.get()
    calls: list[Callable[[], object]] = [
        partial(answer_key_task, task=task, note="Done.", actor=cast.head, now=NOW),
        partial(add_task_file, party=party, name="a.pdf", content=pdf(), actor=cast.officer, now=NOW),
    ]
    _answered, added = at_once(calls)
    assert party.files.count() == (0 if isinstance(added, Conflict) else 1)
    assert KeyTask.objects.get(pk=task.pk).state == "answered"


def test_more_time_asked_for_by_two_at_once_waits_once(cast: Cast) -> None:
    task = _task(cast)
    calls: list[Callable[[], KeyTaskExtension]] = [
        partial(ask_task_extension, task=task, wanted=task.deadline + timedelta(days=9), why=why, actor=actor, now=NOW)
        for actor, why in ((cast.officer, "Late."), (cast.head, "Later."))
    ]
    results = at_once(calls)
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert task.extensions.count() == 1
