"""Every district's figure of one indicator, beside the others': share, growth, contribution, ranks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from districts.languages import localised
from reporting.enums import CityAggregation, Direction, Measure
from reporting.models import Cycle, Indicator
from reporting.queries.figures import sql
from reporting.queries.figures.city import unallocated
from reporting.queries.figures.plan import FigurePlan, adjustments_of, aggregation_of, figure_plan, parameters
from reporting.queries.figures.succession import inherited

CHUNK = 500


class DistrictFigure(NamedTuple):
    """One district's figure. Growth and share in per cent, contribution in percentage points, all unrounded; None is n/a.

    `change` is value less base, for a rate its percentage points. `base_is_revised` tells the district's own revised base from
    last year's approved figure; None without a base. `is_contained`: the city counts the figure inside another unit's, so it has
    no share or contribution of its own. `matched` counts the rows of the whole list that this row is of, and `scale` is the
    city's largest contribution up or down and `is_two_sided` says whether there is one down, for drawing.
    """

    district_id: int
    code: str
    name: str
    name_zh: str
    peer_group: str
    state: str
    status: str
    value: Decimal | None
    base: Decimal | None
    base_is_revised: bool | None
    is_contained: bool
    growth: Decimal | None
    change: Decimal | None
    share: Decimal | None
    contribution: Decimal | None
    value_rank: int | None
    growth_rank: int | None
    scale: Decimal | None
    is_two_sided: bool
    matched: int

    @property
    def label(self) -> str:
        """The district's name in the reader's language."""
        return localised(self.name, self.name_zh)

    def alone(self) -> "DistrictFigure":
        """Without anything that says something about the other districts."""
        return self._replace(
            share=None, contribution=None, value_rank=None, growth_rank=None, scale=None, is_two_sided=False, is_contained=False
        )


@dataclass(frozen=True)
class Selection:
    """Which rows of the list, and in which order. `districts` None: all. Shares and ranks are over the whole city in any case."""

    districts: frozenset[int] | None = None
    name: str = ""
    peer_group: str = ""
    order: tuple[str, ...] = ("code",)
    """Names of columns of `ORDERS`, with a minus for descending."""
    limit: int | None = None
    offset: int = 0


ORDERS = {
    "code": "district.code",
    "name": "report.district_name",
    "peer_group": "district.peer_group",
    "value": "unit.value",
    "base": "unit.base",
    "growth": "unit.movement",
    "share": "share",
    "contribution": "contribution",
    "value_rank": "unit.value_rank",
    "growth_rank": "unit.growth_rank",
}
_EVERYTHING = Selection()
_FINE = "numeric(60, 24)"
"""Divisions are carried to 24 decimals and cut to 18, so that equal growths are equal whatever the size of the numbers."""

_CITY = """
    SELECT sum(value) FILTER (WHERE has_value AND NOT coalesce(in_level, false)) + %(unallocated_value)s AS value,
        sum(base) FILTER (WHERE has_pair AND NOT coalesce(in_growth, false)) + %(unallocated_base)s AS base,
        max(abs(value - base)) FILTER (WHERE has_pair AND NOT coalesce(in_growth, false)) AS widest,
        coalesce(bool_or(value < base) FILTER (WHERE has_pair AND NOT coalesce(in_growth, false)), false) AS is_two_sided
    FROM parts LEFT JOIN skipped USING (figure_id, part_id, district_id)
"""
_RANKED = f"""
    SELECT *,
        CASE WHEN value IS NOT NULL AND %(sign)s <> 0 THEN
            rank() OVER (ORDER BY value * %(sign)s DESC NULLS LAST) END AS value_rank,
        CASE WHEN movement IS NOT NULL AND %(sign)s <> 0 THEN
            rank() OVER (ORDER BY movement * %(sign)s DESC NULLS LAST) END AS growth_rank
    FROM (
        SELECT district_id, value, base, is_revised, status, CASE WHEN %(is_rate)s THEN value - base
            WHEN base > 0 THEN round((100 * (value - base))::{_FINE} / base, 18) END AS movement
        FROM units WHERE indicator_id = %(indicator)s
    ) AS moved
