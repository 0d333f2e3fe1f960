"""A cycle moves while people save, hand over, sign and start: each is before the move or after it, and nothing is lost."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from districts.errors import Conflict
from districts.models import OutgoingMail
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.moves import move_cycle
from reporting.domain.submissions import Terms
from reporting.models import Answer, Cycle, Event, Revision, Submission
from tests.conftest import Cast
from tests.factories import NOW, fill
from tests.reporting.domain.states import LATER, bring_to, do, reread, signature
from tests.reporting.domain.test_concurrency import at_once
from tests.reporting.domain.test_moves import newer

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = NOW + timedelta(hours=1)


def _save(submission: Submission, cast: Cast, key: str, raw: str, seen: int) -> Callable[[], list[Answer]]:
    change = AnswerChange(key, seen, raw=raw, editor=key)
    return partial(save_answers, submission=submission, changes=[change], actor=cast.officer, now=NOW)


def test_saves_during_the_move_are_all_kept(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    fill(submission, cast.officer)
    target = newer(cycle, cast)
    calls: list[Callable[[], object]] = [partial(move_cycle, cycle=cycle, target=target, actor=cast.administrator, now=MOVED)]
    calls += [_save(submission, cast, key, "77", 1) for key in ("P1", "P2", "GRP", "BASE")]
    calls += [_save(submission, cast, "plans", "Other plans.", 1)]
    outcomes = at_once(calls)
    assert outcomes[0] == 1
    assert [type(one) for one in outcomes[1:5]] == [list] * 4
    working = reread(submission).working_revision
    assert working is not None
    assert set(working.answers.values_list("question_key", "raw")) == {(key, "77") for key in ("P1", "P2", "GRP", "BASE")}
    kept = {one.label: one.raw for one in Event.objects.get(kind="move").dropped}
    wanted = "Other plans." if isinstance(outcomes[5], list) else "Build more."
    assert (kept["Plans"], kept["Indicator STOCK"]) == (wanted, "12")


def test_signing_is_before_the_move_or_does_not_happen(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    bring_to("awaiting_signature", submission, cast)
    target, terms = newer(cycle, cast), signature(submission)
    calls: list[Callable[[], object]] = [
        partial(move_cycle, cycle=cycle, target=target, actor=cast.administrator, now=MOVED),
        partial(do, submission, "sign", cast.head, terms=terms),
    ]
    moved, signed = at_once(calls)
    found, revision = reread(submission), Revision.objects.get(submission=submission, number=1)
    if isinstance(signed, Submission):
        assert (moved, found.state, found.working_revision) == (0, "submitted", revision)
    else:
        assert (moved, type(signed), found.state, revision.signed_at) == (1, Conflict, "draft", None)
    assert revision.answers.get(question_key="plans").raw == "Build more."


def test_steps_of_many_during_the_move_end_on_one_version(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    """One hands over, another one starts: whoever comes second is on the newer version."""
    fill(submission, cast.officer)
    target = newer(cycle, cast)
    calls: list[Callable[[], object]] = [
        partial(do, submission, "hand_over", cast.officer),
        partial(move_cycle, cycle=cycle, target=target, actor=cast.administrator, now=MOVED),
        partial(do, south_submission, "start", cast.south_officer),
    ]
    outcomes = at_once(calls)
    assert isinstance(outcomes[1], int)
    assert isinstance(outcomes[2], Submission)
    for report in (submission, south_submission):
        found = reread(report)
        assert found.working_revision is not None
        assert (found.state, found.working_revision.definition_version) == ("draft", target)


def test_return_during_the_move_goes_on_from_the_newer_version_or_moves_with_it(
    cast: Cast, cycle: Cycle, submission: Submission
) -> None:
    bring_to("approved", submission, cast)
    target = newer(cycle, cast)
    terms = Terms(due_at=LATER)
    calls: list[Callable[[], object]] = [
        partial(move_cycle, cycle=cycle, target=target, actor=cast.administrator, now=MOVED),
        partial(do, submission, "reopen", cast.approver, terms=terms, note="Wrong."),
    ]
    at_once(calls)
    found = reread(submission)
    assert found.working_revision is not None
    assert (found.state, found.working_revision.definition_version) == ("returned", target)
    assert dict(found.working_revision.answers.exclude(raw="").values_list("question_key", "raw")) == {
        "P1": "60",
        "P2": "40",
        "GRP": "250",
        "BASE": "90",
    }


def test_cycle_moved_by_several_at_once_moves_once(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    fill(submission, cast.officer)
    fill(south_submission, cast.south_officer)
    target = newer(cycle, cast)
    outcomes = at_once([partial(move_cycle, cycle=cycle, target=target, actor=cast.administrator, now=MOVED)] * 5)
    assert Counter(outcomes) == {2: 1, 0: 4}
    assert Revision.objects.count() == 4
    assert Event.objects.filter(kind="move").count() == 2
    assert OutgoingMail.objects.filter(kind="moved").count() == 4
