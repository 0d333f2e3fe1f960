"""An open cycle goes over to a newer version: answers follow by key, what does not is kept, and nothing signed changes."""

from datetime import timedelta
from typing import Any

import pytest

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.comments import draft_comment
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.domain.moves import move_cycle
from reporting.domain.submissions import Terms
from reporting.models import Answer, Cycle, DefinitionVersion, Event, Question, Submission
from reporting.queries.figures import city_figures
from reporting.queries.moves import planned_move, versions_ahead
from tests.conftest import Cast
from tests.factories import NOW, fill, make_cycle, make_indicator, make_version, sign
from tests.reporting.domain.states import LATER, bring_to, do, reread

pytestmark = pytest.mark.django_db

MOVED = NOW + timedelta(hours=1)


def newer(cycle: Cycle, cast: Cast) -> DefinitionVersion:
    """`plans` is not asked any more, `practice` is a date now, STOCK is another indicator, and GROUND is new."""
    draft = draft_from(version=cycle.definition_version, actor=cast.administrator)
    questions = Question.objects.filter(section__version=draft)
    questions.filter(key="plans").delete()
    questions.filter(key="practice").update(kind="date")
    questions.filter(key="STOCK").update(indicator=make_indicator("STOCK2"))
    section = draft.sections.get(key="statistics")
    Question.objects.create(
        section=section, key="GROUND", kind="number", indicator=make_indicator("GROUND", name_zh="用地"), position=99
    )
    publish_version(version=draft, now=NOW)
    return draft


def move(cycle: Cycle, target: DefinitionVersion, cast: Cast) -> int:
    return move_cycle(cycle=cycle, target=target, actor=cast.administrator, now=MOVED)


def raws(submission: Submission) -> dict[str, str]:
    revision = reread(submission).working_revision
    return dict(revision.answers.exclude(raw="").values_list("question_key", "raw")) if revision else {}


