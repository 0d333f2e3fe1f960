"""Approved values of earlier periods, for comparison."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F

from districts.queries.successions import names_before, successions_until
from reporting.enums import Measure
from reporting.models import Answer, Cycle, Indicator, Submission
from reporting.periods import Period
from reporting.queries.figures.plan import figure_plan
from reporting.queries.figures.succession import inherited

_Values = dict[tuple[str, int], Decimal | None]


@dataclass(frozen=True)
class Priors:
    """Approved numbers of one district by (period, indicator id). `frequency` is the definition's."""

    period: Period
    frequency: str
    values: dict[tuple[str, int], Decimal | None]
    merged_from: str = ""
    """The names of the districts that were merged into this one; blank where none was."""

    @cached_property
    def _last_year(self) -> str:
        return str(self.period.last_year)

    def last_year(self, indicator: Indicator) -> Decimal | None:
        """The same period of the year before."""
        return self.values.get((self._last_year, indicator.pk))

    def previous_period(self, indicator: Indicator) -> Period | None:
        """What the previous column compares with: a cumulative flow within its calendar year only, all else across it."""
        if indicator.measure == Measure.FLOW_YTD:
            return self.period.earlier_in_year(self.frequency)
        return self.period.before(self.frequency)

    def previous(self, indicator: Indicator) -> Decimal | None:
        period = self.previous_period(indicator)
        return None if period is None else self.values.get((str(period), indicator.pk))


def priors_for(submission: Submission) -> Priors:
    """Two queries: the district's approved numbers of the last year's period and of the period before, same definition, and the
    mergers. Values of before a merger are those of all its districts together."""
    cycle = submission.cycle
    period, frequency = cycle.period_value, cycle.definition.frequency
    wanted = {str(period.last_year), str(period.before(frequency))}
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__district_id=submission.district_id,
        revision__submission__cycle__definition_id=cycle.definition_id,
        revision__submission__cycle__period__in=wanted,
        revision__nil_reason="",
        indicator__isnull=False,
    ).values_list("revision__submission__cycle__period", "indicator_id", "number")
    values = {(text, indicator_id): number for text, indicator_id, number in rows if indicator_id}
    merged = [one for one in successions_until(period.ends_on) if one.successor_id == submission.district_id]
    if not merged:
        return Priors(period, frequency, values)
    return Priors(period, frequency, _with_merged(submission, wanted, values), names_before(merged))


def _with_merged(submission: Submission, periods: set[str], own: _Values) -> _Values:
    """Where the district was made of several in a period, their values together take the place of its own."""
    plan, values, district = figure_plan(submission.cycle), dict(own), submission.district_id
    for earlier in Cycle.objects.filter(definition_id=submission.cycle.definition_id, period__in=periods):
        taken = inherited(plan, earlier)
        if district in taken.parts or any(heir == district for heir, _indicator in taken.values):
            values = {key: number for key, number in values.items() if key[0] != earlier.period}
        values |= {(earlier.period, pk): number for (heir, pk), number in taken.values.items() if heir == district}
    return values
