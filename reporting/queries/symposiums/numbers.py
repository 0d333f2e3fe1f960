"""The numbers of a symposium's documents, each with where it comes from, and what has become of them since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.formats import change_of, value_of
from reporting.models import Cycle, CycleFigure, Indicator, SymposiumDocument
from reporting.queries.figures import district_figures
from reporting.queries.symposiums.pictures import headline_of
from reporting.queries.targets import TargetStanding, standings_of

CITY = "CITY"


@dataclass(frozen=True)
class Number:
    """`key` is what it is of: place, indicator and which number; `value` is unrounded, None for n/a."""

    key: str
    place: str
    name: str
    value: Decimal | None
    shown: str

    def stored(self) -> dict[str, str | None]:
        value = None if self.value is None else f"{self.value.normalize():f}"
        return {"key": self.key, "place": self.place, "name": self.name, "value": value, "shown": self.shown}


@dataclass(frozen=True)
class Moved:
    """A number that is another one now; `now` is blank where there is none any more."""

    place: str
    name: str
    then: str
    now: str


def numbers_of(cycle: Cycle) -> list[Number]:
    """The city's figures, the districts' headline figures, and the targets with their results, as they stand now."""
    standings = standings_of(cycle)
    headline = headline_of(cycle, standings)
    found = [*_of_city(cycle), *(_of_districts(cycle, headline) if headline else ())]
    return [*found, *(number for standing in standings for number in _of_target(standing))]


def moved_since(document: SymposiumDocument, numbers: Iterable[Number]) -> list[Moved]:
    """Of the document's numbers those that are others in these, which are the present ones."""
    now = {number.key: number for number in numbers}
    return [_moved(told, now.get(told["key"])) for told in document.numbers if _is_other(told, now.get(told["key"]))]


def _is_other(told: dict[str, str | None], number: Number | None) -> bool:
    return number is None or number.stored()["value"] != told["value"]


def _moved(told: dict[str, str | None], number: Number | None) -> Moved:
    return Moved(told["place"] or "", told["name"] or "", told["shown"] or "", number.shown if number else "")


def _of_city(cycle: Cycle) -> Iterator[Number]:
    for figure in CycleFigure.objects.filter(cycle=cycle).select_related("indicator").order_by("indicator__code"):
        yield from _two(CITY, _("The city"), figure.indicator, figure.value, figure.growth)


def _of_districts(cycle: Cycle, indicator: Indicator) -> Iterator[Number]:
    for row in district_figures(cycle, indicator):
        yield from _two(row.code, row.label, indicator, row.value, row.growth)


def _two(code: str, place: str, indicator: Indicator, value: Decimal | None, growth: Decimal | None) -> Iterator[Number]:
    unit = f"{value_of(value, indicator)} {indicator.unit_label}" if value is not None else value_of(value, indicator)
    yield Number(f"{code}/{indicator.code}/value", place, indicator.label, value, unit)
    if growth is not None:
        name = _("%(indicator)s, growth") % {"indicator": indicator.label}
        yield Number(f"{code}/{indicator.code}/growth", place, name, growth, change_of(growth, indicator))


def _of_target(one: TargetStanding) -> Iterator[Number]:
    code, place = (one.district.code, str(one.district)) if one.district else (CITY, _("The city"))
    named = {"indicator": one.indicator.label}
    key = f"{code}/{one.indicator.code}/{one.kind}"
    yield Number(f"{key}/target", place, _("%(indicator)s, target") % named, one.target, one.target_text)
    yield Number(f"{key}/result", place, _("%(indicator)s, result") % named, one.result, one.result_text)
