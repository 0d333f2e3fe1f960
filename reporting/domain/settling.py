"""How a district's request ends: closed once, by an answer or by what happens to the report, and told to the district."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import HEAD_ROLES
from districts.models import OutgoingMail, User
from districts.queries.people import members_of, reviewers_of
from reporting.domain.capacity import Capacity
from reporting.domain.events import record_event
from reporting.domain.notices import report_link, submission_of, when
from reporting.enums import EventKind, PetitionKind, PetitionState
from reporting.models import Petition, Submission
from reporting.queries.petitions import ANSWERED_WITH, waiting_petition

ASKED, ANSWERED = "petition", "petition_answered"


def grant_waiting(
    *,
    submission: Submission,
    kind: PetitionKind,
    due_at: datetime,
    answer: str,
    actor: User,
    now: datetime,
    tell: bool = True,
    up_to: datetime | None = None,
) -> Capacity:
    """Close the request of the kind that waits on the locked report, as granted by what is being done to it; with `up_to` only
    one for no later time. Gives what the event of the step says of it: nothing where none waits."""
    petition = waiting_petition(submission, kind)
    if petition is None or (up_to and petition.wanted_due_at and petition.wanted_due_at > up_to):
        return {}
    petition.granted_due_at = due_at
    close(petition, PetitionState.GRANTED, answer=answer, actor=actor, now=now)
    if tell:
        tell_district(petition, now)
    return {"petition": petition.pk}


def lapse_waiting(*, submission: Submission, kind: PetitionKind, now: datetime) -> None:
    """Close the request of the kind that waits on the locked report, as one that nobody needs to answer any more."""
    petition = waiting_petition(submission, kind)
    if petition is not None:
        close(petition, PetitionState.LAPSED, answer="", actor=None, now=now)
        append_event(petition, EventKind.LAPSE_EXTENSION, actor=None, now=now)


def close(petition: Petition, state: PetitionState, *, answer: str, actor: User | None, now: datetime) -> None:
    petition.state, petition.answer, petition.closed_by, petition.closed_at = state, answer, actor, now
    petition.save(update_fields=["state", "answer", "closed_by", "closed_at", "granted_due_at"])


def append_event(
    petition: Petition, kind: EventKind, *, actor: User | None, now: datetime, note: str = "", capacity: Capacity | None = None
) -> None:
    """The step stands in the report's history; it never changes the report's state."""
    asked: Capacity = {"wanted_due_at": petition.wanted_due_at} if petition.wanted_due_at else {}
    said = {"petition": petition.pk} | asked | (capacity or {})
    record_event(submission=petition.submission, kind=kind, actor=actor, now=now, note=note, data=said)


def tell_bureau(petition: Petition, now: datetime) -> None:
    """One mail to each of those whom the district asks: its reviewers for more time, its approvers for a correction."""
    people = reviewers_of([petition.district_id], ANSWERED_WITH[PetitionKind(petition.kind)])
    _mail(ASKED, petition, people[petition.district_id], now)


def tell_district(petition: Petition, now: datetime) -> None:
    """One mail to who asked and to the district's head."""
    heads = members_of([petition.district_id], HEAD_ROLES)[petition.district_id]
    people = {person.pk: person for person in (petition.asked_by, *heads)}
    _mail(ANSWERED, petition, list(people.values()), now)


def _mail(kind: str, petition: Petition, people: list[User], now: datetime) -> None:
    queue_mail(
        kind=kind,
        recipients=people,
        about=f"petition:{petition.pk}",
        instant=petition.asked_at,
        district=petition.submission.district,
        context={"submission": petition.submission_id, "petition": petition.pk},
        now=now,
    )


def _petition_of(mail: OutgoingMail) -> Petition | None:
    """What the mail is about, while its recipient may still see it."""
    if submission_of(mail) is None:
        return None
    found = Petition.objects.select_related("submission__cycle__definition", "district", "asked_by", "closed_by")
    return found.get(pk=mail.context["petition"])


def _facts(petition: Petition) -> list[tuple[str, str]]:
    facts = [(_("Report"), str(petition.submission.cycle))]
    if petition.wanted_due_at:
        facts.append((_("Due time asked for"), when(petition.wanted_due_at)))
    return facts


def _compose_asked(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more once the request is closed."""
    petition = _petition_of(mail)
    if petition is None or not petition.is_waiting:
        return None
    names = {"district": petition.submission.district_label, "report": petition.submission.cycle}
    subject, sentence = (
        (_("Extension request: %(district)s, %(report)s"), _("%(district)s asks for more time for its report."))
        if petition.is_extension
        else (_("Correction request: %(district)s, %(report)s"), _("%(district)s asks to correct its approved report."))
    )
    facts = _facts(petition)
    if petition.is_extension:
        facts.insert(1, (_("Due time now"), when(petition.submission.due_in_force)))
    what = [(_("What is to be corrected"), petition.what)] if petition.what else []
    return Letter(
        subject=subject % names,
        paragraphs=[sentence % names, _("The request waits until somebody at the bureau grants or refuses it.")],
        facts=facts,
        quotes=[*what, (_("Reason"), petition.why)],
        link=f"{settings.PORTAL_URL}/admin/reporting/petition/{petition.pk}/change/",
        link_text=_("Answer the request"),
    )


def _compose_answered(mail: OutgoingMail, _now: datetime) -> Letter | None:
    petition = _petition_of(mail)
    if petition is None:
        return None
    names = {"district": petition.submission.district_label, "report": petition.submission.cycle}
    facts, (subject, sentence) = _facts(petition), _answer_words(petition)
    if petition.granted_due_at:
        facts.append((_("New due time"), when(petition.granted_due_at)))
    return Letter(
        subject=subject % names,
        paragraphs=[sentence % names],
        facts=facts,
        quotes=[(str(petition.closed_by), petition.answer)] if petition.answer else [],
        link=report_link(petition.submission),
        link_text=_("Open the report"),
    )


def _answer_words(petition: Petition) -> tuple[str, str]:
    if petition.state == PetitionState.GRANTED:
        return _("More time: %(district)s, %(report)s"), _("The bureau has given your report a later due time.")
    if petition.is_extension:
        return _("No more time: %(district)s, %(report)s"), _("The bureau has refused more time; the due time stays as it is.")
    return (
        _("No correction: %(district)s, %(report)s"),
        _("The bureau has refused to reopen the report; what was approved stays as it is."),
    )


def register_petitions() -> None:
    register(
        Kind(ASKED, gettext_lazy("Request from a district"), _compose_asked),
        Kind(ANSWERED, gettext_lazy("Answer to a request"), _compose_answered),
    )
