"""The mails of key tasks, written in the transaction of the step that causes them."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.models import OutgoingMail, User
from districts.queries.access import may
from districts.queries.people import members_of, reviewers_of
from reporting.enums.key_tasks import WITH_DISTRICT, KeyTaskState, PartyRole
from reporting.models import KeyTask, KeyTaskParty, KeyTaskRecord

ASSIGNED, WAITING, DECIDED, CHASED = "task_assigned", "task_waiting", "task_decided", "task_chased"
_DISTRICT = (DistrictRole.OFFICER, *HEAD_ROLES)


def tell_assigned(task: KeyTask, now: datetime) -> None:
    _tell_districts(ASSIGNED, task, now, step=None)


def tell_decided(task: KeyTask, step: KeyTaskRecord, now: datetime) -> None:
    _tell_districts(DECIDED, task, now, step=step)


def tell_chased(task: KeyTask, step: KeyTaskRecord, now: datetime) -> None:
    _tell_districts(CHASED, task, now, step=step)


def tell_bureau(task: KeyTask, now: datetime) -> None:
    """One mail to each approver of the lead."""
    lead = task.parties.select_related("district").get(role=PartyRole.LEAD)
    people = reviewers_of([lead.district_id], DistrictPermission.APPROVE)[lead.district_id]
    queue_mails(_mails(WAITING, lead, people, now, {"task": task.pk}), now=now)


def _tell_districts(kind: str, task: KeyTask, now: datetime, *, step: KeyTaskRecord | None) -> None:
    parties = list(task.parties.select_related("district"))
    members = members_of([party.district_id for party in parties], _DISTRICT)
    context = {"task": task.pk} | ({"step": step.pk} if step else {})
    mails = [mail for party in parties for mail in _mails(kind, party, members[party.district_id], now, context)]
    queue_mails(mails, now=now)


def _mails(kind: str, party: KeyTaskParty, people: Iterable[User], now: datetime, context: dict[str, int]) -> Iterable[NewMail]:
    about = f"task:{party.task_id}:{party.district_id}"
    for person in people:
        yield NewMail(kind, person, about, now, district=party.district, context=context | {"party": party.pk})


def party_of(mail: OutgoingMail) -> KeyTaskParty | None:
    """The district's side of the task, while the recipient may still see it."""
    party = KeyTaskParty.objects.select_related("task", "district").filter(pk=mail.context["party"]).first()
    if party is None or not may(mail.recipient, DistrictPermission.VIEW, party.district_id):
        return None
    return party


def task_facts(party: KeyTaskParty) -> list[tuple[str, str]]:
    return [
        (_("Deliverable"), party.task.deliverable),
        (_("Deadline"), date_format(party.task.deadline, "DATE_FORMAT")),
        (_("Role"), party.get_role_display()),
    ]


def task_link(task: KeyTask) -> str:
    return f"{settings.PORTAL_URL}/tasks/{task.pk}/"


def _compose_assigned(mail: OutgoingMail, _now: datetime) -> Letter | None:
    party = party_of(mail)
    if party is None or not party.task.is_open:
        return None
    return Letter(
        subject=_("Key task: %(title)s") % {"title": party.task.title},
        paragraphs=[
            _("The bureau has assigned a key task to %(district)s. It stands in the next report; tell its progress before, too.")
            % {"district": party.district}
        ],
        facts=task_facts(party),
        quotes=[(party.task.title, party.task.description)] if party.task.description else [],
        link=task_link(party.task),
        link_text=_("Open the task"),
    )


def _compose_waiting(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where somebody was faster."""
    party = party_of(mail)
    if party is None:
        return None
    waits = KeyTask.objects.filter(Q(state=KeyTaskState.ANSWERED) | Q(extensions__answered_at=None, extensions__isnull=False))
    latest = party.task.records.exclude(district=None).first()
    if latest is None or not waits.filter(pk=party.task_id).exists():
        return None
    names = {"district": party.district, "title": party.task.title, "step": latest.get_step_display()}
    return Letter(
        subject=_("%(district)s, key task: %(title)s – %(step)s") % names,
        paragraphs=[_("%(district)s waits for the bureau's decision on a key task: %(step)s.") % names],
        facts=task_facts(party),
        quotes=[(str(latest.actor), latest.note)],
        link=f"{settings.PORTAL_URL}/admin/reporting/keytask/{party.task_id}/change/",
        link_text=_("Decide on it"),
    )


def _compose_step(mail: OutgoingMail, _now: datetime) -> Letter | None:
    party = party_of(mail)
    step = KeyTaskRecord.objects.filter(pk=mail.context["step"]).first()
    if party is None or step is None or (mail.kind == CHASED and party.task.state not in WITH_DISTRICT):
        return None
    names = {"title": party.task.title, "step": step.get_step_display()}
    return Letter(
        subject=_("Key task: %(title)s – %(step)s") % names,
        paragraphs=[_("The bureau on a key task of your district: %(step)s.") % names],
        facts=task_facts(party),
        quotes=[(_("Note"), step.note)] if step.note else [],
        link=task_link(party.task),
        link_text=_("Open the task"),
    )


def register_key_tasks() -> None:
    register(
        Kind(ASSIGNED, gettext_lazy("Key task assigned"), _compose_assigned),
        Kind(WAITING, gettext_lazy("Key task waits for the bureau"), _compose_waiting),
        Kind(DECIDED, gettext_lazy("Decision on a key task"), _compose_step),
        Kind(CHASED, gettext_lazy("Key task chased"), _compose_step),
    )
