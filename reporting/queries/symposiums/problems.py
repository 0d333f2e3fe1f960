"""Problems that the data of a cycle show: each with its numbers, where they come from, and the districts concerned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from districts.languages import localised
from reporting.enums import Direction, EventKind, Measure
from reporting.enums.key_tasks import Signal
from reporting.enums.symposiums import ProblemKind
from reporting.enums.targets import Light, TargetKind
from reporting.formats import value_of
from reporting.models import Cycle, CycleFigure, Event, Indicator, Problem, Submission
from reporting.queries.figures import DistrictFigure, district_figures
from reporting.queries.figures.plan import indicators_of
from reporting.queries.key_tasks import open_standings
from reporting.queries.targets.standings import TargetStanding, standings_of
from reporting.validators.numbers import round_half_up

HEADLINES = 3
"""Indicators by which growth is compared: totals that the report computes come before their parts."""
_TENTH = 1


@dataclass(frozen=True)
class Found:
    kind: ProblemKind
    indicator: Indicator | None
    districts: tuple[int, ...]
    numbers: dict[str, Any]


def find(cycle: Cycle, now: datetime) -> list[Found]:
    """Everything that is found now, in a fixed order."""
    return [
        one
        for one in (*_of_targets(cycle, now), *_of_figures(cycle, now), *_of_reports(cycle, now), *_of_tasks(cycle, now))
        if one.districts
    ]


def sentence(problem: Problem) -> str:
    """The problem in the reader's language, with its numbers; the bureau's own wording where there is one."""
    if problem.text:
        return problem.text
    numbers = problem.numbers
    names = _(", ").join(_named(one) for one in numbers["districts"])
    words = {
        "names": names,
        "count": len(numbers["districts"]),
        "indicator": problem.indicator.label if problem.indicator else "",
    }
    words["city"] = numbers.get("city", "")
    return _SENTENCES[ProblemKind(problem.kind)]() % words


def _named(one: dict[str, str]) -> str:
    name = localised(one["name"], one["name_zh"])
    return _("%(name)s (%(shown)s)") % {"name": name, "shown": one["shown"]} if one.get("shown") else name


_SENTENCES = {
    ProblemKind.TARGET: lambda: _(
        "%(indicator)s is behind its target in %(count)d districts (points, or completion): %(names)s."
    ),
    ProblemKind.GROWTH: lambda: _("%(indicator)s grew less than the city's %(city)s in %(count)d districts: %(names)s."),
    ProblemKind.FALLING: lambda: _("%(indicator)s was below last year's in %(count)d districts: %(names)s."),
    ProblemKind.TASK: lambda: _("Key tasks are overdue in %(count)d districts: %(names)s."),
    ProblemKind.LATE: lambda: _("%(count)d districts handed their report in late: %(names)s."),
    ProblemKind.RETURNED: lambda: _("The reports of %(count)d districts were sent back: %(names)s."),
    ProblemKind.AMENDED: lambda: _("%(count)d districts corrected an approved report: %(names)s."),
    ProblemKind.MISSING: lambda: _("The reports of %(count)d districts are not approved: %(names)s."),
}


def _of_targets(cycle: Cycle, now: datetime) -> Iterator[Found]:
    """Who is behind, the furthest first: by points for growth and shares, by completion for levels and stocks."""
    behind: dict[int, list[TargetStanding]] = {}
    for standing in standings_of(cycle, city=False):
        if standing.light in {Light.YELLOW, Light.RED} and standing.district is not None:
            behind.setdefault(standing.indicator.pk, []).append(standing)
    for rows in behind.values():
        ordered = sorted(rows, key=lambda one: (one.gap or Decimal(0), one.completion or Decimal(0)))
        districts = [
            {"code": one.code, "name": one.name, "name_zh": one.name_zh, "shown": _behind_by(standing)}
            for standing in ordered
            if (one := standing.district) is not None
        ]
        source = {"cycle": cycle.period, "indicator": ordered[0].indicator.code, "as_of": now.isoformat()}
        numbers = tuple(standing.district.pk for standing in ordered if standing.district is not None)
        yield Found(ProblemKind.TARGET, ordered[0].indicator, numbers, {"districts": districts, "source": source})


def _behind_by(standing: TargetStanding) -> str:
    if standing.kind in {TargetKind.GROWTH, TargetKind.SHARE}:
        return f"{round_half_up(standing.gap or Decimal(0), _TENTH):+f}"
    return f"{round_half_up(standing.completion or Decimal(0), _TENTH):f} %"


def _of_figures(cycle: Cycle, now: datetime) -> Iterator[Found]:
    city = {figure.indicator_id: figure for figure in CycleFigure.objects.filter(cycle=cycle)}
    summed = [one for one in indicators_of(cycle) if one.measure == Measure.FLOW_YTD and one.direction == Direction.UP]
    for indicator in sorted(summed, key=lambda one: not one.formula)[:HEADLINES]:
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
    source = {"cycle": cycle.period, "indicator": indicator.code, "as_of": now.isoformat()}
    return Found(kind, indicator, tuple(row.district_id for row in ordered), {"districts": districts, "source": source} | more)


def _percent(number: Decimal) -> str:
    return f"{round_half_up(number, _TENTH):+f} %"


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
    source = {"cycle": cycle.period, "as_of": now.isoformat()}
    return Found(kind, None, tuple(one.district_id for one, _shown in rows), {"districts": districts, "source": source})
