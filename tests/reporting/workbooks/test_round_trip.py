"""Every kind of answer through the workbook and back."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from reporting.models import Submission
from reporting.workbooks.preview import apply_preview
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.views.browser import answer
from tests.reporting.workbooks.every_kind import GIVEN, Edited, changes, edited, read, workbook

TYPED: dict[str, Any] = {
    "N": -12.5,
    "RATE": 7.8,
    "PCT": 12.5,
    "CNY": 1234.5,
    "WHOLE": 12,
    "line": "A line",
    "prose": "First.\nSecond.",
    "topic": "Data",
    "topics": "Data\nChips, boards",
    "day": date(2026, 6, 30),
    "agreed": "Yes",
}


def test_answers_of_every_kind_are_in_the_workbook_and_nothing_of_it_is_a_change(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    content = workbook(report)
    book = Edited(content)
    shown = {key: book.cell(key).value for key in GIVEN}
    assert shown == TYPED | {"day": datetime.combine(TYPED["day"], time())}
    assert (read(report, content).changes, read(report, content).problems) == ((), ())
    assert (read(report, book.saved()).changes, read(report, book.saved()).problems) == ((), ())


def test_answers_of_every_kind_come_back_as_the_page_would_have_sent_them(cast: Cast, report: Submission) -> None:
    preview = read(report, edited(workbook(report), TYPED))
    assert (changes(preview), preview.problems) == (GIVEN | {"PCT": "12.5", "CNY": "1234.5"}, ())
    assert report.working_revision is None or not report.working_revision.answers.exists()
    apply_preview(preview=preview, submission=report, actor=cast.officer, now=NOW)
    stored = {key: answer(report, key) for key in GIVEN}
    assert {key: one.status for key, one in stored.items()} == dict.fromkeys(GIVEN, "reported")
    assert [stored[key].number for key in ("N", "RATE", "PCT", "CNY", "WHOLE")] == [
        Decimal(text) for text in ("-12.5", "7.8", "12.5", "1234.5", "12")
    ]
    assert (stored["day"].date, stored["agreed"].boolean, stored["topics"].choices) == (
        date(2026, 6, 30),
        True,
        ["Data", "Chips, boards"],
    )
    assert read(report, workbook(report)).changes == ()
