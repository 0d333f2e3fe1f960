"""Approved values of earlier periods, for comparison."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from reporting.enums import Measure
from reporting.models import Answer, Indicator, Submission
from reporting.periods import Period


@dataclass(frozen=True)
class Priors:
    """Approved numbers of one district by (period, indicator id). `frequency` is the definition's."""

    period: Period
    frequency: str
    values: dict[tuple[str, int], Decimal | None]

    def last_year(self, indicator: Indicator) -> Decimal | None:
        """The same period of the year before."""
        return self.values.get((str(self.period.last_year), indicator.pk))

    def previous_period(self, indicator: Indicator) -> Period | None:
        """What the previous column compares with: a cumulative flow within its calendar year only, all else across it."""
        if indicator.measure == Measure.FLOW_YTD:
            return self.period.earlier_in_year(self.frequency)
        return self.period.before(self.frequency)

    def previous(self, indicator: Indicator) -> Decimal | None:
        period = self.previous_period(indicator)
        return None if period is None else self.values.get((str(period), indicator.pk))


def priors_for(submission: Submission) -> Priors:
    """One query: the district's approved numbers of the last year's period and of the period before, same definition."""
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
    return Priors(period, frequency, {(text, indicator_id): number for text, indicator_id, number in rows if indicator_id})
