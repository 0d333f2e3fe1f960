"""What moving a cycle to a newer version of its definition would do."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from reporting.enums import AnswerStatus, QuestionKind, SubmissionState, VersionState
from reporting.models import Answer, Cycle, DefinitionVersion, EvidenceFile, Question, Submission
from reporting.queries.definitions import Questionnaire, questionnaire

_GIVEN = ~Q(raw="") | ~Q(explanation="") | Q(status__in=[AnswerStatus.NOT_APPLICABLE, AnswerStatus.SUPPRESSED])
"""An answer that somebody gave: an emptied one is none."""


@dataclass(frozen=True)
class Dropped:
    """A question of the version before whose answers do not follow; `successor` is what its key asks for now, if anything."""

    question: Question
    successor: Question | None
    districts: tuple[str, ...]
    """Names of those who have given an answer, each once."""


@dataclass(frozen=True)
class Move:
    cycle: Cycle
    target: DefinitionVersion
    dropped: tuple[Dropped, ...]
    required: tuple[Question, ...]
    """What is new and has to be answered."""
    following: int
    waiting: int
    """Those of `following` that wait for a signature: they go back to the district's officers."""
    signed: int
    not_started: int


def versions_ahead(cycle: Cycle) -> QuerySet[DefinitionVersion]:
    """The published versions that the cycle can be moved to, the newest first."""
    ahead = DefinitionVersion.objects.filter(
        definition=cycle.definition_id, number__gt=cycle.definition_version.number, state=VersionState.PUBLISHED
    )
    return ahead.select_related("definition").order_by("-number")


def unsigned(cycle: Cycle) -> QuerySet[Submission]:
    """The reports whose working revision is not signed, in the one order in which they are locked."""
    return cycle.submissions.filter(working_revision__isnull=False, working_revision__signed_at=None).order_by("pk")


def followed(before: Questionnaire, after: Questionnaire) -> list[Question]:
    """The questions of the newer version that take over the answers of those with the same key."""
    return [question for question in after.entered if _follows(before.by_key.get(question.key), question)]


def _follows(before: Question | None, after: Question) -> bool:
    return before is not None and (before.kind, before.indicator_id) == (after.kind, after.indicator_id)


def unfollowed(before: Questionnaire, after: Questionnaire) -> list[Question]:
    kept = {question.key for question in followed(before, after)}
    return [question for question in before.entered if question.key not in kept]


def given_answers(revision_ids: Iterable[int], keys: Iterable[str]) -> QuerySet[Answer]:
    return Answer.objects.filter(_GIVEN, revision__in=list(revision_ids), question_key__in=list(keys)).order_by(
        "question_key", "pk"
    )


def planned_move(cycle: Cycle, target: DefinitionVersion) -> Move:
    before, after = questionnaire(cycle.definition_version_id), questionnaire(target.pk)
    reports = list(unsigned(cycle).select_related("district"))
    states = list(cycle.submissions.values_list("state", flat=True))
    expected = [one for one in reports if one.state != SubmissionState.RELEASED]
    return Move(
        cycle,
        target,
        tuple(_dropped(before, after, reports)),
        tuple(
            question
            for question in after.entered
            if question.required and not _follows(before.by_key.get(question.key), question)
        ),
        following=len(expected),
        waiting=states.count(SubmissionState.AWAITING_SIGNATURE),
        signed=sum(states.count(one) for one in (SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW, SubmissionState.APPROVED)),
        not_started=states.count(SubmissionState.NOT_STARTED),
    )


def _dropped(before: Questionnaire, after: Questionnaire, reports: list[Submission]) -> Iterator[Dropped]:
    gone = unfollowed(before, after)
    names = {one.working_revision_id: one.district_label for one in reports if one.working_revision_id}
    given: dict[str, set[str]] = defaultdict(set)
    for key, revision in given_answers(names, [one.key for one in gone]).values_list("question_key", "revision"):
        given[key].add(names[revision])
    files = [one.key for one in gone if one.kind == QuestionKind.FILE]
    for key, revision in EvidenceFile.objects.filter(revision__in=names, question_key__in=files).values_list(
        "question_key", "revision"
    ):
        given[key].add(names[revision])
    for question in gone:
        yield Dropped(question, after.by_key.get(question.key), tuple(sorted(given[question.key])))
