"""The files that the synthetic figures are made from."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from reporting.periods import Period, parse_period

DATA = Path(__file__).resolve().parent.parent / "data"
CENT = Decimal("0.01")
_GROWTH = Decimal("1.08")
_CORE_GROWTH = Decimal("1.085")


@dataclass(frozen=True)
class City:
    """What a period's districts add up to, with the part that no district reports (`other_*`)."""

    digital: Decimal
    digital_base: Decimal
    core: Decimal
    core_base: Decimal
    product: Decimal
    other_core: Decimal
    other_core_base: Decimal
    other_efficiency: Decimal
    other_efficiency_base: Decimal
    other_product: Decimal
    totals: dict[str, Decimal] = field(default_factory=dict)
    """By indicator code, of indicators beside value added."""

    @property
    def other_digital(self) -> Decimal:
        return self.other_core + self.other_efficiency

    @property
    def other_digital_base(self) -> Decimal:
        return self.other_core_base + self.other_efficiency_base

    def next_year(self) -> "City":
        """Goes on plausibly where the file ends: nothing revised, steady growth."""
        grown = {code: (total * _GROWTH).quantize(CENT if code in {"C01"} else Decimal(1)) for code, total in self.totals.items()}
        return City(
            digital=(self.digital * _GROWTH).quantize(CENT),
            digital_base=self.digital,
            core=(self.core * _CORE_GROWTH).quantize(CENT),
            core_base=self.core,
            product=(self.product * Decimal("1.06")).quantize(CENT),
            other_core=self.other_core,
            other_core_base=self.other_core,
            other_efficiency=self.other_efficiency,
            other_efficiency_base=self.other_efficiency,
            other_product=self.other_product,
            totals=grown | {"P01": self.totals["P01"]},
        )


@dataclass(frozen=True)
class Unit:
    """A reporting unit's weights: `product` in the city's, `digital` and `core` in per cent of the whole before it."""

    code: str
    product: Decimal
    digital: Decimal
    core: Decimal
    tilt: Decimal
    """How much faster than the city it grows, in points."""
    weights: dict[str, Decimal]
    """Its part in each class and in each other indicator."""


@dataclass(frozen=True)
class Surprise:
    """Something that moved an indicator in one district from a period on, beyond what needs an explanation."""

    since: Period
    code: str
    indicator: str
    factor: Decimal
    explanation: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _listed_cities() -> dict[Period, City]:
    totals = ("C01", "C03", "D01", "D02", "D03", "D04", "D06", "P01")
    return {
        parse_period(row.pop("period")): City(
            totals={code: Decimal(row.pop(code)) for code in totals}, **{name: Decimal(value) for name, value in row.items()}
        )
        for row in _rows("demo_city.csv")
    }


def city_of(period: Period) -> City:
    """From the file, and beyond its end from the year before."""
    listed = _listed_cities()
    return listed[period] if period in listed else city_of(period.last_year).next_year()


def first_period() -> Period:
    return min(_listed_cities())


@cache
def units() -> tuple[Unit, ...]:
    own = ("code", "product", "digital", "core", "tilt")
    return tuple(
        Unit(
            code=row["code"],
            product=Decimal(row["product"]),
            digital=Decimal(row["digital"]),
            core=Decimal(row["core"]),
            tilt=Decimal(row["tilt"]),
            weights={name: Decimal(value) for name, value in row.items() if name not in own and value},
        )
        for row in _rows("demo_districts.csv")
    )


@cache
def surprises() -> tuple[Surprise, ...]:
    return tuple(
        Surprise(parse_period(row["since"]), row["code"], row["indicator"], Decimal(row["factor"]), row["explanation"])
        for row in _rows("demo_surprises.csv")
    )
