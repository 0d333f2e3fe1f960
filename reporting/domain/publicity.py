"""Planning publicity: a district proposes, the bureau decides, and whoever planned it says where and when it came out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from reporting.domain.publicity_mails import tell_bureau, tell_proposer
from reporting.domain.texts import need_words
from reporting.enums.publicity import PublicityKind, PublicityState
from reporting.models import Outlet, Placement, PublicityItem
from reporting.queries.publicity import decides_on, proposes_for

_URL = URLValidator(schemes=["http", "https"])
_MAX_URL, _MAX_LINE, _MAX_DAYS = 500, 200, 366
_P = PublicityState


@dataclass(frozen=True)
class Plan:
    """What somebody plans."""

    kind: PublicityKind
    title: str
    summary: str
    first_day: date
    last_day: date | None = None
    place: str = ""
    outlets: Collection[Outlet] = ()


def propose_publicity(
    *, district: District | None, plan: Plan, actor: User, now: datetime, announce: bool = True
) -> PublicityItem:
    """A district's plan waits for the bureau, whose approvers get a mail; the bureau's own is approved at once. The same plan of
    the same person again changes nothing."""
    if district is None:
        if not is_bureau_administrator(actor):
            raise NotAllowed(_("Only a bureau administrator plans publicity for the bureau itself."))
    elif not proposes_for(actor, district.pk):
        raise NotAllowed(_("Only the officers and the head of a district plan its publicity."))
    fields = _fields(plan)
    with transaction.atomic():
        if district is not None:
            District.objects.select_for_update().get(pk=district.pk)
        state = _P.PROPOSED if district else _P.APPROVED
        again = PublicityItem.objects.filter(district=district, proposed_by=actor, state=state, **fields).first()
        if again is not None:
            return again
        item = PublicityItem.objects.create(district=district, proposed_by=actor, proposed_at=now, **fields)
        _place(item, plan.outlets)
        if district is None:
            _decide(item, _P.APPROVED, "", actor, now)
        elif announce:
            tell_bureau(item, now)
        return item


def change_publicity(*, item: PublicityItem, version: int, plan: Plan, actor: User) -> PublicityItem:
    """The district's people while it is proposed; the bureau until it has ended. Raises Conflict where it has moved since
    `version` was read. What an outlet has already told stays."""
    fields = _fields(plan)
    with transaction.atomic():
        current = _locked(item)
        decides = decides_on(actor, current)
        if not decides and not _plans(current, actor):
            raise NotAllowed(_("You can read this plan and not change it."))
        open_to = {_P.PROPOSED, _P.APPROVED} if decides else {_P.PROPOSED}
        if current.state not in open_to:
            raise Conflict(_("This plan is “%(state)s” and stays as it is.") % {"state": current.get_state_display()})
        if current.version != version:
            raise Conflict(_("Somebody has changed this plan meanwhile. Compare with what it says now, and save again."))
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        _place(current, plan.outlets)
        return current


def approve_publicity(*, item: PublicityItem, actor: User, now: datetime, announce: bool = True) -> PublicityItem:
    """Who proposed it and the head of the district get a mail."""
    return _end(item, _P.APPROVED, "", actor, now, announce=announce)


def decline_publicity(*, item: PublicityItem, reason: str, actor: User, now: datetime) -> PublicityItem:
    """Who proposed it and the head of the district get a mail with the reason."""
    return _end(item, _P.DECLINED, need_words(reason, _("Say why it is declined.")), actor, now)


def withdraw_publicity(*, item: PublicityItem, reason: str, actor: User, now: datetime) -> PublicityItem:
    """It does not take place: said by the district's people, or by the bureau of its own."""
    words = need_words(reason, _("Say why it does not take place."))
    with transaction.atomic():
        current = _locked(item)
        if not _plans(current, actor):
            raise NotAllowed(_("Only those who planned it withdraw it."))
        if (current.state, current.decided_by_id, current.reason) == (_P.WITHDRAWN, actor.pk, words):
            return current
        if current.state not in {_P.PROPOSED, _P.APPROVED}:
            raise Conflict(_("This plan is “%(state)s” and stays as it is.") % {"state": current.get_state_display()})
        return _decide(current, _P.WITHDRAWN, words, actor, now)


