"""The rules of a definition on the report's page: what they find, where, in which words, and what an explanation does."""

import pytest
from django.utils import translation

from districts.errors import Refused
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.definitions import publish_version
from reporting.models import Submission
from reporting.queries.content import Finding
from reporting.queries.definitions import questionnaire
from reporting.queries.reports import report_page
from tests.conftest import Cast
from tests.factories import (
    ANSWERS,
    NOW,
    add_rule,
    approve,
    fill,
    make_cycle,
    make_indicators,
    make_version,
    submit,
)
from tests.reporting.domain.states import do, reread

Rules = dict[str, tuple[str, list[str]]]


def opened(cast: Cast, rules: Rules, **answers: str) -> Submission:
    """A report with the answers, and the other district's beside it, which breaks every rule or gives nothing."""
    cycle = make_cycle(make_version(make_indicators(), rules=rules), opened_by=cast.administrator)
    fill(cycle.submissions.get(district=cast.south), cast.south_officer, ANSWERS | {"P1": "1", "P2": "99"})
    submission = cycle.submissions.get(district=cast.north)
    fill(submission, cast.officer, ANSWERS | answers)
    return submission


def findings(submission: Submission) -> list[Finding]:
    return [finding for finding in report_page(reread(submission)).findings if finding.rule.startswith("rule-")]


def said(submission: Submission) -> list[tuple[str, str]]:
    return [(finding.question.key, finding.message) for finding in findings(submission)]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("P2 <= P1", None),
        ("P1 <= P2", "Look at it. Expected at most 40.00 100m CNY; found 60.00."),
        ("P1 >= 61", "Look at it. Expected at least 61.00 100m CNY; found 60.00."),
        ("P1 < 60", "Look at it. Expected less than 60.00 100m CNY; found 60.00."),
        ("P1 > 60", "Look at it. Expected more than 60.00 100m CNY; found 60.00."),
        ("STOCK = 1234", "Look at it. Expected 1,234 firms; found 12."),
        ("STOCK != 12", "Look at it. Expected anything but 12 firms; found 12."),
        ("TOTAL / GRP * 100 <= 30", "Look at it. Expected at most 30.00; found 40.00."),
        ("P1 <= 59.999", "Look at it. Expected at most 59.999000 100m CNY; found 60.000000."),
        ("missing(P1)", "Look at it."),
        ("P1 > P1.last_year", None),
        ("P1 > P1.target", None),
        ("P1 / (P2 - 40) > 0", None),
    ],
)
def test_rule_that_does_not_hold_says_what_was_expected_and_found(expression: str, message: str | None, cast: Cast) -> None:
    submission = opened(cast, {"it": (expression, ["P1"])})
    assert said(submission) == ([("P1", message)] if message else [])


def test_rule_is_said_in_the_language_of_the_reader(cast: Cast) -> None:
    submission = opened(cast, {"it": ("P1 <= P2", ["P1"])})
    with translation.override("zh-hans"):
        assert said(submission) == [("P1", "请核对it。 应不大于40.00 亿元，实际为60.00。")]


def test_rule_compares_with_approved_values_of_the_same_district(cast: Cast) -> None:
    """Of a cumulative flow within its calendar year alone, so that P2 has nothing to compare with in the first half."""
    rules = {"year": ("P1 <= P1.last_year", ["P1"]), "stock": ("STOCK <= STOCK.last_period", ["STOCK"])}
    version = make_version(make_indicators(), rules=rules | {"flow": ("P2 <= P2.last_period", ["P2"])})
    people = {cast.north: cast.head, cast.south: cast.south_head}
    south = {"P1": "65", "STOCK": "15"}
    for period, own in (("2025-S1", {"P1": "55", "STOCK": "11"}), ("2025-A1", {"STOCK": "11"})):
        cycle = make_cycle(version, period, opened_by=cast.administrator)
        for district, answers in ((cast.north, own), (cast.south, south)):
            submission = cycle.submissions.get(district=district)
            approve(submit(submission, people[district], ANSWERS | answers), cast.approver)
    current = make_cycle(version, "2026-S1", opened_by=cast.administrator).submissions.get(district=cast.north)
    fill(current, cast.officer)
    assert said(current) == [
        ("P1", "Look at year. Expected at most 55.00 100m CNY; found 60.00."),
        ("STOCK", "Look at stock. Expected at most 11 firms; found 12."),
    ]


def test_soft_rule_is_shown_at_each_question_and_explained_at_one(cast: Cast) -> None:
    submission = opened(cast, {"it": ("P1 <= P2", ["P1", "P2"])})
    assert [(finding.question.key, finding.blocks) for finding in findings(submission)] == [("P1", True), ("P2", True)]
    with pytest.raises(Refused, match=r"Look at it\. Expected at most 40\.00 100m CNY; found 60\.00\."):
        do(submission, "hand_over", cast.officer)
    change = AnswerChange("P2", 1, explanation="A part was moved.")
    save_answers(submission=submission, changes=[change], actor=cast.officer, now=NOW)
    assert [(finding.question.key, finding.blocks) for finding in findings(submission)] == [("P1", False), ("P2", False)]
    assert do(submission, "hand_over", cast.officer).state == "awaiting_signature"


def test_hard_rule_blocks_whatever_is_explained(cast: Cast) -> None:
    version = make_version(make_indicators(), published=False)
    add_rule(version, "it", "P1 <= P2", ["P1"], severity="hard")
    publish_version(version=version, now=NOW)
    submission = make_cycle(version, opened_by=cast.administrator).submissions.get(district=cast.north)
    fill(submission, cast.officer)
    change = AnswerChange("P1", 1, explanation="It is so.")
    save_answers(submission=submission, changes=[change], actor=cast.officer, now=NOW)
    assert [(finding.is_hard, finding.blocks) for finding in findings(submission)] == [(True, True)]
    with pytest.raises(Refused, match="Look at it"):
        do(submission, "hand_over", cast.officer)
    fill(submission, cast.officer, {"P1": "40"})
    assert findings(submission) == []


def test_answer_touches_the_questions_of_the_rules_that_it_may_change(cast: Cast) -> None:
    rules = {"share": ("SHARE <= SHARE.last_year", ["STOCK"]), "pair": ("STOCK > 0", ["practice", "plans"])}
    asked = questionnaire(make_version(make_indicators(), rules=rules).pk)
    assert asked.touched_by(["P1"]) == {"P1", "TOTAL", "SHARE", "GRP", "STOCK"}
    assert asked.touched_by(["practice"]) == {"practice", "plans"}
