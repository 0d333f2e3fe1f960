"""No due time and no lock further ahead than anybody plans, by whichever step it is given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from districts.errors import Refused
from reporting.domain.cycles import extend_cycle, extend_submission, open_cycle
from reporting.domain.petitions import ask_extension, grant_petition
from reporting.domain.submissions import Terms
from reporting.models import Cycle, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_cycle
from tests.reporting.domain.states import bring_to, do, reread

FAR = datetime(9999, 12, 31, 15, 59, tzinfo=UTC)
LAST = NOW + timedelta(days=731)


def _own(cast: Cast, submission: Submission, due_at: datetime) -> None:
    extend_submission(submission=submission, due_at=due_at, note="", actor=cast.reviewer, now=NOW)


def _cycle(cast: Cast, submission: Submission, due_at: datetime) -> None:
    extend_cycle(cycle=submission.cycle, due_at=due_at, locks_at=due_at, actor=cast.administrator, now=NOW)


def _lock(cast: Cast, submission: Submission, due_at: datetime) -> None:
    extend_cycle(cycle=submission.cycle, due_at=NOW + timedelta(days=9), locks_at=due_at, actor=cast.administrator, now=NOW)


def _reopening(cast: Cast, submission: Submission, due_at: datetime) -> None:
    if reread(submission).state != "approved":
        bring_to("approved", submission, cast)
    do(submission, "reopen", cast.approver, note="A revised base.", terms=Terms(due_at=due_at))


def _grant(cast: Cast, submission: Submission, due_at: datetime) -> None:
    wanted = NOW + timedelta(days=14)
    petition = ask_extension(submission=submission, due_at=wanted, why="Late.", actor=cast.officer, now=NOW)
    grant_petition(petition=petition, due_at=due_at, note="", actor=cast.reviewer, now=NOW)


@pytest.mark.parametrize("give", [_own, _cycle, _lock, _reopening, _grant])
def test_time_beyond_two_years_is_refused(
    cast: Cast, submission: Submission, give: Callable[[Cast, Submission, datetime], None]
) -> None:
    before = reread(submission).lock_in_force
    with pytest.raises(Refused, match="more than two years ahead"):
        give(cast, submission, FAR)
    assert reread(submission).lock_in_force == before
    give(cast, submission, LAST)
    assert reread(submission).lock_in_force == LAST


def test_cycle_that_locks_beyond_two_years_is_not_opened(cast: Cast, cycle: Cycle) -> None:
    later = make_cycle(cycle.definition_version, "2026-A1", due_at=FAR, locks_at=FAR)
    with pytest.raises(Refused, match="more than two years ahead"):
        open_cycle(cycle=later, actor=cast.administrator, now=NOW)
