"""A report that asks for every kind of answer, and its workbook in the hands of somebody who changes it."""

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import load_workbook

from reporting.domain.definitions import publish_version
from reporting.enums import Measure, QuestionKind
from reporting.models import DefinitionVersion, Question, Section, Submission
from reporting.queries.reports import report_page
from reporting.workbooks.preview import Preview, preview_of
from reporting.workbooks.reading import read_book
from reporting.workbooks.rows import KEY, VALUE
from reporting.workbooks.writing import workbook_of
from tests.factories import NOW, make_indicator, make_version

KINDS: Mapping[str, tuple[QuestionKind, dict[str, Any]]] = {
    "N": (QuestionKind.NUMBER, {"minimum": None}),
    "RATE": (QuestionKind.NUMBER, {"unit": "%", "unit_zh": "%", "measure": Measure.RATE, "price_basis": ""}),
    "PCT": (QuestionKind.PERCENT, {"unit": "%", "unit_zh": "%", "measure": Measure.RATE, "price_basis": ""}),
    "CNY": (QuestionKind.MONEY, {}),
    "WHOLE": (QuestionKind.WHOLE, {"unit": "firms", "unit_zh": "家", "decimals": 0, "measure": Measure.STOCK, "price_basis": ""}),
}
WORDS = {
    "line": QuestionKind.TEXT,
    "prose": QuestionKind.LONG_TEXT,
    "topic": QuestionKind.CHOICE,
    "topics": QuestionKind.CHOICES,
    "day": QuestionKind.DATE,
    "agreed": QuestionKind.YES_NO,
}
CHOICES, CHOICES_ZH = ["Data", "Chips, boards", "Other; or none"], ["数据", "芯片、板卡", "其他"]
GIVEN = {
    "N": "-12.5",
    "RATE": "7.8",
    "PCT": "12.5%",
    "CNY": "1,234.5",
    "WHOLE": "12",
    "line": "A line",
    "prose": "First.\nSecond.",
    "topic": "Data",
    "topics": "Data\nChips, boards",
    "day": "2026-06-30",
    "agreed": "yes",
}
"""One answer of each kind, as the page sends it."""


def make_every_kind(slug: str = "every-kind", *, files: bool = False) -> DefinitionVersion:
    """Published; besides the narrative of the factories it asks for one of each kind, none of them required: of files (`papers`)
    where that is said, because a workbook has none."""
    version = make_version({}, published=False, slug=slug, files=files)
    version.sections.get(key="statistics").delete()
    section = Section.objects.create(version=version, key="kinds", title="Kinds", title_zh="类型", position=3)
    for position, (key, (kind, fields)) in enumerate(KINDS.items(), start=1):
        indicator = make_indicator(key, **fields)
        Question.objects.create(section=section, key=key, kind=kind, indicator=indicator, required=False, position=position)
    for position, (key, kind) in enumerate(WORDS.items(), start=20):
        choices = {"choices": CHOICES, "choices_zh": CHOICES_ZH} if key.startswith("topic") else {}
        Question.objects.create(
            section=section,
            key=key,
            kind=kind,
            label=f"Ask {key}",
            label_zh=f"问{key}",
            required=False,
            position=position,
            **choices,
        )
    publish_version(version=version, now=NOW)
    return version


def workbook(submission: Submission, *, editable: bool = True) -> bytes:
    fresh = Submission.objects.select_related("cycle__definition", "district", "working_revision").get(pk=submission.pk)
    return workbook_of(report_page(fresh), editable=editable)


class Edited:
    """A workbook opened in a spreadsheet program. Cells are found by question and column: value, status, explanation."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = next(sheet for sheet in self.book if any(cell.value == KEY for row in sheet.iter_rows() for cell in row))

    def cell(self, key: str, column: str = "value") -> Any:
        rows: list[Any] = list(self.sheet.iter_rows())
        (head,) = [row for row in rows if {KEY, VALUE} <= {cell.value for cell in row}]
        columns = {cell.value: cell.column for cell in head}
        (row,) = [row[0].row for row in rows if row[columns[KEY] - 1].value == key]
        return self.sheet.cell(row, columns[f"portal:{column}"])

    def put(self, values: Mapping[str, Any], column: str = "value") -> "Edited":
        for key, value in values.items():
            self.cell(key, column).value = value
        return self

    def saved(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def edited(content: bytes, values: Mapping[str, Any]) -> bytes:
    return Edited(content).put(values).saved()


def read(submission: Submission, content: bytes) -> Preview:
    """What an upload of the file would lead to."""
    fresh = Submission.objects.select_related("cycle__definition", "working_revision").get(pk=submission.pk)
    return preview_of(read_book(content), fresh)


def changes(preview: Preview) -> dict[str, str | None]:
    return {change.question_key: change.raw for change in preview.changes}


def problems(preview: Preview) -> dict[str, str]:
    """The reason by cell; by question where there is no cell any more."""
    return {problem.address or problem.question_key: problem.reason for problem in preview.problems}
