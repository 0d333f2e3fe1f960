"""Saving answers: versions, clashes, what was typed, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from districts.errors import DomainError, NotAllowed, Refused
from districts.models import User
from reporting.domain.answers import MAX_RAW, AnswerChange, changed_answer, save_answers, set_nil_return
from reporting.domain.definitions import publish_version
from reporting.enums import QuestionKind
from reporting.errors import AnswerClash, StaleAnswer
from reporting.models import Answer, Question, Section, Submission
from reporting.queries.definitions import questionnaire
from tests.conftest import Cast
from tests.factories import NOW, fill, make_cycle, make_version
from tests.reporting.domain.states import bring_to, do, reread

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def draft(cast: Cast, submission: Submission) -> Submission:
    return do(submission, "start", cast.officer)


def save(submission: Submission, actor: User, key: str, seen: int, *, now: Any = NOW, **fields: Any) -> Answer:
    (answer,) = save_answers(submission=submission, changes=[AnswerChange(key, seen, **fields)], actor=actor, now=now)
    return answer


def stored(submission: Submission, key: str) -> Answer:
    return Answer.objects.get(revision__submission=submission, question_key=key)


def test_first_save_makes_version_one_and_later_ones_count_up(cast: Cast, draft: Submission) -> None:
    first = save(draft, cast.officer, "P1", 0, raw="60", editor="page")
    assert (first.version, first.number, first.status, first.editor) == (1, Decimal(60), "reported", "page")
    assert (first.updated_by, first.updated_at, first.district_id) == (cast.officer, NOW, cast.north.pk)
    second = save(draft, cast.head, "P1", 1, raw="61", now=LATER)
    assert (second.pk, second.version, second.number, second.editor) == (first.pk, 2, Decimal(61), "")
    assert (second.updated_by, second.updated_at) == (cast.head, LATER)


def test_save_of_what_stands_there_changes_nothing_whatever_was_seen(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60")
    again = save(draft, cast.head, "P1", 0, raw="60", now=LATER)
    assert (again.version, again.updated_by, again.updated_at) == (1, cast.officer, NOW)
    untouched = save(draft, cast.head, "P1", 1, now=LATER)
    assert (untouched.version, untouched.raw) == (1, "60")


@pytest.mark.parametrize("seen", [0, 1, 3])
def test_stale_save_is_refused_with_both_values_and_writes_nothing(seen: int, cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60", editor="one")
    save(draft, cast.officer, "P1", 1, raw="61", editor="one")
    with pytest.raises(StaleAnswer) as caught:
        save(draft, cast.head, "P1", seen, raw="99", editor="two")
    assert caught.value.clash == AnswerClash("P1", theirs="61", their_version=2, their_name="North Officer", yours="99")
    assert caught.value.status == 409
    assert (stored(draft, "P1").raw, stored(draft, "P1").version) == ("61", 2)


def test_value_of_an_answer_that_nobody_gave_yet_clashes_when_a_version_is_claimed(cast: Cast, draft: Submission) -> None:
    with pytest.raises(StaleAnswer) as caught:
        save(draft, cast.head, "P1", 4, raw="99")
    assert caught.value.clash == AnswerClash("P1", theirs="", their_version=0, their_name="", yours="99")


def test_stale_explanation_or_status_clashes_too(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60")
    save(draft, cast.officer, "P1", 1, explanation="Because")
    for fields in ({"explanation": "Otherwise"}, {"status": "suppressed"}, {"raw": "61"}):
        with pytest.raises(StaleAnswer):
            save(draft, cast.head, "P1", 1, **fields)
    assert (stored(draft, "P1").raw, stored(draft, "P1").explanation) == ("60", "Because")


def test_a_pages_own_saves_never_clash_until_somebody_else_writes(cast: Cast, draft: Submission) -> None:
    for raw in ("6", "60", "600"):
        save(draft, cast.officer, "P1", 0, raw=raw, editor="one")
    assert stored(draft, "P1").version == 3
    save(draft, cast.head, "P1", 3, raw="61", editor="two")
    with pytest.raises(StaleAnswer):
        save(draft, cast.officer, "P1", 0, raw="6000", editor="one")
    assert stored(draft, "P1").raw == "61"


def test_saves_without_a_page_token_clash_with_each_other(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="6")
    with pytest.raises(StaleAnswer):
        save(draft, cast.officer, "P1", 0, raw="60")


def test_two_officers_on_different_questions_do_not_clash(cast: Cast, draft: Submission) -> None:
    for key, actor in (("P1", cast.officer), ("P2", cast.head), ("plans", cast.officer), ("GRP", cast.head)):
        save(draft, actor, key, 0, raw="100", editor=str(actor.pk))
    assert set(Answer.objects.filter(revision__submission=draft).values_list("question_key", "version")) == {
        ("P1", 1),
        ("P2", 1),
        ("plans", 1),
        ("GRP", 1),
    }


def test_several_changes_are_written_whole_or_not_at_all(cast: Cast, draft: Submission) -> None:
    save(draft, cast.head, "P2", 0, raw="40")
    changes = [AnswerChange("P1", 0, raw="60"), AnswerChange("P2", 0, raw="41"), AnswerChange("GRP", 0, raw="100")]
    with pytest.raises(StaleAnswer):
        save_answers(submission=draft, changes=changes, actor=cast.officer, now=NOW)
    assert list(Answer.objects.filter(revision__submission=draft).values_list("question_key", "raw")) == [("P2", "40")]
    written = save_answers(submission=draft, changes=[changes[0], changes[2]], actor=cast.officer, now=NOW)
    assert [answer.question_key for answer in written] == ["P1", "GRP"]


@pytest.mark.parametrize("key", ["NOPE", "", "TOTAL", "SHARE", "p1", "P1 ", "__class__"])
def test_unknown_and_computed_questions_are_refused(key: str, cast: Cast, draft: Submission) -> None:
    with pytest.raises(DomainError, match="no such question"):
        save(draft, cast.officer, key, 0, raw="1")
    assert not Answer.objects.exists()


@pytest.mark.parametrize("state", ["not_started", "awaiting_signature", "submitted", "in_review", "approved"])
def test_answers_are_refused_in_states_that_are_not_editable(state: str, cast: Cast, submission: Submission) -> None:
    found = bring_to(state, submission, cast)
    before = list(Answer.objects.order_by("pk").values())
    with pytest.raises(Refused, match="cannot be changed now; nothing was saved"):
        save(found, cast.officer, "P1", 1, raw="99")
    with pytest.raises(Refused, match="cannot be changed now; nothing was saved"):
        set_nil_return(submission=found, reason="None", actor=cast.officer, now=NOW)
    assert list(Answer.objects.order_by("pk").values()) == before


def test_answers_are_written_in_returned_by_those_who_file(cast: Cast, submission: Submission) -> None:
    found = bring_to("returned", submission, cast)
    assert save(found, cast.officer, "P1", 1, raw="70").version == 2
    strangers = [cast.observer, cast.reviewer, cast.approver, cast.administrator, cast.south_head, cast.outsider]
    for actor in [*strangers, User.objects.create_superuser("operator@example.org", "x", full_name="Operator")]:
        with pytest.raises(NotAllowed):
            save(found, actor, "P1", 2, raw="99")
        with pytest.raises(NotAllowed):
            set_nil_return(submission=found, reason="None", actor=actor, now=NOW)
    assert reread(found).working_revision.answers.get(question_key="P1").raw == "70"  # type: ignore[union-attr]


@pytest.mark.parametrize("raw", ["abc", "1,5", "12 %", " 1e5 ", "９９９x", "<b>1</b>", "=1+1", "-"])
def test_invalid_value_is_kept_as_typed(raw: str, cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60", explanation="Because")
    answer = save(draft, cast.officer, "P1", 1, raw=raw)
    assert (answer.raw, answer.number, answer.status) == (raw, None, "missing")
    found = stored(draft, "P1")
    assert (found.raw, found.number, found.status, found.explanation) == (raw, None, "missing", "Because")


def test_emptied_answer_is_kept_as_empty_with_its_version(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60")
    assert save(draft, cast.officer, "P1", 1, raw="").version == 2
    assert (stored(draft, "P1").number, stored(draft, "P1").status) == (None, "missing")
    assert save(draft, cast.officer, "P2", 0, raw="0").number == 0
    assert stored(draft, "P2").status == "reported"


@pytest.mark.parametrize("status", ["not_applicable", "suppressed"])
def test_withheld_value_keeps_what_was_typed_and_stays_until_a_value_is_given(status: str, cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="60")
    withheld = save(draft, cast.officer, "P1", 1, status=status)
    assert (withheld.status, withheld.raw, withheld.number) == (status, "60", None)
    explained = save(draft, cast.officer, "P1", 2, explanation="One firm only")
    assert (explained.status, explained.explanation) == (status, "One firm only")
    back = save(draft, cast.officer, "P1", 3, status="")
    assert (back.status, back.number, back.raw) == ("reported", Decimal(60), "60")


def test_unknown_status_is_refused(cast: Cast, draft: Submission) -> None:
    for status in ("approved", "REPORTED", "x"):
        with pytest.raises(DomainError, match="no such status"):
            save(draft, cast.officer, "P1", 0, raw="1", status=status)
    assert not Answer.objects.exists()


def test_text_at_the_limit_is_kept_and_beyond_it_refused(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "plans", 0, raw="字" * MAX_RAW)
    assert len(stored(draft, "plans").text) == MAX_RAW
    for fields in ({"raw": "x" * (MAX_RAW + 1)}, {"explanation": "x" * (MAX_RAW + 1)}):
        with pytest.raises(Refused, match="20001 characters; 20000 are possible"):
            save(draft, cast.officer, "plans", 1, **fields)
    with pytest.raises(Refused, match="20001 characters"):
        set_nil_return(submission=draft, reason="x" * (MAX_RAW + 1), actor=cast.officer, now=NOW)
    assert stored(draft, "plans").version == 1


def test_nul_goes_line_ends_become_one_and_markup_is_text(cast: Cast, draft: Submission) -> None:
    answer = save(draft, cast.officer, "plans", 0, raw="a\x00b\r\nc\n<script>\u2028 ", explanation="\x00why")
    found = stored(draft, "plans")
    assert (answer.raw, found.raw, found.text) == (*["ab\nc\n<script>\u2028 "] * 2, "ab\nc\n<script>")
    assert found.explanation == "why"


def test_answer_of_numeric_limits_is_stored_exactly(cast: Cast, draft: Submission) -> None:
    save(draft, cast.officer, "P1", 0, raw="999,999,999,999,999,999.999999")
    assert stored(draft, "P1").number == Decimal("999999999999999999.999999")
    fill(draft, cast.officer, {"P2": "999999999999999999.999999"})
    assert stored(draft, "P2").status == "reported"


@pytest.fixture
def of_all_kinds(cast: Cast) -> Submission:
    version = make_version(published=False)
    section = Section.objects.create(version=version, key="more", title="More", position=3)
    choices = ["Data", "人工智能", "Other"]
    for position, kind in enumerate(("text", "choice", "choices", "date", "yes_no"), start=1):
        Question.objects.create(
            section=section, key=kind, kind=QuestionKind(kind), label=kind, choices=choices, required=False, position=position
        )
    publish_version(version=version, now=NOW)
    cycle = make_cycle(version, opened_by=cast.administrator)
    return do(cycle.submissions.get(district=cast.north), "start", cast.officer)


@pytest.mark.parametrize(
    ("kind", "raw", "column", "value"),
    [
        ("text", " 人工智能 ", "text", "人工智能"),
        ("choice", "人工智能", "choices", ["人工智能"]),
        ("choices", "Data\nOther", "choices", ["Data", "Other"]),
        ("date", "2024-02-29", "date", date(2024, 2, 29)),
        ("yes_no", "yes", "boolean", True),
        ("yes_no", "no", "boolean", False),
    ],
)
def test_answer_is_read_after_its_kind(
    kind: str, raw: str, column: str, value: object, cast: Cast, of_all_kinds: Submission
) -> None:
    save(of_all_kinds, cast.officer, kind, 0, raw=raw)
    found = stored(of_all_kinds, kind)
    read = {name: getattr(found, name) for name in ("text", "choices", "date", "boolean")}
    assert read == {"text": "", "choices": [], "date": None, "boolean": None} | {column: value}
    assert (found.raw, found.status) == (raw, "reported")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("choice", "Nothing"),
        ("choice", "Data\nOther"),
        ("choice", "data"),
        ("choices", "Data\nNothing"),
        ("date", "2023-02-29"),
        ("date", "29.2.2024"),
        ("yes_no", "maybe"),
        ("yes_no", "True"),
    ],
)
def test_answer_that_does_not_fit_its_kind_is_kept_as_typed(kind: str, raw: str, cast: Cast, of_all_kinds: Submission) -> None:
    save(of_all_kinds, cast.officer, kind, 0, raw=raw)
    found = stored(of_all_kinds, kind)
    assert (found.raw, found.status) == (raw, "missing")
    assert (found.text, found.choices, found.date, found.boolean) == ("", [], None, None)


# Answers that somebody has looked at before they are saved.


def _ready(draft: Submission, change: AnswerChange) -> Answer:
    report = reread(draft)
    assert report.working_revision is not None
    asked = questionnaire(report.working_revision.definition_version_id).by_key[change.question_key]
    current = report.working_revision.answers.filter(question_key=change.question_key).first()
    return changed_answer(report.working_revision, asked, current, change)


def test_ready_answers_are_saved_as_they_were_looked_at(cast: Cast, draft: Submission) -> None:
    change = AnswerChange("P1", 0, raw="60")
    looked_at = _ready(draft, change)
    (saved,) = save_answers(submission=draft, changes=[change], actor=cast.officer, now=NOW, ready={"P1": looked_at})
    assert saved is looked_at
    stored = Answer.objects.get(question_key="P1")
    assert (stored.raw, stored.number, stored.version, stored.updated_by) == ("60", Decimal(60), 1, cast.officer)


def test_ready_answer_is_refused_where_somebody_was_faster(cast: Cast, draft: Submission) -> None:
    change = AnswerChange("P1", 0, raw="60")
    looked_at = _ready(draft, change)
    save(draft, cast.officer, "P1", 0, raw="61")
    with pytest.raises(StaleAnswer):
        save_answers(submission=draft, changes=[change], actor=cast.officer, now=NOW, ready={"P1": looked_at})
    assert Answer.objects.get(question_key="P1").raw == "61"


def test_ready_answer_of_another_report_is_read_again(cast: Cast, draft: Submission, south_submission: Submission) -> None:
    change = AnswerChange("P1", 0, raw="60")
    foreign = _ready(do(south_submission, "start", cast.south_officer), change)
    (saved,) = save_answers(submission=draft, changes=[change], actor=cast.officer, now=NOW, ready={"P1": foreign})
    assert saved is not foreign
    assert [answer.district_id for answer in Answer.objects.all()] == [cast.north.pk]
