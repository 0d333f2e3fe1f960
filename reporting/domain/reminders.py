"""The ladder of reminders, from data. A sweep writes what is due and missing, so it may run twice, late, or after a day off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import NewMail, queue_mails
from districts.enums import HEAD_ROLES, DistrictRole
from districts.models import OutgoingMail, User
from districts.queries.people import People, members_of, reviewers_of
from districts.queries.workdays import WorkCalendar, at_local, work_calendar
from reporting.domain.notices import report_link, submission_of, when
from reporting.enums import UNSUBMITTED_STATES, EventKind
from reporting.models import Audience, ReminderPolicy, ReminderRung, Submission

KIND = "reminder"
HORIZON = timedelta(days=45)
"""Reports that were due longer ago are not chased by mail any more."""
_RESTARTS = (EventKind.RETURN, EventKind.REOPEN, EventKind.EXTEND, EventKind.EXPECT)
_DEFAULT_LADDER: dict[int, tuple[tuple[str, ...], bool]] = {
    -7: ((Audience.OFFICERS,), True),
    -3: ((Audience.OFFICERS, Audience.HEADS), True),
    -1: ((Audience.OFFICERS, Audience.HEADS, Audience.REVIEWERS), False),
    0: ((Audience.OFFICERS, Audience.HEADS), False),
    1: ((Audience.OFFICERS, Audience.HEADS), True),
    3: ((Audience.HEADS, Audience.REVIEWERS), True),
}


def ensure_default_policy() -> ReminderPolicy:
    """The ladder of the bureau's practice, made once."""
    policy, created = ReminderPolicy.objects.get_or_create(
        name="Standard ladder", defaults={"name_zh": "标准催报规则", "quiet_from": time(18, 0), "quiet_until": time(8, 30)}
    )
    if created:
        ReminderRung.objects.bulk_create(
            ReminderRung(policy=policy, offset=offset, audiences=list(audiences), may_wait_for_digest=may_wait)
            for offset, (audiences, may_wait) in _DEFAULT_LADDER.items()
        )
    return policy


@dataclass(frozen=True)
class _Ladder:
    """A policy's rungs on the calendar."""

    policy: ReminderPolicy
    rungs: tuple[ReminderRung, ...]
    calendar: WorkCalendar

    def instant(self, rung: ReminderRung, due: datetime) -> datetime:
        """The morning on which the rung is due."""
        return at_local(self.calendar.shifted(timezone.localtime(due).date(), rung.offset), self.policy.quiet_until)

    def reached(self, due: datetime, since: datetime, now: datetime) -> list[ReminderRung]:
        """The rungs that fell due after `since`, up to now, in order."""
        return [rung for rung in self.rungs if since < self.instant(rung, due) <= now]

    def send_at(self, rung: ReminderRung, recipient: User, due: datetime, now: datetime) -> datetime:
        """Now, or the next working morning where it is quiet now or the person takes one digest a day; at once where waiting
        would pass the deadline."""
        opens = self.policy.quiet_until
        quiet = self.calendar.is_quiet(now, quiet_from=self.policy.quiet_from, quiet_until=opens)
        digest = rung.may_wait_for_digest and recipient.daily_digest and timezone.localtime(now).time() > opens
        if not (quiet or digest):
            return now
        morning = self.calendar.next_morning(now, opens=opens)
        return now if now <= due < morning else morning


def sweep_reminders(*, now: datetime) -> int:
    """Write every reminder that is due and missing; gives how many. Only the latest rung goes out, earlier ones are recorded as
    superseded."""
    calendar = work_calendar()
    policies = ReminderPolicy.objects.prefetch_related("rungs")
    ladders = {
        policy.pk: _Ladder(policy, tuple(sorted(policy.rungs.all(), key=lambda r: r.offset)), calendar) for policy in policies
    }
    submissions = list(_chased(now))
    people = _people({submission.district_id for submission in submissions})
    mails = [mail for submission in submissions for mail in _reminders(submission, ladders, people, now)]
    known = set(
        OutgoingMail.objects.filter(dedupe_key__in=[mail.dedupe_key for mail in mails]).values_list("dedupe_key", flat=True)
    )
    missing = [mail for mail in mails if mail.dedupe_key not in known]
    _supersede_waiting(missing)
    queue_mails(missing, now=now)
    return len(missing)


