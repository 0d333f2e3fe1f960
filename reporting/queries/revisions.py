"""What changed between two revisions of a report."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.models import Answer, EvidenceFile, Question, Revision, Submission
from reporting.queries.definitions import answers_by_key, questionnaire
from reporting.queries.evidence import files_by_key


@dataclass(frozen=True)
class Difference:
    """One question whose answer differs. Either answer is None where the revision has none."""

    question: Question
    before: Answer | None
    after: Answer | None
    files_before: tuple[EvidenceFile, ...] = ()
    files_after: tuple[EvidenceFile, ...] = ()

    @property
    def value_changed(self) -> bool:
        return self.files_changed or _value(self.before) != _value(self.after)

    @property
    def files_changed(self) -> bool:
        return _contents(self.files_before) != _contents(self.files_after)

    @property
    def removed(self) -> list[EvidenceFile]:
        return [file for file in self.files_before if file.sha256 not in _contents(self.files_after)]

    @property
    def added(self) -> list[EvidenceFile]:
        return [file for file in self.files_after if file.sha256 not in _contents(self.files_before)]

    @property
    def kept(self) -> list[EvidenceFile]:
        return [file for file in self.files_after if file.sha256 in _contents(self.files_before)]

    @property
    def explanation_changed(self) -> bool:
        return _explanation(self.before) != _explanation(self.after)


@dataclass(frozen=True)
class RevisionDiff:
    before: Revision
    after: Revision
    differences: tuple[Difference, ...]

    @property
    def nil_changed(self) -> bool:
        return self.before.nil_reason != self.after.nil_reason

    @property
    def is_empty(self) -> bool:
        return not self.differences and not self.nil_changed


def signed_revisions(submission: Submission) -> list[Revision]:
    """The signed revisions, latest first: those the bureau may read."""
    return list(submission.revisions.filter(signed_at__isnull=False).select_related("signed_by").order_by("-number"))


def revision_diff(before: Revision, after: Revision) -> RevisionDiff:
    """The answers that differ, in the order of the later revision's questions. Computed values follow from the others."""
    asked = questionnaire(after.definition_version_id)
    answers = Answer.objects.filter(revision__in=[before, after])
    old, new = (_of(answers, revision) for revision in (before, after))
    files = list(EvidenceFile.objects.filter(revision__in=[before, after])) if asked.asks_files else []
    had, has = (files_by_key(file for file in files if file.revision_id == revision.pk) for revision in (before, after))
    found = (
        Difference(question, old.get(key), new.get(key), had.get(key, ()), has.get(key, ()))
        for question in asked.entered
        for key in [question.key]
    )
    return RevisionDiff(before, after, tuple(item for item in found if item.value_changed or item.explanation_changed))


def _of(answers: Iterable[Answer], revision: Revision) -> dict[str, Answer]:
    return answers_by_key(answer for answer in answers if answer.revision_id == revision.pk)


def _contents(files: Iterable[EvidenceFile]) -> set[str]:
    return {file.sha256 for file in files}


def _value(answer: Answer | None) -> tuple[object, ...]:
    if answer is None:
        return (None, "")
    return (answer.number, "") if answer.number is not None else (None, answer.raw.strip() or answer.status)


def _explanation(answer: Answer | None) -> str:
    return answer.explanation.strip() if answer else ""
