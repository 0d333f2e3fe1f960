"""Chasing districts for their reports by a mail of the bureau's own, beside the reminders that go out by themselves."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.errors import DomainError, Refused
from districts.models import OutgoingMail, User
from reporting.domain.capacity import need_review
from reporting.domain.events import record_event
from reporting.domain.notices import report_link, submission_of, when
from reporting.domain.review import Outcome
from reporting.enums import UNSUBMITTED_STATES, EventKind
from reporting.models import Event, Submission
from reporting.queries.chasing import chases_of
from reporting.queries.submissions import locked_submission

KIND = "chase"
MAX_TEXT = 2_000


def standard_text() -> str:
    """What the bureau writes where nobody changes it; then each person reads it in the own language."""
    return _("Please hand in the report as soon as you can, or tell us what keeps you from it.")


def chase(*, submission: Submission, text: str, actor: User, now: datetime) -> Event:
    """Write to officers and head of a report that is not handed in; at most once an hour. Kept as an event with its text."""
    said = text.strip()
    if not said:
        raise Refused(_("Write what the mail is to say."))
    if len(said) > MAX_TEXT:
        raise Refused(_("The text is too long: %(limit)d characters are possible.") % {"limit": MAX_TEXT})
    with transaction.atomic():
        locked = locked_submission(submission.pk)
        capacity = need_review(actor, locked.district_id, _("Your role does not include chasing this district."))
        (asked,) = chases_of([locked], now)
        if asked.problem:
            raise Refused(asked.problem)
        event = record_event(
            submission=locked,
            kind=EventKind.CHASE,
            actor=actor,
            now=now,
            note=said,
            data={"is_standard": said == standard_text()} | capacity,
        )
        queue_mails((_mail(event, recipient) for recipient in asked.recipients), now=now)
        return event


def chase_many(*, chosen: Sequence[Submission], text: str, actor: User, now: datetime) -> Iterator[Outcome]:
    """Chase each by itself; one refusal does not stop the others. Raises Refused for reports of several cycles."""
    if len({submission.cycle_id for submission in chosen}) > 1:
        raise Refused(_("Choose reports of one cycle: the text speaks of one."))
    return _each(chosen, text, actor, now)


def _each(chosen: Sequence[Submission], text: str, actor: User, now: datetime) -> Iterator[Outcome]:
    for submission in chosen:
        try:
            chase(submission=submission, text=text, actor=actor, now=now)
        except DomainError as error:
            yield Outcome(submission, error.messages)
        else:
            yield Outcome(submission, ())


def _mail(event: Event, recipient: User) -> NewMail:
    return NewMail(
        kind=KIND,
        recipient=recipient,
        about=f"submission:{event.submission_id}",
        instant=event.at,
        district=event.submission.district,
        context={"submission": event.submission_id, "event": event.pk, "actor": event.actor_id},
    )


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Looks at the state again: nothing goes out for a report that was handed in meanwhile."""
    submission = submission_of(mail)
    if submission is None or submission.state not in UNSUBMITTED_STATES:
        return None
    event = Event.objects.select_related("actor").get(pk=mail.context["event"])
    due = submission.due_in_force
    words = {"district": submission.district_label, "report": submission.cycle, "due": when(due)}
    if now > due:
        sentence = _("The report of %(district)s was due on %(due)s and is not submitted.")
    else:
        sentence = _("The report of %(district)s is due on %(due)s.")
    return Letter(
        subject=_("The bureau asks for the report: %(district)s, %(report)s") % words,
        paragraphs=[sentence % words],
        facts=[(_("Report"), str(submission.cycle)), (_("State"), submission.get_state_display()), (_("Due"), when(due))],
        quotes=[(str(event.actor), standard_text() if event.data["is_standard"] else event.note)],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def register_chases() -> None:
    register(Kind(KIND, gettext_lazy("Chased by the bureau"), _compose))
