"""Every number that the districts enter, period by period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from reporting.demo.economy import Economy, economy
from reporting.demo.numbers import allocate, noise
from reporting.demo.tables import CENT, City, Unit, city_of, surprises, units
from reporting.periods import Period

_CLASSES = ("A03", "A04", "A05", "A06")
_QUANTUM = {"C01": CENT, "P01": CENT}
_WITHIN_OTHERS = "BDA"
"""Its residents are counted by the districts it lies in: the city's population is theirs alone."""
Values = dict[str, Decimal]
"""By indicator code; an optional one that the unit does not give is left out."""


@dataclass(frozen=True)
class Other:
    """The bureau's unallocated value and base of an indicator."""

    code: str
    value: Decimal
    base: Decimal


@dataclass(frozen=True)
class PeriodFigures:
    period: Period
    districts: dict[str, Values]
    others: tuple[Other, ...]


def figures_of(periods: Iterable[Period]) -> Iterator[PeriodFigures]:
    """In the order given, which is that of time: each period's bases follow from the year before."""
    known: dict[Period, Economy] = {}
    for period in periods:
        city = city_of(period)
        known[period] = economy(period, city, known.get(period.last_year))
        yield PeriodFigures(period, _districts(period, city, known[period]), _others(period, city))


def _districts(period: Period, city: City, made: Economy) -> dict[str, Values]:
    rest = {code: _split(period, city, code, made) for code in city.totals}
    return {
        unit.code: {
            **_classes(period, unit, made.core[unit.code]),
            "A07": made.digital[unit.code] - made.core[unit.code],
            "A08": made.product[unit.code],
            "A09": made.digital_base[unit.code],
            "A10": made.core_base[unit.code],
            "C02": (8 + unit.tilt * 3 + noise("C02", period, unit.code) * 9).quantize(CENT),
            **{code: parts[unit.code] for code, parts in rest.items()},
            **_control_rate(period, unit),
        }
        for unit in units()
    }


def _classes(period: Period, unit: Unit, core: Decimal) -> Values:
    mix = {code: unit.weights[code] * (1 + noise(code, period, unit.code) / 60) for code in _CLASSES}
    return allocate(core, mix, CENT)


def _split(period: Period, city: City, code: str, made: Economy) -> dict[str, Decimal]:
    weights = {unit.code: _weight(period, unit, code, made) for unit in units()}
    if code != "P01":
        return allocate(city.totals[code], weights, _QUANTUM.get(code, Decimal(1)))
    residents = {name: weight for name, weight in weights.items() if name != _WITHIN_OTHERS}
    years = period.year - 2022
    return {**allocate(city.totals[code], residents, CENT), _WITHIN_OTHERS: weights[_WITHIN_OTHERS] + Decimal("0.21") * years}


def _weight(period: Period, unit: Unit, code: str, made: Economy) -> Decimal:
    weight = unit.weights[code]
    if code == "P01":
        return weight
    if code == "C01":
        weight *= made.core[unit.code]
    weight *= 1 + noise(code, period.year, unit.code) / (50 if code in {"C01", "D01"} else 150)
    for surprise in surprises():
        if surprise.code == unit.code and surprise.indicator == code and surprise.since <= period:
            weight *= surprise.factor
    return weight


def _control_rate(period: Period, unit: Unit) -> Values:
    """Points gained each half-year; a unit without manufacturing to speak of gives none."""
    if "E01" not in unit.weights:
        return {}
    halves = (period.year - 2022) * 2 + (period.part == "A1")
    rate = unit.weights["E01"] + Decimal("0.7") * halves + noise("E01", period, unit.code) / 4
    return {"E01": min(rate, Decimal(98)).quantize(CENT)}


def _others(period: Period, city: City) -> tuple[Other, ...]:
    """Whole chains, so that the totals are those of their parts at the bureau too."""
    if not city.other_digital:
        return ()
    before = city_of(period.last_year) if period.year > 2022 else None
    core, efficiency = city.other_core, city.other_efficiency
    last = [before.other_core, before.other_efficiency, before.other_product] if before else [Decimal(0)] * 3
    last_bases = [before.other_digital_base, before.other_core_base] if before else [Decimal(0)] * 2
    return (
        Other("A01", core + efficiency, city.other_digital_base),
        Other("A02", core, city.other_core_base),
        Other("A05", core, last[0]),
        Other("A07", efficiency, last[1]),
        Other("A08", city.other_product, last[2]),
        Other("A09", city.other_digital_base, last_bases[0]),
        Other("A10", city.other_core_base, last_bases[1]),
    )