def _chased(now: datetime) -> Iterable[Submission]:
    """Owed reports of opened cycles, with the instant since which the ladder in force runs."""
    restarted = Max("events__at", filter=Q(events__kind__in=_RESTARTS))
    owed = Submission.objects.filter(state__in=UNSUBMITTED_STATES, cycle__opened_at__lte=now).annotate(restarted_at=restarted)
    near = [s for s in owed.select_related("cycle__definition", "district") if now - HORIZON < s.due_in_force]
    return [submission for submission in near if submission.due_in_force < now + HORIZON]


def _people(district_ids: set[int]) -> dict[str, People]:
    return {
        Audience.OFFICERS: members_of(district_ids, [DistrictRole.OFFICER]),
        Audience.HEADS: members_of(district_ids, HEAD_ROLES),
        Audience.REVIEWERS: reviewers_of(district_ids),
    }


def _reminders(
    submission: Submission, ladders: dict[int, _Ladder], people: dict[str, People], now: datetime
) -> Iterator[NewMail]:
    ladder, due = ladders[submission.cycle.reminder_policy_id], submission.due_in_force
    since = max(filter(None, [submission.cycle.opened_at, submission.restarted_at]))  # type: ignore[attr-defined]
    reached = ladder.reached(due, since, now)
    for rung in reached:
        for recipient in _recipients(rung, submission, people):
            yield NewMail(
                kind=KIND,
                recipient=recipient,
                about=f"submission:{submission.pk}:{rung.offset:+d}",
                instant=due,
                send_at=ladder.send_at(rung, recipient, due, now),
                district=submission.district,
                context={"submission": submission.pk, "due_at": due.isoformat(), "offset": rung.offset},
                is_superseded=rung is not reached[-1],
            )


def _recipients(rung: ReminderRung, submission: Submission, people: dict[str, People]) -> list[User]:
    found = {user.pk: user for audience in rung.audiences for user in people[audience].get(submission.district_id, [])}
    return list(found.values())


def _supersede_waiting(mails: list[NewMail]) -> None:
    """A later rung takes the place of an earlier one that still waits for the morning."""
    submissions = {mail.context["submission"] for mail in mails if not mail.is_superseded}
    waiting = OutgoingMail.objects.filter(kind=KIND, state="due", context__submission__in=list(submissions))
    waiting.update(state="superseded")


def _compose(mail: OutgoingMail, now: datetime) -> Letter | None:
    """Looks at the state again: nothing goes out for a report that was handed in, or whose due time has moved."""
    submission = submission_of(mail)
    if submission is None or submission.state not in UNSUBMITTED_STATES:
        return None
    due = submission.due_in_force
    if due.isoformat() != mail.context["due_at"]:
        return None
    words = {"district": submission.district_label, "report": submission.cycle, "due": when(due)}
    if now > due:
        subject, sentence = (
            _("Overdue: %(district)s, %(report)s"),
            _("The report of %(district)s was due on %(due)s and is not submitted."),
        )
    else:
        subject, sentence = _("Due %(due)s: %(district)s, %(report)s"), _("The report of %(district)s is due on %(due)s.")
    return Letter(
        subject=subject % words,
        paragraphs=[sentence % words],
        facts=[(_("Report"), str(submission.cycle)), (_("State"), submission.get_state_display()), (_("Due"), when(due))],
        link=report_link(submission),
        link_text=_("Open the report"),
    )


def register_reminders() -> None:
    register(Kind(KIND, gettext_lazy("Reminder"), _compose, may_bundle=True))
