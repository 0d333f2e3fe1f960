"""The values and bases of a cycle, for many indicators at once, by the rules of the figures."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from reporting.models import Cycle, CycleFigure
from reporting.queries.figures import sql
from reporting.queries.figures.city import city_figures
from reporting.queries.figures.plan import figure_plan, parameters
from reporting.queries.figures.succession import inherited
from reporting.validators.comparison import growth


class Level(NamedTuple):
    value: Decimal | None = None
    base: Decimal | None = None
    growth: Decimal | None = None
    """In per cent; the city's is over the units with value and base, which `value` is not."""


def level_of(value: Decimal | None, base: Decimal | None) -> Level:
    """One unit's, whose growth follows."""
    return Level(value, base, growth(value, base))


def district_levels(
    cycle: Cycle, indicators: Collection[int], districts: Collection[int], as_of: datetime | None = None
) -> dict[tuple[int, int], Level]:
    """By district and indicator, from the revisions in force at the instant. Five queries or more."""
    if not indicators or not districts:
        return {}
    plan = figure_plan(cycle)
    statement = f"""{sql.common()} SELECT district_id, indicator_id, value, base FROM units
        WHERE indicator_id = ANY(%(wanted)s) AND district_id = ANY(%(districts)s)"""  # noqa: S608 (constants of sql.py)
    chosen = {"wanted": list(indicators), "districts": list(districts)}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(plan, as_of, inherited(plan, plan.last_year, as_of)) | chosen)
        return {(district_id, pk): level_of(value, base) for district_id, pk, value, base in cursor.fetchall()}


def city_levels(cycle: Cycle, indicators: Collection[int], as_of: datetime | None = None) -> dict[int, Level]:
    """As stored; computed as of a past instant."""
    if not indicators:
        return {}
    if as_of is not None:
        found = [(one.indicator.pk, Level(one.value, one.base, one.growth)) for one in city_figures(cycle, as_of)]
        return {pk: level for pk, level in found if pk in indicators}
    rows = CycleFigure.objects.filter(cycle=cycle, indicator__in=indicators)
    return {row.indicator_id: Level(row.value, row.base, row.growth) for row in rows}
