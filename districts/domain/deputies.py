"""Naming a deputy for a colleague at the bureau who is away, and ending it early. The period begins and ends by the clock.

Whoever reviews or approves names the own deputy, an administrator one for somebody who is ill. A deputy has what the absent
person's role gives, and passes it on to nobody: who is away deputises for no one.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.grants import refresh_grants
from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.domain.periods import day_in_words, end_early, period_of
from districts.enums import DEPUTISED_ROLES
from districts.errors import NotAllowed, Refused
from districts.models import BureauRole, Deputy, OutgoingMail, User
from districts.queries.deputies import deputies_seen_by, names_deputies_for

KIND = "deputy"


def name_deputy(*, absent: User, deputy: User, first_day: date, last_day: date, actor: User, now: datetime) -> Deputy:
    """Give the rights of the absent person's role to a colleague for these days; both are told by mail.

    Asking again for the same (double click, replay) changes nothing. Refused for days that are no period, for who cannot be a
    deputy, and where one of the two is away or deputises already.
    """
    _need_say(actor, absent.pk)
    with transaction.atomic():
        away, colleague = _locked_roles(absent, deputy)
        begins_at, ends_at = period_of(first_day, last_day, now)
        same = away.deputies.filter(deputy=colleague, begins_at=begins_at, ends_at=ends_at, ended_at=None).first()
        if same is not None:
            return same
        _need_free(away, colleague, begins_at, ends_at)
        made = Deputy.objects.create(
            absent=away, deputy=colleague, begins_at=begins_at, ends_at=ends_at, appointed_at=now, appointed_by=actor
        )
        refresh_grants(user_id=colleague.user_id)
        _tell(made, now)
        return made


def end_deputising(*, deputy: Deputy, actor: User, now: datetime) -> Deputy:
    """End a period at once, or call it off before it begins. Conflict where it is over already."""
    with transaction.atomic():
        _need_say(actor, deputy.absent.user_id)
        BureauRole.objects.select_for_update().filter(pk=deputy.absent_id).first()  # the portfolio may be changing
        ended = end_early(deputy, actor=actor, now=now)
        refresh_grants(user_id=ended.deputy.user_id)
        return ended


def _need_say(actor: User, absent_id: int) -> None:
    if not names_deputies_for(actor, absent_id):
        raise NotAllowed(_("Everybody names the own deputy; a bureau administrator can do it for somebody else."))


def _locked_roles(absent: User, deputy: User) -> tuple[BureauRole, BureauRole]:
    """Of both, locked in one order, so that nobody becomes absent and a deputy at once. Refused where one cannot be it."""
    if absent == deputy:
        raise Refused(_("Nobody deputises for the own person: choose a colleague."))
    rows = BureauRole.objects.filter(user__in=[absent, deputy]).select_related("user").order_by("pk")
    roles = {role.user_id: role for role in rows.select_for_update(of=("self",))}
    for person in (absent, deputy):
        if person.pk not in roles:
            raise Refused(_("%(person)s does not work at the bureau.") % {"person": person})
        if not roles[person.pk].user.is_active:
            raise Refused(_("The access of %(person)s was ended.") % {"person": person})
    if roles[absent.pk].role not in DEPUTISED_ROLES:
        raise Refused(_("A bureau administrator has no deputy: let a colleague become an administrator too."))
    return roles[absent.pk], roles[deputy.pk]


def _need_free(away: BureauRole, colleague: BureauRole, begins_at: datetime, ends_at: datetime) -> None:
    """Nobody has two deputies at once, and no deputy is away or has one: rights are not passed on."""
    taken = Deputy.objects.select_related("absent__user", "deputy__user").meeting(begins_at, ends_at).order_by("begins_at", "pk")
    for rows, sentence in (
        (away.deputies, _("%(deputy)s deputises for %(absent)s from %(first)s to %(last)s already.")),
        (colleague.deputies, _("%(absent)s is away too, from %(first)s to %(last)s. Choose another colleague, or other days.")),
        (away.deputising, _("%(deputy)s deputises for %(absent)s from %(first)s to %(last)s. End that first.")),
    ):
        row = taken.filter(pk__in=rows.values("pk")).first()
        if row is not None:
            raise Refused(sentence % _words(row))


def _words(row: Deputy) -> dict[str, object]:
    return {
        "absent": row.absent.user,
        "deputy": row.deputy.user,
        "first": day_in_words(row.first_day),
        "last": day_in_words(row.last_day),
    }


def _tell(row: Deputy, now: datetime) -> None:
    recipients = (row.deputy.user, row.absent.user)
    queue_mail(kind=KIND, recipients=recipients, about=f"deputy:{row.pk}", instant=now, context={"deputy": row.pk}, now=now)


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Looks again: nothing goes out about a period that was ended meanwhile."""
    rows = deputies_seen_by(mail.recipient).filter(pk=mail.context["deputy"], ended_at=None, ends_at__gt=now)
    row = rows.select_related("appointed_by").first()
    if row is None:
        return None
    words = _words(row)
    is_deputy = row.deputy.user_id == mail.recipient_id
    rights = _("Mail and queues of the districts of %(absent)s reach the deputy too; what the deputy does is marked as such.")
    return Letter(
        subject=_("Deputy of %(absent)s: %(deputy)s") % words,
        paragraphs=[
            (_("You deputise for %(absent)s.") if is_deputy else _("%(deputy)s deputises for you.")) % words,
            rights % words,
            _("It begins and ends by itself. %(absent)s or a bureau administrator can end it early.") % words,
        ],
        facts=[
            (_("First day"), str(words["first"])),
            (_("Last day, to its end"), str(words["last"])),
            (_("Appointed by"), str(row.appointed_by or _("the portal"))),
        ],
        link=f"{settings.PORTAL_URL}/admin/",
        link_text=_("Open the portal"),
    )


def register_deputy_mails() -> None:
    register(Kind(KIND, gettext_lazy("Deputy named"), _compose))
