"""What past years had reached by the same period: the seasons that a schedule follows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from reporting.models import Answer, Cycle, CycleFigure
from reporting.periods import Period, parse_period, parts_of
from reporting.queries.priors import HISTORY_YEARS
from reporting.validators.targets import Schedule, schedule_of

Unit = int | None
"""A district's number; None is the city."""
Pair = tuple[Decimal, Decimal]
_Numbers = dict[tuple[Unit, int], dict[str, Decimal]]
Seasons = Mapping[tuple[Unit, int], Sequence[Pair]]
"""By unit and indicator, of each complete past year: the value at this period, and the year's."""


def periods_passed(period: Period, frequency: str) -> tuple[int, int]:
    """How many of how many periods of the year are over, each as long as the others."""
    quarters = {"Q1": 1, "S1": 2, "Q3": 3, "A1": 4}
    return quarters[period.part] * len(parts_of(frequency)) // 4, len(parts_of(frequency))


def schedule_for(cycle: Cycle, past: Sequence[Pair]) -> Schedule:
    passed, periods = periods_passed(cycle.period_value, cycle.definition.frequency)
    return schedule_of(passed, periods, past, settings.TARGET_SEASON_YEARS)


def seasons_of(
    cycle: Cycle, indicators: Collection[int], districts: Collection[int], as_of: datetime | None = None, *, city: bool = False
) -> Seasons:
    """Of approved figures of the unit itself. Two queries, the second for the city; none where nothing is asked."""
    period = cycle.period_value
    if not indicators or period.part == "A1":
        return {}
    found: _Numbers = defaultdict(dict)
    years = range(period.year - HISTORY_YEARS, period.year)
    periods = [f"{year}-{part}" for year in years for part in (period.part, "A1")]
    if districts:
        _districts(found, cycle, indicators, districts, periods, as_of)
    if city:
        rows = CycleFigure.objects.filter(
            cycle__definition=cycle.definition_id, cycle__period__in=periods, indicator__in=indicators, value__isnull=False
        )
        for indicator_id, text, value in rows.values_list("indicator_id", "cycle__period", "value"):
            if value is not None:
                found[None, indicator_id][text] = value
    return {key: _pairs(numbers, period.part) for key, numbers in found.items()}


def _districts(
    found: _Numbers,
    cycle: Cycle,
    indicators: Collection[int],
    districts: Collection[int],
    periods: Sequence[str],
    as_of: datetime | None,
) -> None:
    in_force = Q(revision__approved_at__isnull=False, revision__superseded_at=None)
    if as_of is not None:
        lasts = Q(revision__superseded_at=None) | Q(revision__superseded_at__gt=as_of)
        in_force = lasts & Q(revision__approved_at__lte=as_of)
    rows = Answer.objects.filter(
        in_force,
        revision__nil_reason="",
        revision__submission__cycle__definition=cycle.definition_id,
        revision__submission__cycle__period__in=periods,
        district__in=districts,
        indicator__in=indicators,
        row_key="",
        number__isnull=False,
    ).values_list("district_id", "indicator_id", "revision__submission__cycle__period", "number")
    for district_id, indicator_id, text, number in rows:
        if indicator_id and number is not None:
            found[district_id, indicator_id][text] = number


def _pairs(numbers: Mapping[str, Decimal], part: str) -> list[Pair]:
    years = sorted({parse_period(text).year for text in numbers})
    both = [(numbers.get(f"{year}-{part}"), numbers.get(f"{year}-A1")) for year in years]
    return [(then, whole) for then, whole in both if then is not None and whole is not None]
