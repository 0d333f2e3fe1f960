"""The preview of an uploaded workbook: each change with what it replaces, and what a person chose among them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from districts.errors import DomainError
from reporting.domain.answers import AnswerChange
from reporting.errors import AnswerClash
from reporting.forms.answers import MINE, THEIRS, shown
from reporting.models import Answer, Question, Submission, WorkbookUpload
from reporting.queries.content import Content, Finding
from reporting.queries.findings import findings_of
from reporting.workbooks.marking import Mark
from reporting.workbooks.preview import with_changes
from reporting.workbooks.problems import Problem
from reporting.workbooks.rows import Place

_TO_FILL_IN = "required"


@dataclass(frozen=True)
class Chosen:
    """What the confirmation page sent: the questions to save, and the versions of others' answers that are to be replaced."""

    keys: frozenset[str]
    settled: Mapping[str, int]

    @classmethod
    def of(cls, post: QueryDict) -> "Chosen":
        ticked = post.getlist("change")
        choices = {key: post.get(f"choice-{key}", "") for key in ticked}
        settled = {key: _version(post.get(f"theirs-{key}", "")) for key, choice in choices.items() if choice == MINE}
        return cls(frozenset(key for key, choice in choices.items() if choice != THEIRS), settled)


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise DomainError(_("This page is damaged or out of date. Reload it and try again; nothing was saved."))
    return int(text)


@dataclass(frozen=True)
class Version:
    """An answer as the preview shows it: (as typed, explanation, status)."""

    raw: str
    explanation: str
    status: str


@dataclass(frozen=True)
class Entry:
    """One change. `clash` is somebody else's answer that came between."""

    question: Question
    before: Version
    after: Version
    address: str
    findings: tuple[Finding, ...]
    answer: Answer | None
    ticked: bool
    clash: AnswerClash | None = None

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def raw(self) -> str:
        return self.after.raw

    @property
    def is_emptied(self) -> bool:
        return not self.after.raw.strip() and not self.after.status and bool(self.before.raw.strip())


@dataclass(frozen=True)
class PreviewForm:
    """`content` is the report as it stands; `chosen` and `clashes` come with a confirmation that was refused."""

    submission: Submission
    upload: WorkbookUpload
    content: Content
    changes: Sequence[AnswerChange]
    chosen: Chosen | None = None
    clashes: Mapping[str, AnswerClash] = field(default_factory=dict)

    @cached_property
    def _found(self) -> dict[str, list[Finding]]:
        """What the checks say once everything is saved."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings_of(self._after):
            if finding.rule != _TO_FILL_IN:
                found[finding.question.key].append(finding)
        return found

    @cached_property
    def _after(self) -> Content:
        return with_changes(self.content, self.changes, self.submission)

    @cached_property
    def entries(self) -> list[Entry]:
        by_key = {change.question_key: change for change in self.changes}
        return [self._entry(question) for question in self.content.questionnaire.questions if question.key in by_key]

    def _entry(self, question: Question) -> Entry:
        key, answer = question.key, self.content.answers.get(question.key)
        return Entry(
            question=question,
            before=Version(*shown(answer)),
            after=Version(*shown(self._after.answers[key])),
            address=self._place(key).address if key in self.upload.places else "",
            findings=tuple(self._found[key]),
            answer=answer,
            ticked=self.chosen is None or key in self.chosen.keys or key in self.clashes,
            clash=self.clashes.get(key),
        )

    @cached_property
    def elsewhere(self) -> list[Finding]:
        """Findings that the changes cause at other questions: what was found there before is not repeated."""
        changed = {change.question_key for change in self.changes}
        before = {(finding.rule, finding.question.key, finding.message) for finding in findings_of(self.content)}
        found = [finding for key, findings in self._found.items() if key not in changed for finding in findings]
        return [finding for finding in found if (finding.rule, finding.question.key, finding.message) not in before]

    @cached_property
    def problems(self) -> list[Mark]:
        """In the reader's language."""
        asked = self.content.questionnaire.by_key
        read = [Problem.from_stored(stored) for stored in self.upload.problems]
        questions = [asked.get(problem.question_key) for problem in read]
        return [
            Mark(problem.place, problem.sentence(question), question=question)
            for problem, question in zip(read, questions, strict=True)
        ]

    @property
    def marks(self) -> list[Mark]:
        """All that is to be corrected or explained, each at its cell: what cannot be read, and what the checks say."""
        found = [finding for findings in self._found.values() for finding in findings if finding.blocks]
        return self.problems + [
            Mark(self._place(finding.question.key), finding.message, finding.is_hard)
            for finding in found
            if finding.question.key in self.upload.places
        ]

    def _place(self, key: str) -> Place:
        return Place(*self.upload.places[key])
