"""Key tasks as each person may see them: how far they are, how urgent, and what belongs into a report."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser, district_ids_for, is_bureau_administrator, permissions_on
from reporting.enums import SubmissionState
from reporting.enums.key_tasks import OPEN_TASKS, KeyTaskState, PartyRole, Signal
from reporting.models import KeyTask, KeyTaskExtension, KeyTaskParty, KeyTaskUpdate, Revision, Submission
from reporting.queries.enquiries import ASKERS
from reporting.validators.key_tasks import signal_of

_URGENCY = list(Signal)
_COUNTED = Q(revision=None) | Q(revision__signed_at__isnull=False)
"""What was told between reports, and what stands in a signed one."""


@dataclass(frozen=True)
class Standing:
    """One task with what its districts say of it. `progress` is the lead's, in per cent."""

    task: KeyTask
    parties: tuple[KeyTaskParty, ...]
    latest: dict[int, KeyTaskUpdate]
    """By party."""
    signal: Signal

    @property
    def lead(self) -> KeyTaskParty:
        return next(party for party in self.parties if party.is_lead)

    @property
    def co_leads(self) -> list[KeyTaskParty]:
        return [party for party in self.parties if not party.is_lead]

    @property
    def told(self) -> KeyTaskUpdate | None:
        """What the lead said last."""
        return self.latest.get(self.lead.pk)

    @property
    def progress(self) -> int:
        return self.told.progress if self.told else 0

    @property
    def said(self) -> list[tuple[KeyTaskParty, KeyTaskUpdate | None]]:
        return [(party, self.latest.get(party.pk)) for party in self.parties]

    @property
    def urgency(self) -> tuple[int, date, int]:
        return (_URGENCY.index(self.signal), self.task.deadline, self.task.pk)


@dataclass(frozen=True)
class ReportTask:
    """One task in a report: what stood before, and what this report says, if it says anything yet."""

    party: KeyTaskParty
    before: KeyTaskUpdate | None
    update: KeyTaskUpdate | None
    signal: Signal

    @property
    def shown(self) -> KeyTaskUpdate | None:
        """What a form is filled with."""
        return self.update or self.before

    @property
    def version(self) -> int:
        return self.update.version if self.update else 0


def tasks_for(user: AnyUser) -> QuerySet[KeyTask]:
    """Those of the districts that the person may see: of a district's own people the own, at the bureau the portfolio's."""
    seen = KeyTaskParty.objects.filter(district__in=district_ids_for(user, DistrictPermission.VIEW))
    return KeyTask.objects.filter(pk__in=seen.values("task"))


def standings(tasks: Iterable[KeyTask], now: datetime) -> list[Standing]:
    """Of these tasks, in their order. Two queries."""
    listed = list(tasks)
    parties = list(KeyTaskParty.objects.filter(task__in=listed).select_related("district").order_by("-role", "district__code"))
    latest = latest_updates(party.pk for party in parties)
    today, found = timezone.localdate(now), []
    for task in listed:
        own = tuple(party for party in parties if party.task_id == task.pk)
        told = {party.pk: latest[party.pk] for party in own if party.pk in latest}
        lead = next((told[party.pk] for party in own if party.is_lead and party.pk in told), None)
        found.append(Standing(task, own, told, _signal(task, lead.progress if lead else 0, today)))
    return found


def latest_updates(party_ids: Iterable[int], *, before: Revision | None = None) -> dict[int, KeyTaskUpdate]:
    """What each district said last, of what counts: by when it was said, not by when a report was signed. With `before`, what
    stood before that revision. One query."""
    told = KeyTaskUpdate.objects.filter(_COUNTED, party__in=list(party_ids))
    if before is not None:
        told = told.exclude(revision__submission=before.submission_id)
        if before.signed_at is not None:
            told = told.filter(at__lte=before.signed_at)
    rows = told.select_related("actor", "revision").order_by("party_id", "-at", "-pk").distinct("party_id")
    return {update.party_id: update for update in rows}


def report_tasks(submission: Submission, revision: Revision | None, now: datetime) -> list[ReportTask]:
    """The district's tasks in its report: of a signed one those it speaks of, else all that are open; also before it is begun.
    Three queries at most."""
    if revision is None:
        return _tasks_ahead(submission, now)
    if revision.is_nil:
        return []
    written = {update.party_id: update for update in revision.task_updates.select_related("actor")}
    wanted = Q(pk__in=written)
    if revision.signed_at is None:
        wanted |= Q(task__state__in=OPEN_TASKS)
    parties = KeyTaskParty.objects.filter(wanted, district=submission.district_id).select_related("task")
    ordered = list(parties.order_by("task__deadline", "task__pk"))
    before = latest_updates((party.pk for party in ordered), before=revision)
    day = timezone.localdate(revision.signed_at or now)
    found = []
    for party in ordered:
        update, earlier = written.get(party.pk), before.get(party.pk)
        shown = update or earlier
        found.append(ReportTask(party, earlier, update, _signal(party.task, shown.progress if shown else 0, day)))
    return found


