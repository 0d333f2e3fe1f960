"""Revisions: what each step opens, freezes, approves and supersedes."""

from datetime import timedelta
from decimal import Decimal

import pytest

from districts.errors import NotAllowed
from reporting.domain.submissions import Terms
from reporting.models import Revision, Submission
from tests.conftest import Cast
from tests.factories import NOW, approve, fill, sign, submit
from tests.reporting.domain.states import LATER, bring_to, do, hand_over, reread, resubmit, send_back

HOUR = timedelta(hours=1)


def _revision(submission: Submission, number: int) -> Revision:
    return submission.revisions.get(number=number)


def _values(revision: Revision) -> dict[str, str]:
    return dict(revision.answers.order_by("question_key").values_list("question_key", "raw"))


ENTERED = {"BASE": "90", "GRP": "250", "P1": "60", "P2": "40", "STOCK": "12", "plans": "Build more."}
COMPUTED = {"SHARE": "", "TOTAL": ""}


def test_start_opens_the_first_revision_on_the_cycles_version(cast: Cast, submission: Submission) -> None:
    started = do(submission, "start", cast.officer)
    (revision,) = submission.revisions.all()
    assert started.working_revision == revision
    assert started.approved_revision is None
    assert (revision.number, revision.district_id, revision.definition_version_id) == (
        1,
        cast.north.pk,
        submission.cycle.definition_version_id,
    )


def test_computed_values_are_written_at_hand_over(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    revision = _revision(submission, 1)
    assert _values(revision) == ENTERED
    do(submission, "hand_over", cast.officer)
    assert _values(revision) == ENTERED | COMPUTED
    computed = revision.answers.filter(question_key__in=COMPUTED).order_by("question_key")
    assert list(computed.values_list("question_key", "number", "status")) == [
        ("SHARE", Decimal(40), "reported"),
        ("TOTAL", Decimal(100), "reported"),
    ]


def test_computed_value_without_its_operand_is_missing_not_zero(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "60", "P2": "0", "GRP": "0", "BASE": "90", "STOCK": "1", "plans": "x"})
    revision = _revision(submission, 1)
    revision.answers.filter(question_key="P1").update(raw="", number=None, status="not_applicable", explanation="None here")
    do(submission, "hand_over", cast.officer)
    computed = revision.answers.filter(question_key__in=COMPUTED).order_by("question_key")
    assert list(computed.values_list("question_key", "number", "status")) == [
        ("SHARE", None, "missing"),
        ("TOTAL", None, "missing"),
    ]


