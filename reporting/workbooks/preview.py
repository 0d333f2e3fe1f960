"""What an uploaded workbook would change in its report, and what is wrong in it. Nothing is written here.

The path of a file: `book = read_book(content)`, `preview = preview_of(book, submission)`, and then either
`keep_preview(...)` for somebody to confirm, or `apply_preview(...)` at once. `identity_of(book)` tells whose workbook it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from districts.models import User
from reporting.domain.answers import MAX_RAW, AnswerChange, changed_answer, save_answers
from reporting.domain.workbooks import ReadWorkbook, keep_upload
from reporting.enums import AnswerStatus, QuestionKind
from reporting.models import Answer, Question, Submission, WorkbookUpload
from reporting.queries.content import Content, Finding
from reporting.queries.findings import findings_of
from reporting.queries.reports import content_of
from reporting.workbooks import limits
from reporting.workbooks.cells import Book, Cell
from reporting.workbooks.identity import Identity, Seen, identity_of, need_identity, print_of
from reporting.workbooks.kinds import Misread, clean, is_input, meaning_of, raw_of, status_of
from reporting.workbooks.problems import Problem, column_words
from reporting.workbooks.refusals import refusal
from reporting.workbooks.rows import EXPLANATION, STATUS, VALUE, FoundRow, Place, Rows, rows_of


@dataclass(frozen=True)
class Preview:
    """`content` is the report as it would be with all changes; `places` says where each question stands in the workbook."""

    changes: tuple[AnswerChange, ...]
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]
    before: Content
    content: Content

    @cached_property
    def findings(self) -> list[Finding]:
        """Of the report's checks, with all changes."""
        return findings_of(self.content)


def preview_of(book: Book, submission: Submission) -> Preview:
    """Raises Refused or Conflict for a workbook that is none of ours, or of another district, cycle, version or revision."""
    if sum(len(sheet.cells) for sheet in book.sheets) > limits.REPORT_CELLS:
        raise refusal("cells", cells=limits.REPORT_CELLS)
    identity = identity_of(book)
    need_identity(identity, submission)
    rows = rows_of(book)
    before = content_of(submission, submission.working_revision)
    asked = {question.key: question for question in before.questionnaire.questions if is_input(question)}
    changes: list[AnswerChange] = []
    answers = dict(before.answers)
    problems = list(_misplaced(rows, before, identity))
    for key, question in asked.items():
        if key in identity.seen and key in rows.by_key:
            read = _read_row(question, rows.by_key[key], identity.seen[key], before.answers.get(key), submission)
            problems += read.problems
            if read.change is not None:
                changes.append(read.change)
            if read.answer is not None:
                answers[key] = read.answer
    problems.sort(key=lambda problem: _order(book, problem))
    places = {key: found[0].place() for key, found in rows.by_key.items() if key in asked}
    content = replace(before, answers=answers, numbers=before.questionnaire.numbers(answers))
    return Preview(tuple(changes), tuple(problems), places, before, content)


def with_changes(content: Content, changes: Sequence[AnswerChange], submission: Submission) -> Content:
    """The content as it would be once they are saved."""
    answers = dict(content.answers)
    for change in changes:
        question = content.questionnaire.by_key.get(change.question_key)
        if question is None:  # the report went over to another version meanwhile
            continue
        answers[question.key] = _as_changed(submission, question, answers.get(question.key), change)
    return replace(content, answers=answers, numbers=content.questionnaire.numbers(answers))


def apply_preview(*, preview: Preview, submission: Submission, actor: User, now: datetime) -> list[Answer]:
    """Save every change, all or none, as the page does. Raises what saving answers raises."""
    return save_answers(submission=submission, changes=preview.changes, actor=actor, now=now)


def keep_preview(
    *, preview: Preview, submission: Submission, name: str, content: bytes, actor: User, now: datetime
) -> WorkbookUpload:
    """Keep it for the person to confirm with `reporting.domain.workbooks.confirm_upload`. Raises what a save raises."""
    read = ReadWorkbook(
        name=name,
        content=content,
        changes=preview.changes,
        problems=[problem.as_stored() for problem in preview.problems],
        places={key: list(place) for key, place in preview.places.items()},
    )
    return keep_upload(submission=submission, read=read, actor=actor, now=now)


