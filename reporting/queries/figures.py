"""The city's and the districts' figures, by set-based SQL over the revisions in force at an instant.

The statistical rules are those of `docs/statistics.md`. One common table, `unit`, holds a district's value and base of an
indicator; the city's figures group it and the districts' figures open windows over it. `as_of` is a past instant; None is what
stands now, whatever the clocks of two servers say.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from reporting.enums import CityAggregation, Direction, Measure
from reporting.models import Cycle, Indicator
from reporting.periods import Period
from reporting.queries import figures_sql as sql
from reporting.queries.definitions import Questionnaire, questionnaire
from reporting.rules import evaluate
from reporting.validators.comparison import growth


@dataclass(frozen=True)
class CityFigure:
    """The city's figure of an indicator. `change` is growth in per cent, for a rate the difference to its base."""

    indicator: Indicator
    value: Decimal | None
    base: Decimal | None
    change: Decimal | None
    value_reported: int
    base_reported: int
    expected: int
    unallocated_value: Decimal
    unallocated_base: Decimal
    fingerprint: str


class DistrictFigure(NamedTuple):
    """One district's figure of an indicator. Growth, share and contribution in per cent and points, unrounded; None is n/a.

    For a rate `change` is the difference to its base. `base_is_revised` is None without an answer; `counted` is false where
    the city counts the figure inside another unit's.
    """

    district_id: int
    code: str
    name: str
    name_zh: str
    peer_group: str
    state: str
    status: str | None
    value: Decimal | None
    base: Decimal | None
    base_is_revised: bool | None
    counted: bool
    change: Decimal | None
    share: Decimal | None
    contribution: Decimal | None
    value_rank: int | None
    change_rank: int | None


class Other(NamedTuple):
    """The bureau's unallocated value and base of an indicator, in force at an instant."""

    value: Decimal
    base: Decimal


_NOTHING = Other(Decimal(0), Decimal(0))


def city_figures(cycle: Cycle, *, as_of: datetime | None = None) -> list[CityFigure]:
    """Every indicator that the cycle asks for, from what was in force at the instant; formulas over the city's sums."""
    asked = questionnaire(cycle.definition_version_id)
    indicators = [question.indicator for question in asked.questions if question.indicator]
    params = _params(cycle, as_of, indicators)
    expected = {row[0] for row in _rows(sql.EXPECTED, params)}
    contained: dict[int, set[int]] = {}
    for indicator_id, district_id in _rows(sql.CONTAINED, params):
        contained.setdefault(indicator_id, set()).add(district_id)
    sums = {row[0]: row[1:] for row in _rows(sql.CITY, params)}
    others = others_in_force(cycle, indicators, as_of=as_of)
    mark = fingerprint(cycle, as_of=as_of, others=others)
    weighted = {row[0]: row[1:] for row in _rows(sql.WEIGHTED, params)} if any(i.weight_indicator_id for i in indicators) else {}
    figures = {}
    for indicator in indicators:
        total = sums.get(indicator.pk, (None, None, None, None, 0, 0))
        other = others.get(indicator.pk, _NOTHING)
        value, both, base = _aggregated(indicator, total, other, weighted.get(indicator.pk))
        figures[indicator.code] = CityFigure(
            indicator=indicator,
            value=value,
            base=base,
            change=_change(indicator, both, base),
            value_reported=total[4],
            base_reported=total[5],
            expected=len(expected - contained.get(indicator.pk, set())),
            unallocated_value=other.value,
            unallocated_base=other.base,
            fingerprint=mark,
        )
    return _with_formulas(asked, figures)


