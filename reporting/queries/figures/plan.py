"""What a cycle's figures are made of: which answers are an indicator's value, which its base, which a formula's parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from reporting.enums import CityAggregation, Measure
from reporting.models import Adjustment, Cycle, Inclusion, Indicator
from reporting.rules import Expression, evaluate, in_order, parse_formula
from reporting.rules.compute import Values

VALUE, REVISED, LAST_YEAR = 1, 2, 3
"""What an answer is to an indicator: its value, its base as the district revised it, its base as approved last year."""


def aggregation_of(indicator: Indicator) -> str:
    """How the city's figure comes about. Rates that districts give are never summed."""
    if indicator.city_aggregation == CityAggregation.SUM and indicator.measure == Measure.RATE:
        return CityAggregation.NONE
    return indicator.city_aggregation


@dataclass(frozen=True)
class FigurePlan:
    """`indicators` are those asked; `wanted` those whose figures are computed."""

    cycle: Cycle
    last_year: Cycle | None
    indicators: tuple[Indicator, ...]
    wanted: tuple[Indicator, ...]
    inclusions: tuple[tuple[int, int, tuple[int, ...]], ...]
    """(indicator, contained district, containing districts), for the fingerprint; the SQL reads the table."""

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def formulas(self) -> dict[str, Expression]:
        """The formulas over city sums, each after those it needs."""
        found = {
            indicator.code: parse_formula(indicator.formula)
            for indicator in self.indicators
            if aggregation_of(indicator) == CityAggregation.FORMULA
        }
        return {code: found[code] for code in in_order(found)}

    @cached_property
    def base_holders(self) -> dict[int, Indicator]:
        """Indicators that only hold another one's revised base, with that other one. They have no base of their own."""
        return {
            indicator.base_indicator_id: indicator
            for indicator in reversed(self.indicators)
            if indicator.base_indicator_id and has_usable_base(indicator)
        }

    @property
    def known(self) -> tuple[Indicator, ...]:
        """Those asked, and the weights of their means."""
        weights = [one.weight_indicator for one in self.indicators if one.weight_indicator is not None]
        return tuple(dict.fromkeys([*self.indicators, *weights]))

    def with_aggregation(self, *kinds: CityAggregation) -> list[Indicator]:
        return [indicator for indicator in self.wanted if aggregation_of(indicator) in kinds]

    def parts(self, code: str) -> tuple[Indicator, ...]:
        """What a city formula comes down to, the formulas among its operands resolved. Only what can be summed is a part."""
        leaves = sorted(self._reach(code) - self.formulas.keys())
        found = [self.by_code[leaf] for leaf in leaves if leaf in self.by_code]
        return tuple(part for part in found if aggregation_of(part) == CityAggregation.SUM)

    def evaluate(self, code: str, sums: Values) -> Decimal | None:
        """The city formula over the sums of its parts, by code."""
        values = dict(sums)
        for needed in self.formulas:
            if needed == code or needed in self._reach(code):
                values[needed] = evaluate(self.formulas[needed], values)
        return values[code]

    def involved(self, indicator: Indicator) -> list[Indicator]:
        """The indicator, and those that its figure follows from, by code."""
        codes = {indicator.code} | (self._reach(indicator.code) if indicator.code in self.formulas else set())
        found = {code: self.by_code[code] for code in codes if code in self.by_code}
        if indicator.weight_indicator is not None:
            found[indicator.weight_indicator.code] = indicator.weight_indicator
        return [found[code] for code in sorted(found)]

    def _reach(self, code: str) -> frozenset[str]:
        found = set(self.formulas[code].codes)
        for operand in self.formulas[code].codes & self.formulas.keys():
            found |= self._reach(operand)
        return frozenset(found)

    def sources(self) -> list[tuple[int, int, int]]:
        """(indicator answered, indicator that it serves, as what) of every answer that the wanted figures need."""
        needed = {indicator.pk: indicator for indicator in self._needed()}
        rows = [(pk, pk, VALUE) for pk in needed]
        rows += [(pk, pk, LAST_YEAR) for pk in needed]
        rows += [
            (indicator.base_indicator_id, pk, REVISED)
            for pk, indicator in needed.items()
            if indicator.base_indicator_id and has_usable_base(indicator)
        ]
        return rows

    def _needed(self) -> Iterable[Indicator]:
        for indicator in self.wanted:
            yield indicator
            if indicator.weight_indicator is not None:
                yield indicator.weight_indicator
            if indicator.code in self.formulas:
                yield from self.parts(indicator.code)


