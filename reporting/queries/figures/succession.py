"""How the series of merged districts goes on: what the successor's value of an earlier period is.

The predecessors' figures and the successor's own come together by the indicator's rule for the city: summed, the largest, a mean
by the weight, the formula over the sums. Where the rule is none, or one part has no approved value, there is none: never a part
for the whole. A part that said "not applicable" is no part of that indicator.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from districts.models import District, Succession
from districts.queries.successions import existed, successions_until
from reporting.enums import AnswerStatus, CityAggregation, SubmissionState
from reporting.models import Answer, Cycle, Indicator, Submission
from reporting.queries.figures.plan import FigurePlan, Inherited, aggregation_of
from reporting.rules.compute import arithmetic

Parts = dict[int, frozenset[int]]
"""Successors by their numbers, each with the districts that it was made of in an earlier cycle, itself perhaps among them."""
_Cell = tuple[Decimal | None, str]
_Told = Mapping[int, Mapping[int, _Cell]]
"""Number and status by district and indicator."""


def merged_parts(cycle: Cycle, earlier: Cycle | None) -> Parts:
    """Of the successors in the cycle. One query where no merger is in force at the end of its period, else two.

    A merged district that still has a report of its own in the cycle goes on by itself there. It is a part where it was asked in
    the earlier cycle, or was there at the end of its period.
    """
    successions = successions_until(cycle.period_value.ends_on)
    if not successions or earlier is None:
        return {}
    districts = {one.pk: one for succession in successions for one in (succession.predecessor, succession.successor)}
    asked = _asked((cycle, earlier), districts)
    heirs = _heirs(successions, asked[cycle.pk])
    day = earlier.period_value.ends_on
    found: dict[int, set[int]] = {}
    for pk, district in districts.items():
        if pk in asked[earlier.pk] or existed(district, day):
            found.setdefault(heirs.get(pk, pk), set()).add(pk)
    return {heir: frozenset(parts) for heir, parts in found.items() if parts != {heir}}


def _asked(cycles: Sequence[Cycle], districts: Mapping[int, District]) -> dict[int, set[int]]:
    """The districts that have a report in each cycle; in the first one, a report that is expected."""
    found: dict[int, set[int]] = {cycle.pk: set() for cycle in cycles}
    rows = Submission.objects.filter(cycle__in=found, district__in=districts)
    for cycle_id, district_id, state in rows.order_by().values_list("cycle_id", "district_id", "state"):
        if cycle_id != cycles[0].pk or state != SubmissionState.RELEASED:
            found[cycle_id].add(district_id)
    return found


def _heirs(successions: Iterable[Succession], reporting: set[int]) -> dict[int, int]:
    """Who goes on for each merged district: the first in the line that reports, else the last."""
    next_of = {one.predecessor_id: one.successor_id for one in successions}
    heirs = {}
    for first in next_of.keys() - reporting:
        heir = next_of[first]
        while heir not in reporting and heir in next_of:
            heir = next_of[heir]
        heirs[first] = heir
    return heirs


def inherited(plan: FigurePlan, earlier: Cycle | None, as_of: datetime | None = None) -> Inherited:
    """What the plan's cycle takes from the earlier one through mergers, as of the instant. One query where there are none."""
    parts = merged_parts(plan.cycle, earlier)
    if not parts or earlier is None:
        return Inherited()
    everybody = frozenset[int]().union(*parts.values())
    told = _told(earlier, everybody, as_of)
    values = {
        (heir, pk): number
        for heir, of in parts.items()
        for pk, number in _merged(plan, [told.get(part, {}) for part in sorted(of)]).items()
        if number is not None
    }
    return Inherited(values, everybody)


def _told(cycle: Cycle, districts: frozenset[int], as_of: datetime | None) -> _Told:
    """What the districts' revisions in force say."""
    answers = Answer.objects.filter(
        revision__submission__cycle=cycle, district__in=districts, row_key="", indicator__isnull=False
    )
    if as_of is None:
        answers = answers.filter(revision__approved_at__isnull=False, revision__superseded_at=None)
    else:
        lasts = Q(revision__superseded_at=None) | Q(revision__superseded_at__gt=as_of)
        answers = answers.filter(lasts, revision__approved_at__lte=as_of)
    found: dict[int, dict[int, _Cell]] = {}
    rows = answers.filter(revision__nil_reason="").values_list("district_id", "indicator_id", "number", "status")
    for district_id, indicator_id, number, status in rows:
        found.setdefault(district_id, {})[indicator_id or 0] = (number, status)
    return found


def _merged(plan: FigurePlan, parts: Sequence[Mapping[int, _Cell]]) -> dict[int, Decimal | None]:
    """By indicator; those that are weights or parts of formulas are among the plan's."""
    with arithmetic():
        found = {one.pk: _one(one, parts) for one in plan.known}
    by_code = {one.code: found[one.pk] for one in plan.known}
    for code in plan.formulas:
        found[plan.by_code[code].pk] = plan.evaluate(code, {part.code: by_code[part.code] for part in plan.parts(code)})
    return found


def _one(indicator: Indicator, parts: Sequence[Mapping[int, _Cell]]) -> Decimal | None:
    """None for what has no rule of its own, formulas among it."""
    kind = aggregation_of(indicator)
    cells = [(part, part.get(indicator.pk, (None, ""))) for part in parts]
    counted = [(part, number) for part, (number, status) in cells if status != AnswerStatus.NOT_APPLICABLE]
    numbers = [number for _part, number in counted if number is not None]
    if not numbers or len(numbers) < len(counted):
        return None
    if kind == CityAggregation.SUM:
        return sum(numbers, Decimal(0))
    if kind == CityAggregation.MAX:
        return max(numbers)
    if kind == CityAggregation.WEIGHTED_MEAN:
        weights = [part.get(indicator.weight_indicator_id or 0, (None, ""))[0] for part, _number in counted]
        return _mean(numbers, [weight for weight in weights if weight is not None])
    return None


def _mean(numbers: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal | None:
    total = sum(weights, Decimal(0))
    if len(weights) < len(numbers) or not total:
        return None
    return sum((number * weight for number, weight in zip(numbers, weights, strict=True)), Decimal(0)) / total
