"""Invitations by mail, with an entry for calendar programs that follows when the meeting moves (RFC 5545, RFC 5546)."""

from collections.abc import Sequence
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from districts.domain.letters import Attached, Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.models import District, OutgoingMail
from districts.queries.access import may
from districts.queries.people import members_of
from districts.queries.workdays import at_local
from reporting.domain.notices import when
from reporting.enums.symposiums import SymposiumState
from reporting.models import Symposium
from reporting.queries.symposiums.reading import invited_districts, timed_agenda, unanswered

INVITED, CANCELLED, REMINDED = "symposium_invited", "symposium_cancelled", "symposium_reminded"


def tell_districts(symposium: Symposium, now: datetime) -> None:
    _tell(INVITED, symposium, now)


def tell_cancelled(symposium: Symposium, now: datetime) -> None:
    _tell(CANCELLED, symposium, now)


def to_remind(symposium: Symposium, now: datetime) -> QuerySet[District]:
    """The districts that have not answered, and got no reminder of this invitation today."""
    told = OutgoingMail.objects.filter(kind=REMINDED, created_at__gte=_start_of_day(now))
    told = told.filter(context__symposium=symposium.pk, context__sequence=symposium.sequence, district__isnull=False)
    return unanswered(symposium).exclude(pk__in=told.values("district"))


def tell_unanswered(symposium: Symposium, now: datetime) -> int:
    """One mail a day to each person of a district that has not answered; gives of how many districts."""
    districts = list(to_remind(symposium, now))
    _queue(REMINDED, symposium, districts, _start_of_day(now), now)
    return len(districts)


def _start_of_day(now: datetime) -> datetime:
    return at_local(timezone.localdate(now), time())


def _tell(kind: str, symposium: Symposium, now: datetime) -> None:
    _queue(kind, symposium, list(invited_districts(symposium)), now, now)


def _queue(kind: str, symposium: Symposium, districts: Sequence[District], instant: datetime, now: datetime) -> None:
    members = members_of([district.pk for district in districts], (DistrictRole.OFFICER, *HEAD_ROLES))
    about, context = f"symposium:{symposium.pk}:{symposium.sequence}", {"symposium": symposium.pk, "sequence": symposium.sequence}
    queue_mails(
        (
            NewMail(kind, person, about, instant, district=district, context=context)
            for district in districts
            for person in members[district.pk]
        ),
        now=now,
    )


def calendar_entry(symposium: Symposium, now: datetime) -> bytes:
    """The same identity however often it moves; a cancelled one takes itself out."""
    is_off = symposium.state == SymposiumState.CANCELLED
    calendar, entry = Calendar(), Event()
    calendar.add("prodid", "-//District Reporting Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    times = timed_agenda(symposium)
    entry.add("uid", f"symposium-{symposium.pk}@{urlsplit(settings.PORTAL_URL).hostname}")
    entry.add("sequence", symposium.sequence)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("dtstamp", now)
    entry.add("dtstart", symposium.starts_at)
    entry.add("dtend", times[-1].ends if times else symposium.starts_at)
    entry.add("summary", symposium.label)
    entry.add("location", symposium.place)
    entry.add("url", _link(symposium))
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def _link(symposium: Symposium) -> str:
    return f"{settings.PORTAL_URL}/symposiums/{symposium.pk}/"


def _symposium_of(mail: OutgoingMail) -> Symposium | None:
    """As it is now, while this is the latest that was said of it and the recipient still sees the district."""
    symposium = Symposium.objects.select_related("cycle__definition").filter(pk=mail.context["symposium"]).first()
    if symposium is None or mail.district_id is None or symposium.sequence != mail.context["sequence"]:
        return None
    return symposium if may(mail.recipient, DistrictPermission.VIEW, mail.district_id) else None


def _compose_invited(mail: OutgoingMail, now: datetime) -> Letter | None:
    symposium = _symposium_of(mail)
    if symposium is None or symposium.state != SymposiumState.INVITED:
        return None
    return Letter(
        subject=_("Invitation: %(title)s, %(when)s") % {"title": symposium.label, "when": when(symposium.starts_at)},
        paragraphs=[_("%(district)s is invited to the symposium. Please say who comes.") % {"district": mail.district}],
        facts=_facts(symposium),
        link=_link(symposium),
        link_text=_("Agenda and answer"),
        files=[Attached("symposium.ics", calendar_entry(symposium, now), "text/calendar")],
    )


def _compose_reminded(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where the district has answered meanwhile."""
    symposium = _symposium_of(mail)
    if symposium is None or symposium.state != SymposiumState.INVITED:
        return None
    if not unanswered(symposium).filter(pk=mail.district_id or 0).exists():
        return None
    return Letter(
        subject=_("Please answer: %(title)s, %(when)s") % {"title": symposium.label, "when": when(symposium.starts_at)},
        paragraphs=[_("%(district)s is invited to the symposium and has not said yet who comes.") % {"district": mail.district}],
        facts=_facts(symposium),
        link=_link(symposium),
        link_text=_("Agenda and answer"),
    )


def _compose_cancelled(mail: OutgoingMail, now: datetime) -> Letter | None:
    symposium = _symposium_of(mail)
    if symposium is None or symposium.state != SymposiumState.CANCELLED:
        return None
    return Letter(
        subject=_("Cancelled: %(title)s, %(when)s") % {"title": symposium.label, "when": when(symposium.starts_at)},
        paragraphs=[_("The symposium does not take place.")],
        facts=_facts(symposium),
        files=[Attached("symposium.ics", calendar_entry(symposium, now), "text/calendar")],
    )


def _facts(symposium: Symposium) -> list[tuple[str, str]]:
    return [(_("When"), when(symposium.starts_at)), (_("Place"), symposium.place), (_("Chair"), symposium.chair)]


def register_symposiums() -> None:
    register(
        Kind(INVITED, gettext_lazy("Invitation to a symposium"), _compose_invited),
        Kind(REMINDED, gettext_lazy("Reminder to answer an invitation"), _compose_reminded),
        Kind(CANCELLED, gettext_lazy("Symposium cancelled"), _compose_cancelled),
    )
