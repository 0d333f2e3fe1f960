"""What a report's page shows beside each value, and the checks, against earlier approved reports."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.submissions import Terms
from reporting.enums import CityAggregation, Measure
from reporting.models import Indicator, Submission
from reporting.queries.reports import ReportPage, Row, report_page
from tests.conftest import Cast
from tests.factories import ANSWERS, NOW, approve, fill, make_cycle, make_indicator, make_indicators, make_version, sign, submit
from tests.reporting.domain.states import LATER, do, reread, send_back

D = Decimal
NARRATIVE = {"plans": "Build more."}


def _indicators() -> dict[str, Indicator]:
    """A flow with a base of its own that is entered (FLOW, OLD), a rate and a stock."""
    old = make_indicator("OLD")
    return {
        "FLOW": make_indicator("FLOW", base_indicator=old),
        "OLD": old,
        "RATE": make_indicator("RATE", measure=Measure.RATE, minimum=None, city_aggregation=CityAggregation.NONE, price_basis=""),
        "STOCK": make_indicator("STOCK", measure=Measure.STOCK, decimals=0, price_basis=""),
    }


class Reports:
    """Reports of one district over the periods of one definition version."""

    def __init__(self, cast: Cast, indicators: Mapping[str, Indicator]) -> None:
        self.cast, self.version = cast, make_version(indicators)

    def open(self, period: str, **answers: str) -> Submission:
        cycle = make_cycle(self.version, period, opened_by=self.cast.administrator)
        submission = cycle.submissions.get(district=self.cast.north)
        fill(submission, self.cast.officer, answers | NARRATIVE)
        return submission

    def approved(self, period: str, **answers: str) -> Submission:
        submission = self.open(period, **answers)
        do(submission, "hand_over", self.cast.head)
        submit_and_approve(submission, self.cast)
        return submission


def submit_and_approve(submission: Submission, cast: Cast) -> None:
    sign(submission, cast.head)
    approve(submission, cast.approver)


@pytest.fixture
def reports(cast: Cast) -> Reports:
    return Reports(cast, _indicators())


def page(submission: Submission) -> ReportPage:
    return report_page(reread(submission))


def rules(submission: Submission) -> set[tuple[str, str]]:
    return {(finding.question.key, finding.rule) for finding in page(submission).findings}


def row(submission: Submission, key: str) -> Row:
    return page(submission).rows[key]


def test_flow_compares_with_last_year_and_within_its_calendar_year(reports: Reports) -> None:
    reports.approved("2024-A1", FLOW="90", OLD="80", RATE="3", STOCK="7")
    reports.approved("2025-S1", FLOW="50", OLD="45", RATE="4", STOCK="8")
    first = row(reports.open("2025-A1", FLOW="99", OLD="90", RATE="5", STOCK="9"), "FLOW")
    assert (first.last_year, first.previous) == (D(90), D(50))
    second = row(reports.open("2026-S1", FLOW="60", OLD="50", RATE="1", STOCK="9"), "FLOW")
    assert (second.last_year, second.previous) == (D(50), None)


def test_stock_and_rate_compare_with_the_period_before_across_the_years_end(reports: Reports) -> None:
    reports.approved("2025-S1", FLOW="50", OLD="45", RATE="4", STOCK="8")
    reports.approved("2025-A1", FLOW="99", OLD="90", RATE="-2", STOCK="9")
    current = page(reports.open("2026-S1", FLOW="60", OLD="50", RATE="1.5", STOCK="12")).rows
    assert (current["STOCK"].last_year, current["STOCK"].previous, current["STOCK"].change) == (D(8), D(9), D(50))
    assert (current["RATE"].last_year, current["RATE"].previous, current["RATE"].change) == (D(4), D(-2), D("-2.5"))


def test_priors_come_from_approved_revisions_alone(reports: Reports) -> None:
    reports.open("2025-S1", FLOW="50", OLD="45", RATE="4", STOCK="8")
    current = reports.open("2026-S1", FLOW="60", OLD="50", RATE="1", STOCK="9")
    assert (row(current, "FLOW").last_year, row(current, "STOCK").last_year) == (None, None)


def test_priors_are_the_districts_own(reports: Reports) -> None:
    cast = reports.cast
    before = make_cycle(reports.version, "2025-S1", opened_by=cast.administrator).submissions.get(district=cast.south)
    submit(before, cast.south_head, {"FLOW": "77", "OLD": "77", "RATE": "1", "STOCK": "1"} | NARRATIVE)
    approve(before, cast.approver)
    assert row(reports.open("2026-S1", FLOW="60", OLD="50"), "FLOW").last_year is None


def test_reopened_report_still_gives_its_approved_values(reports: Reports) -> None:
    before = reports.approved("2025-S1", FLOW="50", OLD="45", RATE="4", STOCK="8")
    do(before, "reopen", reports.cast.approver, note="Revised", terms=Terms(due_at=LATER))
    fill(before, reports.cast.officer, {"FLOW": "55"})
    assert row(reports.open("2026-S1", FLOW="60", OLD="50"), "FLOW").last_year == D(50)


@pytest.mark.parametrize(
    ("base", "change"), [("50", D(20)), ("60", D(0)), ("", D(50)), ("0", None), ("abc", D(50)), ("40", D(50))]
)
def test_change_is_on_the_base_that_the_report_gives_and_else_on_last_years(
    base: str, change: Decimal | None, reports: Reports
) -> None:
    reports.approved("2025-S1", FLOW="40", OLD="45", RATE="4", STOCK="8")
    assert row(reports.open("2026-S1", FLOW="60", OLD=base), "FLOW").change == change


@pytest.mark.parametrize(
    ("flow", "base", "found"),
    [
        ("130", "100", False),
        ("130.01", "100", True),
        ("69.99", "100", True),
        ("70", "100", False),
        ("100", "50", True),
        ("65", "50", False),
        ("100", "", False),
        ("131", "", True),
        ("900", "0", False),
    ],
)
def test_year_on_year_uses_the_reported_base_before_last_years_figure(
    flow: str, base: str, found: bool, reports: Reports
) -> None:
    reports.approved("2025-S1", FLOW="100", OLD="90", RATE="4", STOCK="8")
    assert (("FLOW", "year_on_year") in rules(reports.open("2026-S1", FLOW=flow, OLD=base))) is found


@pytest.mark.parametrize(
    ("stock", "rate", "expected"),
    [
        ("104", "1", set()),
        ("105", "1", {("STOCK", "year_on_year")}),
        ("55", "1", {("STOCK", "year_on_year")}),
        ("80", "99", set()),
    ],
)
def test_year_on_year_holds_for_stocks_and_not_for_rates(
    stock: str, rate: str, expected: set[tuple[str, str]], reports: Reports
) -> None:
    reports.approved("2025-S1", FLOW="50", OLD="45", RATE="4", STOCK="80")
    assert rules(reports.open("2026-S1", FLOW="50", OLD="50", STOCK=stock, RATE=rate)) == expected


@pytest.mark.parametrize(
    ("base", "found"), [("100", False), ("100.004", False), ("100.005", True), ("99.99", True), ("0", True), ("", False)]
)
def test_base_that_differs_from_last_years_approved_figure_needs_a_reason(base: str, found: bool, reports: Reports) -> None:
    reports.approved("2025-S1", FLOW="100", OLD="90", RATE="4", STOCK="8")
    submission = reports.open("2026-S1", FLOW="100", OLD=base)
    assert (("OLD", "base_differs") in rules(submission)) is found


def test_finding_with_an_explanation_stays_and_blocks_no_more(reports: Reports) -> None:
    reports.approved("2025-S1", FLOW="100", OLD="90", RATE="4", STOCK="8")
    submission = reports.open("2026-S1", FLOW="100", OLD="99", RATE="1", STOCK="8")
    assert [finding.rule for finding in page(submission).blocking] == ["base_differs"]
    change = AnswerChange("OLD", 1, explanation="Revised by the census")
    save_answers(submission=submission, changes=[change], actor=reports.cast.officer, now=NOW)
    shown = page(submission)
    assert ([finding.rule for finding in shown.findings], shown.blocking, shown.is_ready) == (["base_differs"], [], True)


@pytest.mark.parametrize(
    ("total", "base", "found"),
    [("117", "90", False), ("117.01", "90", True), ("63", "90", False), ("62.99", "90", True), ("900", "0", False)],
)
def test_growth_of_a_computed_value_is_explained_at_its_base(
    total: str, base: str, found: bool, cast: Cast, submission: Submission
) -> None:
    """Nobody can answer at a computed value; what it grew from is what was entered."""
    fill(submission, cast.officer, ANSWERS | {"P1": total, "P2": "0", "GRP": "999", "BASE": base})
    assert rules(submission) == ({("BASE", "year_on_year")} if found else set())


def test_withheld_value_has_no_comparisons(reports: Reports) -> None:
    reports.approved("2025-S1", FLOW="100", OLD="90", RATE="4", STOCK="8")
    submission = reports.open("2026-S1", FLOW="900", OLD="100", RATE="1", STOCK="8")
    change = AnswerChange("FLOW", 1, status="suppressed")
    save_answers(submission=submission, changes=[change], actor=reports.cast.officer, now=NOW)
    assert rules(submission) == {("FLOW", "status_reason")}
    assert (row(submission, "FLOW").number, row(submission, "FLOW").change) == (None, None)


def test_computed_values_show_live_and_missing_operands_give_none(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "60"})
    assert (row(submission, "TOTAL").number, row(submission, "SHARE").number) == (None, None)
    fill(submission, cast.officer, {"P2": "40", "GRP": "0"})
    assert (row(submission, "TOTAL").number, row(submission, "SHARE").number) == (D(100), None)
    fill(submission, cast.officer, {"GRP": "300"})
    assert row(submission, "SHARE").number == D("33.333333")


def test_progress_counts_required_entered_questions(cast: Cast, submission: Submission) -> None:
    assert (page(submission).answered, page(submission).required) == (0, 6)
    fill(submission, cast.officer, {"P1": "60", "practice": "Not asked for", "P2": "  "})
    shown = page(submission)
    assert (shown.answered, shown.required) == (1, 6)
    assert [(section.answered, section.required, section.left) for section in shown.sections] == [(1, 5, 4), (0, 1, 1)]
    fill(submission, cast.officer, ANSWERS)
    assert (page(submission).answered, page(submission).is_ready) == (6, True)


def test_comment_stands_at_its_question_and_counts_as_left_until_answered(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast, answered=False)
    shown = page(submission)
    assert ([section.left for section in shown.sections], shown.is_ready) == ([1, 0], False)
    assert shown.open_comments == list(submission.comments.all())


def test_page_takes_as_many_queries_for_one_question_as_for_sixty(cast: Cast) -> None:
    def count(slug: str, size: int) -> int:
        indicators = {f"{slug.upper()}{number}": make_indicator(f"{slug.upper()}{number}") for number in range(size)}
        cycle = make_cycle(make_version(indicators, slug=slug), opened_by=cast.administrator)
        submission = cycle.submissions.get(district=cast.north)
        fill(submission, cast.officer, dict.fromkeys(indicators, "5"))
        found = Submission.objects.select_related("cycle__definition", "district", "working_revision").get(pk=submission.pk)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            report_page(found)
        return len(captured)

    assert count("a", 1) == count("b", 60) == 10


def test_findings_of_a_version_with_everything_wrong_come_in_the_order_of_the_questions(cast: Cast) -> None:
    version = make_version(make_indicators())
    submission = make_cycle(version, opened_by=cast.administrator).submissions.get(district=cast.north)
    fill(submission, cast.officer, {"P1": "1,5", "P2": "-1", "GRP": "5", "STOCK": "x"})
    assert [(finding.question.key, finding.rule) for finding in page(submission).findings] == [
        ("P1", "unreadable"),
        ("P2", "bounds"),
        ("BASE", "required"),
        ("STOCK", "unreadable"),
        ("plans", "required"),
    ]
