"""More time for a key task: asked for by its lead before the deadline, given or refused by the bureau."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.key_tasks.mails import tell_bureau, tell_decided
from reporting.domain.key_tasks.records import locked_task, need_bureau, need_open, record
from reporting.domain.texts import need_words, without_margins
from reporting.enums.key_tasks import KeyTaskStep, PartyRole
from reporting.models import KeyTask, KeyTaskExtension
from reporting.queries.key_tasks import updates_on

_MAX_YEARS = 10


def ask_task_extension(
    *, task: KeyTask, wanted: date | None, why: str, actor: User, now: datetime, announce: bool = True
) -> KeyTaskExtension:
    """On the deadline's day at the latest. The bureau gets a mail; the same request again changes nothing."""
    words = need_words(why, _("Say why you need more time."))
    with transaction.atomic():
        current = locked_task(task.pk)
        lead = current.parties.select_related("district").get(role=PartyRole.LEAD)
        if not updates_on(actor, lead.district_id):
            raise NotAllowed(_("Only the officers and the head of the lead district ask for more time."))
        need_open(current)
        waiting = current.extensions.filter(answered_at=None).first()
        if waiting is not None:
            if (waiting.wanted, waiting.why, waiting.asked_by_id) == (wanted, words, actor.pk):
                return waiting
            raise Conflict(_("A request for more time waits for the bureau already."))
        if timezone.localdate(now) > current.deadline:
            raise Refused(_("The deadline has passed. More time can be asked for only before that: write to the bureau."))
        if wanted is None or wanted <= current.deadline or wanted.year > current.deadline.year + _MAX_YEARS:
            raise Refused(_("Ask for a day after %(deadline)s.") % {"deadline": date_format(current.deadline, "DATE_FORMAT")})
        asked = KeyTaskExtension.objects.create(task=current, wanted=wanted, why=words, asked_by=actor, asked_at=now)
        record(current, KeyTaskStep.ASK_EXTENSION, actor=actor, now=now, note=words, district=lead.district, wanted=wanted)
        if announce:
            tell_bureau(current, now)
        return asked


def answer_task_extension(
    *, extension: KeyTaskExtension, grant: bool, answer: str, actor: User, now: datetime, until: date | None = None
) -> KeyTaskExtension:
    """Give the time asked for, or until another day; or refuse it with a reason. The task's districts get a mail."""
    with transaction.atomic():
        task = locked_task(extension.task_id)
        capacity = need_bureau(task, actor)
        current = KeyTaskExtension.objects.get(pk=extension.pk)
        words = without_margins(answer) if grant else need_words(answer, _("Say why the request is refused."))
        day = until or current.wanted
        if not current.is_waiting:
            is_same = (current.granted, current.answered_by_id, current.answer) == (grant, actor.pk, words)
            if is_same and (not grant or task.deadline == day):
                return current
            raise Conflict(_("This request has been answered meanwhile."))
        if grant and day <= task.deadline:
            raise Refused(_("Give a day after %(deadline)s.") % {"deadline": date_format(task.deadline, "DATE_FORMAT")})
        current.granted, current.answer, current.answered_by, current.answered_at = grant, words, actor, now
        current.save(update_fields=["granted", "answer", "answered_by", "answered_at"])
        if grant:
            task.deadline = day
            task.version += 1
            task.save(update_fields=["deadline", "version"])
        step = KeyTaskStep.GRANT_EXTENSION if grant else KeyTaskStep.REFUSE_EXTENSION
        told = record(task, step, actor=actor, now=now, note=words, wanted=day if grant else None, capacity=capacity)
        tell_decided(task, told, now)
        return current
