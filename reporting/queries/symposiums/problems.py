"""Problems that the data of a cycle show: each with its numbers, where they come from, and the districts concerned."""

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.languages import localised
from reporting.enums import Direction, EventKind, Measure
from reporting.enums.key_tasks import Signal
from reporting.enums.symposiums import ProblemKind
from reporting.enums.targets import Light, TargetKind
from reporting.formats import grouped, signed, value_of
from reporting.models import Cycle, CycleFigure, Event, Indicator, Problem, Submission
from reporting.queries.figures import DistrictFigure, district_figures
from reporting.queries.figures.plan import indicators_of
from reporting.queries.key_tasks import open_standings
from reporting.queries.targets.standings import TargetStanding, standings_of
from reporting.validators.numbers import round_half_up

HEADLINES = 3
"""Indicators by which growth and scale are compared."""
PEERS = 3
"""Districts of a peer group with a value, below which its median says nothing."""
_TENTH, _HUNDREDTH = 1, 2


@dataclass(frozen=True)
class Found:
    kind: ProblemKind
    indicator: Indicator | None
    districts: tuple[int, ...]
    numbers: dict[str, Any]


def find(cycle: Cycle, now: datetime) -> list[Found]:
    """Everything that is found now, in a fixed order."""
    looks = (_of_targets, _of_figures, _of_scale, _of_reports, _of_tasks)
    return [one for look in looks for one in look(cycle, now) if one.districts]


def sentence(problem: Problem) -> str:
    """The problem in the reader's language, with its numbers; the bureau's own wording where there is one."""
    if problem.text:
        return problem.text
    numbers = problem.numbers
    districts = numbers["districts"]
    words = {
        "names": _(", ").join(_named(one) for one in districts),
        "count": len(districts),
        "indicator": problem.indicator.label if problem.indicator else "",
        "city": numbers.get("city", ""),
        "bound": numbers.get("bound", ""),
    }
    return _SENTENCES[ProblemKind(problem.kind)](len(districts)) % words


def _named(one: dict[str, str]) -> str:
    name = localised(one["name"], one["name_zh"])
    return _("%(name)s (%(shown)s)") % {"name": name, "shown": one["shown"]} if one.get("shown") else name


_SENTENCES: Mapping[ProblemKind, Callable[[int], str]] = {
    ProblemKind.TARGET: lambda count: ngettext(
        "%(indicator)s is below its target in %(count)d district (result, and how far below): %(names)s.",
        "%(indicator)s is below its target in %(count)d districts (result, and how far below): %(names)s.",
        count,
    ),
    ProblemKind.SCHEDULE: lambda count: ngettext(
        "%(indicator)s is behind the year's schedule in %(count)d district (reached of the year's target, expected by now, and "
        "needed in each period left): %(names)s.",
        "%(indicator)s is behind the year's schedule in %(count)d districts (reached of the year's target, expected by now, and "
        "needed in each period left): %(names)s.",
        count,
    ),
    ProblemKind.SCALE: lambda count: ngettext(
        "%(indicator)s is below %(bound)s %% of the median of the peer group in %(count)d district (value, and per cent of that "
        "median): %(names)s.",
        "%(indicator)s is below %(bound)s %% of the median of the peer group in %(count)d districts (value, and per cent of that "
        "median): %(names)s.",
        count,
    ),
    ProblemKind.GROWTH: lambda count: ngettext(
        "%(indicator)s grew less than the city's %(city)s in %(count)d district: %(names)s.",
        "%(indicator)s grew less than the city's %(city)s in %(count)d districts: %(names)s.",
        count,
    ),
    ProblemKind.FALLING: lambda count: ngettext(
        "%(indicator)s was below last year's in %(count)d district: %(names)s.",
        "%(indicator)s was below last year's in %(count)d districts: %(names)s.",
        count,
    ),
    ProblemKind.TASK: lambda count: ngettext(
        "Key tasks are overdue in %(count)d district: %(names)s.",
        "Key tasks are overdue in %(count)d districts: %(names)s.",
        count,
    ),
    ProblemKind.LATE: lambda count: ngettext(
        "%(count)d district handed its report in late: %(names)s.",
        "%(count)d districts handed their reports in late: %(names)s.",
        count,
    ),
    ProblemKind.RETURNED: lambda count: ngettext(
        "The report of %(count)d district was sent back: %(names)s.",
        "The reports of %(count)d districts were sent back: %(names)s.",
        count,
    ),
    ProblemKind.AMENDED: lambda count: ngettext(
        "%(count)d district corrected an approved report: %(names)s.",
        "%(count)d districts corrected an approved report: %(names)s.",
        count,
    ),
    ProblemKind.MISSING: lambda count: ngettext(
        "The report of %(count)d district is not approved: %(names)s.",
        "The reports of %(count)d districts are not approved: %(names)s.",
        count,
    ),
}


