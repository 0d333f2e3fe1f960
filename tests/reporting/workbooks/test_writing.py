"""What is in the workbook: locked but for its inputs, guarded by validation, in the reader's language, and text stays text."""

import io
import zipfile

import pytest
from django.utils import translation

from reporting.domain.answers import AnswerChange, save_answers
from reporting.models import Submission
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.workbooks.every_kind import GIVEN, Edited, edited, read, workbook

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    '<b>bold</b> & "quoted" ]]> <![CDATA[',
    "_x0041_ and _x000D_",
    "line\nbreak\r\nand\ttab ",
    "emoji 😀 and 𠮷",
    "#REF!",
    "portal:key",
]


def locked(book: Edited) -> dict[str, tuple[bool, ...]]:
    columns = ("value", "status", "explanation")
    return {key: tuple(bool(book.cell(key, column).protection.locked) for column in columns) for key in GIVEN}


def test_all_is_locked_but_the_cells_to_fill_in(report: Submission) -> None:
    book = Edited(workbook(report))
    assert [bool(sheet.protection.sheet) for sheet in book.book] == [True, True, True]
    numbers = {"N", "RATE", "PCT", "CNY", "WHOLE"}
    assert locked(book) == {key: (False, key not in numbers, key not in numbers) for key in GIVEN}
    open_cells = [cell for row in book.sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert len(open_cells) == 3 * len(numbers) + (len(GIVEN) - len(numbers)) + 2  # `plans` and `practice` of the factories
    assert set(locked(Edited(workbook(report, editable=False))).values()) == {(True, True, True)}


def test_hidden_parts_are_hidden(report: Submission) -> None:
    book = Edited(workbook(report))
    assert [sheet.sheet_state for sheet in book.book] == ["visible", "visible", "hidden"]
    assert (book.sheet.column_dimensions["A"].hidden, book.sheet.row_dimensions[2].hidden) == (True, True)
    facts = {row[0].value: row[1].value for row in book.book["portal"].iter_rows(max_row=4, max_col=2)}
    assert facts == {"definition": "every-kind 1", "cycle": "2026-S1", "district": "north", "revision": "1"}


def test_cells_are_validated_by_kind_and_drop_downs_refer_to_the_lists(report: Submission) -> None:
    book = Edited(workbook(report))
    found = {
        key: (one.type, one.formula1)
        for one in book.sheet.data_validations.dataValidation
        for key in GIVEN
        if book.cell(key).coordinate in one.sqref
    }
    lists = {key: formula for key, (kind, formula) in found.items() if kind == "list"}
    assert {key: kind for key, (kind, _formula) in found.items()} == {
        "N": "decimal",
        "RATE": "decimal",
        "PCT": "decimal",
        "CNY": "decimal",
        "WHOLE": "whole",
        "topic": "list",
        "day": "date",
        "agreed": "list",
    }
    words = {key: [cell.value for (cell,) in book.book["portal"][formula.split("!")[1]]] for key, formula in lists.items()}
    assert words == {"topic": ["Data", "Chips, boards", "Other; or none"], "agreed": ["Yes", "No"]}


def test_workbook_shows_units_earlier_periods_computed_values_help_and_warnings(cast: Cast, submission: Submission) -> None:
    version = submission.cycle.definition_version
    earlier = factories.make_cycle(version, "2025-S1", opened_by=cast.administrator).submissions.get(district=cast.north)
    factories.approve(factories.submit(earlier, cast.head), cast.approver)
    factories.fill(submission, cast.officer, factories.ANSWERS | {"P1": "90", "STOCK": "many"})
    book = Edited(workbook(submission))
    (total,) = [row for row in book.sheet.iter_rows() if row[0].value == "TOTAL"]
    assert [cell.value for cell in total[1:6]] == ["TOTAL Indicator TOTAL", "100m CNY", 100, None, 130]
    assert ("computed as P1 + P2" in str(total[1].comment), total[5].protection.locked) == (True, True)
    texts = {row[0].value: str(row[8].value) for row in book.sheet.iter_rows()}
    assert ("+44.4 %" in texts["BASE"], "a number such as 1,234.5" in texts["STOCK"]) == (True, True)
    first = " ".join(str(cell.value) for row in book.book["Instructions"].iter_rows() for cell in row if cell.value)
    assert ("found “many”" in first, "Northgate" in first, "Due Friday 31 July 2026" in first) == (True, True, True)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", ["line", "prose", "N"])
def test_text_stays_text_and_is_no_change_when_it_comes_back(cast: Cast, report: Submission, key: str, text: str) -> None:
    factories.fill(report, cast.officer, {key: text})
    content = workbook(report)
    book = Edited(content)
    assert (book.cell(key).data_type, any(b"<f>" in part for part in sheets(content))) in {("s", False), ("n", False)}
    assert read(report, content).changes == ()
    assert read(report, edited(content, {"day": "2026-06-30"})).changes[0].question_key == "day"


def sheets(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]


def test_characters_that_no_workbook_holds_are_left_out_and_are_no_change(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, {"line": "a\x0bb\x1fc\ufffe"})
    content = workbook(report)
    assert (Edited(content).cell("line").value, read(report, content).changes) == ("abc", ())


def test_text_longer_than_a_cell_is_not_lost(cast: Cast, report: Submission) -> None:
    """20,000 characters that take two units each."""
    factories.fill(report, cast.officer, {"prose": "😀" * 20_000, "line": "x" * 20_000})
    content = workbook(report)
    book = Edited(content)
    assert (book.cell("prose").value, book.cell("prose").protection.locked, len(book.cell("line").value)) == (None, True, 20_000)
    assert read(report, content).changes == ()


def test_long_numbers_keep_every_digit(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, {"N": "123456789012345.678901", "CNY": "999999999999.999"})
    content = workbook(report)
    assert (Edited(content).cell("N").value, Edited(content).cell("CNY").value) == ("123456789012345.678901", 999999999999.999)
    assert read(report, content).changes == ()


def test_chinese_workbook_is_chinese_and_is_read_by_an_english_reader(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    with translation.override("zh-hans"):
        content = workbook(report)
    book = Edited(content)
    assert book.book.sheetnames == ["填写说明", "填报表", "portal"]
    assert [book.cell(key).value for key in ("topic", "topics", "agreed")] == ["数据", "数据\n芯片、板卡", "是"]
    assert [cell.value for cell in book.sheet[3]][1:] == [
        "填报项",
        "计量单位",
        "上年同期",
        "上一报告期",
        "本报告期",
        "没有数值？",
        "说明",
        "校验",
    ]
    assert read(report, content).changes == ()
    book.put({"agreed": "否", "N": "不适用"}).cell("N", "status").value = "保密不报"
    book.cell("N").value = -12.5
    preview = read(report, book.saved())
    assert [(change.question_key, change.raw, change.status) for change in preview.changes] == [
        ("N", None, "suppressed"),
        ("agreed", "no", None),
    ]


def test_withheld_answers_and_explanations_come_back_as_they_are(cast: Cast, report: Submission) -> None:
    change = AnswerChange("N", 0, raw="7", status="not_applicable", explanation="=None here.\n")
    save_answers(submission=report, changes=[change], actor=cast.officer, now=NOW)
    content = workbook(report)
    book = Edited(content)
    assert [book.cell("N", column).value for column in ("value", "status", "explanation")] == [
        7,
        "not applicable",
        "=None here.\n",
    ]
    assert (read(report, content).changes, read(report, book.saved()).changes) == ((), ())