"""  # noqa: S608 (a constant of this module, here and below)
_SHOWN = f"""
    SELECT report.district_id, district.code, report.district_name, report.district_name_zh, district.peer_group, report.state,
        CASE WHEN report.revision_id IS NULL THEN 'not_approved' WHEN report.is_nil THEN 'nil'
            ELSE coalesce(unit.status, 'missing') END AS status,
        unit.value, unit.base, CASE WHEN unit.base IS NOT NULL THEN unit.is_revised END AS base_is_revised,
        coalesce(skipped.in_level, false) AS is_contained,
        CASE WHEN NOT %(is_rate)s THEN unit.movement END AS growth,
        unit.value - unit.base AS change,
        CASE WHEN %(is_sum)s AND city.value > 0 AND NOT coalesce(skipped.in_level, false) THEN
            round((100 * unit.value)::{_FINE} / city.value, 18) END AS share,
        CASE WHEN %(is_sum)s AND city.base > 0 AND NOT coalesce(skipped.in_growth, false) THEN
            round((100 * (unit.value - unit.base))::{_FINE} / city.base, 18) END AS contribution,
        unit.value_rank, unit.growth_rank,
        CASE WHEN %(is_sum)s AND city.base > 0 THEN round((100 * city.widest)::{_FINE} / city.base, 18) END AS scale,
        %(is_sum)s AND city.base > 0 AND city.is_two_sided AS is_two_sided,
        count(*) OVER () AS matched
    FROM reports report
    JOIN districts_district district ON district.id = report.district_id
    LEFT JOIN ranked unit ON unit.district_id = report.district_id
    LEFT JOIN skipped ON skipped.district_id = report.district_id
    CROSS JOIN city
    WHERE NOT report.is_prior
        AND (%(districts)s::bigint[] IS NULL OR report.district_id = ANY(%(districts)s::bigint[]))
        AND (%(name)s = '' OR strpos(lower(report.district_name), lower(%(name)s)) > 0
            OR strpos(report.district_name_zh, %(name)s) > 0)
        AND (%(peer_group)s = '' OR district.peer_group = %(peer_group)s)
"""  # noqa: S608
_NOTHING_SKIPPED = """
    SELECT NULL::int AS figure_id, NULL::int AS part_id, NULL::bigint AS district_id, false AS in_level, false AS in_growth
    WHERE false
"""


def _statement(plan: FigurePlan) -> str:
    skipped = sql.SKIPPED if plan.inclusions else _NOTHING_SKIPPED
    more = f", parts AS ({sql.PLAIN_PARTS}), skipped AS ({skipped}), city AS ({_CITY}), ranked AS ({_RANKED})"
    return sql.common(more=more) + _SHOWN


def district_figures(
    cycle: Cycle, indicator: Indicator, as_of: datetime | None = None, selection: Selection = _EVERYTHING
) -> list[DistrictFigure]:
    """The rows selected, as of an instant, by default the present. Raises KeyError for an order that is not one."""
    with connection.cursor() as cursor:
        cursor.execute(*_query(figure_plan(cycle, indicator), indicator, as_of, selection))
        return [DistrictFigure(*row) for row in cursor.fetchall()]


def stream_district_figures(
    cycle: Cycle, indicator: Indicator, as_of: datetime | None = None, selection: Selection = _EVERYTHING
) -> Iterator[DistrictFigure]:
    """The same through a cursor on the server: however many rows there are, only some are in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(*_query(figure_plan(cycle, indicator), indicator, as_of, selection))
        while rows := cursor.fetchmany(CHUNK):
            yield from (DistrictFigure(*row) for row in rows)


def _query(plan: FigurePlan, indicator: Indicator, as_of: datetime | None, selection: Selection) -> tuple[str, dict[str, Any]]:
    value, base = unallocated(plan, indicator, adjustments_of(plan, as_of))
    shown = {
        "indicator": indicator.pk,
        "plain_ids": [indicator.pk],
        "unallocated_value": value,
        "unallocated_base": base,
        "is_rate": indicator.measure == Measure.RATE,
        "is_sum": aggregation_of(indicator) == CityAggregation.SUM,
        "sign": {Direction.UP.value: 1, Direction.DOWN.value: -1}.get(indicator.direction, 0),
        "districts": None if selection.districts is None else sorted(selection.districts),
        "name": selection.name,
        "peer_group": selection.peer_group,
        "limit": selection.limit,
        "offset": selection.offset,
    }
    ordered = f"{_statement(plan)} ORDER BY {_order(selection.order)} LIMIT %(limit)s OFFSET %(offset)s"
    return ordered, parameters(plan, as_of, inherited(plan, plan.last_year, as_of)) | shown


def _order(columns: Sequence[str]) -> str:
    """Only names of `ORDERS` reach the statement; what is n/a comes last either way."""
    terms = [f"{ORDERS[column.removeprefix('-')]} {'DESC' if column.startswith('-') else 'ASC'} NULLS LAST" for column in columns]
    return ", ".join([*terms, "district.code"])
