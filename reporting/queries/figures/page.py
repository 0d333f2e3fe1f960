"""One indicator's figures in one cycle, as much of them as a person may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from districts.models import Succession
from districts.queries.access import AnyUser
from districts.queries.successions import names_before, successions_until
from reporting.enums import CityAggregation, Measure
from reporting.models import Cycle, CycleFigure, Indicator
from reporting.queries.figures.access import Sight, columns_for, sight_of, visible_cycles
from reporting.queries.figures.city import Level, growth_of
from reporting.queries.figures.districts import DistrictFigure, Selection, district_figures, stream_district_figures
from reporting.queries.figures.plan import aggregation_of, indicators_of

CYCLES_SHOWN = 60
_HEADLINE = "A01"


@dataclass(frozen=True)
class Summary:
    """A row below the districts': what is not allocated to any, or the whole city."""

    is_city: bool
    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None
    change: Decimal | None
    share: Decimal | None
    contribution: Decimal | None


@dataclass(frozen=True)
class FigureSheet:
    cycle: Cycle
    cycles: tuple[Cycle, ...]
    indicators: tuple[Indicator, ...]
    indicator: Indicator
    sight: Sight

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return columns_for(self.indicator, self.sight)

    @cached_property
    def figure(self) -> CycleFigure | None:
        """The city's stored figure; None where the person may not see it or it is not computed yet."""
        if not self.sight.is_compared:
            return None
        return CycleFigure.objects.filter(cycle=self.cycle, indicator=self.indicator).first()

    @cached_property
    def mergers(self) -> list[tuple[str, str]]:
        """Since last year, of the districts whose rows the person may see: each successor, and those whose series it goes on."""
        period, seen = self.cycle.period_value, self.sight.districts
        found: dict[int, list[Succession]] = {}
        for one in successions_until(period.ends_on):
            if one.begins_on > period.last_year.ends_on and (seen is None or one.successor_id in seen):
                found.setdefault(one.successor_id, []).append(one)
        return [(of[0].successor.name_on(period.ends_on).label, names_before(of)) for of in found.values()]

    @property
    def has_merging_rule(self) -> bool:
        return aggregation_of(self.indicator) != CityAggregation.NONE

    def ordered(self, selection: Selection) -> Selection:
        """The selection, with no row and no order but those that the person may have."""
        order = tuple(column for column in selection.order if column.removeprefix("-") in self.columns)
        return replace(selection, districts=self.sight.districts, order=order)

    def rows(self, selection: Selection) -> list[DistrictFigure]:
        return [self._seen(row) for row in district_figures(self.cycle, self.indicator, None, self.ordered(selection))]

    def all_rows(self, selection: Selection) -> Iterator[DistrictFigure]:
        """However many there are, some at a time."""
        return map(self._seen, stream_district_figures(self.cycle, self.indicator, None, self.ordered(selection)))

    def _seen(self, row: DistrictFigure) -> DistrictFigure:
        return row if self.sight.is_compared else row.alone()

    @property
    def summaries(self) -> list[Summary]:
        return [] if self.figure is None else summaries_of(self.figure, self.indicator)


def figure_sheet(user: AnyUser, now: datetime, cycle_id: int | None, code: str) -> FigureSheet | None:
    """By default the latest cycle and its headline. None where the person sees no such cycle, or it has no such indicator."""
    visible = visible_cycles(user, now)
    cycle = visible.first() if cycle_id is None else visible.filter(pk=cycle_id).first()
    if cycle is None:
        return None
    indicators = indicators_of(cycle)
    indicator = _chosen(indicators, code)
    if indicator is None:
        return None
    return FigureSheet(cycle, tuple(visible[:CYCLES_SHOWN]), indicators, indicator, sight_of(user, cycle, now))


def _chosen(indicators: Sequence[Indicator], code: str) -> Indicator | None:
    by_code = {indicator.code: indicator for indicator in indicators}
    if code:
        return by_code.get(code)
    return by_code.get(_HEADLINE) or next(iter(indicators), None)


def summaries_of(figure: CycleFigure, indicator: Indicator) -> list[Summary]:
    """What is not allocated, where there is any, and the city."""
    city = Summary(
        is_city=True,
        value=figure.value,
        base=figure.base,
        growth=figure.growth,
        change=figure.change,
        share=None if figure.value is None else Decimal(100),
        contribution=figure.growth,
    )
    value, base = figure.unallocated_value, figure.unallocated_base
    if not value and not base:
        return [city]
    change = value - base
    rest = Summary(
        is_city=False,
        value=value,
        base=base,
        growth=growth_of(indicator, Level(value, value, base)),
        change=change,
        share=100 * value / figure.value if figure.value and figure.value > 0 else None,
        contribution=100 * change / figure.base if figure.base and figure.base > 0 else None,
    )
    return [rest, city]


def headers_of(indicator: Indicator) -> dict[str, str]:
    """The headers that depend on the indicator's unit."""
    is_rate = indicator.measure == Measure.RATE
    return {
        "value": _("Value (%(unit)s)") % {"unit": indicator.unit_label},
        "base": _("Same period last year (%(unit)s)") % {"unit": indicator.unit_label},
        "growth": _("Change") if is_rate else _("Growth"),
        "growth_rank": _("Rank by change") if is_rate else _("Rank by growth"),
    }
