"""The city's figures: set-based sums in the database, and what follows from them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, NamedTuple

from django.db import connection

from reporting.enums import CityAggregation, Measure
from reporting.models import Adjustment, Cycle, Indicator
from reporting.queries.figures import sql
from reporting.queries.figures.plan import (
    Adjustments,
    FigurePlan,
    Inherited,
    adjustments_of,
    aggregation_of,
    figure_plan,
    parameters,
)
from reporting.queries.figures.succession import inherited

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_QUANTUM = Decimal("0.000001")
_LIMIT = Decimal(10) ** 18
_NONE = Decimal(0)


class Sums(NamedTuple):
    """Of one part of a figure. `paired` and `base` are over the units with both; `reported` and the other counts are units."""

    figure_id: int
    part_id: int
    reported: int
    pairs: int
    inapplicable: int
    value: Decimal | None
    paired: Decimal | None
    base: Decimal | None


class Inputs(NamedTuple):
    """What all figures of a cycle have in common. `digest` stands for every revision in force, last year's included."""

    units: int
    nil_returns: int
    digest: str
    inherited: list[list[str]]


@dataclass(frozen=True)
class CityFigure:
    """A figure of the city. Growth in per cent, null for rates; `change` is value less base over the units with both."""

    indicator: Indicator
    value: Decimal | None
    base: Decimal | None
    growth: Decimal | None
    change: Decimal | None
    value_reported: int
    base_reported: int
    expected: int
    unallocated_value: Decimal
    unallocated_base: Decimal
    fingerprint: str

    @property
    def is_complete(self) -> bool:
        return self.value_reported >= self.expected


class Level(NamedTuple):
    """The city's value, and over the units that have both: value and base."""

    value: Decimal | None
    paired: Decimal | None
    base: Decimal | None


def city_figures(cycle: Cycle, as_of: datetime | None = None, only: Indicator | None = None) -> list[CityFigure]:
    """The figures of all indicators of the cycle (or one) as of an instant, by default the present. Writes nothing.

    Six queries: the plan's three, the adjustments, the mergers (three, where there are any), and one statement over the answers.
    """
    plan = figure_plan(cycle, only)
    adjustments = adjustments_of(plan, as_of)
    taken = inherited(plan, plan.last_year, as_of)
    inputs, sums = _sums(plan, as_of, taken)
    return [_figure(plan, indicator, sums.get(indicator.pk, {}), inputs, adjustments) for indicator in plan.wanted]


def _sums(plan: FigurePlan, as_of: datetime | None, taken: Inherited) -> tuple[Inputs, dict[int, dict[int, Sums]]]:
    """By figure and part."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(plan), parameters(plan, as_of, taken) | _part_parameters(plan))
        rows = cursor.fetchall()
    found: dict[int, dict[int, Sums]] = {}
    units, nil_returns, digest = rows[0][-3:]
    inputs = Inputs(units, nil_returns, digest, _sorted(taken))
    for row in rows:
        if row[0] is not None:
            part = Sums(*row[:-3])
            found.setdefault(part.figure_id, {})[part.part_id] = part
    return inputs, found


def _sorted(taken: Inherited) -> list[list[str]]:
    return [[*map(str, key), str(number)] for key, number in sorted(taken.values.items())]


def _part_parameters(plan: FigurePlan) -> dict[str, Any]:
    means = plan.with_aggregation(CityAggregation.WEIGHTED_MEAN)
    formulas = [
        (figure.pk, part.pk, len(plan.parts(figure.code)))
        for figure in plan.with_aggregation(CityAggregation.FORMULA)
        for part in plan.parts(figure.code)
    ]
    return {
        "plain_ids": [figure.pk for figure in plan.with_aggregation(CityAggregation.SUM, CityAggregation.NONE)],
        "largest_ids": [figure.pk for figure in plan.with_aggregation(CityAggregation.MAX)],
        "formula_ids": [row[0] for row in formulas],
        "part_ids": [row[1] for row in formulas],
        "needed": [row[2] for row in formulas],
        "mean_ids": [figure.pk for figure in means],
        "weight_ids": [figure.weight_indicator_id for figure in means],
    }


_COUNTS = """count(*) FILTER (WHERE has_value), count(*) FILTER (WHERE has_pair), count(*) FILTER (WHERE is_inapplicable)"""
_LARGEST = f"""
    UNION ALL
    SELECT figure_id, part_id, {_COUNTS}, max(value), max(value) FILTER (WHERE has_pair), max(base) FILTER (WHERE has_pair)
    FROM ({sql.PLAIN_PARTS.replace("plain_ids", "largest_ids")}) AS largest GROUP BY figure_id, part_id
