"""A report's page as a form: its questions with what stands in their fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from reporting.enums import AnswerStatus, CommentState
from reporting.errors import AnswerClash
from reporting.forms.answers import Typed, seen_token, shown
from reporting.models import Answer, Question
from reporting.queries.content import Finding
from reporting.queries.reports import ReportPage, Row, SectionRows

WITHHELD = (AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED)
_TO_FILL_IN = "required"
"""The rule of an answer that is still to be given: work to do, and not a mistake."""


@dataclass(frozen=True)
class Entry:
    """A question with what stands in its fields: the stored answer, or what was typed where that could not be saved."""

    row: Row
    typed: Typed | None = None
    clash: AnswerClash | None = None

    @property
    def question(self) -> Question:
        return self.row.question

    @property
    def key(self) -> str:
        return self.row.question.key

    @property
    def answer(self) -> Answer | None:
        return self.row.answer

    @cached_property
    def _shown(self) -> tuple[str, str, str]:
        return (self.typed.raw, self.typed.explanation, self.typed.status) if self.typed else shown(self.row.answer)

    @property
    def raw(self) -> str:
        return self._shown[0]

    @property
    def explanation(self) -> str:
        return self._shown[1]

    @property
    def status(self) -> str:
        return self._shown[2]

    @property
    def seen(self) -> str:
        return self.typed.seen if self.typed else seen_token(self.row.answer)

    @property
    def chosen(self) -> list[str]:
        return self.raw.split("\n")

    @property
    def stray(self) -> str:
        """What stands in the answer to a choice and is none of the choices; it is kept and shown."""
        return self.raw if self.raw and not set(self.chosen) <= set(self.question.choices) else ""

    @property
    def messages(self) -> list[Finding]:
        """The findings that say something about an answer that was given."""
        return [finding for finding in self.row.findings if finding.rule != _TO_FILL_IN]

    @property
    def is_to_fill_in(self) -> bool:
        return any(finding.rule == _TO_FILL_IN for finding in self.row.findings)

    @property
    def is_invalid(self) -> bool:
        return any(finding.is_hard for finding in self.messages)

    @property
    def unexplained(self) -> bool:
        return any(finding.blocks and not finding.is_hard for finding in self.messages)

    @property
    def takes_explanation(self) -> bool:
        return bool(self.row.soft) or bool(self.explanation) or bool(self.status)

    @property
    def sent_comments(self) -> bool:
        return bool(self.row.comments)


@dataclass(frozen=True)
class SectionForm:
    rows: SectionRows
    entries: tuple[Entry, ...]

    @property
    def statistics(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.question.indicator]

    @property
    def narrative(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.question.indicator]


@dataclass(frozen=True)
class ReportForm:
    """The page's sections as fields; `typed` and `clashes` where a save was refused."""

    page: ReportPage
    editor: str
    typed: Mapping[str, Typed] = field(default_factory=dict)
    clashes: Mapping[str, AnswerClash] = field(default_factory=dict)

    @cached_property
    def sections(self) -> tuple[SectionForm, ...]:
        return tuple(SectionForm(section, tuple(self._entry(row) for row in section.rows)) for section in self.page.sections)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {entry.key: entry for section in self.sections for entry in section.entries}

    def touched_by(self, keys: Iterable[str]) -> list[Entry]:
        """The statistics that may look different after a save of these questions."""
        touched = self.page.questionnaire.touched_by(keys)
        return [entry for section in self.sections for entry in section.statistics if entry.key in touched]

    def _entry(self, row: Row) -> Entry:
        return Entry(row, self.typed.get(row.question.key), self.clashes.get(row.question.key))

    @property
    def to_do(self) -> "ToDo":
        return ToDo(self.page)


@dataclass(frozen=True)
class ToDo:
    """What stands between the report and handing it over."""

    page: ReportPage

    @cached_property
    def missing(self) -> list[Finding]:
        return [finding for finding in self.page.blocking if finding.rule == _TO_FILL_IN]

    @cached_property
    def wrong(self) -> list[Finding]:
        return [finding for finding in self.page.blocking if finding.is_hard and finding.rule != _TO_FILL_IN]

    @cached_property
    def unexplained(self) -> list[Finding]:
        return [finding for finding in self.page.blocking if not finding.is_hard]

    @property
    def comments(self) -> Sequence[object]:
        return [comment for comment in self.page.open_comments if comment.state == CommentState.OPEN]

    @property
    def total(self) -> int:
        return len(self.missing) + len(self.wrong) + len(self.unexplained) + len(self.comments)
