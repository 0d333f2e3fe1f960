"""The public pages: the start, bulletins, released figures with their earlier vintages, and the indicators."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from districts.views.downloads import attachment
from reporting.enums.publication import ObsStatus
from reporting.exports import Cell, write_csv, write_xlsx
from reporting.models import Bulletin, Release, ReleasedFigure
from reporting.queries.illustrations import released_map, released_trend
from reporting.queries.released import (
    Sheet,
    city_series,
    current_releases,
    indicators_of_release,
    public_bulletins,
    public_indicators,
    public_releases,
    rows_of,
    sheets_of,
)
from reporting.views.public.base import PublicView, absolute

_SHOWN = 6
_ON_A_PAGE = 20
_ROWS_ON_A_PAGE = 100


class PublicHomeView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponse:
        releases = current_releases(self.now)
        latest = releases[0] if releases else None
        context = {
            "bulletins": public_bulletins(self.now)[:_SHOWN],
            "latest": latest,
            "sheets": sheets_of(latest, districts=())[:_SHOWN] if latest else [],
            "releases": releases,
        }
        return render(request, "public/home.html", context)


class PublicBulletinsView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(public_bulletins(self.now), _ON_A_PAGE).get_page(request.GET.get("page"))
        return render(request, "public/bulletins.html", {"page_obj": page})


class PublicBulletinView(PublicView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        bulletin = get_object_or_404(public_bulletins(self.now), pk=pk)
        release = bulletin.release if bulletin.release and bulletin.release.is_public(self.now) else None
        return render(request, "public/bulletin.html", {"bulletin": bulletin, "release": release})


class PublicReleaseView(PublicView):
    """One vintage of a cycle's figures, an indicator at a time; what replaced it, and what it replaced."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        release = get_object_or_404(public_releases(self.now), pk=pk)
        indicators = indicators_of_release(release)
        chosen = next((one for one in indicators if one.code == request.GET.get("indicator")), next(iter(indicators), None))
        context: dict[str, Any] = {
            "release": release,
            "indicators": indicators,
            "vintages": [one for one in public_releases(self.now).filter(cycle=release.cycle_id) if one.pk != release.pk],
            "is_latest": release in current_releases(self.now),
        }
        if chosen:
            page = Paginator(rows_of(release, chosen), _ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
            rows, series = list(page), city_series(chosen, current_releases(self.now))
            city = city_series(chosen, [release])
            drawn = [released_trend(chosen, series, release)]
            if page.paginator.num_pages == 1:
                drawn.insert(0, released_map(chosen, rows, release))
            context |= {
                "sheet": Sheet(chosen, next(iter(city), None), tuple(rows)),
                "page_obj": page,
                "series": series,
                "pictures": [picture for picture in drawn if picture is not None],
            }
        return render(request, "public/release.html", context)


class PublicDownloadView(PublicView):
    """All of a vintage as one flat table, with the codes of SDMX."""

    def get(self, request: HttpRequest, pk: int, extension: str) -> HttpResponse:  # noqa: ARG002
        release = get_object_or_404(public_releases(self.now), pk=pk)
        if extension not in {"csv", "xlsx"}:
            raise Http404
        rows, file = _cells(release, sheets_of(release)), BytesIO()
        if extension == "csv":
            write_csv(rows, file)
        else:
            write_xlsx(rows, file, release.cycle.period)
        kinds = {
            "csv": "text/csv; charset=utf-8",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        name = f"{release.cycle.period}-v{release.vintage}.{extension}"
        headers = {"Content-Disposition": attachment(name, name)}
        return HttpResponse(file.getvalue(), content_type=kinds[extension], headers=headers)


class PublicIndicatorsView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "public/indicators.html", {"indicators": public_indicators(self.now)})


class PublicFeed(Feed):
    """Bulletins and releases as they become public."""

    feed_type = Atom1Feed
    author_name = "District Reporting Portal"

    def title(self) -> str:
        return _("Digital economy: bulletins and figures")

    def link(self) -> str:
        return absolute(reverse("public"))

    def feed_url(self) -> str:
        return absolute(reverse("public_feed"))

    def get_object(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> Any:
        return request

    def items(self, request: Any) -> list[Bulletin | Release]:
        now = request.public_now
        found: list[Bulletin | Release] = [*public_bulletins(now)[:_ON_A_PAGE], *public_releases(now)[:_ON_A_PAGE]]
        return sorted(found, key=lambda item: (item.released_at or now, item.pk), reverse=True)[:_ON_A_PAGE]

    def item_title(self, item: Any) -> str:
        return str(item.label)

    def item_description(self, item: Any) -> str:
        return str(item.body_label if isinstance(item, Bulletin) else item.summary_label)

    def item_link(self, item: Any) -> str:
        page = "public_bulletin" if isinstance(item, Bulletin) else "public_release"
        return absolute(reverse(page, args=[item.pk]))

    def item_pubdate(self, item: Any) -> Any:
        return item.released_at

    def item_updateddate(self, item: Any) -> Any:
        return item.released_at


class PublicFeedView(PublicView):
    def get(self, request: HttpRequest) -> HttpResponse:
        request.public_now = self.now  # type: ignore[attr-defined]
        return PublicFeed()(request)


def _cells(release: Release, sheets: list[Sheet]) -> Iterator[list[Cell]]:
    yield [
        "REF_AREA",
        "REF_AREA_NAME",
        "INDICATOR",
        "INDICATOR_NAME",
        "TIME_PERIOD",
        "OBS_VALUE",
        "GROWTH",
        "UNIT_MEASURE",
        "OBS_STATUS",
        "CONF_STATUS",
        "VINTAGE",
    ]
    for sheet in sheets:
        for figure in [*([sheet.city] if sheet.city else []), *sheet.districts]:
            yield _row(release, sheet, figure)


def _row(release: Release, sheet: Sheet, figure: ReleasedFigure) -> list[Cell]:
    shown = not figure.is_hidden and figure.obs_status != ObsStatus.MISSING
    return [
        figure.district.code if figure.district else "CITY",
        figure.district_label if figure.district else _("The city"),
        sheet.indicator.code,
        sheet.indicator.label,
        release.cycle.period,
        figure.value if shown else None,
        figure.growth if shown else None,
        sheet.indicator.unit_label,
        figure.obs_status,
        figure.conf_status,
        release.vintage,
    ]
