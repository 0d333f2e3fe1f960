"""Version 1 of the public interface, with its description as OpenAPI."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.throttling import AnonRateThrottle
from pydantic import Field

from districts.views.caching import kept
from reporting.api.schemas import BulletinOut, IndicatorOut, Page, ReleaseOut
from reporting.enums.publication import ObsStatus
from reporting.models import Bulletin, Indicator, Release, ReleasedFigure
from reporting.queries.released import (
    current_releases,
    next_embargo,
    public_bulletins,
    public_figures,
    public_indicators,
    public_releases,
)

CITY = "CITY"
MAX_ROWS = 5_000
_ABOUT = (
    "Figures and bulletins that the bureau has released. Everything is read-only and public; nothing shows before its instant. "
    "Figures that were corrected keep their earlier vintages."
)
api = NinjaAPI(
    title="District Reporting Portal: public figures",
    version="1",
    description=_ABOUT,
    urls_namespace="public_api",
    docs_url=None,  # its page loads scripts from elsewhere
    openapi_url=None,  # `description` answers it, to reading alone
    throttle=[AnonRateThrottle("120/m")],
)


def _public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Judge by the server's time at the start of the request, and let the answer be kept as the public pages are."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        request.public_now = now  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        return kept(request, response, now, next_embargo(now)) if response.status_code == HTTPStatus.OK else response

    return answer


class Wanted(Schema):
    """Which figures; several of a kind are given with commas."""

    indicator: str = Field("", max_length=500, description="INDICATOR codes, such as A01,A02.")
    area: str = Field("", max_length=2000, description="REF_AREA codes; CITY is the city.")
    period: str = Field("", max_length=200, description="TIME_PERIOD, such as 2024-S1.")
    vintage: str = Field("latest", pattern="^(latest|all)$", description="The latest vintage of each period, or all.")
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(1000, ge=1, le=MAX_ROWS)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which parameter, and what is wrong with it."""
    said = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors)
    return api.create_response(request, {"detail": said}, status=422)


@api.get("/releases", response=list[ReleaseOut], summary="Releases, the latest period first")
@decorate_view(_public)
def releases(request: HttpRequest) -> list[dict[str, Any]]:
    now = request.public_now  # type: ignore[attr-defined]
    latest = {release.pk for release in current_releases(now)}
    return [_release(one, one.pk in latest) for one in public_releases(now)]


@api.get("/indicators", response=list[IndicatorOut], summary="The indicators of which something is public")
@decorate_view(_public)
def indicators(request: HttpRequest) -> list[dict[str, Any]]:
    return [_indicator(one) for one in public_indicators(request.public_now)]  # type: ignore[attr-defined]


@api.get("/bulletins", response=list[BulletinOut], summary="Bulletins, the latest first")
@decorate_view(_public)
def bulletins(request: HttpRequest) -> list[dict[str, Any]]:
    return [_bulletin(one) for one in public_bulletins(request.public_now)[:MAX_ROWS]]  # type: ignore[attr-defined]


@api.get("/observations", response=Page, summary="Figures by indicator, area and period")
@decorate_view(_public)
def observations(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    rows = _wanted(request, wanted)
    shown = rows[wanted.offset : wanted.offset + wanted.limit]
    return {"total": rows.count(), "offset": wanted.offset, "observations": [_observation(row) for row in shown]}


@api.get("/observations.csv", response=None, summary="The same as SDMX-CSV 1.0")
@decorate_view(_public)
def observations_csv(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(
        _sdmx(_wanted(request, wanted)[wanted.offset : wanted.offset + wanted.limit])
    )
    kind = "application/vnd.sdmx.data+csv; version=1.0.0; charset=utf-8"
    return HttpResponse(file.getvalue(), content_type=kind)


@require_safe
def description(_request: HttpRequest) -> JsonResponse:
    """The interface as OpenAPI."""
    return JsonResponse(api.get_openapi_schema())


def _wanted(request: HttpRequest, wanted: Wanted) -> QuerySet[ReleasedFigure]:
    if any("\x00" in text for text in (wanted.indicator, wanted.area, wanted.period)):
        raise HttpError(422, "A parameter has a character that no code has.")
    codes, areas, periods = (_list(text) for text in (wanted.indicator, wanted.area, wanted.period))
    return public_figures(
        request.public_now,  # type: ignore[attr-defined]
        indicators=codes,
        areas=[area for area in areas if area != CITY],
        with_city=CITY in areas,
        periods=periods,
        is_latest=wanted.vintage == "latest",
    )


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _observation(figure: ReleasedFigure) -> dict[str, Any]:
    shown = not figure.is_hidden and figure.obs_status != ObsStatus.MISSING
    return {
        "REF_AREA": figure.district.code if figure.district else CITY,
        "INDICATOR": figure.indicator.code,
        "TIME_PERIOD": figure.release.cycle.period,
        "UNIT_MEASURE": figure.indicator.unit,
        "OBS_VALUE": figure.value if shown else None,
        "GROWTH": figure.growth if shown else None,
        "OBS_STATUS": figure.obs_status,
        "CONF_STATUS": figure.conf_status,
        "vintage": figure.release.vintage,
        "released_at": figure.release.released_at,
    }


_COLUMNS = ("REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS")


def _sdmx(rows: QuerySet[ReleasedFigure]) -> Iterator[list[str]]:
    """A row an observation, with the dataflow in front; a blank value is missing or not shown."""
    yield ["DATAFLOW", *_COLUMNS, "VINTAGE"]
    for figure in rows:
        row = _observation(figure)
        value = row["OBS_VALUE"]
        cells = {**row, "OBS_VALUE": "" if value is None else f"{value:f}"}
        yield ["PORTAL:DISTRICT_FIGURES(1.0)", *(str(cells[name]) for name in _COLUMNS), str(row["vintage"])]


def _release(release: Release, is_latest: bool) -> dict[str, Any]:
    return {
        "id": release.pk,
        "TIME_PERIOD": release.cycle.period,
        "vintage": release.vintage,
        "title": release.title,
        "title_zh": release.title_zh,
        "released_at": release.released_at,
        "is_latest": is_latest,
        "correction": release.reason,
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "INDICATOR": indicator.code,
        "name": indicator.name,
        "name_zh": indicator.name_zh,
        "UNIT_MEASURE": indicator.unit,
        "decimals": indicator.decimals,
        "measure": indicator.measure,
        "definition": indicator.definition,
        "definition_zh": indicator.definition_zh,
        "source": indicator.source,
    }


def _bulletin(bulletin: Bulletin) -> dict[str, Any]:
    names = ("number", "issuer", "headline", "headline_zh", "body", "body_zh", "released_at")
    return {"id": bulletin.pk, "day": bulletin.day.isoformat(), **{name: getattr(bulletin, name) for name in names}}
