"""How far reports are filled in, for lists: a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from reporting.enums import AnswerStatus, QuestionKind
from reporting.models import Answer, EvidenceFile, Question, Submission


@dataclass(frozen=True)
class Progress:
    answered: int
    required: int


def progress_of(submissions: Collection[Submission]) -> dict[int, Progress]:
    """By submission id: required questions, and how many of them have an answer in the working revision."""
    versions = {one.pk: _version_of(one) for one in submissions}
    required: dict[int, set[str]] = defaultdict(set)
    asked = Question.objects.filter(section__version_id__in=set(versions.values()), required=True)
    kinds = set()
    for version_id, key, kind in asked.exclude(indicator__formula__gt="").values_list("section__version_id", "key", "kind"):
        required[version_id].add(key)
        kinds.add(kind)
    owners = {one.working_revision_id: one.pk for one in submissions if one.working_revision_id}
    withheld = Q(status__in=[AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED])
    given = Answer.objects.filter(withheld | Q(raw__regex=r"\S"), revision_id__in=owners, row_key="")
    answered: Counter[int] = Counter()
    pairs = set(given.values_list("revision_id", "question_key"))
    if QuestionKind.FILE in kinds:
        pairs |= set(EvidenceFile.objects.filter(revision_id__in=owners).values_list("revision_id", "question_key"))
    for revision_id, key in pairs:
        owner = owners[revision_id]
        answered[owner] += key in required[versions[owner]]
    return {pk: Progress(answered[pk], len(required[version])) for pk, version in versions.items()}


def _version_of(submission: Submission) -> int:
    revision = submission.working_revision
    return revision.definition_version_id if revision else submission.cycle.definition_version_id
