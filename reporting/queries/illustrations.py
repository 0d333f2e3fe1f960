"""The pictures of the portal's figures: targets, districts, growth, and key tasks, each with where its numbers come from."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from districts.models import District
from reporting.enums import CityAggregation, Measure
from reporting.enums.key_tasks import Signal
from reporting.enums.publication import ObsStatus
from reporting.enums.targets import TargetKind
from reporting.formats import change_of, grouped, period_words, short_instant, value_of
from reporting.models import Cycle, CycleFigure, Indicator, Release, ReleasedFigure
from reporting.periods import parse_period
from reporting.pictures import (
    Bullet,
    MapTile,
    Part,
    Picture,
    Point,
    Span,
    Words,
    bullet_bars,
    tile_map,
    timeline,
    trend,
    waterfall,
)
from reporting.queries.figures.districts import DistrictFigure
from reporting.queries.figures.plan import aggregation_of
from reporting.queries.key_tasks import Standing
from reporting.queries.series import comparable_periods, own_series
from reporting.queries.targets import TargetStanding

_STORED = Decimal("0.00001")
"""What a growth that was stored with six decimals may differ by from the sum that it was."""
_SHADES = 5


def source_of(cycle: Cycle, as_of: datetime | None) -> str:
    """Where figures of approved reports come from."""
    names = {"period": period_words(cycle.period), "at": short_instant(as_of)}
    return _("approved reports, %(period)s, as of %(at)s") % names


def source_up_to(cycle: Cycle, as_of: datetime | None) -> str:
    """Where a series of figures comes from."""
    names = {"period": period_words(cycle.period), "at": short_instant(as_of)}
    return _("approved reports up to %(period)s, as of %(at)s") % names


def target_bullets(standings: Sequence[TargetStanding], title: str, source: str) -> Picture | None:
    """A bar for each target with a result. One scale where they are all of one indicator and kind."""
    rows = [one for one in standings if one.result is not None]
    if not rows:
        return None
    alike = len({(one.indicator.pk, one.kind) for one in rows}) == 1
    unit = _unit(rows[0]) if alike else _("each bar has its own scale")
    note = _("The bar is the result, the stroke across it the target; a dotted stroke is what is expected by now.")
    bullets = [_bullet(one, with_district=alike) for one in rows]
    return bullet_bars(Words(title, unit, source, note), bullets, is_shared=alike)


def _unit(one: TargetStanding) -> str:
    return "%" if one.kind == TargetKind.GROWTH else one.indicator.unit_label


def _bullet(one: TargetStanding, *, with_district: bool) -> Bullet:
    label = str(one.district or _("The city")) if with_district else one.indicator.label
    expected = one.target * one.schedule.share / 100 if one.kind == TargetKind.LEVEL else None
    texts = (one.result_text, one.target_text)
    return Bullet(label, one.result, one.target, *texts, one.light, str(one.light.label), expected)


def light_map(standings: Sequence[TargetStanding], indicator: Indicator, source: str) -> Picture | None:
    """The districts' lights for one indicator where they lie."""
    rows = [one for one in standings if one.district is not None and one.indicator == indicator]
    title = _("Where the districts stand: %(indicator)s") % {"indicator": indicator.label}
    note = _("● on target, ▲ slightly behind, ■ behind, ○ not known. The number is the result.")
    tiles = [_light_tile(one.district, one) for one in rows if one.district is not None]
    unit = _unit(rows[0]) if rows else ""
    return tile_map(Words(title, unit, source, note), tiles, _("Result"))


def _light_tile(district: District, one: TargetStanding) -> MapTile:
    text = _bare(one)
    return MapTile(district.grid_row, district.grid_column, str(district), text, str(one.light), str(one.light.label))


def _bare(one: TargetStanding) -> str:
    """The result without its unit, which stands above the map."""
    if one.result is None:
        return _("n/a")
    return grouped(one.result, 1 if one.kind == TargetKind.GROWTH else one.indicator.decimals)


def growth_waterfall(
    cycle: Cycle, indicator: Indicator, figure: CycleFigure | None, rows: Sequence[DistrictFigure], *, is_complete: bool
) -> Picture | None:
    """What each district adds to the city's growth, in percentage points; `is_complete`: the rows are all districts', else what
    the others add is one bar. None where the figure is no sum, or the rows are newer than the stored growth."""
    if figure is None or figure.growth is None or not figure.base or figure.base <= 0 or not _is_sum(indicator):
        return None
    parts = [Part(row.label, row.contribution) for row in rows if row.contribution is not None]
    change = figure.unallocated_value - figure.unallocated_base
    if figure.unallocated_value or figure.unallocated_base:
        parts.append(Part(_("Not allocated"), 100 * change / figure.base))
    rest = figure.growth - sum((one.amount for one in parts), Decimal(0))
    if not is_complete:
        parts.append(Part(_("Other districts"), rest))
    elif abs(rest) > _STORED:
        return None
    total = Part(_("The city"), sum((one.amount for one in parts), Decimal(0)))
    title = _("What the city's growth is made of: %(indicator)s") % {"indicator": indicator.label}
    note = _("A district's contribution is its increase over the city's base. Full bars add, outlined ones take away.")
    words = Words(title, _("percentage points"), source_of(cycle, figure.computed_at), note)
    return waterfall(words, parts, total, _("Contribution (percentage points)"))


def _is_sum(indicator: Indicator) -> bool:
    return aggregation_of(indicator) == CityAggregation.SUM and indicator.measure != Measure.RATE


