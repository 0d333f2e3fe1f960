"""What changed between two revisions of a report."""

from collections.abc import Iterable
from dataclasses import dataclass

from reporting.models import Answer, Question, Revision, Submission
from reporting.queries.definitions import answers_by_key, questionnaire


@dataclass(frozen=True)
class Difference:
    """One question whose answer differs. Either answer is None where the revision has none."""

    question: Question
    before: Answer | None
    after: Answer | None

    @property
    def value_changed(self) -> bool:
        return _value(self.before) != _value(self.after)

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
    found = (Difference(question, old.get(question.key), new.get(question.key)) for question in asked.entered)
    return RevisionDiff(before, after, tuple(item for item in found if item.value_changed or item.explanation_changed))


def _of(answers: Iterable[Answer], revision: Revision) -> dict[str, Answer]:
    return answers_by_key(answer for answer in answers if answer.revision_id == revision.pk)


def _value(answer: Answer | None) -> tuple[object, ...]:
    if answer is None:
        return (None, "")
    return (answer.number, "") if answer.number is not None else (None, answer.raw.strip() or answer.status)


def _explanation(answer: Answer | None) -> str:
    return answer.explanation.strip() if answer else ""
