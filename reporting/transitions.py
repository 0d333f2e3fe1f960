"""The life of a submission as data.

`domain/submissions.py` takes the steps; database triggers made from this table guard them.
"""

from dataclasses import dataclass

from districts.enums import DistrictPermission
from reporting.enums import SubmissionState as S
from reporting.enums import TransitionName as T


@dataclass(frozen=True)
class Transition:
    """`target` is None where the step takes another one back (`UNDOES`). Any one of `permissions` is enough."""

    name: T
    sources: frozenset[S]
    target: S | None
    permissions: frozenset[DistrictPermission]


_P = DistrictPermission


def _step(name: T, sources: set[S], target: S | None, *permissions: DistrictPermission) -> Transition:
    return Transition(name, frozenset(sources), target, frozenset(permissions))


TRANSITIONS: dict[str, Transition] = {
    step.name.value: step
    for step in (
        _step(T.START, {S.NOT_STARTED}, S.DRAFT, _P.FILE),
        _step(T.HAND_OVER, {S.DRAFT, S.RETURNED}, S.AWAITING_SIGNATURE, _P.FILE),
        _step(T.TAKE_BACK, {S.AWAITING_SIGNATURE}, None, _P.FILE, _P.SIGN),
        _step(T.SIGN, {S.AWAITING_SIGNATURE}, S.SUBMITTED, _P.SIGN),
        _step(T.RECALL, {S.SUBMITTED}, S.DRAFT, _P.SIGN),
        _step(T.BEGIN_REVIEW, {S.SUBMITTED}, S.IN_REVIEW, _P.REVIEW),
        _step(T.RETURN, {S.IN_REVIEW}, S.RETURNED, _P.REVIEW),
        _step(T.APPROVE, {S.IN_REVIEW}, S.APPROVED, _P.APPROVE),
        _step(T.REOPEN, {S.APPROVED}, S.RETURNED, _P.APPROVE),
        _step(T.RELEASE, {S.NOT_STARTED, S.DRAFT, S.AWAITING_SIGNATURE, S.RETURNED}, S.RELEASED, _P.APPROVE),
        _step(T.EXPECT, {S.RELEASED}, None, _P.APPROVE),
    )
}
UNDOES: dict[str, T] = {T.TAKE_BACK: T.HAND_OVER, T.EXPECT: T.RELEASE}
"""The step whose latest taking each of these takes back."""


def legal_moves() -> list[tuple[str, str]]:
    """Every (from, to) pair that any transition makes; what undoes a step goes to each state that the step comes from."""
    moves = set()
    for step in TRANSITIONS.values():
        targets = {step.target} if step.target else TRANSITIONS[UNDOES[step.name]].sources
        moves |= {(source.value, target.value) for source in step.sources for target in targets}
    return sorted(moves)
