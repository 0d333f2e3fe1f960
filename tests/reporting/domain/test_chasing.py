"""Chasing districts: who is written to, in which language, how often, and what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from districts.domain.letters import compose, render
from districts.enums import DistrictRole
from districts.errors import NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.chasing import chase, chase_many, standard_text
from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

HOUR = timedelta(hours=1)


def chased(submission: Submission, actor: User, **given: Any) -> None:
    values: dict[str, Any] = {"text": "Call me.", "now": NOW}
    chase(submission=submission, actor=actor, **values | given)


def written() -> set[tuple[str, str]]:
    mails = OutgoingMail.objects.filter(kind="chase").select_related("recipient", "district")
    return {(mail.recipient.full_name, mail.district.code if mail.district else "") for mail in mails}


def test_chase_of_an_owed_report_writes_to_officers_and_heads_and_keeps_the_text(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    factories.make_acting("north-acting", cast.north, DistrictRole.OBSERVER)
    chased(submission, cast.reviewer)
    assert written() == {("North Officer", "north"), ("North Head", "north"), ("North Acting", "north")}
    event = submission.events.get(kind="chase")
    assert (event.note, event.actor, event.from_state, event.to_state) == (
        "Call me.",
        cast.reviewer,
        "not_started",
        "not_started",
    )
    assert south_submission.events.count() == 0


@pytest.mark.parametrize(("after", "refused"), [(HOUR - timedelta(seconds=1), True), (HOUR, False)])
def test_chase_within_an_hour_of_the_last_one_is_refused(
    cast: Cast, submission: Submission, after: timedelta, refused: bool
) -> None:
    chased(submission, cast.reviewer)
    if refused:
        with pytest.raises(Refused, match="59 minutes ago"):
            chased(submission, cast.approver, now=NOW + after)
    else:
        chased(submission, cast.approver, now=NOW + after)
    assert submission.events.filter(kind="chase").count() == 2 - refused
    assert OutgoingMail.objects.filter(kind="chase").count() == 2 * (2 - refused)


def test_chase_leaves_another_district_free_to_be_chased(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    chased(submission, cast.approver)
    chased(south_submission, cast.approver)
    assert {code for _name, code in written()} == {"north", "south"}


def test_chase_of_a_report_that_was_handed_in_is_refused(cast: Cast, submission: Submission) -> None:
    factories.submit(submission, cast.head)
    with pytest.raises(Refused, match="nothing to chase"):
        chased(submission, cast.reviewer)
    assert written() == set()


@pytest.mark.parametrize("role", ["south_reviewer", "head", "officer", "observer", "outsider"])
def test_chase_by_somebody_without_review_of_the_district_is_not_allowed(cast: Cast, submission: Submission, role: str) -> None:
    with pytest.raises(NotAllowed):
        chased(submission, getattr(cast, role))
    assert written() == set()


@pytest.mark.parametrize(("text", "words"), [(" \n", "Write what"), ("x" * 2001, "too long")])
def test_chase_without_a_text_or_with_too_long_a_one_is_refused(
    cast: Cast, submission: Submission, text: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        chased(submission, cast.reviewer, text=text)


def test_chase_of_a_district_without_people_is_refused(cast: Cast, submission: Submission) -> None:
    User.objects.filter(pk__in=[cast.head.pk, cast.officer.pk]).update(is_active=False)
    with pytest.raises(Refused, match="Nobody fills in"):
        chased(submission, cast.reviewer)


def test_chase_many_takes_each_by_itself(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    chased(south_submission, cast.approver)
    outcomes = list(chase_many(chosen=[submission, south_submission], text="Now.", actor=cast.approver, now=NOW))
    assert [bool(outcome.refusals) for outcome in outcomes] == [False, True]


def test_chase_many_of_two_cycles_is_refused(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    other = factories.make_cycle(cycle.definition_version, "2026-A1", opened_by=cast.administrator)
    with pytest.raises(Refused, match="one cycle"):
        chase_many(chosen=[submission, other.submissions.get(district=cast.north)], text="Now.", actor=cast.approver, now=NOW)


def _text_for(user: User) -> str:
    mail = OutgoingMail.objects.select_related("recipient", "district").get(kind="chase", recipient=user)
    letter = compose(mail, NOW)
    assert letter is not None
    return render([letter], mail).text


def test_chase_mail_says_what_was_written_beside_report_state_and_due_time(cast: Cast, submission: Submission) -> None:
    chased(submission, cast.reviewer, text="Call me.\n<b>Soon</b>")
    text = _text_for(cast.officer)
    for words in ("Northgate", "Not started", "is due on Friday 31 July 2026, 10:00", "Reviewer:\n  Call me.\n<b>Soon</b>"):
        assert words in text
    assert f"/reports/{submission.pk}/" in text
    assert "Southgate" not in text


def test_chase_mail_with_the_standard_text_is_read_in_each_recipients_language(cast: Cast, submission: Submission) -> None:
    User.objects.filter(pk=cast.officer.pk).update(language="zh-hans")
    chased(submission, cast.reviewer, text=standard_text())
    with translation.override("zh-hans"):
        chinese = standard_text()
    assert chinese in _text_for(cast.officer)
    assert chinese not in _text_for(cast.head)
    assert standard_text() in _text_for(cast.head)


def test_chase_mail_is_not_sent_once_the_report_is_handed_in(cast: Cast, submission: Submission) -> None:
    chased(submission, cast.reviewer)
    factories.submit(submission, cast.head)
    mail = OutgoingMail.objects.filter(kind="chase").select_related("recipient").first()
    assert mail is not None
    assert compose(mail, NOW) is None