def _of_targets(cycle: Cycle, now: datetime) -> Iterator[Found]:
    """Who is behind, the furthest first: levels behind the schedule of the year, all else below what is aimed at."""
    behind: dict[tuple[ProblemKind, int], list[TargetStanding]] = {}
    for standing in standings_of(cycle, city=False):
        if standing.light in {Light.YELLOW, Light.RED} and standing.district is not None:
            kind = ProblemKind.SCHEDULE if standing.kind == TargetKind.LEVEL else ProblemKind.TARGET
            behind.setdefault((kind, standing.indicator.pk), []).append(standing)
    for (kind, _indicator), rows in behind.items():
        ordered = sorted(rows, key=lambda one: (-abs(one.gap or Decimal(0)), one.district.code if one.district else ""))
        districts = [
            {"code": one.code, "name": one.name, "name_zh": one.name_zh, **_distance(standing)}
            for standing in ordered
            if (one := standing.district) is not None
        ]
        numbers = tuple(standing.district.pk for standing in ordered if standing.district is not None)
        given = {"districts": districts, "source": _source(cycle, now, ordered[0].indicator)}
        yield Found(kind, ordered[0].indicator, numbers, given)


def _distance(standing: TargetStanding) -> dict[str, str]:
    """How far it is behind, as shown; of a level also what each period left needs, while any is left."""
    gap = standing.gap or Decimal(0)
    if standing.kind == TargetKind.LEVEL:
        completion = standing.completion or Decimal(0)
        shown = f"{_tenths(completion)} %, {_tenths(completion - gap)} %"
        if standing.pace is not None:
            shown += f", {value_of(standing.pace.needed, standing.indicator)}"
        return {"shown": shown}
    result, unit = standing.result or Decimal(0), "" if standing.kind == TargetKind.STOCK else " %"
    return {"shown": f"{_tenths(result)}{unit}, {_gap(gap)}"}


def _of_scale(cycle: Cycle, now: datetime) -> Iterator[Found]:
    """Whose industry is small beside its peers: values below a part of the median of the peer group, the smallest first."""
    bound = Decimal(settings.SYMPOSIUM_SCALE_PERCENT)
    for indicator in _headlines(cycle, {Measure.FLOW_YTD, Measure.STOCK}):
        peers: dict[str, list[tuple[Decimal, DistrictFigure]]] = {}
        for row in district_figures(cycle, indicator):
            if row.value is not None:
                peers.setdefault(row.peer_group, []).append((row.value, row))
        small = [
            (value * 100 / middle, value, row)
            for group in peers.values()
            if len(group) >= PEERS and (middle := median(value for value, _row in group)) > 0
            for value, row in group
            if value * 100 < bound * middle
        ]
        ordered = sorted(small, key=lambda one: (one[0], one[2].code))
        districts = [
            {
                "code": row.code,
                "name": row.name,
                "name_zh": row.name_zh,
                "shown": f"{value_of(value, indicator)}, {_tenths(part)} %",
            }
            for part, value, row in ordered
        ]
        given = {"districts": districts, "source": _source(cycle, now, indicator), "bound": str(bound)}
        yield Found(ProblemKind.SCALE, indicator, tuple(row.district_id for _part, _value, row in ordered), given)


def _headlines(cycle: Cycle, measures: Set[Measure]) -> list[Indicator]:
    """Totals that the report computes before their parts."""
    better = [one for one in indicators_of(cycle) if one.measure in measures and one.direction == Direction.UP]
    return sorted(better, key=lambda one: not one.formula)[:HEADLINES]


