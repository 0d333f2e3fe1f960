"""The order of a draft's sections and questions. Nothing is lost where two people move at once: the second looks again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import User
from reporting.domain.editing import lock_draft
from reporting.models import Question, Section
from reporting.queries.outline import Order, order_of, order_token


def step_section(*, section: Section, by: int, seen: str, actor: User) -> None:
    """One place up (-1) or down (1)."""
    with transaction.atomic():
        order = _locked_order(section.version_id, seen, actor)
        sections = list(order)
        place = sections.index(section.pk) + by
        if not 0 <= place < len(sections):
            raise Refused(_("“%(what)s” stands at the end already.") % {"what": section})
        sections.remove(section.pk)
        sections.insert(place, section.pk)
        _number_sections(sections)


def move_section(*, section: Section, before: int | None, seen: str, actor: User) -> None:
    """Before another section, or to the end."""
    with transaction.atomic():
        order = _locked_order(section.version_id, seen, actor)
        _number_sections(_with_before(list(order), section.pk, before))


def step_question(*, question: Question, by: int, seen: str, actor: User) -> None:
    """One place up (-1) or down (1); from the end of a section into the next one."""
    with transaction.atomic():
        order = _locked_order(question.section.version_id, seen, actor)
        home = order[question.section_id]
        place = home.index(question.pk) + by
        if 0 <= place < len(home):
            home.remove(question.pk)
            home.insert(place, question.pk)
            _number_questions(question.section_id, home)
            return
        sections = list(order)
        neighbour = sections.index(question.section_id) + by
        if not 0 <= neighbour < len(sections):
            raise Refused(_("“%(what)s” stands at the end already.") % {"what": question})
        target = sections[neighbour]
        place = 0 if by > 0 else len(order[target])
        _number_questions(target, [*order[target][:place], question.pk, *order[target][place:]])


def move_question(*, question: Question, section_id: int, before: int | None, seen: str, actor: User) -> None:
    """Into a section of the same draft, before another question there or to its end."""
    with transaction.atomic():
        order = _locked_order(question.section.version_id, seen, actor)
        if section_id not in order:
            raise Refused(_("This version has no such section."))
        _number_questions(section_id, _with_before(order[section_id], question.pk, before))


def _locked_order(version_id: int, seen: str, actor: User) -> Order:
    """The order as it is, which has to be what the person saw."""
    lock_draft(version_id=version_id, actor=actor)
    order = order_of(version_id)
    if order_token(order) != seen:
        raise Conflict(_("Somebody changed the order since you opened the page. Nothing was moved: look at it as it is now."))
    return order


def _with_before(rows: Sequence[int], moved: int, before: int | None) -> list[int]:
    others = [row for row in rows if row != moved]
    if before == moved:
        return list(rows)
    if before is not None and before not in others:
        raise Refused(_("What it is to stand before is not there."))
    place = len(others) if before is None else others.index(before)
    return [*others[:place], moved, *others[place:]]


def _number_sections(sections: Sequence[int]) -> None:
    places = {pk: place for place, pk in enumerate(sections, start=1)}
    for section in Section.objects.filter(pk__in=places):
        if section.position != places[section.pk]:
            section.position = places[section.pk]
            section.save(update_fields=["position"])


def _number_questions(section_id: int, questions: Sequence[int]) -> None:
    places = {pk: place for place, pk in enumerate(questions, start=1)}
    for question in Question.objects.filter(pk__in=places):
        if (question.section_id, question.position) != (section_id, places[question.pk]):
            question.section_id, question.position = section_id, places[question.pk]
            question.save(update_fields=["section", "position"])
