"""The ends of a key task: reported as done by its lead; closed, sent back or dropped by the bureau; and chasing it."""

from collections.abc import Set
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, NotAllowed
from districts.models import User
from districts.queries.access import district_ids_for
from reporting.domain.key_tasks.mails import tell_bureau, tell_chased, tell_decided
from reporting.domain.key_tasks.records import AGAIN, is_repeated, locked_task, need_bureau, need_open, record
from reporting.domain.texts import need_words, without_margins
from reporting.enums.key_tasks import OPEN_TASKS, WITH_DISTRICT, KeyTaskState, KeyTaskStep, PartyRole
from reporting.models import KeyTask, KeyTaskUpdate
from reporting.queries.key_tasks import latest_updates, updates_on

_T, _K = KeyTaskState, KeyTaskStep
_DONE = 100


def answer_key_task(*, task: KeyTask, note: str, actor: User, now: datetime, announce: bool = True) -> KeyTask:
    """The lead says that it is done, and what shows it; the bureau gets a mail."""
    words = need_words(note, _("Say what was delivered, and where it can be seen."))
    with transaction.atomic():
        current = locked_task(task.pk)
        lead = current.parties.select_related("district").get(role=PartyRole.LEAD)
        if not updates_on(actor, lead.district_id):
            raise NotAllowed(_("Only the officers and the head of the lead district report a task as done."))
        if is_repeated(current, _K.ANSWER, actor, words):
            return current
        _need(current, WITH_DISTRICT)
        known = latest_updates([lead.pk]).get(lead.pk)
        if known is None or known.progress < _DONE:
            KeyTaskUpdate.objects.create(
                party=lead, district_id=lead.district_id, progress=_DONE, text=words, actor=actor, at=now
            )
        _move(current, _T.ANSWERED, now)
        record(current, _K.ANSWER, actor=actor, now=now, note=words, district=lead.district)
        if announce:
            tell_bureau(current, now)
        return current


def close_key_task(*, task: KeyTask, note: str, actor: User, now: datetime, announce: bool = True) -> KeyTask:
    """Only the bureau closes, and says on what evidence; the task's districts get a mail."""
    words = need_words(note, _("Say on what evidence it is closed."))
    return _decide(task, _T.CLOSED, _K.CLOSE, OPEN_TASKS, words, actor, now, announce=announce)


def send_back_key_task(*, task: KeyTask, note: str, actor: User, now: datetime, announce: bool = True) -> KeyTask:
    """What was reported as done is not; the task's districts get a mail with the reason."""
    words = need_words(note, _("Say what is still missing."))
    return _decide(task, _T.SENT_BACK, _K.SEND_BACK, {_T.ANSWERED}, words, actor, now, announce=announce)


def drop_key_task(*, task: KeyTask, note: str, actor: User, now: datetime, announce: bool = True) -> KeyTask:
    """It is not wanted any more; the task's districts get a mail with the reason."""
    words = need_words(note, _("Say why the task is dropped."))
    return _decide(task, _T.DROPPED, _K.DROP, OPEN_TASKS, words, actor, now, announce=announce)


def chase_key_task(*, task: KeyTask, note: str, actor: User, now: datetime) -> KeyTask:
    """Ask the districts for the task now: a mail, and a line in its history. The same words right after it are one."""
    words = without_margins(note)
    with transaction.atomic():
        current = locked_task(task.pk)
        chased = district_ids_for(actor, DistrictPermission.REVIEW)
        if not current.parties.filter(district__in=chased).exists():
            raise NotAllowed(_("Your role does not include chasing this task."))
        if is_repeated(current, _K.CHASE, actor, words, since=now - AGAIN):
            return current
        _need(current, WITH_DISTRICT)
        step = record(current, _K.CHASE, actor=actor, now=now, note=words)
        tell_chased(current, step, now)
        return current


def _decide(
    task: KeyTask,
    state: KeyTaskState,
    step: KeyTaskStep,
    sources: Set[KeyTaskState],
    note: str,
    actor: User,
    now: datetime,
    *,
    announce: bool = True,
) -> KeyTask:
    with transaction.atomic():
        current = locked_task(task.pk)
        capacity = need_bureau(current, actor)
        if is_repeated(current, step, actor, note):
            return current
        need_open(current)
        _need(current, sources)
        _move(current, state, now)
        if not current.is_open:
            waiting = current.extensions.filter(answered_at=None)
            waiting.update(granted=False, answer=note, answered_by=actor, answered_at=now)
        told = record(current, step, actor=actor, now=now, note=note, capacity=capacity)
        if announce:
            tell_decided(current, told, now)
        return current


def _need(task: KeyTask, sources: Set[KeyTaskState]) -> None:
    if task.state not in sources:
        raise Conflict(_("This task is “%(state)s” now; this step is not possible.") % {"state": task.get_state_display()})


def _move(task: KeyTask, state: KeyTaskState, now: datetime) -> None:
    task.state = state
    task.closed_at = None if state in OPEN_TASKS else now
    task.save(update_fields=["state", "closed_at"])