def note_placement(
    *, item: PublicityItem, outlet_id: int, link: str, out_on: date | None, actor: User, now: datetime
) -> Placement:
    """Say where and when an outlet has told it, or correct that: the district's people, or the bureau."""
    with transaction.atomic():
        current = _locked(item)
        if not (_plans(current, actor) or decides_on(actor, current)):
            raise NotAllowed(_("You can read this plan and not change it."))
        if not current.is_approved:
            raise Conflict(
                _("Only what is approved comes out: this plan is “%(state)s”.") % {"state": current.get_state_display()}
            )
        place = current.placements.filter(outlet=outlet_id).first()
        if place is None:
            raise Refused(_("This outlet is not one of the plan's. Reload the page."))
        address, day = _address(link), _past_day(out_on, now)
        if (place.link, place.out_on) != (address, day):
            place.link, place.out_on, place.noted_by, place.noted_at = address, day, actor, now
            place.save(update_fields=["link", "out_on", "noted_by", "noted_at"])
        return place


def _fields(plan: Plan) -> dict[str, object]:
    last_day = plan.last_day or plan.first_day
    if last_day < plan.first_day:
        raise Refused(_("The last day is before the first."))
    if (last_day - plan.first_day).days > _MAX_DAYS:
        raise Refused(_("A plan takes a year at most."))
    if not plan.outlets:
        raise Refused(_("Choose at least one outlet."))
    return {
        "kind": plan.kind,
        "title": _line(need_words(plan.title, _("Give a title."))),
        "summary": need_words(plan.summary, _("Say what is told.")),
        "place": _line(plan.place.strip()),
        "first_day": plan.first_day,
        "last_day": last_day,
    }


def _line(text: str) -> str:
    if len(text) > _MAX_LINE:
        raise Refused(_("A title and a place have %(limit)d characters at most.") % {"limit": _MAX_LINE})
    return " ".join(text.split())


def _address(link: str) -> str:
    address = link.strip()
    try:
        _URL(address)
    except ValidationError:
        raise Refused(_("Give the whole address of what came out, such as https://example.org/story.")) from None
    if len(address) > _MAX_URL:
        raise Refused(_("The address has %(limit)d characters at most.") % {"limit": _MAX_URL})
    return address


def _past_day(day: date | None, now: datetime) -> date:
    if day is None:
        raise Refused(_("Say on which day it came out."))
    if day > timezone.localdate(now):
        raise Refused(_("It cannot have come out on a day to come."))
    return day


def _locked(item: PublicityItem) -> PublicityItem:
    PublicityItem.objects.select_for_update().values_list("pk").get(pk=item.pk)
    return PublicityItem.objects.select_related("district", "proposed_by").get(pk=item.pk)


def _plans(item: PublicityItem, actor: User) -> bool:
    if item.district_id is None:
        return is_bureau_administrator(actor)
    return proposes_for(actor, item.district_id)


def _place(item: PublicityItem, outlets: Collection[Outlet]) -> None:
    """The plan's outlets, and those that have told it whatever is planned now."""
    wanted = {outlet.pk for outlet in outlets}
    item.placements.filter(out_on=None).exclude(outlet__in=wanted).delete()
    there = set(item.placements.values_list("outlet", flat=True))
    new = [Placement(item=item, district_id=item.district_id, outlet_id=pk) for pk in sorted(wanted - there)]
    Placement.objects.bulk_create(new)


def _end(
    item: PublicityItem, state: PublicityState, reason: str, actor: User, now: datetime, *, announce: bool = True
) -> PublicityItem:
    with transaction.atomic():
        current = _locked(item)
        if not decides_on(actor, current):
            raise NotAllowed(_("Your role does not include deciding on publicity."))
        if (current.state, current.decided_by_id, current.reason) == (state, actor.pk, reason):
            return current
        if not current.is_proposed:
            raise Conflict(_("This plan is “%(state)s” and stays as it is.") % {"state": current.get_state_display()})
        decided = _decide(current, state, reason, actor, now)
        if announce:
            tell_proposer(decided, now)
        return decided


def _decide(item: PublicityItem, state: PublicityState, reason: str, actor: User, now: datetime) -> PublicityItem:
    item.state, item.reason, item.decided_by, item.decided_at = state, reason, actor, now
    item.version += 1
    item.save(update_fields=["state", "reason", "decided_by", "decided_at", "version"])
    return item
