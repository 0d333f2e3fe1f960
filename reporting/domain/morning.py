"""The bureau's morning digest: what waits for each of its people, once a working day.

A sweep writes the day's row; what it says is looked up when it is sent, so a late mail tells what holds then.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db.models import Min, Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, Part, register
from districts.domain.mail import NewMail, queue_mails
from districts.models import OutgoingMail, User
from districts.queries.workdays import at_local, work_calendar
from reporting.domain.notices import when
from reporting.formats import duration
from reporting.models import Enquiry, KeyTask, Petition, Practice, ReminderPolicy, Submission
from reporting.queries.morning import Waiting, morning_of, people_without_digest

KIND = "morning_digest"
_Row = TypeVar("_Row", bound=Model)


def sweep_digests(*, now: datetime) -> int:
    """Write the digest of this working day to whoever of the bureau takes it and has none yet; gives how many.

    The day begins when the first policy's quiet hours end. A sweep may run twice or late; a day without one is not made up for.
    """
    today = timezone.localdate(now)
    opens = ReminderPolicy.objects.aggregate(opens=Min("quiet_until"))["opens"]
    if opens is None or now < at_local(today, opens) or not work_calendar().is_workday(today):
        return 0
    instant = at_local(today, opens)
    people = people_without_digest(KIND, since=instant)
    return queue_mails((NewMail(KIND, person, "morning", instant, context={"day": today}) for person in people), now=now)


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Nothing where nothing waits, when the day is over, and where the person wants it no more."""
    person, today = mail.recipient, timezone.localdate(now)
    if mail.context["day"] != today.isoformat() or not (person.is_staff and person.morning_digest):
        return None
    parts = _parts(person, now)
    if not parts:
        return None
    return Letter(
        subject=_("Waiting for the bureau, %(day)s") % {"day": date_format(today, _("l j F Y"))},
        paragraphs=[_("This waits in the districts that you look after.")],
        parts=parts,
        link=settings.PORTAL_URL + reverse("admin:index"),
        link_text=_("Open the bureau's page"),
    )


def _parts(person: User, now: datetime) -> list[Part]:
    found = morning_of(person, now)
    reports, enquiries, mails = "reporting_submission", "reporting_enquiry", "districts_outgoingmail"

    def signed(report: Submission) -> str:
        revision = report.working_revision
        waits = duration(now - revision.signed_at) if revision and revision.signed_at else ""
        return _("%(what)s: signed %(time)s ago") % {"what": report, "time": waits}

    def owed(report: Submission) -> str:
        return _("%(what)s: was due on %(due)s") % {"what": report, "due": when(report.due_in_force)}

    def asked(enquiry: Enquiry) -> str:
        return _("%(what)s: asked %(time)s ago") % {
            "what": f"{enquiry.submission.district_label} · {enquiry.about}",
            "time": duration(now - enquiry.latest_at),
        }

    def requested(petition: Petition) -> str:
        return _("%(what)s: asked %(time)s ago") % {"what": petition, "time": duration(now - petition.asked_at)}

    parts = (
        _part(_("Submitted"), found.submitted, signed, reports, "state=submitted"),
        _part(_("In review"), found.in_review, signed, reports, "state=in_review"),
        _part(_("Overdue"), found.overdue, owed, reports, "late=overdue"),
        _part(_("Questions from districts"), found.enquiries, asked, enquiries, "state=waiting"),
        _part(_("Requests from districts"), found.petitions, requested, "reporting_petition", "state=waiting"),
        _part(_("Key tasks reported as done"), found.tasks, _done, "reporting_keytask", "state=answered"),
        _part(_("More time for key tasks"), found.asking, _asking, "reporting_keytask", "extension=waiting"),
        _part(_("Practices to be decided on"), found.practices, _shared, "reporting_practice", "state=proposed"),
        _part(_("Failed mails"), found.mails, _failed, mails, "state=failed"),
    )
    return [part for part in parts if part.lines]


def _done(task: KeyTask) -> str:
    return _("%(what)s: due on %(day)s") % {"what": task, "day": date_format(task.deadline, "DATE_FORMAT")}


def _asking(task: KeyTask) -> str:
    wanted = date_format(task.wanted, "DATE_FORMAT")  # type: ignore[attr-defined]
    return _("%(what)s: until %(day)s") % {"what": task, "day": wanted}


def _shared(practice: Practice) -> str:
    return f"{practice.district}: {practice}"


def _failed(mail: OutgoingMail) -> str:
    return f"{mail.recipient}: {mail.last_error[:90]}"


def _part(title: str, found: Waiting[_Row], words: Callable[[_Row], str], model: str, query: str) -> Part:
    """Its heading counts all; the lines are the first few, each with the link of its page in the admin."""
    page = settings.PORTAL_URL + reverse(f"admin:{model}_changelist")
    return Part(
        title=_("%(title)s: %(count)d") % {"title": title, "count": found.count},
        lines=[(words(row), settings.PORTAL_URL + reverse(f"admin:{model}_change", args=[row.pk])) for row in found.rows],
        link=f"{page}?{query}" if found.count > len(found.rows) else "",
    )


def register_digests() -> None:
    register(Kind(KIND, gettext_lazy("Morning digest"), _compose))
