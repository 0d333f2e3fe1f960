"""Questions of a district to the bureau: who asks and answers when, one mail to each side, and what a repetition does."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from districts.domain.letters import compose
from districts.domain.people import remove_member
from districts.errors import Conflict, DomainError, NotAllowed, Refused
from districts.models import Membership, OutgoingMail, User
from reporting.domain.enquiries import answer_enquiry, ask_bureau, close_enquiry, write_on
from reporting.models import Enquiry, EnquiryMessage, Submission
from reporting.queries.enquiries import threads_of
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.domain.states import bring_to, do, reread


def ask(submission: Submission, actor: User, text: str = "Does this include head offices?", key: str = "P1") -> Enquiry:
    return ask_bureau(submission=submission, question_key=key, text=text, actor=actor, now=NOW)


def answer(enquiry: Enquiry, actor: User, text: str = "No, they are counted centrally.") -> None:
    answer_enquiry(enquiry=enquiry, text=text, actor=actor, now=NOW)


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def said(enquiry: Enquiry) -> list[tuple[str, bool]]:
    return list(enquiry.messages.values_list("text", "by_bureau"))


@pytest.mark.parametrize("state", ["not_started", "draft", "awaiting_signature", "returned"])
def test_asking_begins_a_thread_and_mails_the_reviewers_once(cast: Cast, submission: Submission, state: str) -> None:
    bring_to(state, submission, cast)
    thread = ask(submission, cast.officer, " Does this include head offices?\x00 ")
    assert (thread.state, thread.about, thread.asked_by, thread.district_id) == (
        "waiting",
        "Indicator P1",
        cast.officer,
        cast.north.pk,
    )
    assert said(thread) == [("Does this include head offices?", False)]
    assert ask(submission, cast.head, "Or only plants?") == thread
    assert said(thread) == [("Does this include head offices?", False), ("Or only plants?", False)]
    assert mails("enquiry") == [cast.reviewer.email]
    assert reread(submission).state == state


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_asking_is_over_once_the_report_is_submitted(cast: Cast, submission: Submission, state: str) -> None:
    thread = ask(submission, cast.officer)
    bring_to(state, submission, cast)
    for call in (
        lambda: ask(submission, cast.officer, "One more?"),
        lambda: write_on(enquiry=thread, text="One more?", actor=cast.officer, now=NOW),
        lambda: close_enquiry(enquiry=thread, actor=cast.head, now=NOW),
    ):
        with pytest.raises(Conflict, match="until it is submitted"):
            call()
    answer(thread, cast.reviewer)
    assert (reread_thread(thread).state, len(said(thread))) == ("answered", 2)


def test_first_answer_mails_who_asked_and_the_officers_once(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.head)
    answer(thread, cast.reviewer)
    assert reread_thread(thread).state == "answered"
    write_on(enquiry=thread, text="And branches?", actor=cast.officer, now=NOW)
    assert reread_thread(thread).state == "waiting"
    answer(thread, cast.approver, "Branches count.")
    assert mails("enquiry_answered") == sorted([cast.head.email, cast.officer.email])
    assert mails("enquiry") == [cast.reviewer.email]
    assert [by_bureau for _text, by_bureau in said(thread)] == [False, True, False, True]


def test_same_words_again_are_one_message_and_one_mail(cast: Cast, submission: Submission) -> None:
    threads = {ask(submission, cast.officer).pk for _again in range(3)}
    (thread,) = Enquiry.objects.filter(pk__in=threads)
    for _again in range(2):
        answer(thread, cast.reviewer)
    for _again in range(2):
        write_on(enquiry=thread, text="Thanks.", actor=cast.officer, now=NOW)
        close_enquiry(enquiry=thread, actor=cast.officer, now=NOW) if _again else None
    write_on(enquiry=thread, text="Thanks.", actor=cast.officer, now=NOW)
    assert [text for text, _by in said(thread)] == [
        "Does this include head offices?", "No, they are counted centrally.", "Thanks.",
    ]  # fmt: skip
    assert (len(mails("enquiry")), len(mails("enquiry_answered"))) == (1, 1)


def test_same_words_of_another_person_are_another_message(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.officer, "Yes?")
    ask(submission, cast.head, "Yes?")
    assert said(thread) == [("Yes?", False), ("Yes?", False)]


def test_closed_thread_takes_no_more_and_a_new_one_can_begin(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.officer)
    close_enquiry(enquiry=thread, actor=cast.reviewer, now=NOW)
    close_enquiry(enquiry=thread, actor=cast.officer, now=NOW)
    for call in (lambda: answer(thread, cast.reviewer), lambda: write_on(enquiry=thread, text="x", actor=cast.officer, now=NOW)):
        with pytest.raises(Conflict, match="closed meanwhile"):
            call()
    other = ask(submission, cast.officer, "Again?")
    assert other != thread
    assert (mails("enquiry"), mails("enquiry_answered")) == ([cast.reviewer.email] * 2, [])


def test_each_side_has_its_own_people(cast: Cast, submission: Submission) -> None:
    for actor in (cast.observer, cast.south_officer, cast.south_head, cast.reviewer, cast.administrator, cast.outsider):
        with pytest.raises(NotAllowed):
            ask(submission, actor)
    thread = ask(submission, cast.officer)
    for actor in (cast.officer, cast.head, cast.observer, cast.south_reviewer, cast.south_officer, cast.outsider):
        with pytest.raises(NotAllowed):
            answer(thread, actor)
    for actor in (cast.observer, cast.south_reviewer, cast.south_head, cast.outsider):
        with pytest.raises(NotAllowed):
            close_enquiry(enquiry=thread, actor=actor, now=NOW)
    assert (reread_thread(thread).state, len(said(thread))) == ("waiting", 1)


def test_empty_endless_and_unknown_are_refused(cast: Cast, submission: Submission) -> None:
    with pytest.raises(Refused, match="Write something first"):
        ask(submission, cast.officer, " \x00 ")
    with pytest.raises(Refused, match="5001 characters"):
        ask(submission, cast.officer, "x" * 5001)
    with pytest.raises(DomainError, match="no such question"):
        ask(submission, cast.officer, key="nothing")
    assert not Enquiry.objects.exists()
    assert not EnquiryMessage.objects.exists()


def test_whole_report_has_a_thread_of_its_own(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    whole, one = ask(submission, cast.officer, key=""), ask(submission, cast.officer, key="plans")
    ask(south_submission, cast.south_officer, key="")
    assert [(thread.enquiry, thread.key, len(thread.messages)) for thread in threads_of(submission)] == [
        (whole, "", 1),
        (one, "plans", 1),
    ]


def test_mail_to_the_bureau_is_not_wanted_once_somebody_answered(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.officer)
    mail = OutgoingMail.objects.get(kind="enquiry")
    letter = compose(mail, NOW)
    assert letter is not None
    assert (letter.quotes, letter.link.endswith(f"/admin/reporting/enquiry/{thread.pk}/change/")) == (
        [(str(cast.officer), "Does this include head offices?")],
        True,
    )
    answer(thread, cast.approver)
    assert compose(mail, NOW) is None


def test_mail_to_the_district_is_not_wanted_by_who_left(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.officer)
    answer(thread, cast.reviewer)
    mail = OutgoingMail.objects.get(kind="enquiry_answered", recipient=cast.officer)
    letter = compose(mail, NOW)
    assert letter is not None
    assert letter.quotes == [(str(cast.reviewer), "No, they are counted centrally.")]
    remove_member(membership=Membership.objects.get(user=cast.officer), actor=cast.head)
    assert compose(OutgoingMail.objects.get(pk=mail.pk), NOW) is None


def test_database_keeps_threads_and_messages(cast: Cast, submission: Submission) -> None:
    thread = ask(submission, cast.officer)
    refused = [
        "UPDATE reporting_enquirymessage SET text = 'other'",
        "DELETE FROM reporting_enquirymessage",
        "DELETE FROM reporting_enquiry",
        "UPDATE reporting_enquiry SET question_id = NULL",
        f"UPDATE reporting_enquiry SET asked_by_id = {cast.head.pk}",
    ]
    for statement in refused:
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    close_enquiry(enquiry=thread, actor=cast.officer, now=NOW)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        Enquiry.objects.update(state="waiting")


def test_database_keeps_one_open_thread_at_a_question(cast: Cast, submission: Submission) -> None:
    for key in ("", "P1"):
        thread = ask(submission, cast.officer, key=key)
        again = Enquiry(
            submission=submission, district=cast.north, question=thread.question, asked_by=cast.head, asked_at=NOW, latest_at=NOW
        )
        with pytest.raises(IntegrityError, match="enquiry_open_once"), transaction.atomic():
            again.save()


def test_report_goes_on_with_a_question_that_waits(cast: Cast, submission: Submission) -> None:
    ask(submission, cast.officer)
    bring_to("submitted", submission, cast)
    do(submission, "begin_review", cast.reviewer)
    assert do(submission, "approve", cast.approver).state == "approved"


def reread_thread(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.get(pk=enquiry.pk)