def city_trend(cycle: Cycle, indicator: Indicator, *, limit: int = 12) -> Picture | None:
    """The city's stored figures of the report's last periods up to the cycle's. One query."""
    rows = CycleFigure.objects.filter(cycle__definition=cycle.definition_id, indicator=indicator).select_related("cycle")
    by_period = {one.cycle.period: one for one in rows}
    found = [by_period[period] for period in comparable_periods(by_period, cycle, indicator)[-limit:]]
    latest = max((one.computed_at for one in found), default=None)
    growths = [one.change if indicator.measure == Measure.RATE else one.growth for one in found]
    points = [_point(one.cycle.period, indicator, one.value, one.base, grown) for one, grown in zip(found, growths, strict=True)]
    title = _("The city over time: %(indicator)s") % {"indicator": indicator.label}
    return trend(Words(title, indicator.unit_label, source_up_to(cycle, latest)), points)


def district_trend(cycle: Cycle, district: District, indicator: Indicator, as_of: datetime) -> Picture | None:
    """Of one district's own approved figures up to the cycle's period. One query."""
    series = own_series(district, indicator, cycle)
    points = [_point(one.period, indicator, one.value, one.base, one.change) for one in series]
    title = _("%(district)s over time: %(indicator)s") % {"district": district, "indicator": indicator.label}
    return trend(Words(title, indicator.unit_label, source_up_to(cycle, as_of)), points)


def _point(period: str, indicator: Indicator, value: Decimal | None, base: Decimal | None, growth: Decimal | None) -> Point:
    words = value_of(value, indicator), value_of(base, indicator), change_of(growth, indicator)
    return Point(period, period_words(period), value, base, *words)


def released_trend(indicator: Indicator, figures: Sequence[ReleasedFigure], release: Release) -> Picture | None:
    """The city's released figures; what is protected or missing breaks the line. The year before is what was released of it."""
    by_period = {one.release.cycle.period: one for one in figures}
    values = {period: one.value for period, one in by_period.items() if _is_shown(one)}
    points = []
    for period in comparable_periods(by_period, release.cycle, indicator):
        before, shown = values.get(str(parse_period(period).last_year)), _is_shown(by_period[period])
        points.append(_point(period, indicator, values.get(period), before, by_period[period].growth if shown else None))
    title = _("The city over time: %(indicator)s") % {"indicator": indicator.label}
    note = _("Last year's values are those that were released; growth follows the base as it has been revised since.")
    return trend(Words(title, indicator.unit_label, released_source(release), note), points)


def released_map(indicator: Indicator, figures: Sequence[ReleasedFigure], release: Release) -> Picture | None:
    """The districts' released values where they lie, shaded by fifths of those that are shown."""
    known = sorted({one.value for one in figures if _is_shown(one) and one.value is not None})
    tiles = [_released_tile(one, one.district, known, indicator) for one in figures if one.district is not None]
    title = _("By district: %(indicator)s") % {"indicator": indicator.label}
    note = _("The darker, the more; a broken edge: not shown or not available.")
    return tile_map(Words(title, indicator.unit_label, released_source(release), note), tiles, _("Value"))


def _is_shown(one: ReleasedFigure) -> bool:
    return not one.is_hidden and one.obs_status != ObsStatus.MISSING


def _released_tile(one: ReleasedFigure, district: District, known: Sequence[Decimal], indicator: Indicator) -> MapTile:
    place = district.grid_row, district.grid_column, one.district_label
    if not _is_shown(one) or one.value is None:
        return MapTile(*place, "…" if one.is_hidden else _("n/a"))
    return MapTile(*place, value_of(one.value, indicator), shade=known.index(one.value) * _SHADES // len(known))


def released_source(release: Release) -> str:
    names = {"number": release.vintage, "at": short_instant(release.released_at), "period": period_words(release.cycle.period)}
    return _("released figures, %(period)s, vintage %(number)d, released %(at)s") % names


_MARKS = {Signal.RED: "■", Signal.YELLOW: "▲", Signal.BLUE: "◆", Signal.WAITING: "○", Signal.NONE: "●"}
"""As each signal of an open task is drawn."""


def task_timeline(standings: Sequence[Standing], now: datetime, *, by_lead: bool = False) -> Picture | None:
    """The tasks in their order, from assignment to deadline; `by_lead`: in this order those of one lead follow each other."""
    spans = [
        Span(
            one.task.title,
            str(one.lead.district),
            timezone.localdate(one.task.assigned_at),
            one.task.deadline,
            one.progress,
            _mark_of(one),
            str(one.signal.label) if one.task.is_open else one.task.get_state_display(),
        )
        for one in standings
    ]
    note = _("From assignment to deadline, filled as far as the lead says; the broken line is today. %(key)s.")
    title, source = _("Key tasks over time"), _("supervision register, as of %(at)s") % {"at": short_instant(now)}
    words = Words(title, "", source, note % {"key": _key(standings)})
    return timeline(words, spans, timezone.localdate(now), is_grouped=by_lead)


def _mark_of(one: Standing) -> str:
    if not one.task.is_open:
        return "closed"
    return "green" if one.signal == Signal.NONE else str(one.signal)


def _key(standings: Sequence[Standing]) -> str:
    """What the marks stand for, of those that there are."""
    seen = {one.signal for one in standings if one.task.is_open}
    key = [f"{mark} {signal.label}" for signal, mark in _MARKS.items() if signal in seen]
    if any(not one.task.is_open for one in standings):
        key.append(_("– closed or dropped"))
    return _(", ").join(key)
