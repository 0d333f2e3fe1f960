"""What people do to a workbook: what was meant is read, and what cannot be read is said at its cell."""

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils import get_column_letter

from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.workbooks.every_kind import GIVEN, Edited, changes, edited, problems, read, workbook


@pytest.mark.parametrize(
    ("key", "typed", "raw"),
    [
        ("N", "1,234.5", "1,234.5"),
        ("N", "１，２３４．５", "１，２３４．５"),
        ("N", " 1234.5 ", "1234.5"),
        ("N", 0.1 + 0.2, "0.3"),
        ("N", 1e15, "1000000000000000"),
        ("RATE", "12.5%", "12.5"),
        ("RATE", "１２.５％", "１２.５"),
        ("PCT", "12.5 %", "12.5"),
        ("CNY", "¥1,234.5 亿元", "¥1,234.5 亿元"),
        ("WHOLE", "12.0", "12.0"),
        ("line", 42, "42"),
        ("topic", "数据", "Data"),
        ("topic", " chips,  BOARDS ", "Chips, boards"),
        ("topics", "芯片、板卡；数据", "Data\nChips, boards"),
        ("topics", "Other; or none", "Other; or none"),
        ("topics", "Data; Data", "Data"),
        ("day", "2026/6/30", "2026-06-30"),
        ("day", "2026.6.30", "2026-06-30"),
        ("day", "２０２６年６月３０日", "2026-06-30"),
        ("day", "20260630", "2026-06-30"),
        ("day", datetime(2026, 6, 30, 18, 0), "2026-06-30"),
        ("day", 46203, "2026-06-30"),
        ("agreed", "是", "yes"),
        ("agreed", "NO", "no"),
        ("agreed", True, "yes"),
        ("agreed", False, "no"),
    ],
)
def test_what_was_meant_is_read(report: Submission, key: str, typed: Any, raw: str) -> None:
    preview = read(report, edited(workbook(report), {key: typed}))
    assert (changes(preview), problems(preview)) == ({key: raw}, {})


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("N", "many", "unreadable"),
        ("N", "1,5", "unreadable"),
        ("N", date(2026, 6, 30), "unreadable"),
        ("N", True, "unreadable"),
        ("N", "12 %", "unreadable"),
        ("N", "1.2345678", "unreadable"),
        ("N", 1e20, "unreadable"),
        ("CNY", "1,234.5 万元", "unreadable"),
        ("WHOLE", 12.5, "unreadable"),
        ("topic", "Water", "unreadable"),
        ("topic", "Data\nChips, boards", "unreadable"),
        ("topics", "Data; Water", "unreadable"),
        ("day", "06/07/2026", "unreadable"),
        ("day", "2026-02-30", "unreadable"),
        ("agreed", "perhaps", "unreadable"),
        ("line", "=A1", "no_result"),
        ("line", "x" * 20_001, "too_long"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_cell_and_the_rest_is_read(
    report: Submission, key: str, typed: Any, reason: str
) -> None:
    book = Edited(workbook(report)).put({key: typed, "prose": "Else."})
    preview = read(report, book.saved())
    assert (changes(preview), problems(preview)) == ({"prose": "Else."}, {f"Report!{book.cell(key).coordinate}": reason})
    (problem,) = preview.problems
    asked = preview.content.questionnaire.by_key
    assert not {"%(", "None"} & set(problem.sentence(asked[key]).split())


@pytest.mark.parametrize(("key", "raw"), [("RATE", "12.5"), ("PCT", "12.5")])
def test_percent_cell_is_the_percentage_that_it_shows(report: Submission, key: str, raw: str) -> None:
    book = Edited(workbook(report)).put({key: 0.125})
    book.cell(key).number_format = "0.00%"
    assert changes(read(report, book.saved())) == {key: raw}


@pytest.mark.parametrize("key", ["N", "CNY", "WHOLE"])
def test_percent_cell_where_the_unit_is_none_is_a_problem(report: Submission, key: str) -> None:
    book = Edited(workbook(report)).put({key: 0.125})
    book.cell(key).number_format = "0.00%"
    preview = read(report, book.saved())
    assert ([problem.reason for problem in preview.problems], preview.problems[0].found) == (["percentage"], "12.5 %")


def test_moved_rows_and_columns_and_own_sheets_are_followed(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    book = Edited(workbook(report))
    book.put({"N": 7, "line": "Moved"})
    sheet, last = book.sheet, book.sheet.max_row
    sheet.insert_rows(5, 3)
    sheet.insert_cols(3, 2)
    for row in range(1, last + 4):  # the value column goes to the far right, the last row to the top
        sheet.cell(row, 40).value, sheet.cell(row, 8).value = sheet.cell(row, 8).value, None
    for column in range(1, 41):
        sheet.cell(5, column).value, sheet.cell(last + 3, column).value = sheet.cell(last + 3, column).value, None
    sheet.title = "我的表"
    book.book.create_sheet("Own sums", 0)["A1"] = "=SUM(1,2)"
    book.book.move_sheet("portal", -2)
    preview = read(report, book.saved())
    assert (changes(preview), problems(preview)) == ({"N": "7", "line": "Moved"}, {})
    assert {place.sheet for place in preview.places.values()} == {"我的表"}
    assert {get_column_letter(place.column) for place in preview.places.values()} == {"AN"}


def test_row_that_is_there_twice_is_a_problem_unless_both_say_the_same(report: Submission) -> None:
    book = Edited(workbook(report)).put({"line": "One"})
    row, new = book.cell("line").row, book.sheet.max_row + 2
    for column in range(1, 10):
        book.sheet.cell(new, column).value = book.sheet.cell(row, column).value
    assert changes(read(report, book.saved())) == {"line": "One"}
    book.sheet.cell(new, 6).value = "Two"
    preview = read(report, book.saved())
    assert (changes(preview), problems(preview)) == ({}, {f"Report!F{row}": "double", f"Report!F{new}": "double"})


def test_missing_row_strange_key_and_stray_words_are_said_together(report: Submission) -> None:
    book = Edited(workbook(report)).put({"N": 7})
    last = book.sheet.max_row
    book.sheet.cell(book.cell("line").row, 1).value = "nonsense"
    book.sheet.cell(last + 2, 6).value = "a note of mine"
    preview = read(report, book.saved())
    row = next(problem.place.row for problem in preview.problems if problem.reason == "unknown" and problem.place)
    assert changes(preview) == {"N": "7"}
    assert problems(preview) == {f"Report!F{row}": "unknown", f"Report!F{last + 2}": "stray", "line": "missing"}


def test_missing_column_leaves_what_is_stored(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    book = Edited(workbook(report)).put({"N": 7})
    book.sheet.delete_cols(8)
    preview = read(report, book.saved())
    assert [(change.question_key, change.raw, change.explanation) for change in preview.changes] == [("N", "7", None)]
    assert problems(preview) == {"Report!A1": "column"}


def test_reasons_for_no_value_and_explanations_are_read_in_either_language(report: Submission) -> None:
    book = Edited(workbook(report)).put({"N": "不适用", "CNY": "Suppressed", "RATE": "never"}, "status")
    book.put({"N": "No such industry."}, "explanation")
    preview = read(report, book.saved())
    found = [(change.question_key, change.raw, change.status, change.explanation) for change in preview.changes]
    assert found == [("N", None, "not_applicable", "No such industry."), ("CNY", None, "suppressed", None)]
    assert problems(preview) == {f"Report!G{book.cell('RATE').row}": "status"}


def test_emptied_cells_empty_their_answers(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    preview = read(report, edited(workbook(report), {"N": None, "topics": None, "line": "   "}))
    assert (changes(preview), problems(preview)) == ({"N": "", "line": "", "topics": ""}, {})


def test_same_answer_written_otherwise_is_no_change(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    typed = {
        "CNY": "1 234.50",
        "PCT": "12.50%",
        "WHOLE": "12.0",
        "topic": "数据",
        "agreed": True,
        "day": "2026/6/30",
        "line": " A line ",
    }
    preview = read(report, edited(workbook(report), typed))
    assert (changes(preview), problems(preview)) == ({}, {})


def test_answer_that_somebody_gave_meanwhile_as_well_is_no_change(cast: Cast, report: Submission) -> None:
    content = edited(workbook(report), {"N": 7})
    factories.fill(report, cast.head, {"N": "7"})
    assert changes(read(report, content)) == {}
