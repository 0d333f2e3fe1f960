"""An answer as a spreadsheet's cell, and what a person left in that cell as an answer again, for each kind of question.

What is read is text as a person would have typed it on the page (`raw`): whether it can be read as a number, a choice or a date
is judged by the one reader of answers, never here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _

from reporting.enums import AnswerStatus, QuestionKind
from reporting.models import Question
from reporting.validators.numbers import read_value
from reporting.workbooks.cells import Cell, Value

CAPACITY = 32_767
"""How much text a cell holds, in UTF-16 units."""
_DECIMALS = Decimal("0.000001")
_DIGITS = 15
"""What a spreadsheet keeps of a number; one with more digits is written as text, so that none is lost."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})(?:[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?|(\d{2})(\d{2}))")
_BETWEEN = tuple(re.compile(marks) for marks in (r"\n", r"[\n;；|]", r"[\n;；|,，、]"))
_LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True)
class Misread:
    """Why a cell cannot be an answer. `reason` names one of the sentences of `reporting.workbooks.problems`."""

    reason: str
    found: str = ""


def is_input(question: Question) -> bool:
    """Whether it is answered in the workbook: computed values are not, nor are files."""
    return not question.is_computed and question.kind != QuestionKind.FILE


def fits(text: str) -> bool:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 <= CAPACITY


def clean(text: str) -> str:
    """Without what a workbook cannot hold, and with line breaks as it writes them."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cell_value(question: Question, raw: str) -> Value:
    """The answer as its cell holds it: a number or a date where it is one, else the words as a person reads them."""
    text = clean(raw)
    if question.indicator:
        number = number_in(question, text)
        return text if number is None or len(number.normalize().as_tuple().digits) > _DIGITS else number
    if question.kind == QuestionKind.DATE:
        found = _as_date(text)
        return text if found is None else found
    if question.kind == QuestionKind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(text, text)
    if question.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
        labels = question.choice_labels
        return "\n".join(labels.get(choice, choice) for choice in text.split("\n"))
    return text


def number_in(question: Question, text: str) -> Decimal | None:
    """As the page reads it; None where it is no number of the question's kind."""
    return read_value(text, QuestionKind(question.kind), question.indicator.units if question.indicator else ())


def meaning_of(question: Question, raw: str) -> str:
    """The same for two answers that differ in how they are written alone: blanks around it, or `1,234.50` for `1234.5`."""
    number = number_in(question, raw) if question.indicator else None
    return raw.strip() if number is None else plain(number)


def raw_of(question: Question, cell: Cell | None) -> str | Misread:
    """What stands in the cell, as the page would send it; blank for an empty cell."""
    if cell is None:
        return ""
    if cell.formula and cell.value is None:
        return Misread("no_result")
    value = cell.value
    if isinstance(value, str):
        value = clean(value)
        if cell.formula and value.startswith("#"):
            return Misread("error_value", value)
    if question.indicator:
        return _raw_number(question, value, cell.number_format)
    return _READERS.get(question.kind, _raw_text)(question, value)


def _raw_number(question: Question, value: Value, number_format: str) -> str | Misread:
    """A number stored as one is taken to six decimals: what a formula leaves beyond them is noise."""
    unit = question.indicator.unit if question.indicator else ""
    is_percentage = unit in {"%", "％"} or question.kind == QuestionKind.PERCENT
    if isinstance(value, Decimal):
        if "%" in number_format:
            if not is_percentage:
                return Misread("percentage", f"{plain(value * 100)} %")
            value *= 100
        return plain(value)
    text = _plain_text(value).strip()
    return text[:-1].strip() if is_percentage and text.endswith(("%", "％")) else text


def plain(number: Decimal) -> str:
    """`1234.5`: to six decimals, without trailing zeros and without an exponent."""
    if number.adjusted() > 24:
        return f"{number:f}"
    text = f"{number.quantize(_DECIMALS, rounding=ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain_text(value: Value) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return "" if value is None else str(value)


def _raw_text(_question: Question, value: Value) -> str:
    text = _plain_text(value)
    return text if text.strip() else ""


def _raw_date(_question: Question, value: Value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = _plain_text(value)
    found = _as_date(text)
    return text if found is None else found.isoformat()


def _as_date(text: str) -> date | None:
    """`2026-06-30`, `2026/6/30`, `2026.6.30`, `2026年6月30日`, `20260630`; nothing of which the order is in doubt."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _raw_yes_no(_question: Question, value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _plain_text(value)
    return _yes_no_words().get(folded(text), text)


@cache
def _yes_no_words() -> Mapping[str, str]:
    words = {"yes": "yes", "no": "no", "y": "yes", "n": "no", "true": "yes", "false": "no", "√": "yes", "✓": "yes"}
    for language in _LANGUAGES:
        with translation.override(language):
            words |= {folded(_("Yes")): "yes", folded(_("No")): "no"}
    return words


def _raw_choice(question: Question, value: Value) -> str:
    text = _plain_text(value)
    return _choice_words(question).get(folded(text), text)


def _raw_choices(question: Question, value: Value) -> str:
    """One a line, or separated by any usual mark that is in none of them; in the question's own order."""
    text, words = _plain_text(value), _choice_words(question)
    for marks in _BETWEEN:
        parts = {folded(part) for part in marks.split(text) if part.strip()}
        if parts <= words.keys():
            chosen = {words[part] for part in parts}
            return "\n".join(choice for choice in question.choices if choice in chosen)
    return text


def _choice_words(question: Question) -> dict[str, str]:
    """The stored choice by what may stand for it, in either language."""
    in_chinese = {folded(label): choice for choice, label in zip(question.choices, question.choices_zh, strict=False) if label}
    return in_chinese | {folded(choice): choice for choice in question.choices}


_READERS: Mapping[str, Callable[[Question, Value], str]] = {
    QuestionKind.DATE: _raw_date,
    QuestionKind.YES_NO: _raw_yes_no,
    QuestionKind.CHOICE: _raw_choice,
    QuestionKind.CHOICES: _raw_choices,
}


def status_of(cell: Cell | None) -> str | Misread:
    """Not applicable or suppressed, in either language; blank where there is a value."""
    text = "" if cell is None else _plain_text(cell.value).strip()
    if not text:
        return ""
    found = _status_words().get(folded(text))
    return Misread("status", text) if found is None else found


@cache
def _status_words() -> Mapping[str, str]:
    withheld = (AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED)
    words: dict[str, str] = {}
    for language in _LANGUAGES:
        with translation.override(language):
            words |= {folded(str(status.label)): status.value for status in withheld}
    return words | {folded(status.value): status.value for status in withheld}


def folded(text: str) -> str:
    """For comparing words: no matter the case, the width of the letters or the blanks around and between."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
