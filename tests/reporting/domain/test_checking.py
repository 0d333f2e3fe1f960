"""Two pairs of eyes: marking a report as checked, and approving it only after somebody else has."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from districts.enums import BureauRoleName
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.checking import mark_checked
from reporting.domain.comments import address_comment, draft_comment
from reporting.domain.review import Read, approve_many
from reporting.domain.submissions import Terms
from reporting.models import Definition, Event, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_bureau, submit
from tests.reporting.domain.states import LATER, bring_to, do, reread, resubmit

NEEDED = "This report needs two people: somebody else has to mark it as checked before you can approve it."


def check(submission: Submission, actor: User, note: str = "", **read: Any) -> Event:
    seen = Read(submission, read.get("revision_id", reread(submission).working_revision_id))
    return mark_checked(read=seen, note=note, actor=actor, now=NOW)


@pytest.fixture
def two_people(submission: Submission) -> None:
    Definition.objects.filter(pk=submission.cycle.definition_id).update(needs_two_people=True)


def test_check_is_an_event_with_its_note_and_changes_nothing_else(cast: Cast, submission: Submission) -> None:
    before = bring_to("in_review", submission, cast)
    mails = OutgoingMail.objects.count()
    event = check(submission, cast.reviewer, "  The tax office agrees. ")
    assert (event.kind, event.actor, event.note, event.at) == ("check", cast.reviewer, "The tax office agrees.", NOW)
    assert (event.revision, event.district_id) == (before.working_revision, cast.north.pk)
    assert (event.from_state, event.to_state) == ("in_review", "in_review")
    assert (reread(submission).state, OutgoingMail.objects.count()) == ("in_review", mails)


def test_check_asked_again_gives_the_first_even_after_the_approval(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    first = check(submission, cast.reviewer, "First.")
    assert check(submission, cast.reviewer, "Second.") == first
    do(submission, "approve", cast.approver)
    assert check(submission, cast.reviewer, "Third.") == first
    assert list(Event.objects.filter(kind="check").values_list("note", flat=True)) == ["First."]


def test_database_keeps_one_check_a_person_and_revision(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    event = check(submission, cast.reviewer)
    event.pk, event._state.adding = None, True
    with pytest.raises(IntegrityError, match="revision_checked_once_by_each"), transaction.atomic():
        event.save()


@pytest.mark.parametrize("state", ["submitted", "returned", "approved"])
def test_check_of_a_report_that_is_not_in_review_is_a_conflict(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    with pytest.raises(Conflict, match="checked while it is in review"):
        check(submission, cast.reviewer)
    assert not Event.objects.filter(kind="check").exists()


def test_check_of_a_revision_that_is_not_the_one_read_is_a_conflict(cast: Cast, submission: Submission) -> None:
    read = bring_to("in_review", submission, cast).working_revision_id
    _return_and_submit_again(submission, cast)
    with pytest.raises(Conflict, match="newer revision"):
        check(submission, cast.reviewer, revision_id=read)
    with pytest.raises(Conflict, match="newer revision"):
        check(submission, cast.reviewer, revision_id=None)
    assert not Event.objects.filter(kind="check").exists()


def test_check_is_the_reviewers_of_the_district(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    for actor in (cast.south_reviewer, cast.head, cast.officer, cast.observer, cast.outsider):
        with pytest.raises(NotAllowed):
            check(submission, actor)
    with pytest.raises(Refused, match="2000 characters"):
        check(submission, cast.reviewer, "x" * 2001)
    assert not Event.objects.filter(kind="check").exists()


def test_approval_waits_for_another_person(cast: Cast, submission: Submission, two_people: None) -> None:
    bring_to("in_review", submission, cast)
    with pytest.raises(Refused) as nobody:
        do(submission, "approve", cast.approver)
    check(submission, cast.approver)
    with pytest.raises(Refused) as alone:
        do(submission, "approve", cast.approver)
    assert (nobody.value.messages, alone.value.messages) == ((NEEDED,), (NEEDED,))
    check(submission, cast.reviewer)
    assert do(submission, "approve", cast.approver).state == "approved"


def test_approver_who_checked_leaves_the_approval_to_another(cast: Cast, submission: Submission, two_people: None) -> None:
    bring_to("in_review", submission, cast)
    check(submission, cast.approver)
    assert do(submission, "approve", cast.administrator).state == "approved"
    assert do(submission, "approve", cast.administrator).state == "approved"
    assert Event.objects.filter(kind="approve").count() == 1


def test_approval_needs_nobody_else_where_the_definition_does_not_ask(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    check(submission, cast.approver)
    assert do(submission, "approve", cast.approver).state == "approved"


def test_approval_is_refused_with_every_reason(cast: Cast, submission: Submission, two_people: None) -> None:
    bring_to("in_review", submission, cast)
    draft_comment(submission=submission, question_key="P1", text="Why?", actor=cast.reviewer, now=NOW)
    with pytest.raises(Refused) as refused:
        do(submission, "approve", cast.approver)
    assert [str(message)[:24] for message in refused.value.messages] == ["It has comments that wer", NEEDED[:24]]


def test_new_revision_needs_a_new_check(cast: Cast, submission: Submission, two_people: None) -> None:
    bring_to("in_review", submission, cast)
    check(submission, cast.reviewer, "Fine.")
    _return_and_submit_again(submission, cast)
    with pytest.raises(Refused, match="needs two people"):
        do(submission, "approve", cast.approver)
    check(submission, cast.reviewer, "Fine again.")
    assert do(submission, "approve", cast.approver).state == "approved"


def test_check_of_another_district_does_not_count(
    cast: Cast, submission: Submission, south_submission: Submission, two_people: None
) -> None:
    bring_to("in_review", submission, cast)
    _south_in_review(south_submission, cast)
    check(south_submission, cast.south_reviewer)
    with pytest.raises(Refused, match="needs two people"):
        do(submission, "approve", cast.approver)


def test_bulk_approval_leaves_what_waits_for_another(
    cast: Cast, submission: Submission, south_submission: Submission, two_people: None
) -> None:
    bring_to("in_review", submission, cast)
    _south_in_review(south_submission, cast)
    check(south_submission, cast.south_reviewer)
    reads = [Read(one, reread(one).working_revision_id) for one in (submission, south_submission)]
    outcomes = list(approve_many(chosen=reads, actor=cast.approver, now=NOW))
    assert [outcome.refusals for outcome in outcomes] == [(NEEDED,), ()]
    assert [reread(one).state for one in (submission, south_submission)] == ["in_review", "approved"]


def test_setting_holds_from_the_moment_it_is_set(cast: Cast, submission: Submission) -> None:
    bring_to("in_review", submission, cast)
    definition = submission.cycle.definition
    for needed in (True, False):
        definition.needs_two_people = needed
        definition.save()
        if needed:
            with pytest.raises(Refused, match="needs two people"):
                do(submission, "approve", cast.approver)
    assert do(submission, "approve", cast.approver).state == "approved"


def test_check_stays_when_who_made_it_leaves(cast: Cast, submission: Submission, two_people: None) -> None:
    bring_to("in_review", submission, cast)
    leaver = make_bureau("leaver", BureauRoleName.REVIEWER)
    check(submission, leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    assert do(submission, "approve", cast.approver).state == "approved"


def _south_in_review(submission: Submission, cast: Cast) -> None:
    submit(submission, cast.south_head)
    do(submission, "begin_review", cast.south_reviewer)


def _return_and_submit_again(submission: Submission, cast: Cast) -> None:
    comment = draft_comment(submission=submission, question_key="P1", text="Check this", actor=cast.reviewer, now=NOW)
    do(submission, "return", cast.reviewer, terms=Terms(due_at=LATER))
    address_comment(comment=comment, reply="It is right", actor=cast.officer, now=NOW)
    resubmit(submission, cast)
    do(submission, "begin_review", cast.reviewer)