def has_usable_base(indicator: Indicator) -> bool:
    """Whether the indicator that holds its base is on the same price basis: growth across bases is never computed."""
    base = indicator.base_indicator
    return base is not None and base.price_basis == indicator.price_basis


def figure_plan(cycle: Cycle, only: Indicator | None = None) -> FigurePlan:
    """Three queries. With `only`, the plan of that one indicator's figure."""
    indicators = indicators_of(cycle)
    wanted = tuple(indicator for indicator in indicators if only is None or indicator.pk == only.pk)
    last_year = Cycle.objects.filter(definition_id=cycle.definition_id, period=str(cycle.period_value.last_year)).first()
    inclusions = Inclusion.objects.filter(indicator__in=indicators).prefetch_related("containers").order_by("pk")
    return FigurePlan(
        cycle,
        last_year,
        indicators,
        wanted,
        tuple(
            (row.indicator_id, row.contained_id, tuple(sorted(district.pk for district in row.containers.all())))
            for row in inclusions
        ),
    )


def indicators_of(cycle: Cycle) -> tuple[Indicator, ...]:
    """What the cycle asks for, in the order of the report."""
    asked = (
        Indicator.objects.filter(questions__section__version_id=cycle.definition_version_id)
        .select_related("base_indicator", "weight_indicator")
        .order_by("questions__section__position", "questions__position", "questions__pk")
    )
    return tuple(dict.fromkeys(asked))


def headlines_of(cycle: Cycle) -> list[Indicator]:
    """What the cycle asks for, totals that it computes before their parts; rates come last."""
    asked = indicators_of(cycle)
    return sorted(asked, key=lambda one: (one.measure == Measure.RATE, not one.formula))


@dataclass(frozen=True)
class Inherited:
    """The values of an earlier cycle that successors of merged districts have, by district and indicator, and all districts whose
    own ones they take the place of."""

    values: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    parts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Adjustments:
    """The bureau's unallocated values in force, by indicator: this cycle's, and those of last year's."""

    this: dict[int, Adjustment]
    last_year: dict[int, Adjustment]


def adjustments_of(plan: FigurePlan, as_of: datetime | None) -> Adjustments:
    """The latest of each indicator at the instant. One query."""
    in_time = Q(at__lte=as_of) if as_of else Q()
    cycles = [cycle for cycle in (plan.cycle, plan.last_year) if cycle is not None]
    rows = (
        Adjustment.objects.filter(in_time, cycle__in=cycles)
        .order_by("cycle_id", "indicator_id", "-at", "-pk")
        .distinct("cycle_id", "indicator_id")
    )
    found: dict[bool, dict[int, Adjustment]] = {True: {}, False: {}}
    for row in rows:
        found[row.cycle_id == plan.cycle.pk][row.indicator_id] = row
    return Adjustments(found[True], found[False])


def parameters(plan: FigurePlan, as_of: datetime | None, inherited: Inherited) -> dict[str, Any]:
    """What the shared SQL takes."""
    sources = plan.sources()
    return {
        "cycle": plan.cycle.pk,
        "last_year": plan.last_year.pk if plan.last_year else None,
        "as_of": as_of or "infinity",
        "source_ids": [row[0] for row in sources],
        "served_ids": [row[1] for row in sources],
        "kinds": [row[2] for row in sources],
        "holder_ids": list(plan.base_holders),
        "merged_ids": sorted(inherited.parts),
        "heir_ids": [heir for heir, _indicator in inherited.values],
        "inherited_ids": [indicator for _heir, indicator in inherited.values],
        "inherited": list(inherited.values.values()),
    }
