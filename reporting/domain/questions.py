"""The questions of a draft."""

from django.db import transaction

from districts.models import User
from reporting.domain.editing import end_of, lock_draft, save_part
from reporting.domain.keys import need_free_key, rename_key, suggested_key
from reporting.models import Question


def add_question(*, question: Question, actor: User) -> Question:
    """At the end of its section. A blank key is made from the indicator's code or the label."""
    with transaction.atomic():
        version = lock_draft(version_id=question.section.version_id, actor=actor)
        taken = set(Question.objects.filter(section__version=version).values_list("key", flat=True))
        question.key = question.key or _suggestion(question, taken)
        question.position = end_of(question.section.questions.all())
        need_free_key(version=version, question=question)
        save_part(question)
        return question


def change_question(*, question: Question, actor: User) -> None:
    """Into another section at its end. The place within the section stays, and the key where a published version has it."""
    with transaction.atomic():
        version = lock_draft(version_id=question.section.version_id, actor=actor)
        stored = Question.objects.get(pk=question.pk)
        question.key = question.key or stored.key
        question.position = (
            stored.position if question.section_id == stored.section_id else end_of(question.section.questions.all())
        )
        need_free_key(version=version, question=question)
        if question.key != stored.key:
            rename_key(version=version, old=stored.key, new=question.key)
        save_part(question)


def delete_question(*, question: Question, actor: User) -> None:
    with transaction.atomic():
        lock_draft(version_id=question.section.version_id, actor=actor)
        Question.objects.filter(pk=question.pk).delete()


def _suggestion(question: Question, taken: set[str]) -> str:
    if question.indicator and question.indicator.code not in taken:
        return question.indicator.code
    words = (question.indicator.code,) if question.indicator else (question.label,)
    return suggested_key(*words, taken=taken, otherwise="question")