"""  # noqa: S608 (constants of this module and of sql.py, here and below)
_SUMS = f"""
    SELECT figure_id, part_id, {_COUNTS}, sum(value) FILTER (WHERE has_value), sum(value) FILTER (WHERE has_pair),
        sum(base) FILTER (WHERE has_pair)
    FROM parts GROUP BY figure_id, part_id
"""  # noqa: S608
_SUMS_ONCE = f"""
    SELECT figure_id, part_id, {_COUNTS},
        sum(value) FILTER (WHERE has_value AND NOT coalesce(in_level, false)),
        sum(value) FILTER (WHERE has_pair AND NOT coalesce(in_growth, false)),
        sum(base) FILTER (WHERE has_pair AND NOT coalesce(in_growth, false))
    FROM parts LEFT JOIN skipped USING (figure_id, part_id, district_id) GROUP BY figure_id, part_id
"""  # noqa: S608
_INPUTS = """
    SELECT count(*) FILTER (WHERE NOT is_prior), count(*) FILTER (WHERE NOT is_prior AND is_nil),
        encode(sha256(convert_to(string_agg(concat(is_prior, digest), ',' ORDER BY is_prior, district_id), 'UTF8')), 'hex')
    FROM reports
"""


def _statement(plan: FigurePlan) -> str:
    """Only what the plan needs: without formulas, means and inclusions the answers stream through one aggregate."""
    parts = [sql.PLAIN_PARTS]
    if plan.with_aggregation(CityAggregation.FORMULA):
        parts.append(sql.FORMULA_PARTS)
    if plan.with_aggregation(CityAggregation.WEIGHTED_MEAN):
        parts.append(sql.WEIGHTED_PARTS)
    more = f", parts AS ({' UNION ALL '.join(parts)})"
    if plan.inclusions:
        more += f", skipped AS ({sql.SKIPPED})"
    sums = _SUMS_ONCE if plan.inclusions else _SUMS
    largest = _LARGEST if plan.with_aggregation(CityAggregation.MAX) else ""
    return f"""{sql.common(more=more)}
        SELECT sums.*, inputs.* FROM ({_INPUTS}) AS inputs LEFT JOIN ({sums}{largest}) AS sums ON true"""  # noqa: S608


def _figure(
    plan: FigurePlan, indicator: Indicator, sums: Mapping[int, Sums], inputs: Inputs, adjustments: Adjustments
) -> CityFigure:
    counts = _counts(sums.values())
    level = _level(plan, indicator, sums, adjustments)
    added = unallocated(plan, indicator, adjustments)
    is_summed = aggregation_of(indicator) == CityAggregation.SUM
    return CityFigure(
        indicator=indicator,
        value=fitted(level.value),
        base=fitted(level.base),
        growth=fitted(growth_of(indicator, level)),
        change=fitted(change_of(level)),
        value_reported=counts.reported + inputs.nil_returns,
        base_reported=counts.pairs,
        expected=inputs.units - counts.inapplicable,
        unallocated_value=added[0] if is_summed else _NONE,
        unallocated_base=added[1] if is_summed else _NONE,
        fingerprint=_fingerprint(plan, indicator, inputs, adjustments),
    )


class _Counts(NamedTuple):
    reported: int
    pairs: int
    inapplicable: int


def _counts(parts: Iterable[Sums]) -> _Counts:
    """All parts of a figure are over the same units; one that nobody reported is absent and then nothing is complete."""
    rows = list(parts)
    return _Counts(
        min((row.reported for row in rows), default=0),
        min((row.pairs for row in rows), default=0),
        max((row.inapplicable for row in rows), default=0),
    )


def _level(plan: FigurePlan, indicator: Indicator, sums: Mapping[int, Sums], adjustments: Adjustments) -> Level:
    kind = aggregation_of(indicator)
    own = sums.get(indicator.pk)
    if kind == CityAggregation.SUM and own is not None:
        return with_unallocated(Level(own.value, own.paired, own.base), unallocated(plan, indicator, adjustments))
    if kind == CityAggregation.MAX and own is not None:
        return Level(own.value, own.paired, own.base)
    if kind == CityAggregation.WEIGHTED_MEAN and own is not None:
        weight = sums.get(indicator.weight_indicator_id or 0)
        return _divided(own, weight) if weight else Level(None, None, None)
    if kind == CityAggregation.FORMULA:
        return _computed(plan, indicator, sums, adjustments)
    return Level(None, None, None)


def with_unallocated(level: Level, added: tuple[Decimal, Decimal]) -> Level:
    """The unallocated value and base are part of level and growth, unless there is nothing that they could be added to."""
    value, base = added
    return Level(
        None if level.value is None else level.value + value,
        None if level.paired is None else level.paired + value,
        None if level.base is None else level.base + base,
    )


def _divided(weighted: Sums, weight: Sums) -> Level:
    with localcontext(_CONTEXT):
        return Level(
            *(top / bottom if top is not None and bottom else None for top, bottom in zip(weighted[5:], weight[5:], strict=True))
        )


def _computed(plan: FigurePlan, indicator: Indicator, sums: Mapping[int, Sums], adjustments: Adjustments) -> Level:
    """The formula over the city's sums: of values, of values of the units with both, of last year's approved values."""
    parts: dict[str, Level] = {}
    for part in plan.parts(indicator.code):
        own = sums.get(part.pk)
        if own is not None:
            added = unallocated(plan, part, adjustments)[0], _held(plan, part, adjustments.last_year)[0]
            parts[part.code] = with_unallocated(Level(own.value, own.paired, own.base), added)
    return Level(
        plan.evaluate(indicator.code, {code: level.value for code, level in parts.items()}),
        plan.evaluate(indicator.code, {code: level.paired for code, level in parts.items()}),
        plan.evaluate(indicator.code, {code: level.base for code, level in parts.items()}),
    )


def unallocated(plan: FigurePlan, indicator: Indicator, adjustments: Adjustments) -> tuple[Decimal, Decimal]:
    """The bureau's value and base of an indicator in this cycle."""
    return _held(plan, indicator, adjustments.this)


