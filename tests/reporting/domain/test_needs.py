"""What each step needs, one need at a time."""

from datetime import timedelta
from typing import Any

import pytest

from districts.errors import Conflict, DomainError, Refused
from districts.models import OutgoingMail, User
from reporting.domain.answers import AnswerChange, save_answers, set_nil_return
from reporting.domain.comments import address_comment, delete_comment, draft_comment
from reporting.domain.cycles import open_cycle
from reporting.domain.submissions import Terms
from reporting.enums import SubmissionState
from reporting.models import Event, Submission
from tests.conftest import Cast
from tests.factories import NOW, approve, fill, make_cycle, make_version, sign, submit
from tests.reporting.domain.states import LATER, begin_review, bring_to, do, hand_over, reread, send_back, signature


def _answer(submission: Submission, cast: Cast, key: str, **fields: Any) -> None:
    revision = reread(submission).working_revision
    assert revision is not None
    answer = revision.answers.filter(question_key=key).first()
    change = AnswerChange(key, answer.version if answer else 0, **fields)
    save_answers(submission=submission, changes=[change], actor=cast.officer, now=NOW)


def _refusal(submission: Submission, name: str, actor: User, **fields: Any) -> list[str]:
    with pytest.raises(DomainError) as caught:
        do(submission, name, actor, **fields)
    return [str(message) for message in caught.value.messages]


def test_start_needs_an_open_cycle(cast: Cast) -> None:
    cycle = make_cycle(make_version())
    assert not cycle.submissions.exists()
    open_cycle(cycle=cycle, actor=cast.administrator, now=NOW)
    submission = cycle.submissions.get(district=cast.north)
    assert _refusal(submission, "start", cast.officer, now=NOW - timedelta(seconds=1)) == ["This cycle is not open yet."]
    assert do(submission, "start", cast.officer, now=NOW).state == SubmissionState.DRAFT


def test_hand_over_names_everything_that_is_missing_at_once(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "abc", "P2": "-1", "BASE": ""})
    assert _refusal(submission, "hand_over", cast.officer) == [
        "Indicator P1: Expected a number such as 1,234.5; found “abc”. It is kept as typed: correct it.",
        "Indicator P2: Expected at least 0.00 100m CNY; found −1.00.",
        "Indicator GRP: An answer is required.",
        "Indicator BASE: An answer is required.",
        "Indicator STOCK: An answer is required.",
        "Plans: An answer is required.",
    ]


