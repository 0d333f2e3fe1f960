"""The answers of one revision in another one, by key: set-based, so that a whole city's reports move in seconds."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Model

from reporting.enums import AnswerStatus, QuestionKind
from reporting.models import Answer, EvidenceFile, KeyTaskUpdate, Question

_CHOICES = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


def copy_answers(*, revisions: Mapping[int, int], questions: Sequence[Question]) -> None:
    """Copy what was answered to the questions, and what was said of key tasks, from each revision (key) into another one (value).

    Answers keep their versions, so that a page opened before still saves or clashes as it should. A choice that is not offered
    any more stays as it was typed, and is not read.
    """
    keys = [question.key for question in questions]
    _copy(Answer, revisions, keys)
    _copy(EvidenceFile, revisions, keys)
    _copy(KeyTaskUpdate, revisions)
    for question in questions:
        if question.kind in _CHOICES:
            copies = Answer.objects.filter(revision__in=revisions.values(), question_key=question.key, row_key="")
            unread = copies.filter(status=AnswerStatus.REPORTED).exclude(choices__contained_by=question.choices)
            unread.update(choices=[], status=AnswerStatus.MISSING)


def _copy(model: type[Model], revisions: Mapping[int, int], keys: list[str] | None = None) -> None:
    """Of the questions with these keys alone, where there are any."""
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)  # noqa: SLF001 (Django's name)
    kept = [quoted(str(field.column)) for field in model._meta.concrete_fields if field.column not in {"id", "revision_id"}]  # noqa: SLF001
    columns, values = ", ".join(kept), ", ".join(f"source.{name}" for name in kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (revision_id, {columns})
            SELECT moved.target, {values}
            FROM unnest(%s::bigint[], %s::bigint[]) AS moved(origin, target)
            JOIN {table} source ON source.revision_id = moved.origin
            {"" if keys is None else "WHERE source.question_key = ANY(%s)"}
            """,  # noqa: S608 (the names are the model's; the rest are parameters)
            [list(revisions), list(revisions.values()), *([] if keys is None else [keys])],
        )
