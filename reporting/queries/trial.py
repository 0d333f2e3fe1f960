"""A rule tried on the approved reports of past cycles. Nothing is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import F

from districts.queries.successions import successions_until
from reporting.models import Answer, Submission, Target
from reporting.periods import parse_period
from reporting.queries.definitions import Questionnaire
from reporting.queries.findings import expectation
from reporting.queries.priors import Priors
from reporting.rules import Expression, failure_of, verdicts
from reporting.rules.compute import Values
from reporting.rules.tree import Moment

NEWEST = 300
MOST_SHOWN = 100
_Numbers = Mapping[tuple[str, int], Decimal | None]
"""One district's approved numbers by period and indicator id."""


@dataclass(frozen=True)
class Hit:
    """A report in which the rule would have found something. `text`: what was expected and found; blank where no comparison
    decided."""

    submission: Submission
    text: str


@dataclass(frozen=True)
class Trial:
    judged: int
    """Reports for which the rule has a verdict."""
    unknown: int
    """Reports for which something in it is n/a: it finds nothing there."""
    hits: tuple[Hit, ...]

    @property
    def tried(self) -> int:
        return self.judged + self.unknown

    @property
    def shown(self) -> tuple[Hit, ...]:
        return self.hits[:MOST_SHOWN]


def trial_of(asked: Questionnaire, rule: Expression) -> Trial:
    """On the newest approved reports of the definition, as they were approved, each with the targets in force when it was
    signed. Four queries, however many there are."""
    indicators = {code: asked.by_code[code].indicator for code in rule.codes}
    reports = _newest(asked)
    if not reports:
        return Trial(0, 0, ())
    numbers = _numbers(asked, [one.pk for one in indicators.values() if one])
    issued = _issued({report.district_id for report in reports}, [one.pk for one in indicators.values() if one])
    merged = _merged_on(max(report.cycle.period_value.ends_on for report in reports))
    judged, hits = 0, []
    for report in reports:
        priors = _priors(asked, report, numbers[report.district_id], merged.get(report.district_id))
        values = _values(rule, asked, replace(priors, targets=_targets(report, issued[report.district_id])))
        (holds,) = verdicts([rule], values)
        judged += holds is not None
        if holds is False:
            failure = failure_of(rule, values)
            hits.append(Hit(report, expectation(asked, failure) if failure else ""))
    return Trial(judged, len(reports) - judged, tuple(hits))


def _newest(asked: Questionnaire) -> list[Submission]:
    """Approved reports with figures, those of the latest periods first."""
    found = Submission.objects.filter(
        cycle__definition_id=asked.version.definition_id, approved_revision__isnull=False, approved_revision__nil_reason=""
    ).select_related("cycle", "district", "approved_revision")
    ordered = found.order_by("-cycle__due_at", "district__code", "pk")[:NEWEST]
    return sorted(ordered, key=lambda one: one.cycle.period_value.ends_on, reverse=True)


def _numbers(asked: Questionnaire, indicators: Iterable[int]) -> Mapping[int, dict[tuple[str, int], Decimal | None]]:
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__cycle__definition_id=asked.version.definition_id,
        revision__nil_reason="",
        indicator__in=list(indicators),
    ).values_list("district_id", "revision__submission__cycle__period", "indicator_id", "number")
    found: dict[int, dict[tuple[str, int], Decimal | None]] = defaultdict(dict)
    for district_id, period, indicator_id, number in rows:
        found[district_id][period, indicator_id or 0] = number
    return found


def _issued(districts: Collection[int], indicators: Collection[int]) -> Mapping[int, list[Target]]:
    """Every target ever issued, the earliest first."""
    rows = Target.objects.filter(district__in=districts, indicator__in=indicators).select_related("issue")
    found: dict[int, list[Target]] = defaultdict(list)
    for row in rows.order_by("issue__issued_at", "pk"):
        found[row.district_id or 0].append(row)
    return found


def _targets(report: Submission, issued: Iterable[Target]) -> dict[int, Target]:
    """Those in force when the report was signed."""
    signed_at = report.approved_revision.signed_at if report.approved_revision else None
    year = report.cycle.period_value.year
    return {row.indicator_id: row for row in issued if row.year == year and signed_at and row.issue.issued_at <= signed_at}


def _merged_on(day: date) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for one in successions_until(day):
        found[one.successor_id].append(one.begins_on)
    return found


def _priors(asked: Questionnaire, report: Submission, numbers: _Numbers, merged: Sequence[date] | None) -> Priors:
    """Without what was before a merger: the district was a smaller one."""
    period = report.cycle.period_value
    since = max((day for day in merged or () if day <= period.ends_on), default=None)
    kept = {key: number for key, number in numbers.items() if since is None or parse_period(key[0]).ends_on >= since}
    return Priors(period, asked.version.definition.frequency, kept)


def _values(rule: Expression, asked: Questionnaire, priors: Priors) -> Values:
    """What the rule refers to, by the names of the references."""
    values: dict[str, Decimal | None] = {}
    for reference in rule.references:
        indicator = asked.by_code[reference.code].indicator
        if indicator is None:
            continue
        values[reference.name] = {
            Moment.LAST_PERIOD: priors.previous,
            Moment.LAST_YEAR: priors.last_year,
            Moment.TARGET: priors.target,
        }.get(reference.moment, priors.this_period)(indicator)
    return values
