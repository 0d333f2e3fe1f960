"""The share that a computed value has in its total, against last year's: where that is said, and what settles it."""

from typing import Any

import pytest
from django.utils import translation

from reporting.domain.answers import AnswerChange, save_answers
from reporting.models import Indicator
from reporting.queries.definitions import questionnaire
from reporting.queries.reports import blocking_findings, report_page
from tests.conftest import Cast
from tests.factories import NOW, make_indicator
from tests.reporting.domain.states import reread
from tests.reporting.queries.past import Past, messages

SHARE: dict[str, Any] = {"share_shift": {"total": "TOTAL"}}
AT_SOURCES = [("CHIPS", "share_shift"), ("BOARDS", "share_shift")]


def indicators() -> dict[str, Indicator]:
    """Hardware is computed of two values, and the total of hardware and the rest."""
    made = {code: make_indicator(code) for code in ("CHIPS", "BOARDS", "REST")}
    made["HARD"] = make_indicator("HARD", formula="CHIPS + BOARDS")
    return made | {"TOTAL": make_indicator("TOTAL", formula="HARD + REST")}


def past_of(cast: Cast, tuning: dict[str, Any]) -> Past:
    """Half of last year's total was hardware."""
    quiet = {"year_on_year": {"on": False}, "unit_slip": {"on": False}}
    past = Past(cast, indicators(), {"HARD": tuning, **dict.fromkeys(("CHIPS", "BOARDS", "REST"), quiet)})
    past.approved("2025-S1", CHIPS="20", BOARDS="30", REST="50")
    return past


@pytest.mark.parametrize(
    ("tuning", "boards", "rest", "found"),
    [
        (SHARE, "33", "47", []),
        (SHARE, "33.01", "46.99", AT_SOURCES),
        (SHARE, "27", "53", []),
        (SHARE, "26.99", "53.01", AT_SOURCES),
        ({"share_shift": {"total": "TOTAL", "bound": "1"}}, "31", "49", []),
        ({"share_shift": {"total": "TOTAL", "bound": "1"}}, "31.01", "48.99", AT_SOURCES),
        ({"share_shift": {"total": "REST", "bound": "4"}}, "32", "50", []),
        ({"share_shift": {"total": "REST", "bound": "4"}}, "32.01", "50", AT_SOURCES),
        ({"share_shift": {"total": "TOTAL", "on": False}}, "60", "20", []),
        ({}, "60", "20", []),
        (SHARE, "60", "", []),
        (SHARE, "", "20", []),
    ],
)
def test_share_of_a_computed_value_moves_within_its_bound(
    tuning: dict[str, Any], boards: str, rest: str, found: list[tuple[str, str]], cast: Cast
) -> None:
    assert past_of(cast, tuning).found("2026-S1", CHIPS="20", BOARDS=boards, REST=rest) == found


def test_moved_share_is_said_in_words_where_somebody_can_mend_it(cast: Cast) -> None:
    report = past_of(cast, SHARE).open("2026-S1", CHIPS="30", BOARDS="30", REST="40")
    said = (
        "Expected the share of “Indicator HARD” in “Indicator TOTAL” near last year's 50.00 %; found 60.00 %, a move of +10.00 "
        "percentage points, beyond ±3. Check the values that both are computed from; if they are right, explain it at "
        "one of them."
    )
    assert messages(report) == [said, said]
    with translation.override("zh-hans"):
        in_chinese = (
            "预计“指标HARD”占“指标TOTAL”的比重与上年同期的50.00%相近，实际为60.00%，变动+10.00个百分点，超出±3。"
            "请核对两项指标据以计算的各项数值；如无误，请在其中一项说明原因。"
        )
        assert messages(report) == [in_chinese, in_chinese]


def test_moved_share_is_explained_at_one_of_its_values_for_all(cast: Cast) -> None:
    report = past_of(cast, SHARE).open("2026-S1", CHIPS="30", BOARDS="30", REST="40")

    def blocked() -> list[str]:
        stored = reread(report)
        return [finding.question.key for finding in blocking_findings(stored, stored.revisions.get())]

    assert blocked() == ["CHIPS", "BOARDS"]
    version = reread(report).revisions.get().answers.get(question_key="REST").version
    save_answers(
        submission=reread(report), changes=[AnswerChange("REST", version, explanation="So.")], actor=cast.officer, now=NOW
    )
    assert blocked() == ["CHIPS", "BOARDS"]
    version = reread(report).revisions.get().answers.get(question_key="BOARDS").version
    save_answers(
        submission=reread(report), changes=[AnswerChange("BOARDS", version, explanation="So.")], actor=cast.officer, now=NOW
    )
    assert blocked() == []
    assert [finding.explained for finding in report_page(reread(report)).findings] == [True, True]


def test_slip_at_one_of_its_values_says_why_the_share_moved(cast: Cast) -> None:
    past = Past(cast, indicators(), {"HARD": SHARE})
    past.approved("2025-S1", CHIPS="20", BOARDS="30", REST="50")
    assert past.found("2026-S1", CHIPS="200", BOARDS="30", REST="50") == [("CHIPS", "unit_slip")]


def test_total_that_is_computed_from_more_is_compared_through_all_formulas(cast: Cast) -> None:
    past = past_of(cast, SHARE)
    asked = questionnaire(past.version.pk)
    everything = {"CHIPS", "BOARDS", "HARD", "REST", "TOTAL"}
    assert asked.sources == {"HARD": {"CHIPS", "BOARDS"}, "TOTAL": {"CHIPS", "BOARDS", "REST"}}
    assert asked.touched_by(["REST"]) == everything - {"HARD"}
    assert asked.touched_by(["CHIPS"]) == everything - {"REST"}