def test_computed_values_follow_a_change_after_take_back(cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    assert do(submission, "take_back", cast.head).state == "draft"
    fill(submission, cast.officer, {"P1": "70"})
    do(submission, "hand_over", cast.officer)
    assert _revision(submission, 1).answers.get(question_key="TOTAL").number == Decimal(110)
    assert submission.revisions.count() == 1


@pytest.mark.parametrize("actor", ["officer", "head"])
def test_take_back_goes_to_the_state_before(actor: str, cast: Cast, submission: Submission) -> None:
    hand_over(submission, cast)
    assert do(submission, "take_back", getattr(cast, actor)).state == "draft"
    do(submission, "hand_over", cast.officer)
    sign(submission, cast.head)
    do(submission, "begin_review", cast.approver)
    do(submission, "approve", cast.approver)
    do(submission, "reopen", cast.approver, note="Revised", terms=Terms(due_at=LATER))
    do(submission, "hand_over", cast.officer)
    assert do(submission, "take_back", getattr(cast, actor)).state == "returned"


def test_return_opens_a_copy_and_leaves_the_signed_revision(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    found = reread(submission)
    first, second = _revision(found, 1), _revision(found, 2)
    assert (found.working_revision, found.approved_revision) == (second, None)
    assert first.signed_at == NOW
    assert (second.signed_at, second.digest, second.receipt_number) == (None, "", None)
    assert _values(second) == ENTERED
    fill(submission, cast.officer, {"P1": "70"})
    assert _values(first) == ENTERED | COMPUTED
    assert list(first.answers.values_list("version", flat=True)) == [1] * 8
    assert second.answers.get(question_key="P1").version == 2


def test_copied_answers_keep_every_column(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    _revision(submission, 1).answers.filter(question_key="STOCK").update(
        raw="", number=None, status="suppressed", explanation="One firm only", version=7, editor="page"
    )
    do(submission, "hand_over", cast.officer)
    sign(submission, cast.head)
    do(submission, "recall", cast.head)
    columns = [
        *("question_key", "row_key", "indicator", "version", "editor", "raw", "number", "text", "choices", "date", "boolean"),
        *("status", "explanation", "updated_at", "updated_by", "district"),
    ]
    entered = [revision.answers.exclude(question_key__in=COMPUTED) for revision in submission.revisions.order_by("number")]
    first, second = (list(answers.order_by("question_key").values_list(*columns)) for answers in entered)
    assert first == second


def test_recall_goes_to_draft_in_a_new_revision_and_keeps_the_receipt(cast: Cast, submission: Submission) -> None:
    first = submit(submission, cast.head).working_revision
    recalled = do(submission, "recall", cast.head, now=NOW + HOUR)
    assert first is not None
    assert recalled.working_revision is not None
    assert (recalled.state, recalled.working_revision.number) == ("draft", 2)
    assert _revision(submission, 1).receipt_number == first.receipt_number == "2026-S1-north-half-year-1"
    second = resubmit(submission, cast, NOW + HOUR).working_revision
    assert second is not None
    assert second.receipt_number == "2026-S1-north-half-year-2"
    assert reread(submission).first_signed_at == NOW


def test_approval_points_to_the_revision_and_marks_the_cycle_stale(cast: Cast, submission: Submission) -> None:
    type(submission.cycle).objects.update(figures_stale_since=None)
    submit(submission, cast.head)
    assert reread(submission).cycle.figures_stale_since is None
    approve(submission, cast.approver, NOW + HOUR)
    found = reread(submission)
    revision = _revision(found, 1)
    assert (found.approved_revision, found.working_revision) == (revision, revision)
    assert (revision.approved_at, revision.superseded_at) == (NOW + HOUR, None)
    assert found.cycle.figures_stale_since == NOW + HOUR


def test_reopen_leaves_the_approved_revision_in_force_until_the_next_approval(cast: Cast, submission: Submission) -> None:
    bring_to("approved", submission, cast)
    do(submission, "reopen", cast.approver, note="Revised", terms=Terms(due_at=LATER))
    fill(submission, cast.officer, {"P1": "70"})
    for step in (lambda: None, lambda: resubmit(submission, cast), lambda: do(submission, "begin_review", cast.approver)):
        step()
        found = reread(submission)
        assert found.approved_revision == _revision(found, 1)
        assert found.working_revision == _revision(found, 2)
        assert _revision(found, 1).superseded_at is None
    do(submission, "approve", cast.approver, now=NOW + HOUR)
    found = reread(submission)
    assert found.approved_revision == _revision(found, 2)
    assert (_revision(found, 1).approved_at, _revision(found, 1).superseded_at) == (NOW, NOW + HOUR)
    assert (_revision(found, 2).approved_at, _revision(found, 2).superseded_at) == (NOW + HOUR, None)


def test_approval_of_a_corrected_report_supersedes_nothing_that_was_only_signed(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    resubmit(submission, cast)
    approve(submission, cast.approver)
    assert list(submission.revisions.order_by("number").values_list("approved_at", "superseded_at")) == [
        (None, None),
        (NOW, None),
    ]


def test_steps_on_one_district_leave_the_other_alone(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    before = Submission.objects.filter(pk=south_submission.pk).values().get()
    bring_to("approved", submission, cast)
    with pytest.raises(NotAllowed):
        do(south_submission, "start", cast.head)
    assert Submission.objects.filter(pk=south_submission.pk).values().get() == before
    assert not Revision.objects.filter(district=cast.south).exists()
