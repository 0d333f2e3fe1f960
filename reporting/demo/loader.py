"""Loading the whole demonstration, in one transaction: all of it is there, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from districts.domain.districts import load_districts
from districts.enums import BureauRoleName
from districts.errors import Refused
from districts.models import User
from districts.queries.workdays import WorkCalendar, work_calendar
from reporting.demo.history import Story, tell
from reporting.demo.key_tasks import assign_tasks
from reporting.demo.people import Cast, add_people, is_loaded, let_somebody_act, let_somebody_deputise, strangers
from reporting.demo.practices import share_practices
from reporting.demo.present import Scene, play
from reporting.demo.profiles import write_profiles
from reporting.demo.publication import publish
from reporting.demo.publicity import plan_publicity
from reporting.demo.schedule import Schedule, open_schedule, past_schedule, periods_until
from reporting.demo.series import PeriodFigures, figures_of
from reporting.demo.symposium import hold
from reporting.demo.tables import DATA, first_period
from reporting.demo.targets import set_targets
from reporting.demo.walk import Walk
from reporting.domain.adjustments import add_adjustment
from reporting.domain.cycles import open_cycle
from reporting.domain.definitions import load_indicators
from reporting.domain.figures import refresh_figures
from reporting.domain.importing import load_definition
from reporting.domain.reminders import ensure_default_policy
from reporting.models import Cycle, DefinitionVersion, ReminderPolicy
from reporting.queries.definitions import questionnaire

_DISTRICTS = Path(__file__).resolve().parent.parent.parent / "districts" / "data" / "districts.csv"
_UNALLOCATED = "Head offices and platform companies that the city's accounts hold centrally and no district reports."


@dataclass(frozen=True)
class _World:
    """What every cycle is made in."""

    version: DefinitionVersion
    policy: ReminderPolicy
    cast: Cast
    calendar: WorkCalendar
    now: datetime

    @property
    def administrator(self) -> User:
        return self.cast.bureau[BureauRoleName.ADMINISTRATOR]


def load_demo(*, now: datetime, say: Callable[[str], None]) -> bool:
    """Load it unless it is there; whether it did. `say` gets a line for each part.

    Raises Refused where somebody else's people are in the database, or where no period has ended by `now`.
    """
    with transaction.atomic():
        if strangers():
            raise Refused("There are people in this database who do not belong to the demonstration. Load it into an empty one.")
        if is_loaded():
            return False
        periods = periods_until(now)
        if not periods:
            raise Refused(f"The demonstration begins with {first_period()}: give a later --now.")
        world = _world(now, say)
        for figures in figures_of(periods):
            is_open = figures.period == periods[-1]
            cycle = _play_open(world, figures) if is_open else _tell_past(world, figures)
            refresh_figures(cycle_id=cycle.pk, now=now)
            say(f"{figures.period}: {'open, with reports in every state' if is_open else 'every report approved'}")
        write_profiles(cast=world.cast, now=now)
        set_targets(cast=world.cast, first_year=periods[0].year + 1, last_year=periods[-1].year, now=now)
        assign_tasks(cast=world.cast, now=now)
        hold(cast=world.cast, now=now)
        publish(administrator=world.administrator, now=now)
        plan_publicity(cast=world.cast, now=now)
        share_practices(cast=world.cast, now=now)
        say("Targets, key tasks, the symposium, releases, practices and the publicity plan")
    return True


def _world(now: datetime, say: Callable[[str], None]) -> _World:
    calendar = work_calendar()
    before = past_schedule(first_period(), calendar).opens_at - timedelta(days=30)
    load_districts(path=_DISTRICTS)
    load_indicators(path=DATA / "indicators.csv", notes=DATA / "indicator_notes.json")
    version = load_definition(path=DATA / "digital_economy.json", now=before)
    cast = add_people(joined=before)
    let_somebody_act(cast=cast, now=now)
    let_somebody_deputise(cast=cast, now=now)
    say("Districts, indicators, the definition and its people")
    return _World(version, ensure_default_policy(), cast, calendar, now)


def _tell_past(world: _World, figures: PeriodFigures) -> Cycle:
    schedule = past_schedule(figures.period, world.calendar)
    cycle = _opened(world, figures, schedule)
    for walk in _walks(cycle, world.cast):
        tell(Story(walk, figures.districts[walk.code], schedule, world.calendar))
    _adjust(world, cycle, figures, schedule.locks_at)
    return cycle


def _play_open(world: _World, figures: PeriodFigures) -> Cycle:
    cycle = _opened(world, figures, open_schedule(world.now, world.calendar))
    for walk in _walks(cycle, world.cast):
        play(Scene(walk, figures.districts[walk.code], world.calendar, world.now))
    return cycle


def _opened(world: _World, figures: PeriodFigures, schedule: Schedule) -> Cycle:
    cycle = Cycle(
        definition=world.version.definition,
        definition_version=world.version,
        period=str(figures.period),
        due_at=schedule.due_at,
        locks_at=schedule.locks_at,
        reminder_policy=world.policy,
    )
    cycle.save()
    open_cycle(cycle=cycle, actor=world.administrator, now=schedule.opens_at)
    return cycle


def _walks(cycle: Cycle, cast: Cast) -> Iterator[Walk]:
    for submission in cycle.submissions.select_related("cycle__definition", "district").order_by("district__code"):
        yield Walk(submission, cast)


def _adjust(world: _World, cycle: Cycle, figures: PeriodFigures, at: datetime) -> None:
    questions = questionnaire(world.version.pk).by_code
    for other in figures.others:
        indicator = questions[other.code].indicator
        if indicator is not None:
            add_adjustment(
                cycle=cycle,
                indicator=indicator,
                value=other.value,
                base=other.base,
                reason=_UNALLOCATED,
                actor=world.administrator,
                now=at,
            )
