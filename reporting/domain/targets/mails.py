"""The mail of issued targets: one to each person of the districts concerned, however many targets changed."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.models import OutgoingMail, User
from districts.queries.access import district_ids_for
from districts.queries.people import members_of
from reporting.models import Target, TargetIssue
from reporting.queries.targets.words import target_words

ISSUED = "targets_issued"
_MOST_SHOWN = 40


def tell_issued(issue: TargetIssue, now: datetime) -> None:
    """Who works for several of the districts gets one mail about all of them."""
    districts = {row.district_id: row.district for row in issue.targets.exclude(district=None).select_related("district")}
    members = members_of([pk for pk in districts if pk is not None], (DistrictRole.OFFICER, *HEAD_ROLES))
    people: dict[User, int] = {}
    for district_id, own in sorted(members.items()):
        for person in own:
            people.setdefault(person, district_id)
    context = {"issue": issue.pk}
    mails = [
        NewMail(ISSUED, person, f"targets:{issue.pk}", now, district=districts[district_id], context=context)
        for person, district_id in people.items()
    ]
    queue_mails(mails, now=now)


def _compose_issued(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Of the districts that the recipient may see now, and of no other."""
    issue = TargetIssue.objects.filter(pk=mail.context["issue"]).first()
    if issue is None:
        return None
    own = issue.targets.filter(district__in=district_ids_for(mail.recipient, DistrictPermission.VIEW))
    rows = list(own.select_related("district", "indicator").order_by("district__code", "year", "indicator__code"))
    if not rows:
        return None
    names = ", ".join(dict.fromkeys(str(row.district) for row in rows))
    return Letter(
        subject=_("Targets issued: %(districts)s") % {"districts": names},
        paragraphs=[_("The bureau has issued or changed targets. The head of the district acknowledges them in the portal.")],
        facts=[(_place(row), target_words(row)) for row in rows[:_MOST_SHOWN]],
        quotes=[(str(issue.issued_by), issue.note)],
        link=f"{settings.PORTAL_URL}/targets/",
        link_text=_("Look at the targets"),
    )


def _place(row: Target) -> str:
    return f"{row.district} · {row.indicator.label} · {row.year}"


def register_targets() -> None:
    register(Kind(ISSUED, gettext_lazy("Targets issued"), _compose_issued))
