"""Opening revisions and writing what is computed into them."""

from datetime import datetime

from reporting.enums import AnswerStatus
from reporting.models import Answer, EvidenceFile, Revision, Submission
from reporting.queries.definitions import answers_by_key, questionnaire


def open_revision(*, submission: Submission, now: datetime, copy_of: Revision | None = None) -> Revision:
    """A new working revision, with the answers that people gave in an earlier one. Not yet the submission's pointer."""
    latest = submission.revisions.order_by("-number").first()
    revision = Revision.objects.create(
        submission=submission,
        district_id=submission.district_id,
        number=latest.number + 1 if latest else 1,
        definition_version_id=copy_of.definition_version_id if copy_of else submission.cycle.definition_version_id,
        nil_reason=copy_of.nil_reason if copy_of else "",
        created_at=now,
    )
    if copy_of is not None:
        _copy_answers(copy_of, revision)
        _copy_files(copy_of, revision)
    return revision


def _copy_answers(source: Revision, target: Revision) -> None:
    """Answers keep their versions, so that a page opened before the step still saves or clashes as it should."""
    entered = source.answers.exclude(indicator__isnull=False, indicator__formula__gt="")
    copies = []
    for answer in entered:
        answer.pk, answer.revision = None, target
        answer._state.adding = True  # noqa: SLF001 (Django's documented way to copy an instance)
        copies.append(answer)
    Answer.objects.bulk_create(copies)


def _copy_files(source: Revision, target: Revision) -> None:
    """The rows alone: the same bytes belong to both revisions."""
    copies = list(source.files.all())
    for file in copies:
        file.pk, file.revision = None, target
        file._state.adding = True  # noqa: SLF001 (as above)
    EvidenceFile.objects.bulk_create(copies)


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
