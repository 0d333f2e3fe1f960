"""Assigning key tasks, and changing what was assigned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, Refused
from districts.models import District, User
from reporting.domain.capacity import need_any
from reporting.domain.key_tasks.mails import tell_assigned, tell_decided
from reporting.domain.key_tasks.records import locked_task, need_bureau, need_open, record
from reporting.domain.texts import need_words, within_limit, without_margins
from reporting.enums.key_tasks import KeyTaskSource, KeyTaskStep, PartyRole
from reporting.models import KeyTask, KeyTaskParty

_MAX_TITLE, _MAX_LINE, _MAX_YEARS = 200, 300, 10


@dataclass(frozen=True)
class Assignment:
    """What is asked of whom. `origin` names what the task is made from, so that the same is never made twice."""

    title: str
    lead: District
    deliverable: str
    deadline: date
    source: KeyTaskSource = KeyTaskSource.PLAN
    co_leads: Collection[District] = ()
    description: str = ""
    reference: str = ""
    begins_on: date | None = None
    origin: str = ""


def assign_key_task(*, assignment: Assignment, actor: User, now: datetime, announce: bool = True) -> KeyTask:
    """Make the task; the officers and heads of its districts get a mail. The same again (by origin, or word for word by the same
    person) is the one that is there. Raises NotAllowed and Refused with every reason."""
    refusal = _("Only the bureau's approvers of all its districts assign a key task.")
    capacity, *_others = (
        need_any(actor, district.pk, {DistrictPermission.APPROVE}, refusal)
        for district in (assignment.lead, *assignment.co_leads)
    )
    made = KeyTask.objects.filter(origin=assignment.origin).first() if assignment.origin else None
    if made is not None:
        return made
    fields = _fields(assignment, now)
    with transaction.atomic():
        District.objects.select_for_update().get(pk=assignment.lead.pk)
        again = _same(assignment, fields, actor)
        if again is not None:
            return again
        task = KeyTask.objects.create(origin=assignment.origin, assigned_by=actor, assigned_at=now, **fields)
        KeyTaskParty.objects.create(task=task, district=assignment.lead, role=PartyRole.LEAD)
        for district in assignment.co_leads:
            KeyTaskParty.objects.create(task=task, district=district, role=PartyRole.CO_LEAD)
        record(task, KeyTaskStep.ASSIGN, actor=actor, now=now, capacity=capacity)
        if announce:
            tell_assigned(task, now)
        return task


def change_key_task(*, task: KeyTask, version: int, assignment: Assignment, actor: User, now: datetime) -> KeyTask:
    """Correct an open task's wording or dates; its districts and source stay. Its districts get a mail, unless nothing differs.
    Raises Conflict where it moved since `version`."""
    fields = _fields(assignment, now, is_new=False)
    del fields["source"]
    with transaction.atomic():
        current = locked_task(task.pk)
        capacity = need_bureau(current, actor)
        need_open(current)
        if current.version != version:
            raise Conflict(_("Somebody has changed this task meanwhile. Compare with what it says now, and save again."))
        if all(getattr(current, name) == value for name, value in fields.items()):
            return current
        moved = fields["deadline"] if fields["deadline"] != current.deadline else None
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        told = record(current, KeyTaskStep.CHANGE, actor=actor, now=now, wanted=moved, capacity=capacity)
        tell_decided(current, told, now)
        return current


def _fields(given: Assignment, now: datetime, *, is_new: bool = True) -> dict[str, Any]:
    begins_on = given.begins_on or min(timezone.localdate(now), given.deadline)
    reasons = []
    if given.lead in given.co_leads:
        reasons.append(_("The lead district cannot be its own co-lead."))
    if begins_on > given.deadline:
        reasons.append(_("The task would begin after its deadline."))
    if is_new and given.deadline < timezone.localdate(now):
        reasons.append(_("The deadline is in the past."))
    if given.deadline.year > timezone.localdate(now).year + _MAX_YEARS:
        reasons.append(_("The deadline is more than %(years)d years away. Check the year.") % {"years": _MAX_YEARS})
    if reasons:
        raise Refused(*reasons)
    return {
        "title": _line(need_words(given.title, _("Give a title.")), _MAX_TITLE),
        "description": within_limit(given.description),
        "source": given.source,
        "reference": _line(without_margins(given.reference), _MAX_TITLE),
        "deliverable": _line(need_words(given.deliverable, _("Say what is to be delivered.")), _MAX_LINE),
        "begins_on": begins_on,
        "deadline": given.deadline,
    }


def _line(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Refused(_("“%(start)s…” is too long: %(limit)d characters are possible.") % {"start": text[:30], "limit": limit})
    return " ".join(text.split())


def _same(given: Assignment, fields: dict[str, Any], actor: User) -> KeyTask | None:
    if given.origin:
        return KeyTask.objects.filter(origin=given.origin).first()
    known = {name: value for name, value in fields.items() if name != "begins_on"}
    same = KeyTask.objects.filter(origin="", assigned_by=actor, closed_at=None, **known).order_by("pk")
    wanted = {(given.lead.pk, PartyRole.LEAD), *((district.pk, PartyRole.CO_LEAD) for district in given.co_leads)}
    return next((task for task in same if set(task.parties.values_list("district", "role")) == wanted), None)