def _tasks_ahead(submission: Submission, now: datetime) -> list[ReportTask]:
    """What will stand in a report that is still to be begun. Two queries."""
    if submission.state != SubmissionState.NOT_STARTED:
        return []
    parties = list(open_parties(submission.district_id).select_related("task"))
    before, day = latest_updates(party.pk for party in parties), timezone.localdate(now)
    return [
        ReportTask(party, told, None, _signal(party.task, told.progress if told else 0, day))
        for party in parties
        for told in [before.get(party.pk)]
    ]


def open_parties(district_id: int) -> QuerySet[KeyTaskParty]:
    """The district's side of its open tasks."""
    return KeyTaskParty.objects.filter(district=district_id, task__state__in=OPEN_TASKS).order_by("task__deadline", "task__pk")


def updates_on(user: AnyUser, district_id: int) -> bool:
    """Whether the person tells the district's progress."""
    return bool(ASKERS & permissions_on(user, district_id))


def closes(user: AnyUser, task: KeyTask) -> bool:
    """Whether the person closes the task and sends it back: an approver of its lead's district."""
    lead = task.parties.get(role=PartyRole.LEAD)
    return DistrictPermission.APPROVE in permissions_on(user, lead.district_id) or is_bureau_administrator(user)


def register_for(user: AnyUser) -> QuerySet[KeyTask]:
    """The bureau's register: the tasks whose lead or co-lead is in the portfolio."""
    seen = KeyTaskParty.objects.filter(district__in=district_ids_for(user, DistrictPermission.REVIEW))
    parties = Prefetch("parties", KeyTaskParty.objects.select_related("district").order_by("-role", "district__code"))
    return KeyTask.objects.filter(pk__in=seen.values("task")).prefetch_related(parties)


def with_signal(tasks: QuerySet[KeyTask], signal: Signal, now: datetime) -> QuerySet[KeyTask]:
    """Those of the tasks that are open and show the signal. Three queries, which read all that are open."""
    shown = standings(tasks.filter(state__in=OPEN_TASKS).order_by().prefetch_related(None), now)
    return tasks.filter(pk__in=[one.task.pk for one in shown if one.signal == signal])


def waiting_tasks(user: AnyUser) -> QuerySet[KeyTask]:
    """Those that a district reported as done, in the portfolio of somebody who may close them."""
    return _decided_by(user).filter(state=KeyTaskState.ANSWERED)


def asking_tasks(user: AnyUser) -> QuerySet[KeyTask]:
    """Those of which the lead asks for more time, with the day that it `wanted`, for somebody who may give it."""
    waiting = KeyTaskExtension.objects.filter(task=OuterRef("pk"), answered_at=None)
    return _decided_by(user).annotate(wanted=Subquery(waiting.values("wanted"))).filter(wanted__isnull=False)


def _decided_by(user: AnyUser) -> QuerySet[KeyTask]:
    own = KeyTaskParty.objects.filter(role=PartyRole.LEAD, district__in=district_ids_for(user, DistrictPermission.APPROVE))
    return KeyTask.objects.filter(pk__in=own.values("task"))


def open_standings(district_ids: Collection[int] | QuerySet, now: datetime) -> list[Standing]:
    """The open tasks of the districts, the most urgent first."""
    parties = KeyTaskParty.objects.filter(district__in=district_ids)
    tasks = KeyTask.objects.filter(state__in=OPEN_TASKS, pk__in=parties.values("task"))
    return sorted(standings(tasks, now), key=lambda one: one.urgency)


def _signal(task: KeyTask, progress: int, today: date) -> Signal:
    """What a district reported as done is not late while the bureau has not answered."""
    if not task.is_open:
        return Signal.NONE
    if task.state == KeyTaskState.ANSWERED:
        return Signal.WAITING
    return signal_of(
        progress=progress,
        begun=task.begins_on,
        deadline=task.deadline,
        today=today,
        soon_days=settings.TASK_SOON_DAYS,
        margin=settings.TASK_BEHIND_POINTS,
    )
