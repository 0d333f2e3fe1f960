"""Value added by district: this year's level and the base that it grew from, adding up to the city's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reporting.demo.numbers import allocate, noise
from reporting.demo.tables import CENT, City, Unit, units
from reporting.periods import Period

_CENSUS = Decimal("0.03")
"""A revision of the city's base beyond this moves every district's; a smaller one only a few."""
_REVISED = Decimal("0.35")
"""The part of the city that revises its base in an ordinary year, at least."""


@dataclass(frozen=True)
class Economy:
    """By district code."""

    digital: dict[str, Decimal]
    digital_base: dict[str, Decimal]
    core: dict[str, Decimal]
    core_base: dict[str, Decimal]
    product: dict[str, Decimal]


def economy(period: Period, city: City, last_year: Economy | None) -> Economy:
    """The districts' economies in a period; `last_year` is the same period's a year before, as first reported."""
    digital_base = _base(
        period, city.digital_base - city.other_digital_base, last_year.digital if last_year else None, _digital_weights()
    )
    core_base = _base(period, city.core_base - city.other_core_base, last_year.core if last_year else None, _core_weights())
    product_before = last_year.product if last_year else {unit.code: unit.product for unit in units()}
    return Economy(
        digital=_grown(period, "digital", city.digital - city.other_digital, digital_base),
        digital_base=digital_base,
        core=_grown(period, "core", city.core - city.other_core, core_base),
        core_base=core_base,
        product=_grown(period, "product", city.product - city.other_product, product_before),
    )


def _digital_weights() -> dict[str, Decimal]:
    return {unit.code: unit.product * unit.digital for unit in units()}


def _core_weights() -> dict[str, Decimal]:
    return {unit.code: unit.product * unit.digital * unit.core for unit in units()}


def _base(
    period: Period, total: Decimal, last_year: Mapping[str, Decimal] | None, weights: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    if last_year is None:
        return allocate(total, weights, CENT)
    before = sum(last_year.values(), Decimal(0))
    revision = total - before
    if abs(revision) > before * _CENSUS:
        spread = {code: value * (1 + noise("census", period, code) / 80) for code, value in last_year.items()}
        return allocate(total, spread, CENT)
    revised = _who_revises(period, last_year, before) if revision else []
    moved = {code: last_year[code] for code in revised}
    return {**last_year, **allocate(sum(moved.values(), revision) if moved else Decimal(0), moved, CENT)}


def _who_revises(period: Period, last_year: Mapping[str, Decimal], whole: Decimal) -> list[str]:
    """At least five districts that make up a good part of the city, chosen by chance."""
    chosen: list[str] = []
    part = Decimal(0)
    for code in sorted(last_year, key=lambda name: noise("revises", period, name)):
        if len(chosen) >= 5 and part >= whole * _REVISED:
            break
        chosen.append(code)
        part += last_year[code]
    return chosen


def _grown(period: Period, what: str, total: Decimal, base: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return allocate(total, {unit.code: base[unit.code] * _factor(period, what, unit) for unit in units()}, CENT)


def _factor(period: Period, what: str, unit: Unit) -> Decimal:
    """Growth in proportion; what all have in common cancels out when the total is split."""
    spread = {"digital": "1.4", "core": "1.8", "product": "0.8"}[what]
    tilt = unit.tilt / 2 if what == "product" else unit.tilt
    return 1 + (8 + tilt + noise(what, period, unit.code) * Decimal(spread)) / 100
