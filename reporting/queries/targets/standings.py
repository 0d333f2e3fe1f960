"""How the figures of a cycle stand to the targets of its year."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from districts.models import District
from reporting.enums.targets import Light, TargetKind
from reporting.models import Cycle, Indicator, Target
from reporting.queries.targets.seasons import Pair, Seasons, periods_passed, schedule_for, seasons_of
from reporting.queries.targets.values import Level, city_levels, district_levels
from reporting.queries.targets.words import amount_words, gap_words, pace_words, per_cent, schedule_words
from reporting.validators.targets import Aim, Bounds, Measured, Pace, Schedule, measure


@dataclass(frozen=True)
class TargetStanding:
    """One target in force with the figure against it, both as of one instant. `district` None: the city."""

    row: Target
    value: Decimal | None
    base: Decimal | None
    schedule: Schedule
    measured: Measured

    @property
    def district(self) -> District | None:
        return self.row.district

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator

    @property
    def kind(self) -> TargetKind:
        return TargetKind(self.row.kind)

    @property
    def target(self) -> Decimal:
        if self.row.value is None:  # pragma: no cover (such rows are not in force)
            raise ValueError(self.row)
        return self.row.value

    @property
    def result(self) -> Decimal | None:
        """What is compared with the target: the value, or its growth."""
        return self.measured.result

    @property
    def completion(self) -> Decimal | None:
        return self.measured.completion

    @property
    def gap(self) -> Decimal | None:
        return self.measured.gap

    @property
    def pace(self) -> Pace | None:
        return self.measured.pace

    @property
    def light(self) -> Light:
        return self.measured.light

    @property
    def reason(self) -> str:
        """Why there is no light, in words."""
        return str(self.measured.reason.label) if self.measured.reason else ""

    @property
    def target_text(self) -> str:
        return amount_words(self.target, self.indicator, self.kind)

    @property
    def result_text(self) -> str:
        return amount_words(self.result, self.indicator, self.kind)

    @property
    def gap_text(self) -> str:
        return gap_words(self.gap, self.indicator, self.kind)

    @property
    def completion_text(self) -> str:
        """`45.0 %` of a level; blank where the target has no completion rate."""
        return "" if self.completion is None else per_cent(self.completion)

    @property
    def schedule_text(self) -> str:
        return schedule_words(self.schedule) if self.kind == TargetKind.LEVEL else ""

    @property
    def pace_text(self) -> str:
        return pace_words(self.pace, self.indicator) if self.pace else ""


def bounds() -> Bounds:
    return Bounds(
        Decimal(settings.TARGET_SCHEDULE_POINTS), Decimal(settings.TARGET_GAP_POINTS), Decimal(settings.TARGET_STOCK_PERCENT)
    )


def targets_of(
    cycle: Cycle, districts: Collection[int] | None = None, as_of: datetime | None = None, *, city: bool = True
) -> list[Target]:
    """In force for the cycle's year, the city's first, then by district and indicator. `districts` None: all. One query."""
    whose = Q(district__isnull=False) if districts is None else Q(district__in=districts)
    if city:
        whose |= Q(district=None)
    rows = Target.objects.filter(whose, year=cycle.period_value.year).in_force(as_of)
    ordered = rows.select_related("district", "indicator", "issue").order_by("district__code", "indicator__code")
    return sorted(ordered, key=lambda row: row.district_id is not None)


def standings_of(
    cycle: Cycle, districts: Collection[int] | None = None, as_of: datetime | None = None, *, city: bool = True
) -> list[TargetStanding]:
    """Of the districts (by their numbers; None: all) and, with `city`, of the city, whose figure is the stored one. Whom it is
    shown to is the caller's matter. Ten queries at most, however many districts and indicators there are."""
    rows = targets_of(cycle, districts, as_of, city=city)
    if not rows:
        return []
    asked = {row.district_id for row in rows if row.district_id is not None}
    own = {row.indicator_id for row in rows if row.district_id is not None}
    levels = district_levels(cycle, own, asked, as_of)
    whole = city_levels(cycle, {row.indicator_id for row in rows if row.district_id is None}, as_of)
    seasons = _seasons(cycle, rows, asked, as_of)
    return [_standing(cycle, row, levels, whole, seasons) for row in rows]


def standing_of(cycle: Cycle, row: Target, level: Level, past: Iterable[Pair] = ()) -> TargetStanding:
    """Of any figure, such as one that is being entered."""
    schedule = schedule_for(cycle, list(past))
    passed, periods = periods_passed(cycle.period_value, cycle.definition.frequency)
    aim = Aim(TargetKind(row.kind), row.value or Decimal(0), row.indicator.direction, schedule, passed, periods)
    return TargetStanding(row, level.value, level.base, schedule, measure(aim, level.value, level.growth, bounds()))


def _seasons(cycle: Cycle, rows: Iterable[Target], asked: Collection[int], as_of: datetime | None) -> Seasons:
    """Only a level has a schedule."""
    flows = [row for row in rows if row.kind == TargetKind.LEVEL]
    of_city = any(row.district_id is None for row in flows)
    return seasons_of(cycle, {row.indicator_id for row in flows}, asked, as_of, city=of_city)


def _standing(
    cycle: Cycle,
    row: Target,
    levels: Mapping[tuple[int, int], Level],
    whole: Mapping[int, Level],
    seasons: Seasons,
) -> TargetStanding:
    if row.district_id is None:
        level = whole.get(row.indicator_id, Level())
    else:
        level = levels.get((row.district_id, row.indicator_id), Level())
    return standing_of(cycle, row, level, seasons.get((row.district_id, row.indicator_id), ()))