def test_hand_over_needs_values_in_ascending_order(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    _answer(submission, cast, "GRP", raw="99.99")
    (reason,) = _refusal(submission, "hand_over", cast.officer)
    assert reason.startswith("Indicator GRP: “Indicator TOTAL” is 100.00 100m CNY and cannot be larger")
    _answer(submission, cast, "GRP", raw="100")
    assert do(submission, "hand_over", cast.officer).state == SubmissionState.AWAITING_SIGNATURE


def test_hand_over_needs_a_reason_for_a_value_that_is_withheld(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    _answer(submission, cast, "STOCK", status="not_applicable")
    assert _refusal(submission, "hand_over", cast.officer) == ["Indicator STOCK: Say why no value is given."]
    _answer(submission, cast, "STOCK", explanation="  ")
    assert _refusal(submission, "hand_over", cast.officer) == ["Indicator STOCK: Say why no value is given."]
    _answer(submission, cast, "STOCK", explanation="No such firms")
    assert do(submission, "hand_over", cast.officer).state == SubmissionState.AWAITING_SIGNATURE


def test_hand_over_needs_an_explanation_of_each_soft_warning(cast: Cast, submission: Submission) -> None:
    _approve_last_year(cast, submission)
    fill(submission, cast.officer, {"P1": "130", "P2": "40", "GRP": "250", "BASE": "141", "STOCK": "12", "plans": "x"})
    assert _refusal(submission, "hand_over", cast.officer) == [
        (
            "Indicator BASE: Last year 140.00 100m CNY was approved for “Indicator TOTAL”; the base given here is 141.00. "
            "If the figure was revised, say why; if not, correct it."
        )
    ]
    _answer(submission, cast, "P1", raw="130.01")
    assert [reason.partition(":")[0] for reason in _refusal(submission, "hand_over", cast.officer)] == [
        "Indicator P1",
        "Indicator BASE",
    ]
    _answer(submission, cast, "P1", explanation="A new factory")
    _answer(submission, cast, "BASE", raw="140")
    assert do(submission, "hand_over", cast.officer).state == SubmissionState.AWAITING_SIGNATURE


def _approve_last_year(cast: Cast, submission: Submission) -> None:
    """Last year's report, approved with P1 = 100, P2 = 40 and TOTAL = 140."""
    cycle = make_cycle(submission.cycle.definition_version, "2025-S1", opened_by=cast.administrator)
    before = cycle.submissions.get(district=cast.north)
    answers = {"P1": "100", "P2": "40", "GRP": "250", "BASE": "140", "STOCK": "12", "plans": "x"}
    submit(before, cast.head, answers)
    approve(before, cast.approver)


def test_hand_over_needs_an_answer_to_each_comment(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast, answered=False)
    (reason,) = _refusal(submission, "hand_over", cast.officer)
    assert reason == "The reviewer's comment “Check this” has no answer yet."
    address_comment(comment=submission.comments.get(), reply="Checked", actor=cast.officer, now=NOW)
    assert do(submission, "hand_over", cast.officer).state == SubmissionState.AWAITING_SIGNATURE


def test_nil_return_is_handed_over_without_answers_and_needs_a_reason(cast: Cast, submission: Submission) -> None:
    do(submission, "start", cast.officer)
    set_nil_return(submission=submission, reason="  ", actor=cast.officer, now=NOW)
    assert len(_refusal(submission, "hand_over", cast.officer)) == 6
    set_nil_return(submission=submission, reason=" No activity\x00 ", actor=cast.officer, now=NOW)
    do(submission, "hand_over", cast.officer)
    signed = sign(submission, cast.head)
    assert signed.working_revision is not None
    assert (signed.working_revision.nil_reason, signed.working_revision.is_nil) == ("No activity", True)
    approved = approve(submission, cast.approver)
    assert approved.approved_revision == signed.working_revision


def test_nil_return_taken_back_keeps_the_answers(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    set_nil_return(submission=submission, reason="None", actor=cast.officer, now=NOW)
    set_nil_return(submission=submission, reason="", actor=cast.officer, now=NOW)
    revision = reread(submission).working_revision
    assert revision is not None
    assert not revision.is_nil
    assert revision.answers.get(question_key="P1").raw == "60"


def test_sign_needs_the_statement_and_what_the_signer_saw(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    seen = signature(submission)
    assert _refusal(submission, "sign", cast.head) == ["Tick the statement to sign."]
    unticked = Terms(seen_digest=seen.seen_digest)
    assert _refusal(submission, "sign", cast.head, terms=unticked) == ["Tick the statement to sign."]
    with pytest.raises(Conflict, match="Read it again"):
        do(submission, "sign", cast.head, terms=Terms(statement_accepted=True))
    do(submission, "take_back", cast.officer)
    _answer(submission, cast, "plans", raw="Build less.")
    do(submission, "hand_over", cast.officer)
    with pytest.raises(Conflict, match="Read it again"):
        do(submission, "sign", cast.head, terms=seen)
    assert do(submission, "sign", cast.head, terms=signature(submission)).state == SubmissionState.SUBMITTED


def test_sign_computes_again_and_refuses_a_value_that_its_formula_does_not_give(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    hand_over(submission, cast)
    revision = reread(submission).working_revision
    assert revision is not None
    revision.answers.filter(question_key="TOTAL").update(number=101)
    with pytest.raises(Conflict, match=r"not what their formulas give: Indicator TOTAL\. Take the report back"):
        do(submission, "sign", cast.head, terms=signature(submission))
    assert reread(submission).state == SubmissionState.AWAITING_SIGNATURE
    do(submission, "take_back", cast.officer)
    do(submission, "hand_over", cast.officer)
    signed = do(submission, "sign", cast.head, terms=signature(submission)).working_revision
    assert signed is not None
    assert signed.answers.get(question_key="TOTAL").number == 100


@pytest.mark.parametrize(("fields", "changed"), [({"explanation": "Why"}, True), ({"status": "suppressed"}, True), ({}, False)])
def test_what_the_signer_saw_covers_explanation_and_status(
    fields: dict[str, str], changed: bool, cast: Cast, submission: Submission
) -> None:
    fill(submission, cast.officer)
    before = signature(submission)
    _answer(submission, cast, "STOCK", **fields)
    assert (signature(submission) != before) is changed


def test_return_needs_a_comment_and_a_due_time(cast: Cast, submission: Submission) -> None:
    begin_review(submission, cast)
    both = ["Write at least one comment that says what the district should change.", "Give the new due time."]
    assert _refusal(submission, "return", cast.reviewer) == both
    assert _refusal(submission, "return", cast.reviewer, terms=Terms(due_at=LATER)) == both[:1]
    comment = draft_comment(submission=submission, question_key="", text="Look again", actor=cast.reviewer, now=NOW)
    assert _refusal(submission, "return", cast.reviewer) == both[1:]
    delete_comment(comment=comment, actor=cast.reviewer)
    assert _refusal(submission, "return", cast.reviewer) == both


def test_approve_needs_no_open_and_no_unsent_comment(cast: Cast, submission: Submission) -> None:
    begin_review(submission, cast)
    comment = draft_comment(submission=submission, question_key="P1", text="Hm", actor=cast.reviewer, now=NOW)
    (reason,) = _refusal(submission, "approve", cast.approver)
    assert "not sent" in reason
    type(comment).objects.filter(pk=comment.pk).update(state="open")
    (reason,) = _refusal(submission, "approve", cast.approver)
    assert "still open" in reason
    delete_comment(comment=comment, actor=cast.reviewer)
    assert do(submission, "approve", cast.approver).state == SubmissionState.APPROVED


def test_reopen_needs_a_reason_and_a_due_time(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    both = ["Give a reason for reopening the report.", "Give the new due time."]
    assert _refusal(submission, "reopen", cast.approver, note="  ") == both
    assert _refusal(submission, "reopen", cast.approver, terms=Terms(due_at=LATER)) == both[:1]
    assert _refusal(submission, "reopen", cast.approver, note="Revised") == both[1:]
    assert _refusal(submission, "reopen", cast.approver, note="x", terms=Terms(due_at=NOW)) == [
        "The new due time lies in the past."
    ]


def test_release_needs_a_reason(cast: Cast, submission: Submission) -> None:
    reason = "Give a reason: the district reads it in the report's history."
    assert _refusal(submission, "release", cast.approver, note=" ") == [reason]


@pytest.mark.parametrize("state", [state for state in SubmissionState.values if state != "not_started"])
def test_step_asked_twice_gives_one_event_and_one_set_of_mails(state: str, cast: Cast, submission: Submission) -> None:
    """The latest step again, by the same person, with what it was asked with the first time."""
    found = bring_to(state, submission, cast)
    latest = Event.objects.filter(submission=found).latest("pk")
    before = (
        _state(found),
        Event.objects.count(),
        list(OutgoingMail.objects.order_by("pk").values_list("dedupe_key", flat=True)),
    )
    assert latest.actor is not None
    for _time in range(2):
        do(found, latest.kind, latest.actor, note=latest.note, terms=Terms(due_at=LATER, statement_accepted=True))
    assert (
        _state(found),
        Event.objects.count(),
        list(OutgoingMail.objects.order_by("pk").values_list("dedupe_key", flat=True)),
    ) == before


@pytest.mark.parametrize("other", [{"note": "B"}, {"terms": Terms(due_at=LATER + timedelta(days=1))}, {"terms": None}])
@pytest.mark.parametrize("name", ["return", "reopen"])
def test_step_taken_meanwhile_with_other_words_or_another_time_is_a_conflict(
    cast: Cast, submission: Submission, name: str, other: dict[str, Any]
) -> None:
    """Two windows, or two people: what the second one gave is not told as done and dropped."""
    given: dict[str, Any] = {"note": "A", "terms": Terms(due_at=LATER)}
    bring_to("approved" if name == "reopen" else "in_review", submission, cast)
    if name == "return":
        draft_comment(submission=submission, question_key="P1", text="Hm", actor=cast.reviewer, now=NOW)
    first = do(submission, name, cast.approver, **given)
    before = (_state(first), Event.objects.count(), OutgoingMail.objects.count())
    for actor in (cast.approver, cast.administrator):
        with pytest.raises(Conflict, match="“Returned” now"):
            do(submission, name, actor, **given | other)
    assert do(submission, name, cast.approver, **given).state == "returned"
    assert (_state(first), Event.objects.count(), OutgoingMail.objects.count()) == before


def _state(submission: Submission) -> list[Any]:
    return [*Submission.objects.filter(pk=submission.pk).values(), *submission.revisions.order_by("pk").values()]


def test_start_asked_for_after_a_take_back_is_no_replay(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    do(submission, "take_back", cast.officer)
    with pytest.raises(Conflict, match="“Draft” now"):
        do(submission, "start", cast.officer)
    assert do(submission, "take_back", cast.head).state == SubmissionState.DRAFT
    assert Event.objects.filter(submission=submission, kind="take_back").count() == 1


def test_replay_is_refused_to_who_may_not_take_the_step(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    with pytest.raises(DomainError, match="Your role does not include"):
        do(submission, "sign", cast.officer)


def test_refusal_leaves_no_trace(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "60"})
    before = (_state(submission), Event.objects.count(), OutgoingMail.objects.count())
    with pytest.raises(Refused):
        do(submission, "hand_over", cast.officer)
    assert (_state(submission), Event.objects.count(), OutgoingMail.objects.count()) == before
