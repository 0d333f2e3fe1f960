"""Opening revisions and writing what is computed into them."""

from collections.abc import Iterable
from datetime import datetime

from reporting.domain.following import copy_answers
from reporting.enums import AnswerStatus
from reporting.models import Answer, Question, Revision, Submission
from reporting.queries.definitions import answers_by_key, questionnaire
from reporting.queries.moves import followed


def open_revision(*, submission: Submission, now: datetime, copy_of: Revision | None = None) -> Revision:
    """A new working revision on the cycle's version, with the answers that people gave in an earlier one, by key. Not yet the
    submission's pointer."""
    latest = submission.revisions.order_by("-number").first()
    revision = Revision.objects.create(
        submission=submission,
        district_id=submission.district_id,
        number=latest.number + 1 if latest else 1,
        definition_version_id=submission.cycle.definition_version_id,
        nil_reason=copy_of.nil_reason if copy_of else "",
        created_at=now,
    )
    if copy_of is not None:
        before, after = questionnaire(copy_of.definition_version_id), questionnaire(revision.definition_version_id)
        copy_answers(revisions={copy_of.pk: revision.pk}, questions=followed(before, after))
    return revision


def miscomputed(revision: Revision, answers: Iterable[Answer]) -> list[Question]:
    """The computed questions whose stored value is not what the entered answers give now."""
    asked, stored = questionnaire(revision.definition_version_id), answers_by_key(answers)
    numbers = asked.numbers(stored)
    return [
        question
        for question in asked.questions
        if question.is_computed
        and question.indicator
        and numbers[question.indicator.code] != (stored[question.key].number if question.key in stored else None)
    ]


def write_computed(*, revision: Revision, now: datetime) -> None:
    """Replace the revision's computed answers by what its entered ones give; n/a is stored as missing."""
    asked = questionnaire(revision.definition_version_id)
    numbers = asked.numbers(answers_by_key(revision.answers.all()))
    computed = [question for question in asked.questions if question.is_computed and question.indicator]
    revision.answers.filter(question_key__in=[question.key for question in computed]).delete()
    Answer.objects.bulk_create(
        Answer(
            revision=revision,
            district_id=revision.district_id,
            question_key=question.key,
            indicator=question.indicator,
            number=numbers[question.indicator.code],
            status=AnswerStatus.MISSING if numbers[question.indicator.code] is None else AnswerStatus.REPORTED,
            updated_at=now,
        )
        for question in computed
        if question.indicator
    )