def _aggregated(
    indicator: Indicator, total: Sequence[Any], other: Other, weighted: Sequence[Any] | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(value of all units, value of the units that have a base too, base of those units); formulas come later."""
    value, both, base, largest, _count, base_count = total
    if indicator.city_aggregation == CityAggregation.SUM:
        level = _plus(value, other.value)
        return (
            level,
            _plus(both, other.value) if base_count or other.base else None,
            _plus(base, other.base) if base_count or other.base else None,
        )
    if indicator.city_aggregation == CityAggregation.MAX:
        return largest, None, None
    if indicator.city_aggregation == CityAggregation.WEIGHTED_MEAN and weighted:
        return weighted[0], weighted[0], weighted[1]
    return None, None, None


def _plus(total: Decimal | None, other: Decimal) -> Decimal | None:
    """A sum with the unallocated part; None where neither is there."""
    return None if total is None and not other else (total or Decimal(0)) + other


def _change(indicator: Indicator, value: Decimal | None, base: Decimal | None) -> Decimal | None:
    if value is None or base is None:
        return None
    return value - base if indicator.measure == Measure.RATE else growth(value, base)


def _with_formulas(asked: Questionnaire, figures: dict[str, CityFigure]) -> list[CityFigure]:
    """Formula indicators: the formula over the city's values, and over its bases for the change."""
    values = {code: figure.value for code, figure in figures.items()}
    bases = {code: figure.base for code, figure in figures.items()}
    for code, formula in asked.formulas.items():
        figure = figures[code]
        if figure.indicator.city_aggregation == CityAggregation.FORMULA:
            values[code], bases[code] = evaluate(formula, values), evaluate(formula, bases)
            change = _change(figure.indicator, values[code], bases[code])
            figures[code] = replace(figure, value=values[code], base=bases[code], change=change)
    return list(figures.values())


def others_in_force(cycle: Cycle, indicators: Sequence[Indicator], *, as_of: datetime | None = None) -> dict[int, Other]:
    """The latest adjustment of each indicator at the instant, by indicator id."""
    params = {"cycle": cycle.pk, "as_of": as_of, "wanted": [indicator.pk for indicator in indicators]}
    return {row[0]: Other(row[1], row[2]) for row in _rows(sql.OTHER, params)}


def fingerprint(cycle: Cycle, *, as_of: datetime | None, others: Mapping[int, Other]) -> str:
    """64 hexadecimal digits that change when an input does: a revision in force, of this cycle or its base, or an adjustment."""
    revisions = [row[0] for row in _rows(sql.REVISIONS, _params(cycle, as_of, []))]
    text = repr((cycle.definition_version_id, revisions, sorted((key, str(o.value), str(o.base)) for key, o in others.items())))
    return hashlib.sha256(text.encode()).hexdigest()


def district_figures(cycle: Cycle, indicator: Indicator, *, as_of: datetime | None = None) -> list[DistrictFigure]:
    """Every district of the cycle, reported or not, in the order of codes."""
    other = others_in_force(cycle, [indicator], as_of=as_of).get(indicator.pk, _NOTHING)
    sign = {Direction.UP: 1, Direction.DOWN: -1}.get(Direction(indicator.direction), 0)
    params = _params(cycle, as_of, [indicator]) | {
        "other_value": other.value,
        "other_base": other.base,
        "sign": sign,
        "is_rate": indicator.measure == Measure.RATE,
        "is_sum": indicator.city_aggregation == CityAggregation.SUM,
    }
    return [DistrictFigure(*row) for row in _rows(sql.DISTRICTS, params)]


def discrete_value(cycle: Cycle, indicator: Indicator, *, as_of: datetime | None = None) -> Decimal | None:
    """The city's figure of the period alone: this cumulative less the one before in the same year, both as of the instant.

    Derived, and to be marked so. None for all but cumulative flows, and where either is missing.
    """
    if indicator.measure != Measure.FLOW_YTD:
        return None
    earlier = cycle.period_value.earlier_in_year(cycle.definition.frequency)
    if earlier is None:
        return _city_value(cycle, indicator, as_of)
    before = cycle_of(cycle, earlier)
    if before is None:
        return None
    this_value, earlier_value = _city_value(cycle, indicator, as_of), _city_value(before, indicator, as_of)
    return None if this_value is None or earlier_value is None else this_value - earlier_value


def _city_value(cycle: Cycle, indicator: Indicator, as_of: datetime | None) -> Decimal | None:
    return next((figure.value for figure in city_figures(cycle, as_of=as_of) if figure.indicator.pk == indicator.pk), None)


def cycle_of(cycle: Cycle, period: Period) -> Cycle | None:
    """The same definition's cycle of another period."""
    return Cycle.objects.select_related("definition").filter(definition=cycle.definition_id, period=str(period)).first()


def _params(cycle: Cycle, as_of: datetime | None, indicators: Sequence[Indicator]) -> dict[str, Any]:
    last_year = cycle_of(cycle, cycle.period_value.last_year)
    return {
        "cycle": cycle.pk,
        "last_year": last_year.pk if last_year else None,
        "as_of": as_of,
        "wanted": [indicator.pk for indicator in indicators],
        "bases": [indicator.base_indicator_id for indicator in indicators if indicator.base_indicator_id],
    }


def _rows(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
