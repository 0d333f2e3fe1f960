"""Every state x transition x role: the exact verdict, from tables written by hand after the design, not after the code."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils.dateparse import parse_datetime

from districts.enums import DistrictRole
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.comments import draft_comment
from reporting.domain.submissions import Terms, apply_transition
from reporting.enums import SubmissionState, TransitionName
from reporting.models import Comment, Event, Submission
from tests.conftest import Cast
from tests.factories import NOW, fill, make_acting, make_member
from tests.reporting.domain.states import LATER, bring_to, reread, send_back, signature

# design.md, roles: who holds the permission that a transition asks for.
_FILES = {"officer", "head", "acting_head"}
_SIGNS = {"head", "acting_head"}
_REVIEWS = {"reviewer", "approver", "administrator", "superuser"}
_APPROVES = {"approver", "administrator", "superuser"}
WHO = {
    "start": _FILES,
    "hand_over": _FILES,
    "take_back": _FILES | _SIGNS,
    "sign": _SIGNS,
    "recall": _SIGNS,
    "begin_review": _REVIEWS,
    "return": _REVIEWS,
    "approve": _APPROVES,
    "reopen": _APPROVES,
    "release": _APPROVES,
    "expect": _APPROVES,
}
# design.md, life of a submission: from -> to. A report that was never returned is taken back to draft, another to returned.
MOVES = {
    ("not_started", "start"): "draft",
    ("draft", "hand_over"): "awaiting_signature",
    ("returned", "hand_over"): "awaiting_signature",
    ("awaiting_signature", "take_back"): "draft",
    ("awaiting_signature", "sign"): "submitted",
    ("submitted", "recall"): "draft",
    ("submitted", "begin_review"): "in_review",
    ("in_review", "return"): "returned",
    ("in_review", "approve"): "approved",
    ("approved", "reopen"): "returned",
    ("not_started", "release"): "released",
    ("draft", "release"): "released",
    ("awaiting_signature", "release"): "released",
    ("returned", "release"): "released",
    ("released", "expect"): "not_started",
}
# The step that led to the state: asked again in the same words it is answered with the state as it is.
REPLAYS = {
    ("draft", "start"),
    ("awaiting_signature", "hand_over"),
    ("submitted", "sign"),
    ("in_review", "begin_review"),
    ("returned", "return"),
    ("approved", "approve"),
    ("released", "release"),
}
NO_NEEDS = {"take_back", "recall", "begin_review", "expect"}
ROLES = {
    *("head", "acting_head", "officer", "observer", "reviewer", "south_reviewer", "approver", "administrator"),
    *("south_head", "outsider", "superuser", "inactive_head"),
}
AFTER_THE_LOCK = NOW + timedelta(days=30)


def test_tables_name_every_state_transition_and_role() -> None:
    assert {state for state, _name in MOVES} | {"draft"} == set(SubmissionState.values)
    assert {name for _state, name in MOVES} == set(WHO) == set(TransitionName.values)
    assert set.union(*WHO.values()) < ROLES


Rows = tuple[object, ...]


@dataclass(frozen=True)
class Company:
    cast: Cast
    more: dict[str, User]

    def __getitem__(self, role: str) -> User:
        user = self.more.get(role) or getattr(self.cast, role)
        assert isinstance(user, User)
        return user


@pytest.fixture
def company(cast: Cast) -> Company:
    inactive = make_member("north-former", cast.north, DistrictRole.HEAD)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    inactive.refresh_from_db()
    acting = make_acting("north-acting", cast.north, DistrictRole.OBSERVER)
    operator = User.objects.create_superuser("operator@example.org", "x", full_name="Operator")
    return Company(cast, {"inactive_head": inactive, "acting_head": acting, "superuser": operator})


def _verdict_by_hand(state: str, name: str, role: str, *, met: bool) -> str:
    if role not in WHO[name]:
        return "NotAllowed"
    if (state, name) in REPLAYS:
        return "as it is"
    if (state, name) not in MOVES:
        return "Conflict"
    return MOVES[state, name] if met or name in NO_NEEDS else "Refused"


def _ask(submission: Submission, before: Rows, name: str, actor: User, reviewer: User, *, met: bool) -> str:
    """Ask for the step in a savepoint that is rolled back, and say what came of it."""
    now, note, terms = _what_it_needs(submission, name, met=met)
    with transaction.atomic():
        if name == "return" and met and submission.state == "in_review":
            draft_comment(submission=submission, question_key="", text="Look again", actor=reviewer, now=NOW)
        try:
            apply_transition(submission=submission, name=name, actor=actor, now=now, note=note, terms=terms)
            verdict = _outcome(submission, name, actor, before)
        except (NotAllowed, Conflict, Refused) as error:
            verdict = type(error).__name__ if all(error.messages) else "says nothing"
        transaction.set_rollback(True)
    return verdict


def _what_it_needs(submission: Submission, name: str, *, met: bool) -> tuple[datetime, str, Terms]:
    if (submission.state, name) in REPLAYS:
        return _what_it_was_asked_with(submission)
    if not met:
        return (AFTER_THE_LOCK if name == "start" else NOW), "", Terms()
    if name == "sign":
        return NOW, "", signature(submission)
    return NOW, "Because", Terms(due_at=LATER if name in {"return", "reopen"} else None)


def _what_it_was_asked_with(submission: Submission) -> tuple[datetime, str, Terms]:
    """A replay is the same request again; in other words it is a conflict, which test_needs.py says."""
    first = Event.objects.filter(submission=submission).latest("pk")
    due_at = first.data.get("due_at")
    return NOW, first.note, Terms(due_at=parse_datetime(due_at) if due_at else None)


def _rows(submission: Submission) -> Rows:
    """All that a step may change, how many events first."""
    return (
        Event.objects.filter(submission=submission).count(),
        OutgoingMail.objects.count(),
        Submission.objects.filter(pk=submission.pk).values().get(),
        list(submission.revisions.order_by("pk").values()),
        list(Comment.objects.filter(submission=submission).order_by("pk").values()),
    )


def _outcome(submission: Submission, name: str, actor: User, before: Rows) -> str:
    if _rows(submission) == before:
        return "as it is"
    now_in = reread(submission).state
    event = Event.objects.filter(submission=submission).latest("pk")
    assert [Event.objects.filter(submission=submission).count() - 1] == list(before[:1])
    assert (event.kind, event.actor_id, event.from_state, event.to_state) == (name, actor.pk, submission.state, now_in)
    return now_in


def _unmet(state: str, submission: Submission, cast: Cast) -> Submission:
    """The report in the state, with every need of the next steps unmet."""
    if state == "draft":
        fill(submission, cast.officer, {"P1": "60"})
    elif state == "returned":
        send_back(submission, cast, answered=False)
    else:
        bring_to(state, submission, cast)
    found = reread(submission)
    if state == "in_review":
        draft_comment(submission=found, question_key="P1", text="Not sent", actor=cast.reviewer, now=NOW)
    return found


@pytest.mark.parametrize("met", [True, False], ids=["met", "unmet"])
@pytest.mark.parametrize("state", SubmissionState.values)
def test_verdict_is_that_of_the_design(state: str, met: bool, company: Company, submission: Submission) -> None:
    cast = company.cast
    found = bring_to(state, submission, cast) if met else _unmet(state, submission, cast)
    roles = {name: sorted(ROLES if met else WHO[name]) for name in WHO}
    expected = {(name, role): _verdict_by_hand(state, name, role, met=met) for name in WHO for role in roles[name]}
    before = _rows(found)
    verdicts = {(name, role): _ask(found, before, name, company[role], cast.reviewer, met=met) for name, role in expected}
    assert verdicts == expected