def test_answers_follow_by_key_and_what_does_not_is_kept_in_the_history(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    fill(submission, cast.officer)
    fill(submission, cast.officer, {"practice": "A good one."})
    fill(south_submission, cast.south_officer, {"P1": "7"})
    old = reread(submission).working_revision
    assert old is not None
    versions = dict(old.answers.values_list("question_key", "version"))
    target = newer(cycle, cast)
    plan = planned_move(cycle, target)
    assert [(one.question.key, one.successor and one.successor.key, one.districts) for one in plan.dropped] == [
        ("STOCK", "STOCK", (submission.district_label,)),
        ("plans", None, (submission.district_label,)),
        ("practice", "practice", (submission.district_label,)),
    ]
    assert [question.key for question in plan.required] == ["STOCK", "GROUND"]
    assert (plan.following, plan.waiting, plan.signed, plan.not_started) == (2, 0, 0, 0)
    assert move(cycle, target, cast) == 2
    found = reread(submission)
    revision = found.working_revision
    assert revision is not None
    assert (found.state, revision.number, revision.definition_version, found.cycle.definition_version) == (
        "draft",
        2,
        target,
        target,
    )
    assert raws(submission) == {"P1": "60", "P2": "40", "GRP": "250", "BASE": "90"}
    assert raws(south_submission) == {"P1": "7"}
    assert dict(revision.answers.values_list("question_key", "version")) == {key: versions[key] for key in raws(submission)}
    assert old.answers.get(question_key="plans").raw == "Build more."
    event = submission.events.get(kind="move")
    assert (event.revision, event.from_state, event.to_state, event.actor) == (old, "draft", "draft", cast.administrator)
    assert [(one.label, one.raw) for one in event.dropped] == [
        ("Indicator STOCK", "12"),
        ("Plans", "Build more."),
        ("Practice", "A good one."),
    ]
    assert event.added == ["Indicator STOCK2", "Indicator GROUND"]
    assert [one.raw for one in south_submission.events.get(kind="move").dropped] == []


def test_officers_and_heads_of_moved_reports_get_a_mail_once(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    fill(submission, cast.officer)
    target = newer(cycle, cast)
    assert (move(cycle, target, cast), move(cycle, target, cast)) == (1, 0)
    mails = OutgoingMail.objects.filter(kind="moved").values_list("recipient__email", flat=True)
    assert sorted(mails) == sorted([cast.officer.email, cast.head.email])
    assert Event.objects.filter(kind="move").count() == 1
    assert south_submission.events.count() == 0


def test_report_that_waits_for_its_signature_goes_back_and_cannot_be_signed_unseen(
    cast: Cast, cycle: Cycle, submission: Submission
) -> None:
    bring_to("awaiting_signature", submission, cast)
    move(cycle, newer(cycle, cast), cast)
    assert reread(submission).state == "draft"
    assert list(submission.events.order_by("pk").values_list("kind", "from_state", "to_state"))[-2:] == [
        ("take_back", "awaiting_signature", "draft"),
        ("move", "draft", "draft"),
    ]
    with pytest.raises(Conflict):
        sign(submission, cast.head)


def test_returned_report_that_waits_goes_back_to_returned(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    bring_to("returned", submission, cast)
    do(submission, "hand_over", cast.officer)
    move(cycle, newer(cycle, cast), cast)
    assert reread(submission).state == "returned"


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_signed_report_stays_and_follows_when_it_comes_back(cast: Cast, cycle: Cycle, submission: Submission, state: str) -> None:
    before = bring_to(state, submission, cast).working_revision
    target = newer(cycle, cast)
    assert move(cycle, target, cast) == 0
    found = reread(submission)
    assert (found.state, found.working_revision, submission.events.filter(kind="move").count()) == (state, before, 0)
    back: dict[str, tuple[str, Any, dict[str, Any]]] = {
        "submitted": ("recall", cast.head, {}),
        "in_review": ("return", cast.reviewer, {"terms": Terms(due_at=LATER)}),
        "approved": ("reopen", cast.approver, {"terms": Terms(due_at=LATER), "note": "Wrong."}),
    }
    name, actor, given = back[state]
    if state == "in_review":
        draft_comment(submission=found, question_key="plans", text="More.", actor=cast.reviewer, now=NOW)
    revision = do(submission, name, actor, now=MOVED, **given).working_revision
    assert revision is not None
    assert (revision.definition_version, raws(submission)) == (target, {"P1": "60", "P2": "40", "GRP": "250", "BASE": "90"})


def test_not_started_report_starts_with_the_newer_version(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    target = newer(cycle, cast)
    move(cycle, target, cast)
    started = do(submission, "start", cast.officer, now=MOVED)
    assert started.working_revision is not None
    assert started.working_revision.definition_version == target


def test_released_report_that_waited_is_expected_again_as_a_draft(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    bring_to("awaiting_signature", submission, cast)
    do(submission, "release", cast.approver, note="Because")
    move(cycle, newer(cycle, cast), cast)
    assert OutgoingMail.objects.filter(kind="moved").count() == 0
    assert do(submission, "expect", cast.approver, now=MOVED).state == "draft"


def test_choice_that_is_not_offered_any_more_stays_as_typed_and_is_not_read(cast: Cast) -> None:
    version = make_version(published=False)
    narrative = version.sections.get(key="narrative")
    choices = ["One", "Two"]
    Question.objects.create(section=narrative, key="which", kind="choice", label="Which?", choices=choices, position=9)
    publish_version(version=version, now=NOW)
    cycle = make_cycle(version, opened_by=cast.administrator)
    north, south = (cycle.submissions.get(district=one) for one in (cast.north, cast.south))
    fill(north, cast.officer, {"which": "One"})
    fill(south, cast.south_officer, {"which": "Two"})
    draft = draft_from(version=version, actor=cast.administrator)
    Question.objects.filter(section__version=draft, key="which").update(choices=["Two", "Three"])
    publish_version(version=draft, now=NOW)
    move(cycle, draft, cast)
    found = Answer.objects.filter(revision__definition_version=draft, question_key="which").order_by("raw")
    assert [(one.raw, one.choices, one.status) for one in found] == [("One", [], "missing"), ("Two", ["Two"], "reported")]


def test_moving_is_refused_where_it_makes_no_sense(cast: Cast, cycle: Cycle) -> None:
    first, target = cycle.definition_version, newer(cycle, cast)
    for actor in (cast.approver, cast.reviewer, cast.head):
        with pytest.raises(NotAllowed):
            move_cycle(cycle=cycle, target=target, actor=actor, now=MOVED)
    with pytest.raises(Refused, match="another definition"):
        move(cycle, make_version({"OTHER": make_indicator("OTHER")}, slug="other"), cast)
    with pytest.raises(Refused, match="Publish"):
        move(cycle, draft_from(version=target, actor=cast.administrator), cast)
    with pytest.raises(Refused, match="locked"):
        move_cycle(cycle=cycle, target=target, actor=cast.administrator, now=cycle.locks_at + timedelta(seconds=1))
    assert [one.number for one in versions_ahead(cycle)] == [2]
    move(cycle, target, cast)
    with pytest.raises(Refused, match="forward"):
        move(cycle, first, cast)


def test_save_from_a_page_of_before_keeps_what_is_still_asked(cast: Cast, cycle: Cycle, submission: Submission) -> None:
    fill(submission, cast.officer)
    fill(submission, cast.officer, {"practice": "A good one."})
    move(cycle, newer(cycle, cast), cast)
    changes = [
        AnswerChange("P1", 1, raw="61"),
        AnswerChange("plans", 1, raw="Build less."),
        AnswerChange("practice", 1, raw="Another."),
    ]
    with pytest.raises(Refused, match="It does not ask any more, or asks in another way: Plans; Practice"):
        save_answers(submission=submission, changes=changes, actor=cast.officer, now=MOVED)
    assert raws(submission) == {"P1": "61", "P2": "40", "GRP": "250", "BASE": "90"}


def test_figures_of_signed_reports_stay_after_the_move(
    cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission
) -> None:
    bring_to("approved", submission, cast)
    fill(south_submission, cast.south_officer)

    def values() -> dict[str, Any]:
        return {one.indicator.code: (one.value, one.value_reported) for one in city_figures(Cycle.objects.get(), MOVED)}

    before = values()
    move(cycle, newer(cycle, cast), cast)
    after = values()
    assert {code: after[code] for code in ("P1", "P2", "TOTAL", "GRP")} == {
        code: before[code] for code in ("P1", "P2", "TOTAL", "GRP")
    }
    assert (after["GROUND"], "STOCK" in after) == ((None, 0), False)
    assert Cycle.objects.get().figures_stale_since is not None
