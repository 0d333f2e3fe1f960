"""What a person can do with a report, and the one thing that is to be done next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.enums import DistrictPermission
from reporting.enums import EDITABLE_STATES, SubmissionState, TransitionName
from reporting.models import Submission
from reporting.transitions import TRANSITIONS

_P, _S, _T = DistrictPermission, SubmissionState, TransitionName
_CLOSED_BY_LOCK = frozenset({_T.START, _T.HAND_OVER})
"""The steps that the lock forbids; what was handed over in time can still be signed."""


@dataclass(frozen=True)
class NextStep:
    """`name` is a URL's name (a page, or a step that is posted); blank where there is nothing to press."""

    label: str | Promise
    name: str = ""
    posts: bool = False


_WAITING: Mapping[str, NextStep] = {
    _S.NOT_STARTED: NextStep(_("Waiting for the officers to begin")),
    _S.DRAFT: NextStep(_("The officers are filling it in")),
    _S.RETURNED: NextStep(_("The officers are correcting it")),
    _S.AWAITING_SIGNATURE: NextStep(_("Waiting for the head's signature")),
    _S.SUBMITTED: NextStep(_("Nothing to do: waiting for the bureau's review")),
    _S.IN_REVIEW: NextStep(_("Nothing to do: the bureau is reviewing it")),
    _S.APPROVED: NextStep(_("View the receipt"), "report_receipt"),
    _S.RELEASED: NextStep(_("Nothing to do: the bureau does not expect this report")),
}


def steps_for(submission: Submission, permissions: frozenset[DistrictPermission], now: datetime) -> frozenset[TransitionName]:
    """The steps that the person may ask for now; what they need is judged when they are taken."""
    locked = submission.is_locked(now)
    return frozenset(
        step.name
        for step in TRANSITIONS.values()
        if submission.state in step.sources and step.permissions & permissions and not (locked and step.name in _CLOSED_BY_LOCK)
    )


def may_write(submission: Submission, permissions: frozenset[DistrictPermission], now: datetime) -> bool:
    return _P.FILE in permissions and submission.state in EDITABLE_STATES and not submission.is_locked(now)


def next_step(
    submission: Submission, permissions: frozenset[DistrictPermission], now: datetime, *, open_comments: int, complete: bool
) -> NextStep:
    """The one next action for the person's role. `complete`: every required question has an answer."""
    steps = steps_for(submission, permissions, now)
    if _T.START in steps:
        return NextStep(_("Start the report"), "report_start", posts=True)
    if may_write(submission, permissions, now):
        if open_comments:
            return NextStep(_("Address the comments"), "report")
        return NextStep(_("Check and hand over") if complete else _("Continue the report"), "report")
    if _T.SIGN in steps:
        return NextStep(_("Read and sign"), "report_sign")
    if submission.is_locked(now) and submission.state in {_S.NOT_STARTED, *EDITABLE_STATES}:
        return NextStep(_("Locked: ask the bureau for more time"), "report")
    return _WAITING[submission.state]
