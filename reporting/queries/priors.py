"""Approved values of earlier periods, for comparison."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import F

from districts.models import Succession
from districts.queries.successions import names_before, successions_until
from reporting.enums import Measure, SubmissionState
from reporting.models import Answer, Cycle, Indicator, Submission, Target
from reporting.periods import Period, parse_period
from reporting.queries.figures.plan import figure_plan
from reporting.queries.figures.succession import inherited

_Values = dict[tuple[str, int], Decimal | None]
_Told = tuple[Period, int, Decimal]
"""Period, indicator id and number."""
HISTORY_YEARS = 10


@dataclass(frozen=True)
class Priors:
    """Approved numbers of one district by (period, indicator id). `frequency` is the definition's."""

    period: Period
    frequency: str
    values: dict[tuple[str, int], Decimal | None]
    merged_from: str = ""
    """The names of the districts that were merged into this one; blank where none was."""
    history: Mapping[int, Sequence[tuple[Period, Decimal]]] = field(default_factory=dict)
    """By indicator id the district's own approved numbers of the last HISTORY_YEARS, as far as they are of the same district."""
    targets: Mapping[int, Target] = field(default_factory=dict)
    """By indicator id what the district is to reach in the period's year."""

    @cached_property
    def _last_year(self) -> str:
        return str(self.period.last_year)

    def this_period(self, indicator: Indicator) -> Decimal | None:
        return self.values.get((str(self.period), indicator.pk))

    def target(self, indicator: Indicator) -> Decimal | None:
        """Of the year, in the target's own measure: a level or stock in the indicator's unit, growth and shares in per cent."""
        row = self.targets.get(indicator.pk)
        return None if row is None else row.value

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

    def comparable(self, indicator: Indicator) -> list[Decimal]:
        """Of earlier periods: of a cumulative flow the same part of earlier years, of all else every period."""
        found = self.history.get(indicator.pk, ())
        alike = indicator.measure != Measure.FLOW_YTD
        return [number for period, number in found if alike or period.part == self.period.part]


def priors_for(submission: Submission, as_of: datetime | None = None) -> Priors:
    """Three queries: the district's approved numbers of earlier periods of the same definition, the mergers, and the targets in
    force at the instant. Values of before a merger are those of all its districts together; the history begins with it."""
    cycle = submission.cycle
    period, frequency = cycle.period_value, cycle.definition.frequency
    wanted = {str(period.last_year), str(period.before(frequency))}
    told = _approved(submission, period)
    values: _Values = {(str(earlier), indicator_id): number for earlier, indicator_id, number in told if str(earlier) in wanted}
    successions = successions_until(period.ends_on)
    merged = [one for one in successions if one.successor_id == submission.district_id]
    targets = _targets(submission, period.year, as_of)
    if not merged:
        return Priors(period, frequency, values, history=_history(told), targets=targets)
    unmixed = _unmixed(submission, successions, told)
    return Priors(period, frequency, _with_merged(submission, wanted, values), names_before(merged), _history(unmixed), targets)


def _targets(submission: Submission, year: int, as_of: datetime | None) -> dict[int, Target]:
    rows = Target.objects.filter(district=submission.district_id, year=year).in_force(as_of)
    return {row.indicator_id: row for row in rows.select_related("indicator")}


def _approved(submission: Submission, period: Period) -> list[_Told]:
    """The district's numbers of the periods before, the earliest first."""
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__district_id=submission.district_id,
        revision__submission__cycle__definition_id=submission.cycle.definition_id,
        revision__submission__cycle__period__gte=str(period.year - HISTORY_YEARS),
        revision__submission__cycle__period__lt=str(period.year + 1),
        revision__nil_reason="",
        indicator__isnull=False,
        number__isnull=False,
    ).values_list("revision__submission__cycle__period", "indicator_id", "number")
    periods: dict[str, Period] = {}
    found = [
        (periods.setdefault(text, parse_period(text)), indicator_id, number)
        for text, indicator_id, number in rows
        if indicator_id and number is not None
    ]
    return sorted((one for one in found if one[0] < period), key=lambda one: (one[0], one[1]))


def _history(told: Iterable[_Told]) -> dict[int, list[tuple[Period, Decimal]]]:
    found: dict[int, list[tuple[Period, Decimal]]] = {}
    for period, indicator_id, number in told:
        found.setdefault(indicator_id, []).append((period, number))
    return found


def _unmixed(submission: Submission, successions: Sequence[Succession], told: Sequence[_Told]) -> list[_Told]:
    """What is of the merged district as it is now: of periods after the last merger in which no merged district filed by itself.
    Nothing where one still does. One query."""
    parts = {submission.district_id}
    while more := {one.predecessor_id for one in successions if one.successor_id in parts} - parts:
        parts |= more
    since = max(one.begins_on for one in successions if one.predecessor_id in parts)
    others = Submission.objects.filter(cycle__definition_id=submission.cycle.definition_id, district__in=parts)
    others = others.exclude(district=submission.district_id).exclude(state=SubmissionState.RELEASED)
    by_themselves = set(others.order_by().values_list("cycle__period", flat=True).distinct())
    if submission.cycle.period in by_themselves:
        return []
    return [one for one in told if one[0].ends_on >= since and str(one[0]) not in by_themselves]


def _with_merged(submission: Submission, periods: set[str], own: _Values) -> _Values:
    """Where the district was made of several in a period, their values together take the place of its own."""
    plan, values, district = figure_plan(submission.cycle), dict(own), submission.district_id
    for earlier in Cycle.objects.filter(definition_id=submission.cycle.definition_id, period__in=periods):
        taken = inherited(plan, earlier)
        if district in taken.parts or any(heir == district for heir, _indicator in taken.values):
            values = {key: number for key, number in values.items() if key[0] != earlier.period}
        values |= {(earlier.period, pk): number for (heir, pk), number in taken.values.items() if heir == district}
    return values
