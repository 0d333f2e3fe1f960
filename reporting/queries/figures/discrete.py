"""A period alone: the difference of two cumulative figures of one calendar year, both as of one instant. Always derived."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reporting.enums import CityAggregation, Measure
from reporting.models import Cycle, Indicator
from reporting.queries.figures.city import Level, change_of, fitted, growth_of, unallocated
from reporting.queries.figures.districts import DistrictFigure, district_figures
from reporting.queries.figures.plan import adjustments_of, aggregation_of, figure_plan
from reporting.queries.figures.succession import merged_parts

_NONE = Decimal(0)


@dataclass(frozen=True)
class DiscreteUnit:
    """One district's period alone; None where one of the two cumulative figures is missing."""

    district_id: int
    code: str
    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None


@dataclass(frozen=True)
class DiscreteFigure:
    """The city's period alone, over the units with both cumulative figures, and its units by code.

    `is_derived` is false for the first period of a year, which is what was reported.
    """

    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None
    value_reported: int
    base_reported: int
    expected: int
    units: tuple[DiscreteUnit, ...]
    is_derived: bool


def discrete_figure(cycle: Cycle, indicator: Indicator, as_of: datetime | None = None) -> DiscreteFigure | None:
    """None for all but cumulative flows that are summed, and where the earlier period of the year has no cycle."""
    if indicator.measure != Measure.FLOW_YTD or aggregation_of(indicator) != CityAggregation.SUM:
        return None
    earlier_period = cycle.period_value.earlier_in_year(cycle.definition.frequency)
    earlier = None
    if earlier_period is not None:
        earlier = Cycle.objects.filter(definition_id=cycle.definition_id, period=str(earlier_period)).first()
        if earlier is None:
            return None
    before = _before(cycle, earlier, indicator, as_of) if earlier else None
    rows = district_figures(cycle, indicator, as_of)
    pairs = [(row, None if before is None else before.get(row.district_id)) for row in rows]
    units = tuple(_unit(indicator, row, other, is_first=before is None) for row, other in pairs)
    contained = {row.district_id for row, other in pairs if row.is_contained or (other is not None and other.is_contained)}
    return _city(indicator, units, contained, _added(cycle, earlier, indicator, as_of), is_derived=before is not None)


def _before(cycle: Cycle, earlier: Cycle, indicator: Indicator, as_of: datetime | None) -> dict[int, DistrictFigure]:
    """The earlier cumulative figures, those of districts merged since under their successor: the sums, or none."""
    found = {row.district_id: row for row in district_figures(earlier, indicator, as_of)}
    for heir, parts in merged_parts(cycle, earlier).items():
        rows = [found.pop(part) for part in sorted(parts) if part in found]
        if len(rows) == len(parts):
            value, base = _sum([row.value for row in rows]), _sum([row.base for row in rows])
            found[heir] = rows[0]._replace(value=value, base=base, is_contained=any(row.is_contained for row in rows))
    return found


def _sum(numbers: list[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known, _NONE) if len(known) == len(numbers) else None


def _unit(indicator: Indicator, row: DistrictFigure, earlier: DistrictFigure | None, *, is_first: bool) -> DiscreteUnit:
    if is_first:
        value, base = row.value, row.base
    else:
        value = _less(row.value, earlier.value if earlier else None)
        base = _less(row.base, earlier.base if earlier else None)
    return DiscreteUnit(row.district_id, row.code, value, base, growth_of(indicator, Level(value, value, base)))


def _less(cumulative: Decimal | None, earlier: Decimal | None) -> Decimal | None:
    return None if cumulative is None or earlier is None else cumulative - earlier


def _added(cycle: Cycle, earlier: Cycle | None, indicator: Indicator, as_of: datetime | None) -> tuple[Decimal, Decimal]:
    """The unallocated value and base of the period alone."""
    value, base = _unallocated(cycle, indicator, as_of)
    earlier_value, earlier_base = _unallocated(earlier, indicator, as_of) if earlier else (_NONE, _NONE)
    return value - earlier_value, base - earlier_base


def _unallocated(cycle: Cycle, indicator: Indicator, as_of: datetime | None) -> tuple[Decimal, Decimal]:
    plan = figure_plan(cycle, indicator)
    return unallocated(plan, indicator, adjustments_of(plan, as_of))


def _city(
    indicator: Indicator,
    units: tuple[DiscreteUnit, ...],
    contained: set[int],
    added: tuple[Decimal, Decimal],
    *,
    is_derived: bool,
) -> DiscreteFigure:
    values = [unit for unit in units if unit.value is not None]
    pairs = [unit for unit in values if unit.base is not None]
    level = Level(
        _total([unit.value for unit in values if unit.district_id not in contained], added[0]),
        _total([unit.value for unit in pairs if unit.district_id not in contained], added[0]),
        _total([unit.base for unit in pairs if unit.district_id not in contained], added[1]),
    )
    return DiscreteFigure(
        value=level.value,
        base=level.base,
        growth=None if change_of(level) is None else fitted(growth_of(indicator, level)),
        value_reported=len(values),
        base_reported=len(pairs),
        expected=len(units),
        units=units,
        is_derived=is_derived,
    )


def _total(numbers: list[Decimal | None], added: Decimal) -> Decimal | None:
    found = [number for number in numbers if number is not None]
    return sum(found, added) if found else None
