"""What is public at an instant, and nothing else: the only reads of the public pages."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from districts.queries.access import AnyUser, is_bureau_administrator, works_at_bureau
from reporting.enums.publication import Stage
from reporting.models import Bulletin, CycleFigure, Indicator, Release, ReleasedFigure
from reporting.models.publication import StagedQuerySet


@dataclass(frozen=True)
class Sheet:
    """One indicator of a release: the city's figure, and the districts' by code."""

    indicator: Indicator
    city: ReleasedFigure | None
    districts: tuple[ReleasedFigure, ...]

    @property
    def has_hidden(self) -> bool:
        return any(figure.is_hidden for figure in (*self.districts, *([self.city] if self.city else [])))


def public_releases(at: datetime) -> QuerySet[Release]:
    """Every vintage that is public, the latest period and vintage first."""
    return Release.objects.public(at).select_related("cycle__definition").order_by("-cycle__period", "-vintage", "-pk")


def current_releases(at: datetime) -> list[Release]:
    """Of each cycle the latest vintage that is public."""
    latest: dict[int, Release] = {}
    for release in public_releases(at):
        latest.setdefault(release.cycle_id, release)
    return list(latest.values())


def public_bulletins(at: datetime) -> QuerySet[Bulletin]:
    return Bulletin.objects.public(at).select_related("release").order_by("-released_at", "-pk")


def public_indicators(at: datetime) -> QuerySet[Indicator]:
    """Those of which something is public."""
    shown = ReleasedFigure.objects.filter(release__in=public_releases(at).values("pk"))
    return Indicator.objects.filter(pk__in=shown.values("indicator")).order_by("code")


def next_embargo(at: datetime) -> datetime | None:
    """When the next thing becomes public: until then what was read may be kept."""
    instants: list[datetime] = []
    for model in (Release, Bulletin):
        ahead: StagedQuerySet = model.objects.filter(stage=Stage.SCHEDULED, released_at__gt=at)
        instants += ahead.order_by("released_at").values_list("released_at", flat=True)[:1]
    return min(instants, default=None)


def sheets_of(release: Release, districts: Collection[int] | None = None) -> list[Sheet]:
    """All of a release, in the order of the indicators; of these districts alone, where they are given. One query."""
    seen = Q() if districts is None else Q(district=None) | Q(district__in=districts)
    figures = release.figures.filter(seen).select_related("district", "indicator").order_by("indicator__code", "district__code")
    found: dict[Indicator, list[ReleasedFigure]] = {}
    for figure in figures:
        found.setdefault(figure.indicator, []).append(figure)
    return [_sheet(indicator, rows) for indicator, rows in found.items()]


def indicators_of_release(release: Release) -> list[Indicator]:
    """Those that the release has figures of, by code. One query."""
    return list(Indicator.objects.filter(pk__in=release.figures.values("indicator")).order_by("code"))


def rows_of(release: Release, indicator: Indicator) -> QuerySet[ReleasedFigure]:
    """The districts' figures of one indicator, by code."""
    rows = release.figures.filter(indicator=indicator, district__isnull=False)
    return rows.select_related("district", "indicator").order_by("district__code")


def city_series(indicator: Indicator, releases: Iterable[Release]) -> list[ReleasedFigure]:
    """The city's figures of the indicator in these releases, the earliest period first."""
    figures = ReleasedFigure.objects.filter(indicator=indicator, district=None, release__in=list(releases))
    return list(figures.select_related("release__cycle", "indicator").order_by("release__cycle__period"))


def seen_at_bureau(user: AnyUser, rows: QuerySet) -> QuerySet:
    """Drafts are the administrators'; from the internal stage on all of the bureau read."""
    if is_bureau_administrator(user):
        return rows
    return rows.exclude(stage=Stage.DRAFT) if works_at_bureau(user) else rows.none()


def _sheet(indicator: Indicator, figures: Sequence[ReleasedFigure]) -> Sheet:
    city = next((figure for figure in figures if figure.district_id is None), None)
    return Sheet(indicator, city, tuple(figure for figure in figures if figure.district_id is not None))


def changed_figures(release: Release) -> list[tuple[ReleasedFigure, CycleFigure]]:
    """The city's figures of the release that are others now, with what they are now."""
    now = {figure.indicator_id: figure for figure in CycleFigure.objects.filter(cycle=release.cycle_id)}
    cells = release.figures.filter(district=None).select_related("indicator").order_by("indicator__code")
    known = [(cell, now[cell.indicator_id]) for cell in cells if cell.indicator_id in now]
    return [(cell, figure) for cell, figure in known if (cell.value, cell.growth) != (figure.value, figure.growth)]


def public_figures(
    at: datetime,
    *,
    indicators: Collection[str] = (),
    areas: Collection[str] = (),
    with_city: bool = False,
    periods: Collection[str] = (),
    is_latest: bool = True,
) -> QuerySet[ReleasedFigure]:
    """Figures of what is public, narrowed by what is given; neither an area nor the city: all."""
    releases = [release.pk for release in (current_releases(at) if is_latest else public_releases(at))]
    rows = ReleasedFigure.objects.filter(release__in=releases)
    if indicators:
        rows = rows.filter(indicator__code__in=indicators)
    if periods:
        rows = rows.filter(release__cycle__period__in=periods)
    if areas or with_city:
        rows = rows.filter(Q(district__code__in=areas) | (Q(district=None) if with_city else Q(pk=None)))
    related = rows.select_related("district", "indicator", "release__cycle")
    return related.order_by("-release__cycle__period", "-release__vintage", "indicator__code", "district__code", "pk")
