"""The workbook of a report: instructions, the questions with their answers, and a hidden sheet that says whose it is."""

import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook

from reporting.queries.reports import ReportPage
from reporting.workbooks.identity import MARK, identity_for, seen_of, signed_lines
from reporting.workbooks.kinds import is_input
from reporting.workbooks.parts import Sheet, Text, height_of, words_of_report
from reporting.workbooks.questions import write_questions
from reporting.workbooks.styles import HEAD, KEYS, TITLE, TO_CORRECT, TO_EXPLAIN, WORDS, named_styles

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 100
_ENOUGH = 60
"""Warnings that the first sheet lists; each stands beside its question anyhow."""


def workbook_of(page: ReportPage, *, editable: bool) -> bytes:
    """The report as an .xlsx file in the active language. `editable`: whether its cells can be filled in; nothing is read from
    here that decides it, the report's own address does."""
    book = Workbook(write_only=True)
    for style in named_styles():
        book.add_named_style(style)
    _instructions(book, page, editable)
    choices = write_questions(book, page, editable)
    _hidden(book, page, choices)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _instructions(book: Workbook, page: ReportPage, editable: bool) -> None:
    sheet = Sheet(book, _("Instructions"), widths=[4, _WIDTH])
    sheet.fit_to_page("portrait")
    sheet.add(Text(words_of_report(page), TITLE), height=28)
    for line in _facts(page):
        sheet.add(None, Text(line, WORDS))
    sheet.add()
    for number, line in enumerate(_how_to() if editable else _only_to_read(), start=1):
        sheet.add(Text(f"{number}.", WORDS), Text(line, WORDS), height=height_of([(line, _WIDTH)]))
    found = [finding for finding in page.findings if finding.rule != "required"]
    if found:
        sheet.add()
        sheet.add(None, Text(_("Warnings when this workbook was downloaded"), HEAD))
        for finding in found[:_ENOUGH]:
            style = TO_CORRECT if finding.is_hard else TO_EXPLAIN
            line = _("%(question)s: %(message)s") % {"question": finding.question, "message": finding.message}
            sheet.add(None, Text(line, style), height=height_of([(line, _WIDTH)]))
    sheet.protect()


def _facts(page: ReportPage) -> list[str]:
    submission = page.submission
    # Translators: a date format of Django: weekday, day, month, year, clock time.
    due = date_format(timezone.localtime(submission.due_in_force), _("l j F Y, H:i"))
    lines = [submission.district_label, _("Due %(at)s") % {"at": due}]
    if page.revision:
        lines.append(
            _("Revision %(number)d, %(state)s") % {"number": page.revision.number, "state": submission.get_state_display()}
        )
    return lines


def _how_to() -> list[str]:
    return [
        _(
            "Fill in the white cells of the second sheet. Grey cells are locked: earlier periods, units, and values "
            "that are computed."
        ),
        _(
            "Enter numbers in the unit of their row, cumulative figures from 1 January. A cell's note holds the help "
            "of its question."
        ),
        _("Where there is no value, choose the reason in the column “No value?” and explain it in the column “Explanation”."),
        _("Several choices of one question stand in one cell, one a line (Alt+Enter)."),
        _("Files are not added here: add them on the report's page."),
        _("Rows and columns may be moved, and own sheets added. Do not delete the hidden row, column and sheet."),
        _(
            "Save as .xlsx and upload the workbook on the report's page. A preview shows what would change; nothing is "
            "saved before you confirm it."
        ),
        _("What you did not change here overwrites nothing that others enter meanwhile."),
    ]


def _only_to_read() -> list[str]:
    return [_("This report cannot be changed now: the workbook is for reading, and uploading it is refused.")]


def _hidden(book: Workbook, page: ReportPage, choices: Iterable[list[str]]) -> None:
    """What a machine reads is signed; the lines beside it are for people. Below them stand the lists of the cells."""
    submission, version = page.submission, page.questionnaire.version
    shown = {question.key: seen_of(question, page.rows[question.key].answer) for question in version_inputs(page)}
    signed = signed_lines(identity_for(submission, page.revision, shown))
    sheet = Sheet(book, "portal", widths=[28, 40], hidden=True)
    facts = [
        ("definition", f"{version.definition.slug} {version.number}"),
        ("cycle", submission.cycle.period),
        ("district", submission.district.code),
        ("revision", str(page.revision.number if page.revision else 0)),
    ]
    columns = list(choices)
    height = max(len(facts) + 1 + len(signed), *(len(column) for column in columns), 1)
    left = [*facts, (MARK, signed[0]), *(("", line) for line in signed[1:])]
    for row in range(height):
        name, value = left[row] if row < len(left) else ("", "")
        lists = [Text(column[row], KEYS) if row < len(column) else None for column in columns]
        sheet.add(Text(name, KEYS), Text(value, KEYS), *lists)
    sheet.protect()


def version_inputs(page: ReportPage) -> list[Any]:
    return [question for question in page.questionnaire.questions if is_input(question)]
