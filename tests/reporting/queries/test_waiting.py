"""How long reports stay in each state."""

from datetime import timedelta

import pytest

from reporting.enums import TransitionName
from reporting.models import Submission
from reporting.queries.waiting import Wait, waits
from tests.conftest import Cast
from tests.factories import NOW, fill
from tests.reporting.domain.states import do

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def _step(submission: Submission, name: TransitionName, cast: Cast, hours: int, *, south: bool = False) -> None:
    do(submission, name, cast.south_officer if south else cast.officer, now=NOW + hours * HOUR)


def _told(found: list[Wait]) -> list[tuple[str, int, int, timedelta, timedelta]]:
    return [(wait.state, wait.passages, wait.still, wait.median, wait.longest) for wait in found]


def _pass_to_and_fro(cast: Cast, north: Submission, south: Submission) -> None:
    """North: draft 2 h, handed over 3 h, draft again 4 h and still. South: draft for 20 h."""
    fill(north, cast.officer)
    fill(south, cast.south_officer)
    _step(north, TransitionName.HAND_OVER, cast, 2)
    _step(north, TransitionName.TAKE_BACK, cast, 5)


def test_waits_of_two_districts_give_median_and_longest(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    _pass_to_and_fro(cast, submission, south_submission)
    assert _told(waits(cast.administrator, submission.cycle, NOW + 9 * HOUR)) == [
        ("draft", 3, 2, 4 * HOUR, 9 * HOUR),
        ("awaiting_signature", 1, 0, 3 * HOUR, 3 * HOUR),
    ]


def test_waits_of_a_portfolio_leave_out_other_districts(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    _pass_to_and_fro(cast, submission, south_submission)
    assert _told(waits(cast.reviewer, submission.cycle, NOW + 9 * HOUR)) == [
        ("draft", 2, 1, 3 * HOUR, 4 * HOUR),
        ("awaiting_signature", 1, 0, 3 * HOUR, 3 * HOUR),
    ]
    assert _told(waits(cast.south_reviewer, submission.cycle, NOW + 9 * HOUR)) == [("draft", 1, 1, 9 * HOUR, 9 * HOUR)]


def test_waits_for_who_reviews_nothing_are_empty(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    _pass_to_and_fro(cast, submission, south_submission)
    assert waits(cast.head, submission.cycle, NOW + 9 * HOUR) == []
    assert waits(cast.outsider, submission.cycle, NOW + 9 * HOUR) == []


def test_waits_before_the_first_step_are_empty(cast: Cast, submission: Submission) -> None:
    assert waits(cast.administrator, submission.cycle, NOW) == []
