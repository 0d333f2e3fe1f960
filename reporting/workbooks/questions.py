"""The sheet that is filled in: a row a question, with what was reported before and what the checks say."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from reporting.enums import AnswerStatus, QuestionKind
from reporting.models import Indicator, Question
from reporting.queries.reports import ReportPage, Row, SectionRows
from reporting.validators.numbers import decimals_of
from reporting.workbooks.cells import Value
from reporting.workbooks.kinds import cell_value, clean, fits, is_input
from reporting.workbooks.parts import Sheet, Text, height_of, words_of_report
from reporting.workbooks.rows import EXPLANATION, HEADING, KEY, STATUS, VALUE
from reporting.workbooks.styles import (
    CLOSED,
    COMPUTED,
    HEAD,
    HELP,
    INPUT,
    INPUT_TEXT,
    KEYS,
    LABEL,
    PRIOR,
    SECTION,
    TITLE,
    TO_CORRECT,
    TO_EXPLAIN,
    UNIT,
)

_WIDTHS = [0, 46, 12, 15, 15, 24, 18, 34, 44]
_COLUMNS = [KEY, "", "", "", "", VALUE, STATUS, EXPLANATION, ""]
_VALUE, _STATUS = "F", "G"
_LISTS_FROM = 3
"""The column of the hidden sheet in which the first list stands."""
_WITHHELD = (AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED)


@dataclass
class _Lists:
    """The drop-downs' contents, one column of the hidden sheet each; equal ones once."""

    columns: list[list[str]] = field(default_factory=list)

    def reference(self, words: list[str]) -> str:
        if words not in self.columns:
            self.columns.append(words)
        letter = get_column_letter(_LISTS_FROM + self.columns.index(words))
        return f"portal!${letter}$1:${letter}${len(words)}"


@dataclass
class _Rules:
    """Data validation: one entry for all the cells of a column that share it, made once."""

    made: dict[tuple[Hashable, ...], Mapping[str, Any]] = field(default_factory=dict)
    rows: dict[tuple[Hashable, ...], list[int]] = field(default_factory=dict)

    def add(self, column: str, row: int, key: Hashable, content: Callable[[], Mapping[str, Any]]) -> None:
        if (column, key) not in self.made:
            self.made[column, key] = content()
        self.rows.setdefault((column, key), []).append(row)

    @property
    def validations(self) -> list[DataValidation]:
        return [
            DataValidation(sqref=_ranges(str(key[0]), self.rows[key]), allow_blank=True, showErrorMessage=True, **content)
            for key, content in self.made.items()
        ]


