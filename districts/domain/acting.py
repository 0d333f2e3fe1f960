"""Appointing somebody as acting head for a period, and ending it early. The period itself begins and ends by the clock.

A head appoints, for the own district; an acting head does not, so that nobody extends a period of the own. The bureau's
administrator may do the same.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.grants import refresh_grants
from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.domain.people import MANAGED_BY_HEADS, locked_membership
from districts.domain.periods import day_in_words, end_early, period_of
from districts.enums import DistrictRole
from districts.errors import NotAllowed, Refused
from districts.models import ActingHead, Membership, OutgoingMail, User
from districts.queries.access import is_bureau_administrator
from districts.queries.people import is_head_of, members_of

KIND = "acting_head"


def appoint_acting_head(*, membership: Membership, first_day: date, last_day: date, actor: User, now: datetime) -> ActingHead:
    """Give the head's rights to an officer or observer for these days, beside the own role; both are told by mail.

    Asking again for the same days (double click, replay) changes nothing. Refused for a head, for days that are no period, and
    where the person acts at the time already.
    """
    with transaction.atomic():
        current = locked_membership(membership)
        _need_head(actor, current.district_id)
        begins_at, ends_at = period_of(first_day, last_day, now)
        same = current.acting.filter(begins_at=begins_at, ends_at=ends_at, ended_at=None).first()
        if same is not None:
            return same
        _need_free(current, begins_at, ends_at)
        acting = ActingHead.objects.create(
            membership=current,
            district_id=current.district_id,
            begins_at=begins_at,
            ends_at=ends_at,
            appointed_at=now,
            appointed_by=actor,
        )
        refresh_grants(user_id=current.user_id)
        _tell(acting, now)
        return acting


def end_acting(*, acting: ActingHead, actor: User, now: datetime) -> ActingHead:
    """End a period at once, or call it off before it begins. Conflict where it is over already."""
    with transaction.atomic():
        _need_head(actor, acting.district_id)
        current = end_early(acting, actor=actor, now=now)
        refresh_grants(user_id=current.membership.user_id)
        return current


def _need_head(actor: User, district_id: int) -> None:
    if not (is_bureau_administrator(actor) or is_head_of(actor, district_id)):
        raise NotAllowed(_("Only the head of the district appoints somebody to act as head."))


def _need_free(membership: Membership, begins_at: datetime, ends_at: datetime) -> None:
    if membership.role not in MANAGED_BY_HEADS:
        raise Refused(_("%(person)s is the head already.") % {"person": membership.user})
    if not membership.user.is_active:
        raise Refused(_("This person's access was ended. A bureau administrator can give it back."))
    taken = membership.acting.filter(ended_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at).first()
    if taken is not None:
        sentence = _("%(person)s acts as head from %(first)s to %(last)s already. End that first, or choose other days.")
        raise Refused(sentence % _words(taken))


def _words(acting: ActingHead) -> dict[str, object]:
    return {
        "person": acting.membership.user,
        "district": acting.district,
        "first": day_in_words(acting.first_day),
        "last": day_in_words(acting.last_day),
    }


def _tell(acting: ActingHead, now: datetime) -> None:
    """The person appointed, and the heads."""
    heads = members_of([acting.district_id], [DistrictRole.HEAD])[acting.district_id]
    queue_mail(
        kind=KIND,
        recipients=(acting.membership.user, *heads),
        about=f"acting:{acting.pk}",
        instant=now,
        district=acting.district,
        context={"acting": acting.pk},
        now=now,
    )


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Looks again: nothing goes out about a period that was ended meanwhile."""
    rows = ActingHead.objects.filter(pk=mail.context["acting"], ended_at=None, ends_at__gt=now)
    acting = rows.select_related("membership__user", "district", "appointed_by").first()
    if acting is None:
        return None
    words = _words(acting)
    is_own = acting.membership.user_id == mail.recipient_id
    rights = _("Reports of the district can be signed and recalled and its people managed in these days, marked “acting head”.")
    return Letter(
        subject=_("Acting head of %(district)s: %(person)s") % words,
        paragraphs=[
            (_("You act as head of %(district)s.") if is_own else _("%(person)s acts as head of %(district)s.")) % words,
            rights,
            _("The role begins and ends by itself, and the head can end it early."),
        ],
        facts=[
            (_("First day"), str(words["first"])),
            (_("Last day, to its end"), str(words["last"])),
            (_("Appointed by"), str(acting.appointed_by or _("the portal"))),
        ],
        link=settings.PORTAL_URL,
        link_text=_("Open the portal"),
    )


def register_acting_mails() -> None:
    register(Kind(KIND, gettext_lazy("Acting head appointed"), _compose))
