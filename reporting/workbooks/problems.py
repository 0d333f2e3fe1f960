"""What is wrong in an uploaded workbook, each with its cell: what was found, what was expected, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reporting.domain.answers import MAX_RAW
from reporting.enums import QuestionKind
from reporting.models import Question
from reporting.workbooks.rows import EXPLANATION, STATUS, VALUE, Place


@dataclass(frozen=True)
class Problem:
    """`reason` names the sentence. Nothing of the question is saved from a cell with a problem; what else was read can be."""

    reason: str
    place: Place | None
    found: str = ""
    question_key: str = ""

    def as_stored(self) -> dict[str, Any]:
        place = list(self.place) if self.place else None
        return {"reason": self.reason, "place": place, "found": self.found, "key": self.question_key}

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> "Problem":
        place = Place(*stored["place"]) if stored["place"] else None
        return cls(stored["reason"], place, stored["found"], stored["key"])

    @property
    def address(self) -> str:
        return self.place.address if self.place else ""

    def sentence(self, question: Question | None) -> str:
        """In the reader's language."""
        words = {"found": _shortened(self.found), "question": question or self.question_key, "limit": MAX_RAW}
        if self.reason == "unreadable" and question is not None:
            return _("Expected %(expected)s; found “%(found)s”. Correct the cell.") % (words | {"expected": expected(question)})
        return _sentences()[self.reason] % words


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _sentences() -> dict[str, str]:
    return {
        "unreadable": _("“%(found)s” cannot be read as an answer. Correct the cell."),
        "percentage": _(
            "Found a percentage, %(found)s, where the unit is no percentage. Enter the number in the unit of its row."
        ),
        "no_result": _(
            "The formula has no result yet. Open the workbook in a spreadsheet program, save it, and upload it again."
        ),
        "error_value": _("The formula gives the error %(found)s. Correct it, or enter the value itself."),
        "status": _("“%(found)s” is no reason for giving no value. Choose one from the list of the cell, or empty it."),
        "too_long": _("The text is longer than %(limit)d characters. Shorten it."),
        "stray": _("Found “%(found)s” in a row that belongs to no question. Move it to the row of its question."),
        "unknown": _("This row has the key “%(found)s”, which no question of the report has. Nothing was read from it."),
        "double": _("“%(question)s” stands in several rows with different contents. Keep one of them."),
        "missing": _("The row of “%(question)s” is missing. Its answer stays as it is; download a new workbook to change it."),
        "column": _("The column “%(found)s” is missing from this sheet. What is stored for it stays as it is."),
        "file": _("“%(question)s” is answered with files: add them on the report's page."),
    }


def expected(question: Question) -> str:
    kinds: Mapping[str, str] = {
        QuestionKind.DATE: _("a date such as 2024-06-30"),
        QuestionKind.CHOICE: _("one of the choices"),
        QuestionKind.CHOICES: _("some of the choices, one a line"),
        QuestionKind.YES_NO: _("yes or no"),
        QuestionKind.WHOLE: _("a whole number such as 1,234"),
        QuestionKind.PERCENT: _("a percentage such as 12.5"),
    }
    if question.kind in kinds:
        return kinds[question.kind]
    if question.indicator:
        return _("a number such as 1,234.5, in %(unit)s") % {"unit": question.indicator.unit_label}
    return _("a text")


def column_words() -> dict[str, str]:
    return {VALUE: _("This period"), STATUS: _("No value?"), EXPLANATION: _("Explanation")}