def _ranges(column: str, rows: list[int]) -> str:
    """`F5:F9 F12`, of ascending rows."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return " ".join(f"{column}{first}:{column}{last}" if last > first else f"{column}{first}" for first, last in runs)


def write_questions(book: Workbook, page: ReportPage, editable: bool) -> list[list[str]]:
    """Write the sheet, and give the lists that its drop-downs refer to."""
    sheet, lists = Sheet(book, pgettext("sheet of a workbook", "Report"), widths=_WIDTHS), _Lists()
    raw = sheet.raw
    raw.column_dimensions["A"].hidden = True
    raw.freeze_panes = "C4"
    sheet.fit_to_page("landscape")
    raw.print_title_rows = "3:3"
    rules = _Rules()
    sheet.add(Text(HEADING, KEYS), Text(f"{words_of_report(page)} · {page.submission.district_label}", TITLE), height=28)
    sheet.add(*(Text(name, KEYS) for name in _COLUMNS), hidden=True)
    sheet.add(Text(HEADING, KEYS), *(Text(name, HEAD) for name in _headers()), height=32)
    for section in page.sections:
        _section(sheet, section)
        for row in section.rows:
            _question(sheet, row, lists, rules, editable)
    raw.data_validations.dataValidation = rules.validations
    sheet.protect()
    return lists.columns


def _headers() -> list[str]:
    return [
        _("Question"),
        _("Unit"),
        _("Same period last year"),
        _("Previous period"),
        _("This period"),
        _("No value?"),
        _("Explanation"),
        _("Checks"),
    ]


def _section(sheet: Sheet, section: SectionRows) -> None:
    rest = [Text("", SECTION)] * (len(_COLUMNS) - 2)
    sheet.add(Text(HEADING, KEYS), Text(str(section.section), SECTION), *rest, height=24)
    if section.section.help:
        sheet.add(Text(HEADING, KEYS), Text(section.section.help, HELP), height=height_of([(section.section.help, _WIDTHS[1])]))


def _question(sheet: Sheet, row: Row, lists: _Lists, rules: _Rules, editable: bool) -> None:
    question, indicator = row.question, row.question.indicator
    label, checks = _label(question), "\n".join(finding.message for finding in row.findings)
    too_long = row.answer is not None and not fits(clean(row.answer.raw))
    is_open = editable and is_input(question) and not too_long
    value = _value(row)
    explanation = row.answer.explanation if row.answer else ""
    cells = [
        Text(question.key, KEYS),
        Text(label, LABEL, note=_help(question)),
        Text(indicator.unit_label if indicator else "", UNIT),
        _number(row.last_year, indicator),
        _number(row.previous, indicator),
        _input(value, question, is_open),
        Text(_status(row), INPUT_TEXT if is_open and indicator else CLOSED),
        Text(explanation, INPUT_TEXT if is_open and indicator else CLOSED),
        Text(checks or _remark(question, too_long), TO_CORRECT if row.hard else TO_EXPLAIN if row.soft else CLOSED),
    ]
    texts = [(label, _WIDTHS[1]), (str(value or ""), _WIDTHS[5]), (explanation, _WIDTHS[7]), (checks, _WIDTHS[8])]
    number = sheet.add(*cells, height=height_of(texts, least=4 if question.kind == QuestionKind.LONG_TEXT else 1))
    if is_open:
        _validate(rules, lists, question, number)


def _label(question: Question) -> str:
    words = f"{question.indicator.code} {question}" if question.indicator else str(question)
    return words if question.required or question.is_computed else f"{words} ({_('optional')})"


def _help(question: Question) -> str:
    lines = [question.help]
    if question.is_computed and question.indicator:
        lines.append(_("computed as %(formula)s") % {"formula": question.indicator.formula})
    if question.kind == QuestionKind.CHOICES:
        lines += [_("One or more of these, one a line:"), *question.choice_labels.values()]
    return "\n".join(line for line in lines if line)


def _remark(question: Question, too_long: bool) -> str:
    if too_long:
        return _("This text is longer than a cell can be: change it on the report's page.")
    return _("Files are added on the report's page.") if question.kind == QuestionKind.FILE else ""


def _value(row: Row) -> Value:
    question = row.question
    if question.is_computed:
        return row.number
    if not is_input(question) or row.answer is None:
        return None
    if not fits(clean(row.answer.raw)):
        return None
    return cell_value(question, row.answer.raw)


def _input(value: Value, question: Question, is_open: bool) -> Text:
    indicator = question.indicator
    if question.is_computed and indicator:
        return Text(value, COMPUTED, _format(indicator, None))
    if indicator:
        style = INPUT if is_open else COMPUTED
        return Text(value, style, _format(indicator, value))
    if question.kind == QuestionKind.DATE:
        return Text(value, INPUT_TEXT if is_open else CLOSED, "yyyy-mm-dd")
    return Text(value, INPUT_TEXT if is_open else CLOSED)


def _number(number: Decimal | None, indicator: Indicator | None) -> Text:
    if indicator is None:
        return Text("", CLOSED)
    return Text(number, PRIOR, _format(indicator, None))


def _format(indicator: Indicator, value: Value) -> str:
    """With all the decimals that were given."""
    decimals = max(indicator.decimals, decimals_of(value)) if isinstance(value, Decimal) else indicator.decimals
    return "#,##0" + ("." + "0" * min(decimals, 6) if decimals else "")


def _status(row: Row) -> str:
    answer = row.answer
    return str(answer.get_status_display()) if answer and answer.status in _WITHHELD and row.question.indicator else ""


def _validate(rules: _Rules, lists: _Lists, question: Question, row: int) -> None:
    if indicator := question.indicator:
        rules.add(_STATUS, row, "status", lambda: _list(lists, [str(status.label) for status in _WITHHELD]))
        bounds = (question.kind, indicator.minimum, indicator.maximum, indicator.unit)
        rules.add(_VALUE, row, bounds, lambda: _bounds(question, indicator))
    elif question.kind == QuestionKind.CHOICE:
        words = list(question.choice_labels.values())
        rules.add(_VALUE, row, tuple(words), lambda: _list(lists, words))
    elif question.kind == QuestionKind.YES_NO:
        rules.add(_VALUE, row, question.kind, lambda: _list(lists, [_("Yes"), _("No")]))
    elif question.kind == QuestionKind.DATE:
        rules.add(_VALUE, row, question.kind, _day)


def _list(lists: _Lists, words: list[str]) -> Mapping[str, Any]:
    return {"type": "list", "formula1": lists.reference(words)}


def _day() -> Mapping[str, Any]:
    return {"type": "date", "operator": "greaterThan", "formula1": "1", **_words(_("a date such as 2024-06-30"))}


def _bounds(question: Question, indicator: Indicator) -> Mapping[str, Any]:
    kind = "whole" if question.kind == QuestionKind.WHOLE else "decimal"
    low, high = indicator.minimum, indicator.maximum
    unit = indicator.unit_label
    if low is not None and high is not None:
        words = _("a number from %(low)s to %(high)s %(unit)s") % {"low": _plain(low), "high": _plain(high), "unit": unit}
        return {"type": kind, "operator": "between", "formula1": _plain(low), "formula2": _plain(high), **_words(words)}
    if low is not None:
        words = _("a number of at least %(low)s %(unit)s") % {"low": _plain(low), "unit": unit}
        return {"type": kind, "operator": "greaterThanOrEqual", "formula1": _plain(low), **_words(words)}
    if high is not None:
        words = _("a number of at most %(high)s %(unit)s") % {"high": _plain(high), "unit": unit}
        return {"type": kind, "operator": "lessThanOrEqual", "formula1": _plain(high), **_words(words)}
    return {
        "type": kind,
        "operator": "greaterThanOrEqual",
        "formula1": "-1E+18",
        **_words(_("a number in %(unit)s") % {"unit": unit}),
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _words(expected: str) -> dict[str, str]:
    return {"errorTitle": _("Please check"), "error": (_("Expected %(expected)s.") % {"expected": expected})[:220]}
