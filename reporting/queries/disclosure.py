"""The table of a release as disclosure control sees it: its cells, what ties them together, and which must be hidden."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from reporting.enums import CityAggregation, FigureStatus
from reporting.enums.publication import ConfStatus, Stage
from reporting.models import CycleFigure, Indicator, Release, ReleasedFigure
from reporting.queries.figures import DistrictFigure
from reporting.queries.figures.plan import aggregation_of
from reporting.rules import parse_formula
from reporting.validators.disclosure import CITY, Cell, Relation, hidden_cells

FEW = 3
"""Cells of fewer units are hidden."""
_LINEAR = re.compile(r"\s*(-?)\s*([A-Z][A-Z0-9_]*)((?:\s*[+-]\s*[A-Z][A-Z0-9_]*)*)\s*")


@dataclass(frozen=True)
class Table:
    """The figures of the chosen indicators: the city's by code, and the districts' by code of the indicator."""

    indicators: Sequence[Indicator]
    city: Mapping[str, CycleFigure]
    districts: Mapping[str, Sequence[DistrictFigure]]
    """None shown where a release is of the city alone; they still tell how many units stand behind a total."""
    shows_districts: bool
    counts: Mapping[tuple[str, str], Decimal]
    """By district and the code of the indicator that counts the units behind another: how many."""


def confidential(table: Table, kept: Iterable[Cell] = ()) -> dict[Cell, ConfStatus]:
    """The cells that are not published, with the reason; `kept` were hidden beside others in an earlier vintage."""
    return hidden_cells(
        values=_values(table),
        primary=dict(_primary(table)),
        relations=list(_relations(table)),
        margin=Decimal(settings.DISCLOSURE_MARGIN),
        kept=kept,
    )


def hidden_before(release: Release) -> set[Cell]:
    """What the released vintages of the cycle before this one hide beside others."""
    earlier = Release.objects.filter(cycle=release.cycle_id, stage=Stage.SCHEDULED, vintage__lt=release.vintage)
    rows = ReleasedFigure.objects.filter(release__in=earlier, conf_status=ConfStatus.SECONDARY)
    return {(code or CITY, indicator) for code, indicator in rows.values_list("district__code", "indicator__code")}


def _values(table: Table) -> dict[Cell, Decimal]:
    found = {(CITY, code): figure.value for code, figure in table.city.items() if figure.value is not None}
    if table.shows_districts:
        for code, rows in table.districts.items():
            found |= {(row.code, code): row.value for row in rows if row.value is not None}
    return found


def _primary(table: Table) -> Iterable[tuple[Cell, ConfStatus]]:
    for indicator in table.indicators:
        rows = table.districts.get(indicator.code, ())
        if table.shows_districts:
            yield from _of_districts(table, indicator, rows)
        counted = [row.value for row in rows if row.value is not None and not row.is_contained]
        if (CITY, indicator.code) not in _values(table) or aggregation_of(indicator) != CityAggregation.SUM:
            continue
        if len(counted) < FEW:
            yield (CITY, indicator.code), ConfStatus.FEW_UNITS
        elif not table.shows_districts and _dominates(counted):
            yield (CITY, indicator.code), ConfStatus.DOMINANT


def _of_districts(table: Table, indicator: Indicator, rows: Iterable[DistrictFigure]) -> Iterable[tuple[Cell, ConfStatus]]:
    counter = indicator.units_indicator.code if indicator.units_indicator else ""
    for row in rows:
        units = table.counts.get((row.code, counter))
        if row.status == FigureStatus.SUPPRESSED:
            yield (row.code, indicator.code), ConfStatus.WITHHELD
        elif units is not None and units < FEW:
            yield (row.code, indicator.code), ConfStatus.FEW_UNITS


def _dominates(values: Sequence[Decimal]) -> bool:
    """Whether one unit has so large a part of the whole that the rest could be told from it."""
    whole = sum(values, Decimal(0))
    return whole > 0 and max(values) * 100 >= whole * settings.DISCLOSURE_DOMINANCE


def _relations(table: Table) -> Iterable[Relation]:
    codes = {indicator.code for indicator in table.indicators}
    units = sorted({row.code for rows in table.districts.values() for row in rows}) if table.shows_districts else []
    for indicator in table.indicators:
        if aggregation_of(indicator) == CityAggregation.SUM and table.shows_districts:
            parts = [(row.code, indicator.code) for row in table.districts[indicator.code] if not row.is_contained]
            yield Relation.of_total((CITY, indicator.code), parts)
        if indicator.formula:
            yield from _of_formula(indicator, codes, [CITY, *units])


def _of_formula(indicator: Indicator, codes: set[str], units: Sequence[str]) -> Iterable[Relation]:
    """Where some of what it is made of is not published, it cannot be solved."""
    operands = sorted(parse_formula(indicator.formula).codes)
    if not set(operands) <= codes:
        return
    signs = _signs(indicator.formula)
    named = list(signs) if signs else operands
    for unit in units:
        cells = [(unit, code) for code in named]
        yield Relation.of_formula((unit, indicator.code), cells, list(signs.values()) if signs else None)


def _signs(formula: str) -> dict[str, int]:
    """By code, of a plain sum or difference; empty for any other formula."""
    if not _LINEAR.fullmatch(formula):
        return {}
    terms = re.findall(r"([+-]?)\s*([A-Z][A-Z0-9_]*)", formula)
    found: dict[str, int] = {}
    for sign, code in terms:
        found[code] = found.get(code, 0) + (-1 if sign == "-" else 1)
    return {code: factor for code, factor in found.items() if factor}
