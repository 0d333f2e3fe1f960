"""Reminders of key tasks, escalating: written by a sweep that may run twice, late, or after a day off."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictRole
from districts.models import OutgoingMail
from districts.queries.people import People, members_of, reviewers_of
from districts.queries.workdays import WorkCalendar, at_local, work_calendar
from reporting.domain.key_tasks.mails import party_of, task_facts, task_link
from reporting.enums.key_tasks import WITH_DISTRICT, KeyTaskStep
from reporting.models import KeyTaskParty

KIND = "task_reminder"
_OPENS, _CLOSES = time(8, 30), time(18, 0)
_HORIZON = timedelta(days=60)
_OFFICERS, _HEADS, _REVIEWERS = "officers", "heads", "reviewers"
LADDER: dict[int, tuple[str, ...]] = {
    -10: (_OFFICERS,),
    -3: (_OFFICERS, _HEADS),
    1: (_OFFICERS, _HEADS),
    5: (_HEADS, _REVIEWERS),
}
"""By working days after the deadline: who is reminded."""
_RESTARTS = Q(task__records__step__in=[KeyTaskStep.SEND_BACK, KeyTaskStep.GRANT_EXTENSION]) | Q(
    task__records__step=KeyTaskStep.CHANGE, task__records__wanted__isnull=False
)
"""Steps after which reminders begin anew: sent back, or due on another day."""


def sweep_task_reminders(*, now: datetime) -> int:
    """Write every reminder that is due and missing; gives how many. Only the latest rung goes out."""
    today, calendar = timezone.localdate(now), work_calendar()
    near = Q(task__deadline__range=(today - _HORIZON, today + _HORIZON))
    parties = KeyTaskParty.objects.filter(near, task__state__in=WITH_DISTRICT).select_related("task", "district")
    restarted = Max("task__records__at", filter=_RESTARTS)
    owed = list(parties.annotate(restarted_at=restarted).order_by("pk"))
    people = _people({party.district_id for party in owed})
    mails = [mail for party in owed for mail in _reminders(party, calendar, people, now)]
    written = OutgoingMail.objects.filter(dedupe_key__in=[mail.dedupe_key for mail in mails])
    known = set(written.values_list("dedupe_key", flat=True))
    missing = [mail for mail in mails if mail.dedupe_key not in known]
    _supersede_waiting(missing)
    queue_mails(missing, now=now)
    return len(missing)


def _people(district_ids: set[int]) -> dict[str, People]:
    return {
        _OFFICERS: members_of(district_ids, [DistrictRole.OFFICER]),
        _HEADS: members_of(district_ids, HEAD_ROLES),
        _REVIEWERS: reviewers_of(district_ids),
    }


def _reminders(party: KeyTaskParty, calendar: WorkCalendar, people: dict[str, People], now: datetime) -> Iterator[NewMail]:
    deadline = party.task.deadline
    since = max(filter(None, [party.task.assigned_at, party.restarted_at]))  # type: ignore[attr-defined]
    restarted = timezone.localdate(party.restarted_at) if party.restarted_at else deadline  # type: ignore[attr-defined]
    overdue_from = max(deadline, restarted)  # what is sent back late is reminded of anew
    days = {offset: overdue_from if offset > 0 else deadline for offset in sorted(LADDER)}
    reached = [offset for offset, day in days.items() if since < at_local(calendar.shifted(day, offset), _OPENS) <= now]
    quiet = calendar.is_quiet(now, quiet_from=_CLOSES, quiet_until=_OPENS)
    for offset in reached:
        told = {user.pk: user for audience in LADDER[offset] for user in people[audience].get(party.district_id, [])}
        for person in told.values():
            yield NewMail(
                kind=KIND,
                recipient=person,
                about=f"task:{party.task_id}:{party.district_id}:{offset:+d}",
                instant=at_local(days[offset], time()),
                send_at=calendar.next_morning(now, opens=_OPENS) if quiet else now,
                district=party.district,
                context={"party": party.pk, "task": party.task_id, "deadline": deadline.isoformat()},
                is_superseded=offset != reached[-1],
            )


def _supersede_waiting(mails: list[NewMail]) -> None:
    """A later rung takes the place of an earlier one that still waits for the morning."""
    parties = {mail.context["party"] for mail in mails if not mail.is_superseded}
    waiting = OutgoingMail.objects.filter(kind=KIND, state="due", context__party__in=list(parties))
    waiting.update(state="superseded")


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Looks at the task again: nothing goes out for one that was answered, or whose deadline has moved."""
    party = party_of(mail)
    if party is None or party.task.state not in WITH_DISTRICT or party.task.deadline.isoformat() != mail.context["deadline"]:
        return None
    names = {
        "district": party.district,
        "title": party.task.title,
        "deadline": date_format(party.task.deadline, "DATE_FORMAT"),
    }
    if timezone.localdate(now) > party.task.deadline:
        subject, sentence = (
            _("Overdue key task: %(title)s, %(district)s"),
            _("The key task “%(title)s” of %(district)s was due on %(deadline)s and is not reported as done."),
        )
    else:
        subject, sentence = (
            _("Key task due %(deadline)s: %(title)s, %(district)s"),
            _("The key task “%(title)s” of %(district)s is due on %(deadline)s."),
        )
    return Letter(
        subject=subject % names,
        paragraphs=[sentence % names],
        facts=task_facts(party),
        link=task_link(party.task),
        link_text=_("Open the task"),
    )


def register_task_reminders() -> None:
    register(Kind(KIND, gettext_lazy("Reminder of a key task"), _compose, may_bundle=True))