def _held(plan: FigurePlan, indicator: Indicator, adjustments: Mapping[int, Adjustment]) -> tuple[Decimal, Decimal]:
    """An indicator that holds another's base takes that one's unallocated base as its value."""
    own = adjustments.get(indicator.pk)
    if own is not None:
        return own.value, own.base
    original = plan.base_holders.get(indicator.pk)
    if original is not None and original.pk in adjustments:
        return adjustments[original.pk].base, _NONE
    return _NONE, _NONE


def change_of(level: Level) -> Decimal | None:
    return None if level.paired is None or level.base is None else level.paired - level.base


def growth_of(indicator: Indicator, level: Level) -> Decimal | None:
    """In per cent; none without a positive base, and none for a rate, whose change is a difference."""
    change = change_of(level)
    if change is None or level.base is None or level.base <= 0 or indicator.measure == Measure.RATE:
        return None
    with localcontext(_CONTEXT):
        return 100 * change / level.base


def fitted(number: Decimal | None) -> Decimal | None:
    """As it is stored, to six decimals, half up; None where it does not fit."""
    if number is None or abs(number) >= _LIMIT:
        return None
    with localcontext(_CONTEXT):
        return number.quantize(_QUANTUM)


def _fingerprint(plan: FigurePlan, indicator: Indicator, inputs: Inputs, adjustments: Adjustments) -> str:
    """SHA-256 over what the figure follows from: the reports, the adjustments, and the rules of the indicators involved."""
    involved, years = plan.involved(indicator), (adjustments.this, adjustments.last_year)
    content = {
        "reports": inputs.digest,
        "units": inputs.units,
        "inherited": inputs.inherited,
        "rules": [
            [
                row.code,
                row.measure,
                row.price_basis,
                row.formula,
                row.city_aggregation,
                row.base_indicator_id,
                row.weight_indicator_id,
            ]
            for row in involved
        ],
        "unallocated": [[str(number) for number in _held(plan, row, year)] for row in involved for year in years],
        "inclusions": [row for row in plan.inclusions if row[0] in {part.pk for part in involved}],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
