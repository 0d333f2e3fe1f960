"""Planning a symposium: its dates, the agenda with a drawn speaking order, invitations and the districts' answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, User
from districts.queries.access import is_bureau_administrator, permissions_on
from reporting.domain.symposiums.mails import tell_cancelled, tell_districts, tell_unanswered
from reporting.domain.texts import need_words, without_margins
from reporting.enums.symposiums import AHEAD, AgendaKind, Attending, SymposiumState
from reporting.models import AgendaItem, Attendance, Cycle, Symposium
from reporting.queries.enquiries import ASKERS
from reporting.queries.symposiums.reading import invited_districts

_MAX_LINE, _MAX_AHEAD = 200, timedelta(days=366)
_SEEDS = 2**31
_OPENING = ((AgendaKind.OPENING, 10), (AgendaKind.FIGURES, 20))
_CLOSING = ((AgendaKind.DISCUSSION, 40), (AgendaKind.CLOSING, 20))
SPEECH_MINUTES = 5


@dataclass(frozen=True)
class Meeting:
    title: str
    starts_at: datetime
    place: str
    chair: str
    title_zh: str = ""


def plan_symposium(*, cycle: Cycle, meeting: Meeting, seed: int, actor: User, now: datetime) -> Symposium:
    """With an agenda in which every district of the cycle reports, in an order drawn with the seed."""
    _need_administrator(actor)
    fields = _fields(meeting)
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        known = Symposium.objects.filter(cycle=cycle, state__in=AHEAD, **fields).first()
        if known is not None:
            return known
        symposium = Symposium.objects.create(cycle=cycle, created_by=actor, created_at=now, seed=seed % _SEEDS, **fields)
        _draw(symposium)
        return symposium


def change_symposium(*, symposium: Symposium, version: int, meeting: Meeting, actor: User, now: datetime) -> Symposium:
    """Until it is held. Whoever was invited gets the new invitation. Raises Conflict where it has moved since `version`."""
    fields = _fields(meeting)
    with transaction.atomic():
        current = locked_symposium(symposium, actor, AHEAD)
        if current.version != version:
            raise Conflict(_("Somebody has changed it meanwhile. Compare with what it says now, and save again."))
        changed = {name: value for name, value in fields.items() if getattr(current, name) != value}
        for name, value in changed.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        if changed and current.state == SymposiumState.INVITED:
            _invite(current, now)
        return current


def draw_order(*, symposium: Symposium, seed: int, actor: User) -> Symposium:
    """Draw the speaking order anew, while nobody is invited; what else stands in the agenda begins anew, too."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, {SymposiumState.PLANNED})
        current.seed = seed % _SEEDS
        current.save(update_fields=["seed"])
        _draw(current)
        return current


def move_item(*, item: AgendaItem, up: bool, actor: User) -> None:
    """One place up or down; at the end it stays."""
    with transaction.atomic():
        symposium = locked_symposium(item.symposium, actor, AHEAD)
        order = list(symposium.agenda.order_by("position", "pk").values_list("pk", flat=True))
        place = order.index(item.pk)
        other = place - 1 if up else place + 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            for position, pk in enumerate(order):
                AgendaItem.objects.filter(pk=pk).update(position=position)


def set_minutes(*, item: AgendaItem, minutes: int | None, actor: User) -> None:
    if minutes is None or not 1 <= minutes <= 480:
        raise Refused(_("Give the minutes, from 1 to 480."))
    with transaction.atomic():
        locked_symposium(item.symposium, actor, AHEAD)
        AgendaItem.objects.filter(pk=item.pk).update(minutes=minutes)


