"""The bureau's first page, read in a constant number of queries and only as far as the person's portfolio reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, F, Q

from districts.enums import DistrictPermission
from districts.models import Deputy, OutgoingMail
from districts.queries.access import AnyUser, bureau_may
from districts.queries.deputies import deputising_of
from districts.queries.mails import failed_mails
from reporting.enums import EDITABLE_STATES, SubmissionState
from reporting.models import Cycle, CycleFigure, Enquiry, Petition, Submission
from reporting.models.submission import SubmissionQuerySet
from reporting.queries.enquiries import waiting_enquiries
from reporting.queries.petitions import waiting_counts, waiting_petitions
from reporting.queries.review import queue
from reporting.queries.waiting import Wait, waits

HEADLINES = ("A01", "A02", "A13")
"""The indicators that stand first, where the cycle's definition asks for them; else its first three."""
MAP_LIMIT = 200
_QUEUE_SHOWN = 8
_MAILS_SHOWN = 5
_ENQUIRIES_SHOWN = 5
_PETITIONS_SHOWN = 5
_COUNT_LIMIT = 1_000
_OWED = [SubmissionState.NOT_STARTED, SubmissionState.AWAITING_SIGNATURE, *EDITABLE_STATES]


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    count: int


@dataclass(frozen=True)
class Progress:
    """A cycle's reports by state; `overdue` are owed past their due time, `late` were handed in after it."""

    states: tuple[StateCount, ...]
    overdue: int
    late: int

    @property
    def total(self) -> int:
        """Of the reports that are expected."""
        return sum(item.count for item in self.states if item.state != SubmissionState.RELEASED)

    @property
    def approved(self) -> int:
        return next(item.count for item in self.states if item.state == SubmissionState.APPROVED)


@dataclass(frozen=True)
class Tile:
    submission: Submission
    is_late: bool
    row: int
    column: int


@dataclass(frozen=True)
class Dashboard:
    cycle: Cycle | None
    cycles: Sequence[Cycle]
    progress: Progress | None
    tiles: tuple[Tile, ...]
    queue: Sequence[Submission]
    queue_count: int
    failed_mails: Sequence[OutgoingMail]
    failed_count: int
    figures: Sequence[CycleFigure]
    waits: Sequence[Wait]
    may_approve: bool
    enquiries: Sequence[Enquiry]
    enquiry_count: int
    deputies: Sequence[Deputy]
    """Of whom the person deputises for, and of who deputises for the person."""
    petitions: Sequence[Petition]
    petition_counts: Mapping[str, int]
    """Those that wait, by their kind."""

    @property
    def columns(self) -> int:
        return max((tile.column for tile in self.tiles), default=1)

    @property
    def is_map_complete(self) -> bool:
        return self.progress is None or sum(item.count for item in self.progress.states) <= len(self.tiles)


def dashboard(user: AnyUser, now: datetime, *, cycle_id: int | None = None) -> Dashboard:
    """The page for one cycle: the one asked for, else the open one due first, else the latest. Fourteen queries at most."""
    cycles = _cycles(now)
    cycle = next((item for item in cycles if item.pk == cycle_id), cycles[0] if cycles else None)
    waiting, failed, asked = queue(user), failed_mails(user), waiting_enquiries(user)
    return Dashboard(
        cycle=cycle,
        cycles=cycles,
        progress=_progress(user, cycle, now) if cycle else None,
        tiles=_tiles(user, cycle, now) if cycle else (),
        queue=list(waiting[:_QUEUE_SHOWN]),
        queue_count=waiting[:_COUNT_LIMIT].count(),
        failed_mails=list(failed[:_MAILS_SHOWN]),
        failed_count=failed[:_COUNT_LIMIT].count(),
        figures=_headlines(cycle) if cycle else (),
        waits=waits(user, cycle, now) if cycle else (),
        enquiries=list(asked[:_ENQUIRIES_SHOWN]),
        enquiry_count=asked[:_COUNT_LIMIT].count(),
        petitions=list(waiting_petitions(user)[:_PETITIONS_SHOWN]),
        petition_counts=waiting_counts(user),
        may_approve=bureau_may(user, DistrictPermission.APPROVE),
        deputies=deputising_of(user),
    )


def _cycles(now: datetime) -> list[Cycle]:
    """The open cycles, first due first, then some of the latest others."""
    opened = Cycle.objects.opened().select_related("definition")
    latest = list(opened.order_by("-due_at", "-pk")[:12])
    running = sorted((cycle for cycle in latest if not cycle.is_locked(now)), key=lambda cycle: (cycle.due_at, cycle.pk))
    return [*running, *islice((cycle for cycle in latest if cycle.is_locked(now)), 4)]


def _progress(user: AnyUser, cycle: Cycle, now: datetime) -> Progress:
    rows = (
        _submissions(user, cycle)
        .with_deadlines()
        .order_by()
        .values("state")
        .annotate(
            number=Count("pk"),
            overdue=Count("pk", filter=Q(state__in=_OWED, due__lt=now)),
            late=Count("pk", filter=Q(first_signed_at__gt=F("first_due_at"))),
        )
    )
    counted = {row["state"]: row for row in rows}
    return Progress(
        states=tuple(
            StateCount(state.value, str(state.label), counted[state]["number"] if state in counted else 0)
            for state in SubmissionState
        ),
        overdue=sum(row["overdue"] for row in counted.values()),
        late=sum(row["late"] for row in counted.values()),
    )


def _tiles(user: AnyUser, cycle: Cycle, now: datetime) -> tuple[Tile, ...]:
    """The tiles with rows and columns counted from 1, whatever the districts' own numbers begin with."""
    found = list(_submissions(user, cycle).select_related("district", "cycle").order_by("district__code", "pk")[:MAP_LIMIT])
    top = min((submission.district.grid_row for submission in found), default=0)
    left = min((submission.district.grid_column for submission in found), default=0)
    return tuple(
        Tile(
            submission,
            submission.late_by is not None or submission.is_overdue(now),
            submission.district.grid_row - top + 1,
            submission.district.grid_column - left + 1,
        )
        for submission in found
    )


def _submissions(user: AnyUser, cycle: Cycle) -> SubmissionQuerySet:
    return Submission.objects.for_user(user, DistrictPermission.REVIEW).filter(cycle=cycle)


def _headlines(cycle: Cycle) -> list[CycleFigure]:
    figures = {figure.indicator.code: figure for figure in cycle.figures.select_related("indicator").order_by("indicator__code")}
    found = [figures[code] for code in HEADLINES if code in figures]
    return found or list(islice(figures.values(), 3))
