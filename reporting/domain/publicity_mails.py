"""The mails of the publicity plan: a proposal to the bureau, its decision to the district."""

from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import HEAD_ROLES, DistrictPermission
from districts.models import OutgoingMail, User
from districts.queries.access import may
from districts.queries.people import members_of, reviewers_of
from reporting.models import PublicityItem

PROPOSED, DECIDED = "publicity_proposed", "publicity_decided"


def tell_bureau(item: PublicityItem, now: datetime) -> None:
    """One mail to each approver of the district."""
    if item.district_id is not None:
        _mail(PROPOSED, item, reviewers_of([item.district_id], DistrictPermission.APPROVE)[item.district_id], now)


def tell_proposer(item: PublicityItem, now: datetime) -> None:
    """One mail to who proposed it, and to the head of the district."""
    if item.district_id is not None:
        heads = members_of([item.district_id], HEAD_ROLES)[item.district_id]
        _mail(DECIDED, item, list({person.pk: person for person in (item.proposed_by, *heads)}.values()), now)


def _mail(kind: str, item: PublicityItem, people: list[User], now: datetime) -> None:
    queue_mail(
        kind=kind,
        recipients=people,
        about=f"publicity:{item.pk}",
        instant=now,
        district=item.district,
        context={"publicity": item.pk},
        now=now,
    )


def _item_of(mail: OutgoingMail) -> PublicityItem | None:
    """While its recipient may still see it."""
    item = PublicityItem.objects.select_related("district").filter(pk=mail.context["publicity"]).first()
    if item is None or item.district_id is None or not may(mail.recipient, DistrictPermission.VIEW, item.district_id):
        return None
    return item


def _compose_proposed(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where somebody has decided."""
    item = _item_of(mail)
    if item is None or not item.is_proposed:
        return None
    names = {"district": item.district, "title": item.title}
    return Letter(
        subject=_("Publicity proposed: %(district)s, %(title)s") % names,
        paragraphs=[_("%(district)s proposes publicity and waits for the bureau's decision.") % names],
        facts=_facts(item),
        quotes=[(item.title, item.summary)],
        link=f"{settings.PORTAL_URL}/admin/reporting/publicityitem/{item.pk}/change/",
        link_text=_("Decide on it"),
    )


def _compose_decided(mail: OutgoingMail, _now: datetime) -> Letter | None:
    item = _item_of(mail)
    if item is None:
        return None
    names = {"title": item.title, "state": item.get_state_display()}
    return Letter(
        subject=_("Publicity: %(title)s – %(state)s") % names,
        paragraphs=[_("The bureau has decided on a plan of your district: “%(state)s”.") % names],
        facts=_facts(item),
        quotes=[(_("Reason"), item.reason)] if item.reason else [],
        link=f"{settings.PORTAL_URL}/publicity/{item.pk}/",
        link_text=_("Open the plan"),
    )


def _facts(item: PublicityItem) -> list[tuple[str, str]]:
    outlets = [place.outlet.label for place in item.placements.select_related("outlet")]
    return [(_("Day"), date_format(item.first_day, "DATE_FORMAT")), (_("Outlets"), ", ".join(outlets))]


def register_publicity() -> None:
    register(
        Kind(PROPOSED, gettext_lazy("Publicity proposed"), _compose_proposed),
        Kind(DECIDED, gettext_lazy("Decision on publicity"), _compose_decided),
    )
