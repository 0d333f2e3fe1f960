"""What a symposium finds and agrees: problems from the data, remarks, conclusions, and action items that become key tasks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import District, User
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.symposiums.planning import locked_symposium
from reporting.domain.texts import need_words, without_margins
from reporting.enums.key_tasks import KeyTaskSource
from reporting.enums.symposiums import AHEAD, Decision, Priority, SymposiumState
from reporting.models import ActionItem, AgendaItem, Conclusion, Problem, Symposium
from reporting.queries.symposiums.problems import Found, find

_WORKING = AHEAD | {SymposiumState.HELD}
_CONCLUDING = {SymposiumState.INVITED, SymposiumState.HELD}
_MAX_ITEM = 200


@dataclass(frozen=True)
class Item:
    title: str
    lead: District
    deliverable: str
    deadline: date
    co_leads: Collection[District] = ()


def find_problems(*, symposium: Symposium, actor: User, now: datetime) -> int:
    """Look at the data again; gives how many problems there are. Decisions and wordings stay; where the numbers are others than
    before, that is marked; what is no longer found and was not decided on goes."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, _WORKING)
        known = {(one.kind, one.indicator_id): one for one in current.problems.all()}
        found = find(current.cycle, now)
        for one in found:
            _keep(current, known.pop((one.kind.value, one.indicator.pk if one.indicator else None), None), one, now)
        for left in known.values():
            if left.decision == Decision.OPEN:
                left.delete()
        return current.problems.count()


def decide_problem(*, problem: Problem, decision: Decision, text: str, actor: User) -> Problem:
    """Accept it, with another wording where the bureau has one, or drop it."""
    with transaction.atomic():
        locked_symposium(problem.symposium, actor, _WORKING)
        problem.decision, problem.text, problem.changed_at = decision, without_margins(text), None
        problem.save(update_fields=["decision", "text", "changed_at"])
        return problem


def hold_symposium(*, symposium: Symposium, actor: User, now: datetime) -> Symposium:
    """It has taken place."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, {SymposiumState.INVITED, SymposiumState.HELD})
        if now < current.starts_at:
            raise Refused(_("It has not begun yet."))
        current.state = SymposiumState.HELD
        current.save(update_fields=["state"])
        return current


def note_remarks(*, item: AgendaItem, remarks: str, actor: User) -> AgendaItem:
    with transaction.atomic():
        locked_symposium(item.symposium, actor, _CONCLUDING)
        item.remarks = without_margins(remarks)
        item.save(update_fields=["remarks"])
        return item


def assess(*, symposium: Symposium, text: str, actor: User) -> Symposium:
    """The bureau's assessment, for the minutes."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, _CONCLUDING)
        current.assessment = without_margins(text)
        current.save(update_fields=["assessment"])
        return current


def add_conclusion(*, symposium: Symposium, group: Priority, text: str, actor: User) -> Conclusion:
    """The same words in the same group are one."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, _CONCLUDING)
        words = need_words(text, _("Write the conclusion."))
        known = current.conclusions.filter(group=group, text=words).first()
        position = current.conclusions.filter(group=group).count()
        return known or Conclusion.objects.create(symposium=current, group=group, text=words, position=position)


def remove_conclusion(*, conclusion: Conclusion, actor: User) -> None:
    with transaction.atomic():
        locked_symposium(conclusion.symposium, actor, _CONCLUDING)
        if conclusion.items.exists():
            raise Conflict(_("Action items follow from this conclusion. Remove them first."))
        conclusion.delete()


def add_action_item(*, conclusion: Conclusion, item: Item, actor: User) -> ActionItem:
    """The same item for the same lead is one."""
    with transaction.atomic():
        locked_symposium(conclusion.symposium, actor, _CONCLUDING)
        if item.lead in item.co_leads:
            raise Refused(_("The lead district cannot be its own co-lead."))
        title = need_words(item.title, _("Give a title."))
        deliverable = need_words(item.deliverable, _("Say what is to be delivered."))
        if len(title) > _MAX_ITEM or len(deliverable) > _MAX_ITEM:
            raise Refused(_("A title and a deliverable have %(limit)d characters at most.") % {"limit": _MAX_ITEM})
        known = conclusion.items.filter(title=title, lead=item.lead).first()
        if known is not None:
            return known
        given: dict[str, Any] = {"title": title, "lead": item.lead, "deliverable": deliverable, "deadline": item.deadline}
        made = ActionItem.objects.create(conclusion=conclusion, **given)
        made.co_leads.set(item.co_leads)
        return made


def remove_action_item(*, item: ActionItem, actor: User) -> None:
    with transaction.atomic():
        locked_symposium(item.conclusion.symposium, actor, _CONCLUDING)
        current = ActionItem.objects.select_for_update().get(pk=item.pk)
        if current.task_id is not None:
            raise Conflict(_("It is a key task already: drop that instead."))
        current.delete()


def assign_items(*, symposium: Symposium, actor: User, now: datetime, announce: bool = True) -> int:
    """Make every action item a key task: all of them, or none. Gives how many there are; pressed twice, nothing is made twice."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, {SymposiumState.HELD, SymposiumState.CONCLUDED})
        items = ActionItem.objects.filter(conclusion__symposium=current).select_related("conclusion", "lead")
        open_items = list(items.filter(task=None).prefetch_related("co_leads").order_by("pk"))
        for item in open_items:
            task = assign_key_task(assignment=_assignment(current, item), actor=actor, now=now, announce=announce)
            ActionItem.objects.filter(pk=item.pk).update(task=task)
        return items.count()


def conclude_symposium(*, symposium: Symposium, actor: User) -> Symposium:
    """The districts read its conclusions from now on; what was found and agreed stays as it is."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, {SymposiumState.HELD, SymposiumState.CONCLUDED})
        if not current.conclusions.exists():
            raise Refused(_("Write at least one conclusion first."))
        if ActionItem.objects.filter(conclusion__symposium=current, task=None).exists():
            raise Refused(_("Action items are not assigned yet: make them key tasks first, or remove them."))
        current.state = SymposiumState.CONCLUDED
        current.save(update_fields=["state"])
        return current


def _keep(symposium: Symposium, known: Problem | None, found: Found, now: datetime) -> None:
    if known is None:
        problem = Problem.objects.create(
            symposium=symposium, kind=found.kind, indicator=found.indicator, numbers=found.numbers, found_at=now
        )
        problem.districts.set(found.districts)
        return
    moved = {**known.numbers, "source": None} != {**found.numbers, "source": None}
    known.numbers, known.found_at = found.numbers, now
    known.changed_at = now if moved else known.changed_at
    known.save(update_fields=["numbers", "found_at", "changed_at"])
    known.districts.set(found.districts)


def _assignment(symposium: Symposium, item: ActionItem) -> Assignment:
    return Assignment(
        title=item.title,
        lead=item.lead,
        deliverable=item.deliverable,
        deadline=item.deadline,
        source=KeyTaskSource.SYMPOSIUM,
        co_leads=list(item.co_leads.all()),
        description=item.conclusion.text,
        reference=symposium.title,
        origin=f"action-item:{item.pk}",
    )
