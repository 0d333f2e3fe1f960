"""Requests of a district: who asks and answers when, what granting does, what else ends them, and one mail to each side."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from districts.domain.letters import compose
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.cycles import extend_cycle, extend_submission
from reporting.domain.petitions import ask_correction, ask_extension, grant_petition, refuse_petition, withdraw_petition
from reporting.domain.reminders import sweep_reminders
from reporting.domain.submissions import Terms
from reporting.enums import UNSUBMITTED_STATES
from reporting.models import Petition, ReminderRung, Submission
from tests.conftest import Cast
from tests.factories import NOW, depute, make_acting, sign
from tests.reporting.domain.states import bring_to, do, hand_over, reread

DUE = NOW + timedelta(days=10)
WANTED = NOW + timedelta(days=14)
SUBMITTED = ["submitted", "in_review", "approved"]


def more_time(submission: Submission, actor: User, **given: Any) -> Petition:
    values: dict[str, Any] = {"due_at": WANTED, "why": "The statistics bureau publishes late.", "now": NOW}
    return ask_extension(submission=submission, actor=actor, **values | given)


def correction(submission: Submission, actor: User, **given: Any) -> Petition:
    values: dict[str, Any] = {"what": "P1 should be 61.", "why": "A firm reported late.", "now": NOW}
    return ask_correction(submission=submission, actor=actor, **values | given)


def grant(petition: Petition, actor: User, due_at: datetime | None = WANTED, note: str = "", now: datetime = NOW) -> Petition:
    return grant_petition(petition=petition, due_at=due_at, note=note, actor=actor, now=now)


def refuse(petition: Petition, actor: User, reason: str = "The totals are due.") -> Petition:
    return refuse_petition(petition=petition, reason=reason, actor=actor, now=NOW)


def withdraw(petition: Petition, actor: User) -> Petition:
    return withdraw_petition(petition=petition, actor=actor, now=NOW)


def state_of(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


# Asking


@pytest.mark.parametrize("state", sorted(UNSUBMITTED_STATES))
def test_extension_is_asked_while_the_report_is_the_districts(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    petition = more_time(submission, cast.officer, why=" Late figures.\x00 ")
    assert (petition.state, petition.why, petition.wanted_due_at, petition.district_id) == (
        "waiting", "Late figures.", WANTED, cast.north.pk,
    )  # fmt: skip
    assert mails("petition") == [cast.reviewer.email]
    assert submission.events.values_list("kind", "note", "data").latest("pk") == (
        "ask_extension",
        "Late figures.",
        {"petition": petition.pk, "wanted_due_at": "2026-08-04T02:00:00Z"},
    )
    assert reread(submission).state == state


def test_correction_is_asked_once_the_report_is_approved(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    petition = correction(submission, cast.head)
    assert (petition.state, petition.what, petition.why) == ("waiting", "P1 should be 61.", "A firm reported late.")
    assert mails("petition") == [cast.approver.email]
    assert submission.events.values_list("kind", "note").latest("pk") == (
        "ask_correction",
        "P1 should be 61.\nA firm reported late.",
    )
    assert reread(submission).state == "approved"


@pytest.mark.parametrize("state", SUBMITTED)
def test_extension_of_a_submitted_report_is_no_question(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    with pytest.raises(Conflict, match="until it is submitted"):
        more_time(submission, cast.officer)


@pytest.mark.parametrize("state", [*sorted(UNSUBMITTED_STATES), *SUBMITTED[:2]])
def test_correction_of_a_report_that_is_not_approved_is_no_question(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    with pytest.raises(Conflict, match="once it is approved"):
        correction(submission, cast.officer)


def test_extension_is_asked_at_the_due_instant_and_not_after_it(cast: Cast, submission: Submission) -> None:
    with pytest.raises(Refused, match=r"was due on .*write to your reviewer"):
        more_time(submission, cast.officer, now=DUE + timedelta(seconds=1))
    assert more_time(submission, cast.officer, now=DUE).is_waiting


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"due_at": None}, "until when"),
        ({"due_at": DUE}, "after the one in force, Friday 31 July 2026, 10:00"),
        ({"due_at": NOW + timedelta(days=732)}, "more than two years ahead"),
        ({"why": " \x00"}, "why you need more time"),
        ({"why": "x" * 5001}, "5001 characters"),
    ],
)
def test_extension_without_what_it_needs_is_refused(cast: Cast, submission: Submission, given: Any, message: str) -> None:
    with pytest.raises(Refused, match=message):
        more_time(submission, cast.officer, **given)
    assert not Petition.objects.exists()
    assert mails("petition") == []


@pytest.mark.parametrize(("name", "message"), [("what", "what is to be corrected"), ("why", "why it is to be corrected")])
def test_correction_needs_what_and_why(cast: Cast, submission: Submission, name: str, message: str) -> None:
    bring_to("approved", submission, cast)
    with pytest.raises(Refused, match=message):
        correction(submission, cast.officer, **{name: "  "})
    assert not Petition.objects.exists()


def test_only_officers_and_heads_of_the_district_ask_and_withdraw(cast: Cast, submission: Submission) -> None:
    strangers = (cast.observer, cast.south_officer, cast.south_head, cast.reviewer, cast.administrator, cast.outsider)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            more_time(submission, actor)
    petition = more_time(submission, cast.officer)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            withdraw(petition, actor)
    assert state_of(petition) == "waiting"


def test_acting_head_who_asks_is_named_so_in_the_history(cast: Cast, submission: Submission) -> None:
    acting = make_acting("acting", cast.north)
    more_time(submission, acting)
    assert submission.events.latest("pk").capacity == ""  # an officer asks by the own right
    bring_to("approved", submission, cast)
    observer = make_acting("observer-acts", cast.north, role="observer")  # type: ignore[arg-type]
    correction(submission, observer)
    assert submission.events.latest("pk").capacity == "acting head"


def test_same_request_again_is_one_and_another_has_to_wait(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    assert more_time(submission, cast.officer) == petition
    with pytest.raises(Conflict, match="waits for the bureau already"):
        more_time(submission, cast.head)
    with pytest.raises(Conflict, match="waits for the bureau already"):
        more_time(submission, cast.officer, due_at=WANTED + timedelta(days=1))
    assert (Petition.objects.count(), mails("petition")) == (1, [cast.reviewer.email])


def test_withdrawn_request_makes_room_for_another(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    assert [withdraw(petition, cast.head).state for _again in range(2)] == ["withdrawn"] * 2
    with pytest.raises(Conflict, match="Withdrawn"):
        withdraw(petition, cast.officer)
    assert more_time(submission, cast.head).is_waiting
    kinds = submission.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["ask_extension", "withdraw_extension", "ask_extension"]
    assert mails("petition_answered") == []


# Answers


def test_grant_gives_the_report_its_own_due_time_and_tells_asker_and_head(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    theirs = more_time(south_submission, cast.south_officer)
    petition = more_time(submission, cast.officer)
    given = NOW + timedelta(days=20)
    for _again in range(2):
        granted = grant(petition, cast.reviewer, given, "Once.")
    found = reread(submission)
    assert (found.due_at, found.locks_at, found.lock_in_force) == (given, given, given)
    assert (granted.state, granted.granted_due_at, granted.answer, granted.closed_by) == (
        "granted", given, "Once.", cast.reviewer,
    )  # fmt: skip
    event = submission.events.latest("pk")
    assert (event.kind, event.note, event.data, event.answers_request) == (
        "extend", "Once.", {"due_at": "2026-08-10T02:00:00Z", "petition": petition.pk}, True,
    )  # fmt: skip
    assert submission.events.filter(kind="extend").count() == 1
    assert mails("petition_answered") == [cast.head.email, cast.officer.email]
    assert (state_of(theirs), reread(south_submission).due_at) == ("waiting", None)


def test_lock_of_a_granted_report_is_no_earlier_than_the_cycles(cast: Cast, submission: Submission) -> None:
    grant(more_time(submission, cast.officer), cast.reviewer)
    assert reread(submission).lock_in_force == NOW + timedelta(days=17)


def test_request_made_in_time_is_granted_after_the_due_time(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    late = DUE + timedelta(days=1)
    assert reread(submission).is_overdue(late)
    grant(petition, cast.reviewer, now=late)
    assert not reread(submission).is_overdue(late)


@pytest.mark.parametrize(
    ("due_at", "message"), [(None, "Give the new due time"), (DUE, "after the one in force"), (NOW, "after the one in force")]
)
def test_grant_needs_a_later_time(cast: Cast, submission: Submission, due_at: datetime | None, message: str) -> None:
    petition = more_time(submission, cast.officer)
    with pytest.raises(Refused, match=message):
        grant(petition, cast.reviewer, due_at)
    with pytest.raises(Refused, match="lies in the past"):
        grant(petition, cast.reviewer, WANTED, now=WANTED)
    assert (state_of(petition), reread(submission).due_at) == ("waiting", None)


def test_refusal_needs_a_reason_and_leaves_the_report(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    with pytest.raises(Refused, match="why the request is refused"):
        refuse(petition, cast.reviewer, " ")
    for _again in range(2):
        refused = refuse(petition, cast.reviewer)
    assert (refused.state, refused.answer, reread(submission).due_at) == ("refused", "The totals are due.", None)
    assert submission.events.values_list("kind", "note").latest("pk") == ("refuse_extension", "The totals are due.")
    assert mails("petition_answered") == [cast.head.email, cast.officer.email]


def test_granted_correction_reopens_the_report_with_one_mail_to_each(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    petition = correction(submission, cast.officer)
    with pytest.raises(Refused, match="reason"):
        grant(petition, cast.approver)
    for _again in range(2):
        granted = grant(petition, cast.approver, note="Correct P1 alone.")
    found = reread(submission)
    assert (found.state, found.due_at, found.working_revision.number) == ("returned", WANTED, 2)  # type: ignore[union-attr]
    assert (granted.state, granted.granted_due_at, granted.answer) == ("granted", WANTED, "Correct P1 alone.")
    event = submission.events.latest("pk")
    assert (event.kind, event.data["petition"], event.answers_request) == ("reopen", petition.pk, True)
    assert (mails("reopened"), mails("petition_answered")) == ([cast.head.email, cast.officer.email], [])


def test_refused_correction_leaves_the_report_approved(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    refuse(correction(submission, cast.officer), cast.approver)
    assert reread(submission).state == "approved"
    assert submission.events.latest("pk").kind == "refuse_correction"
    assert mails("petition_answered") == [cast.head.email, cast.officer.email]


def test_each_kind_has_its_own_people_to_answer(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    extension = more_time(submission, cast.officer)
    bring_to("approved", south_submission, _of_the_south(cast))
    amendment = correction(south_submission, cast.south_head)
    strangers = (cast.officer, cast.head, cast.south_head, cast.outsider)
    for petition, others in ((extension, [cast.south_reviewer]), (amendment, [cast.reviewer, cast.south_reviewer])):
        for actor in (*strangers, *others):
            with pytest.raises(NotAllowed):
                grant(petition, actor, note="Yes.")
            with pytest.raises(NotAllowed):
                refuse(petition, actor)
        assert state_of(petition) == "waiting"


def _of_the_south(cast: Cast) -> Cast:
    people = {"head": cast.south_head, "officer": cast.south_officer, "reviewer": cast.south_reviewer}
    return Cast(**{**vars(cast), **people})


def test_deputy_answers_for_who_is_away_and_is_marked_so(cast: Cast, submission: Submission) -> None:
    depute(cast.reviewer, cast.south_reviewer)
    refuse(more_time(submission, cast.officer), cast.south_reviewer)
    assert mails("petition") == [cast.reviewer.email, cast.south_reviewer.email]
    assert submission.events.latest("pk").capacity == "deputy of Reviewer"


def test_closed_request_takes_no_other_answer(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    refuse(petition, cast.reviewer)
    calls = (
        lambda: grant(petition, cast.reviewer),
        lambda: refuse(petition, cast.approver),
        lambda: withdraw(petition, cast.officer),
    )
    for call in calls:
        with pytest.raises(Conflict, match="Refused"):
            call()
    assert reread(submission).due_at is None


@pytest.mark.parametrize(("due_at", "note"), [(WANTED + timedelta(days=1), "Once."), (WANTED, "Twice."), (None, "Once.")])
def test_second_grant_that_differs_is_a_conflict(cast: Cast, submission: Submission, due_at: datetime | None, note: str) -> None:
    petition = more_time(submission, cast.officer)
    grant(petition, cast.reviewer, note="Once.")
    with pytest.raises(Conflict, match="Granted"):
        grant(petition, cast.reviewer, due_at, note)
    assert reread(submission).due_at == WANTED


def test_second_refusal_that_differs_is_a_conflict(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    refuse(petition, cast.reviewer, "A")
    with pytest.raises(Conflict, match="Refused"):
        refuse(petition, cast.reviewer, "B")
    assert Petition.objects.get().answer == "A"


# What else ends a request


def test_signing_lapses_a_request_for_more_time(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    hand_over(submission, cast)
    assert state_of(petition) == "waiting"
    sign(submission, cast.head)
    current = Petition.objects.get(pk=petition.pk)
    assert (current.state, current.closed_by, current.closed_at) == ("lapsed", None, NOW)
    kinds = submission.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["lapse_extension", "sign"]
    assert mails("petition_answered") == []


def test_report_that_is_not_expected_any_more_lapses_its_request(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    do(submission, "release", cast.approver, note="Merged.")
    assert state_of(petition) == "lapsed"
    assert mails("petition_answered") == []


def test_later_own_due_time_grants_and_an_earlier_one_does_not(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    values: dict[str, Any] = {"submission": submission, "note": "", "actor": cast.reviewer, "now": NOW}
    extend_submission(due_at=DUE - timedelta(days=1), **values)
    assert state_of(petition) == "waiting"
    assert submission.events.latest("pk").data == {"due_at": "2026-07-30T02:00:00Z"}
    extend_submission(due_at=DUE + timedelta(days=1), **values)
    assert state_of(petition) == "granted"
    assert mails("petition_answered") == [cast.head.email, cast.officer.email]


def test_cycle_that_moves_grants_what_its_time_reaches(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    reached = more_time(submission, cast.officer)
    beyond = more_time(south_submission, cast.south_officer, due_at=WANTED + timedelta(days=5))
    extend_cycle(cycle=submission.cycle, due_at=WANTED, locks_at=WANTED, actor=cast.administrator, now=NOW)
    assert (state_of(reached), state_of(beyond)) == ("granted", "waiting")
    assert (reread(submission).due_at, Petition.objects.get(pk=reached.pk).granted_due_at) == (None, WANTED)
    assert submission.events.latest("pk").answers_request
    assert mails("petition_answered") == [cast.head.email, cast.officer.email]
    grant(beyond, cast.south_reviewer, WANTED + timedelta(days=5))


def test_cycle_that_moves_leaves_a_report_with_a_time_of_its_own(cast: Cast, submission: Submission) -> None:
    extend_submission(submission=submission, due_at=DUE + timedelta(days=1), note="", actor=cast.reviewer, now=NOW)
    petition = more_time(submission, cast.officer)
    extend_cycle(cycle=submission.cycle, due_at=WANTED, locks_at=WANTED, actor=cast.administrator, now=NOW)
    assert state_of(petition) == "waiting"


def test_plain_reopening_grants_the_correction_that_waits(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    petition = correction(submission, cast.officer)
    do(submission, "reopen", cast.approver, note="P1 is wrong.", terms=Terms(due_at=WANTED))
    assert (state_of(petition), mails("petition_answered")) == ("granted", [])
    assert submission.events.latest("pk").data["petition"] == petition.pk


# Mails and reminders


def test_mail_to_the_bureau_is_not_wanted_once_the_request_is_closed(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    mail = OutgoingMail.objects.get(kind="petition")
    letter = compose(mail, NOW)
    assert letter is not None
    assert letter.subject == "Extension request: Northgate, Report half-year 2026-S1"
    assert letter.facts[1:] == [
        ("Due time now", "Friday 31 July 2026, 10:00"), ("Due time asked for", "Tuesday 4 August 2026, 10:00"),
    ]  # fmt: skip
    assert letter.quotes == [("Reason", "The statistics bureau publishes late.")]
    assert letter.link.endswith(f"/admin/reporting/petition/{petition.pk}/change/")
    withdraw(petition, cast.officer)
    assert compose(mail, NOW) is None


def test_mail_with_the_answer_says_what_was_given(cast: Cast, submission: Submission) -> None:
    grant(more_time(submission, cast.officer), cast.reviewer, NOW + timedelta(days=12), "No later.")
    letter = compose(OutgoingMail.objects.get(kind="petition_answered", recipient=cast.officer), NOW)
    assert letter is not None
    assert (letter.subject, letter.facts[-1], letter.quotes) == (
        "More time: Northgate, Report half-year 2026-S1",
        ("New due time", "Sunday 2 August 2026, 10:00"),
        [(str(cast.reviewer), "No later.")],
    )


def test_reminders_follow_the_time_that_was_given(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    """The rung of the day before goes out before the new due time, and that of the old one is not sent any more."""
    ReminderRung.objects.create(policy_id=submission.cycle.reminder_policy_id, offset=-1, audiences=["officers"])
    petition = more_time(submission, cast.officer)
    eve = NOW + timedelta(days=9)
    sweep_reminders(now=eve)
    old = OutgoingMail.objects.get(kind="reminder", recipient=cast.officer)
    assert compose(old, eve) is not None
    grant(petition, cast.reviewer, now=eve)
    assert compose(old, eve) is None
    sweep_reminders(now=DUE)
    assert OutgoingMail.objects.filter(kind="reminder", recipient=cast.officer).count() == 1
    new_eve = WANTED - timedelta(days=1)
    sweep_reminders(now=new_eve)
    reminders = OutgoingMail.objects.filter(kind="reminder", recipient=cast.officer)
    assert [mail.context["due_at"] for mail in reminders.order_by("pk")] == [DUE.isoformat(), WANTED.isoformat()]
    assert [compose(mail, new_eve) is not None for mail in reminders.order_by("pk")] == [False, True]
    assert OutgoingMail.objects.filter(kind="reminder", recipient=cast.south_officer).count() == 1


# The database


def test_database_keeps_what_was_asked_and_how_it_ended(cast: Cast, submission: Submission) -> None:
    petition = more_time(submission, cast.officer)
    for statement in (
        "DELETE FROM reporting_petition",
        "UPDATE reporting_petition SET why = 'other'",
        f"UPDATE reporting_petition SET asked_by_id = {cast.head.pk}",
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for wrong in ({"state": "refused", "closed_at": NOW}, {"state": "granted", "closed_at": NOW}, {"state": "lapsed"}):
        with pytest.raises(IntegrityError, match="petition_"), transaction.atomic():
            Petition.objects.filter(pk=petition.pk).update(**wrong)
    refuse(petition, cast.reviewer)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Petition.objects.update(state="granted")


def test_database_keeps_one_waiting_request_of_a_kind(cast: Cast, submission: Submission) -> None:
    more_time(submission, cast.officer)
    values: dict[str, Any] = {
        "submission": submission,
        "district": cast.north,
        "asked_by": cast.head,
        "asked_at": NOW,
        "why": "x",
    }
    with pytest.raises(IntegrityError, match="petition_waits_once"), transaction.atomic():
        Petition.objects.create(kind="extension", wanted_due_at=WANTED, **values)
    for wrong in ({"kind": "extension"}, {"kind": "correction"}):
        with pytest.raises(IntegrityError, match="petition_says_what"), transaction.atomic():
            Petition.objects.create(**wrong, **values)
