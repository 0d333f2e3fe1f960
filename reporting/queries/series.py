"""One district's own approved figures over the periods."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from districts.models import District
from reporting.enums import Measure
from reporting.models import Answer, Cycle, Indicator
from reporting.periods import parse_period
from reporting.queries.figures.plan import has_usable_base
from reporting.validators.comparison import difference, growth


def comparable_periods(periods: Iterable[str], cycle: Cycle, indicator: Indicator) -> list[str]:
    """Those up to the cycle's that may stand in one line, the earliest first: of what is cumulative the same part of each year,
    for half a year and a whole one do not compare."""
    last = cycle.period_value
    known = sorted((parse_period(text) for text in periods), key=lambda one: one.ends_on)
    is_cumulative = indicator.measure == Measure.FLOW_YTD
    return [str(one) for one in known if one.ends_on <= last.ends_on and (one.part == last.part or not is_cumulative)]


@dataclass(frozen=True)
class Observed:
    """A period's value with its base: the revised one that the district reports, else last year's approved value."""

    period: str
    value: Decimal
    base: Decimal | None
    change: Decimal | None
    """Growth in per cent, of a rate the difference."""


def own_series(district: District, indicator: Indicator, cycle: Cycle, *, limit: int = 12) -> list[Observed]:
    """Of the approved reports of the cycle's kind up to its period, the earliest first; without a row where the value is n/a.
    One query."""
    holder = indicator.base_indicator_id if has_usable_base(indicator) else None
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__cycle__definition=cycle.definition_id,
        revision__nil_reason="",
        district=district,
        row_key="",
        indicator__in=[indicator.pk, *([holder] if holder else [])],
        number__isnull=False,
    ).values_list("revision__submission__cycle__period", "indicator_id", "number")
    values: dict[str, Decimal] = {}
    revised: dict[str, Decimal] = {}
    for period, indicator_id, number in rows:
        if number is not None:
            (values if indicator_id == indicator.pk else revised)[period] = number
    found = []
    for period in comparable_periods(values, cycle, indicator)[-limit:]:
        value, base = values[period], revised.get(period, values.get(str(parse_period(period).last_year)))
        is_rate = indicator.measure == Measure.RATE
        found.append(Observed(period, value, base, difference(value, base) if is_rate else growth(value, base)))
    return found
