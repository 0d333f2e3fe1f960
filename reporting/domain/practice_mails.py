"""The mails of the library: a proposal to the bureau, its decision to the district, an adoption to who shared it."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import HEAD_ROLES, DistrictPermission
from districts.models import District, OutgoingMail, User
from districts.queries.access import may
from districts.queries.people import members_of, reviewers_of
from reporting.models import Practice, PracticeAdoption

PROPOSED, DECIDED, ADOPTED = "practice_proposed", "practice_decided", "practice_adopted"


def tell_bureau(practice: Practice, now: datetime) -> None:
    """One mail to each approver of the district."""
    people = reviewers_of([practice.district_id], DistrictPermission.APPROVE)[practice.district_id]
    _mail(PROPOSED, practice, people, now)


def tell_proposer(practice: Practice, now: datetime) -> None:
    """One mail to who proposed it, and to the head of the district."""
    _mail(DECIDED, practice, _sharers(practice), now)


def tell_sharer(adoption: PracticeAdoption, now: datetime) -> None:
    """One mail to who shared it, and to the head of that district."""
    practice = adoption.practice
    _mail(ADOPTED, practice, _sharers(practice), now, adopter=adoption.adopter_id)


def _sharers(practice: Practice) -> list[User]:
    heads = members_of([practice.district_id], HEAD_ROLES)[practice.district_id]
    return list({person.pk: person for person in (practice.proposed_by, *heads)}.values())


def _mail(kind: str, practice: Practice, people: list[User], now: datetime, **more: int) -> None:
    about = ":".join(["practice", str(practice.pk), *map(str, more.values())])
    queue_mail(
        kind=kind,
        recipients=people,
        about=about,
        instant=now,
        district=practice.district,
        context={"practice": practice.pk, **more},
        now=now,
    )


def _practice_of(mail: OutgoingMail) -> Practice | None:
    """While its recipient may still see it."""
    practice = Practice.objects.select_related("district").filter(pk=mail.context["practice"]).first()
    if practice is None or not may(mail.recipient, DistrictPermission.VIEW, practice.district_id):
        return None
    return practice


def _compose_proposed(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where somebody has decided."""
    practice = _practice_of(mail)
    if practice is None or not practice.is_proposed:
        return None
    names = {"district": practice.district, "title": practice.title}
    return Letter(
        subject=_("Practice proposed: %(district)s, %(title)s") % names,
        paragraphs=[_("%(district)s shares a practice and waits for the bureau to endorse it.") % names],
        facts=[(_("Topic"), practice.get_topic_display())],
        quotes=[(practice.title, practice.summary)],
        link=f"{settings.PORTAL_URL}/admin/reporting/practice/{practice.pk}/change/",
        link_text=_("Decide on it"),
    )


def _compose_decided(mail: OutgoingMail, _now: datetime) -> Letter | None:
    practice = _practice_of(mail)
    if practice is None:
        return None
    names = {"title": practice.title, "state": practice.get_state_display()}
    return Letter(
        subject=_("Practice: %(title)s – %(state)s") % names,
        paragraphs=[_("The bureau has decided on a practice of your district: “%(state)s”.") % names],
        facts=[(_("Topic"), practice.get_topic_display())],
        quotes=[(_("Reason"), practice.reason)] if practice.reason else [],
        link=_page(practice),
        link_text=_("Open the practice"),
    )


def _compose_adopted(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where the district has taken it back."""
    practice = _practice_of(mail)
    adopter = District.objects.filter(pk=mail.context["adopter"]).first()
    if practice is None or adopter is None:
        return None
    adoption = practice.adoptions.filter(adopter=adopter).first()
    if adoption is None:
        return None
    names = {"district": adopter, "title": practice.title}
    return Letter(
        subject=_("%(district)s adopts your practice: %(title)s") % names,
        paragraphs=[_("%(district)s does what your district has shared.") % names],
        facts=[(_("Topic"), practice.get_topic_display())],
        quotes=[(str(adopter), adoption.note)] if adoption.note else [],
        link=_page(practice),
        link_text=_("Open the practice"),
    )


def _page(practice: Practice) -> str:
    return f"{settings.PORTAL_URL}/practices/{practice.pk}/"


def register_practices() -> None:
    register(
        Kind(PROPOSED, gettext_lazy("Practice proposed"), _compose_proposed),
        Kind(DECIDED, gettext_lazy("Decision on a practice"), _compose_decided),
        Kind(ADOPTED, gettext_lazy("Practice adopted"), _compose_adopted),
    )