def _of_figures(cycle: Cycle, now: datetime) -> Iterator[Found]:
    city = {figure.indicator_id: figure for figure in CycleFigure.objects.filter(cycle=cycle)}
    for indicator in _headlines(cycle, {Measure.FLOW_YTD}):
        figure = city.get(indicator.pk)
        if figure is None or figure.growth is None:
            continue
        rows = [row for row in district_figures(cycle, indicator) if row.growth is not None]
        below = [row for row in rows if row.growth is not None and row.growth < figure.growth]
        given = {"city": _percent(figure.growth), "value": value_of(figure.value, indicator)}
        yield _found(ProblemKind.GROWTH, indicator, below, cycle, now, **given)
        yield _found(ProblemKind.FALLING, indicator, [row for row in rows if (row.growth or 0) < 0], cycle, now, **given)


def _found(
    kind: ProblemKind, indicator: Indicator, rows: list[DistrictFigure], cycle: Cycle, now: datetime, **more: str
) -> Found:
    ordered = sorted(rows, key=lambda row: (row.growth or Decimal(0), row.code))
    districts = [
        {"code": row.code, "name": row.name, "name_zh": row.name_zh, "shown": _percent(row.growth or Decimal(0))}
        for row in ordered
    ]
    source = _source(cycle, now, indicator)
    return Found(kind, indicator, tuple(row.district_id for row in ordered), {"districts": districts, "source": source} | more)


def _percent(number: Decimal) -> str:
    return f"{signed(number, _TENTH)} %"


def _tenths(number: Decimal) -> str:
    return grouped(number, _TENTH)


def _gap(number: Decimal) -> str:
    """To a tenth, or as far as it takes to show that there is one."""
    return signed(number, _TENTH if round_half_up(number, _TENTH) else _HUNDREDTH)


def _source(cycle: Cycle, now: datetime, indicator: Indicator | None = None) -> dict[str, str]:
    return {"cycle": cycle.period} | ({"indicator": indicator.code} if indicator else {}) | {"as_of": now.isoformat()}


def _of_reports(cycle: Cycle, now: datetime) -> Iterator[Found]:
    reports = list(cycle.submissions.exclude(state="released").select_related("district").order_by("district__code"))
    events = Event.objects.filter(submission__cycle=cycle, kind__in=[EventKind.RETURN, EventKind.REOPEN])
    counted: dict[tuple[int, str], int] = {}
    for submission, kind in events.values_list("submission", "kind"):
        counted[submission, kind] = counted.get((submission, kind), 0) + 1
    late = [(one, _days(one)) for one in reports if one.late_by]
    yield _told(ProblemKind.LATE, late, cycle, now)
    for kind, event in ((ProblemKind.RETURNED, EventKind.RETURN), (ProblemKind.AMENDED, EventKind.REOPEN)):
        yield _told(kind, [(one, str(counted[one.pk, event])) for one in reports if (one.pk, event) in counted], cycle, now)
    yield _told(ProblemKind.MISSING, [(one, "") for one in reports if one.approved_revision_id is None], cycle, now)


def _days(submission: Submission) -> str:
    """Late by so many days, begun ones counted."""
    late = submission.late_by
    return f"{late.days + 1} d" if late else ""


def _of_tasks(cycle: Cycle, now: datetime) -> Iterator[Found]:
    reports = {one.district_id: one for one in cycle.submissions.select_related("district")}
    overdue: dict[int, int] = {}
    for standing in open_standings(list(reports), now):
        if standing.signal == Signal.RED:
            overdue[standing.lead.district_id] = overdue.get(standing.lead.district_id, 0) + 1
    rows = [(reports[district], str(count)) for district, count in overdue.items() if district in reports]
    yield _told(ProblemKind.TASK, sorted(rows, key=lambda row: row[0].district.code), cycle, now)


def _told(kind: ProblemKind, rows: list[tuple[Submission, str]], cycle: Cycle, now: datetime) -> Found:
    districts = [
        {"code": one.district.code, "name": one.district_name, "name_zh": one.district_name_zh, "shown": shown}
        for one, shown in rows
    ]
    given = {"districts": districts, "source": _source(cycle, now)}
    return Found(kind, None, tuple(one.district_id for one, _shown in rows), given)