def _as_changed(submission: Submission, question: Question, current: Answer | None, change: AnswerChange) -> Answer:
    revision = submission.working_revision
    if revision is None:
        raise ValueError("a report that was not begun has no answers to change")
    return changed_answer(revision, question, current, change)


@dataclass(frozen=True)
class _Read:
    """What a row says. `answer` is as it would be then; None where nothing changes, or the report was not begun."""

    change: AnswerChange | None = None
    answer: Answer | None = None
    problems: Sequence[Problem] = ()


def _read_row(question: Question, found: list[FoundRow], seen: Seen, current: Answer | None, submission: Submission) -> _Read:
    row = found[0]
    if any(other.values != row.values for other in found[1:]):
        return _Read(problems=[Problem("double", other.place(), question_key=question.key) for other in found])
    parts, problems = _touched(question, row, seen)
    if problems or not parts:
        return _Read(problems=problems)
    change = AnswerChange(question.key, seen.version, **parts)
    if submission.working_revision is None:
        return _Read(change)
    after = _as_changed(submission, question, current, change)
    if change.raw is not None and after.status == AnswerStatus.MISSING and after.raw.strip():
        return _Read(problems=[Problem("unreadable", row.place(), after.raw, question.key)])
    return _Read() if current is not None and _is_same(current, after) else _Read(change, after)


def _touched(question: Question, row: FoundRow, seen: Seen) -> tuple[dict[str, str], list[Problem]]:
    """The parts of the answer that differ from what the workbook showed."""
    parts: dict[str, str] = {}
    problems: list[Problem] = []
    for column, part in _PARTS.items():
        if column not in row.columns or (column != VALUE and not question.indicator):
            continue
        text = part.read(question, row.cell(column))
        if isinstance(text, Misread):
            problems.append(Problem(text.reason, row.place(column), text.found, question.key))
        elif len(text) > MAX_RAW:
            problems.append(Problem("too_long", row.place(column), question_key=question.key))
        elif part.mark(question, text) != part.shown(seen):
            parts[part.name] = text
    return parts, problems


@dataclass(frozen=True)
class _Part:
    """A part of an answer: its name in a change, how its cell is read, and by what a change of it shows."""

    name: str
    read: Callable[[Question, Cell | None], str | Misread]
    mark: Callable[[Question, str], str]
    shown: Callable[[Seen], str]


def _explanation(_question: Question, cell: Cell | None) -> str:
    return "" if cell is None or cell.value is None else clean(str(cell.value)).strip()


_PARTS = {
    VALUE: _Part("raw", raw_of, lambda question, text: print_of(meaning_of(question, text)), lambda seen: seen.value),
    STATUS: _Part("status", lambda _question, cell: status_of(cell), lambda _question, text: text, lambda seen: seen.status),
    EXPLANATION: _Part("explanation", _explanation, lambda _question, text: print_of(text), lambda seen: seen.explanation),
}


def _is_same(current: Answer, after: Answer) -> bool:
    fields = ("raw", "status", "explanation")
    return all(getattr(current, field) == getattr(after, field) for field in fields)


def _misplaced(rows: Rows, content: Content, identity: Identity) -> Iterator[Problem]:
    """What stands where nothing is read, and what is missing."""
    asked = content.questionnaire.by_key
    for row in rows.strays:
        for column in (VALUE, STATUS, EXPLANATION):
            cell = row.cell(column)
            if cell is not None and str(cell.value or "").strip():
                yield Problem("stray", row.place(column), str(cell.value))
                break
    for key, found in rows.by_key.items():
        if key not in asked:
            yield from (Problem("unknown", row.place(), key) for row in found)
        elif asked[key].kind == QuestionKind.FILE and any(row.cell(VALUE) for row in found):
            yield Problem("file", found[0].place(), question_key=key)
    yield from (Problem("missing", None, question_key=key) for key in identity.seen if key in asked and key not in rows.by_key)
    words = column_words()
    for sheet, column in rows.missing_columns:
        yield Problem("column", Place(sheet, 1, 1), words[column])


def _order(book: Book, problem: Problem) -> tuple[int, int, int]:
    names = [sheet.name for sheet in book.sheets]
    return (names.index(problem.place.sheet), problem.place.row, problem.place.column) if problem.place else (-1, 0, 0)