def invite_districts(*, symposium: Symposium, actor: User, now: datetime, announce: bool = True) -> Symposium:
    """Officers and heads get a mail with an entry for their calendars; again, where it was sent before."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, AHEAD)
        if current.starts_at <= now:
            raise Refused(_("It would begin in the past. Change the time first."))
        current.state = SymposiumState.INVITED
        current.save(update_fields=["state"])
        _invite(current, now, announce=announce)
        return current


def remind_districts(*, symposium: Symposium, actor: User, now: datetime) -> int:
    """A mail to the officers and heads of the districts that have not answered, once a day at most; gives how many districts."""
    with transaction.atomic():
        current = locked_symposium(symposium, actor, {SymposiumState.INVITED})
        if current.starts_at <= now:
            raise Refused(_("It has begun: nothing can be answered any more."))
        count = tell_unanswered(current, now)
        if not count:
            raise Refused(_("Every district has answered or has been reminded today."))
        return count


def cancel_symposium(*, symposium: Symposium, actor: User, now: datetime) -> Symposium:
    """Whoever was invited gets a mail that takes it out of the calendar."""
    with transaction.atomic():
        current = _locked(symposium, actor)
        if current.state == SymposiumState.CANCELLED:
            return current
        _need(current, AHEAD)
        was_invited = current.state == SymposiumState.INVITED
        current.state = SymposiumState.CANCELLED
        current.sequence += 1
        current.save(update_fields=["state", "sequence"])
        if was_invited:
            tell_cancelled(current, now)
        return current


def answer_invitation(
    *, symposium: Symposium, district: District, answer: str, person: str, note: str, actor: User, now: datetime
) -> Attendance:
    """The district's answer, until it begins; a later one takes its place."""
    if not ASKERS & permissions_on(actor, district.pk):
        raise NotAllowed(_("Only the officers and the head of the district answer the invitation."))
    if answer not in Attending.values:
        raise Refused(_("Say whether somebody comes."))
    who, said = without_margins(person)[:_MAX_LINE], without_margins(note)
    if answer == Attending.DEPUTY and not who:
        raise Refused(_("Say who comes."))
    if answer == Attending.NO and not said:
        raise Refused(_("Say why nobody comes."))
    with transaction.atomic():
        Symposium.objects.select_for_update().values_list("pk").get(pk=symposium.pk)
        current = Symposium.objects.get(pk=symposium.pk)
        _need(current, {SymposiumState.INVITED})
        if now >= current.starts_at:
            raise Conflict(_("It has begun: nothing can be answered any more."))
        if not invited_districts(current).filter(pk=district.pk).exists():
            raise Refused(_("This district is not invited."))
        given = {"answer": answer, "person": who, "note": said, "answered_by": actor, "answered_at": now}
        reply, _made = Attendance.objects.update_or_create(symposium=current, district=district, defaults=given)
        return reply


def share_pack(*, symposium: Symposium, actor: User, now: datetime) -> Symposium:
    """Let the invited districts read the pack. It shows others' figures, so the cycle's figures must be open to them."""
    with transaction.atomic():
        current = _locked(symposium, actor)
        if not current.cycle.figures_are_open(now):
            raise Refused(_("The figures of this cycle are not open to the districts yet. Open them first."))
        if current.shared_at is None:
            current.shared_at = now
            current.save(update_fields=["shared_at"])
        return current


def locked_symposium(symposium: Symposium, actor: User, states: Any) -> Symposium:
    """The symposium, locked, for somebody who may change it in these states."""
    current = _locked(symposium, actor)
    _need(current, states)
    return current


def _locked(symposium: Symposium, actor: User) -> Symposium:
    _need_administrator(actor)
    Symposium.objects.select_for_update().values_list("pk").get(pk=symposium.pk)
    return Symposium.objects.select_related("cycle__definition").get(pk=symposium.pk)


def _need_administrator(actor: User) -> None:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator prepares a symposium."))


def _need(symposium: Symposium, states: Any) -> None:
    if symposium.state not in states:
        raise Conflict(_("The symposium is “%(state)s” now; this is not possible.") % {"state": symposium.get_state_display()})


def _fields(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": _line(need_words(meeting.title, _("Give a title."))),
        "title_zh": _line(without_margins(meeting.title_zh)),
        "starts_at": meeting.starts_at,
        "place": _line(need_words(meeting.place, _("Say where it takes place."))),
        "chair": _line(need_words(meeting.chair, _("Say who chairs it."))),
    }


def _line(text: str) -> str:
    if len(text) > _MAX_LINE:
        raise Refused(
            _("“%(start)s…” is too long: %(limit)d characters are possible.") % {"start": text[:30], "limit": _MAX_LINE}
        )
    return " ".join(text.split())


def _draw(symposium: Symposium) -> None:
    speakers = list(invited_districts(symposium))
    Random(symposium.seed).shuffle(speakers)  # noqa: S311 (a draw that can be made again, no secret)
    rows: list[tuple[AgendaKind, int, District | None]] = [(kind, minutes, None) for kind, minutes in _OPENING]
    rows += [(AgendaKind.SPEECH, SPEECH_MINUTES, speaker) for speaker in speakers]
    rows += [(kind, minutes, None) for kind, minutes in _CLOSING]
    symposium.agenda.all().delete()
    AgendaItem.objects.bulk_create(
        AgendaItem(symposium=symposium, position=position, kind=kind, minutes=minutes, speaker=speaker)
        for position, (kind, minutes, speaker) in enumerate(rows)
    )


def _invite(symposium: Symposium, now: datetime, *, announce: bool = True) -> None:
    symposium.sequence += 1
    symposium.save(update_fields=["sequence"])
    if announce:
        tell_districts(symposium, now)
