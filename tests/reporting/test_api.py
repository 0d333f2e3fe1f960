"""The public interface: what is public, in the codes of SDMX, and not a second before."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.domain.releases import ReleaseText, prepare_release, schedule_release, show_internally
from reporting.enums.publication import Detail
from reporting.models import Cycle, Indicator, Release, Submission
from tests import factories
from tests.conftest import Cast
from tests.reporting.domain.states import bring_to

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def approved(cast: Cast, cycle: Cycle, submission: Submission, south_submission: Submission) -> Cycle:
    bring_to("approved", submission, cast)
    return cycle


def released(cycle: Cycle, cast: Cast, *codes: str, reason: str = "", at: Any = NOW) -> Release:
    release = prepare_release(
        cycle=cycle,
        text=ReleaseText("First half-year", "上半年", reason=reason),
        indicators=list(Indicator.objects.filter(code__in=codes or ["P1", "P2"])),
        detail=Detail.DISTRICTS,
        actor=cast.administrator,
        now=NOW,
    )
    show_internally(item=release, actor=cast.administrator)
    return schedule_release(item=release, at=at, actor=cast.administrator, now=NOW)


def get(path: str, **query: Any) -> Any:
    return Client().get(f"/api/v1/{path}", query)


def read(path: str, **query: Any) -> Any:
    response = get(path, **query)
    assert response.status_code == 200, response.content
    return response.json()


def test_observations_have_their_codes_and_no_hidden_value(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast)
    page = read("observations", indicator="P1")
    assert page["total"] == 3
    assert [(one["REF_AREA"], one["OBS_STATUS"], one["CONF_STATUS"]) for one in page["observations"]] == [
        ("north", "Q", "D"),
        ("south", "M", "F"),
        ("CITY", "Q", "A"),
    ]
    assert {(one["OBS_VALUE"], one["GROWTH"]) for one in page["observations"]} == {(None, None)}
    hidden = {str(row.value.normalize()) for row in release.figures.all() if row.value}
    text = get("observations").content.decode() + get("observations.csv").content.decode()
    assert not any(value in text for value in hidden)


def test_shown_values_are_exact(cast: Cast, approved: Cycle) -> None:
    release = released(approved, cast, "STOCK")
    free = {row.district.code: row.value for row in release.figures.filter(conf_status="F", value__isnull=False) if row.district}
    shown = {
        one["REF_AREA"]: Decimal(one["OBS_VALUE"]) for one in read("observations")["observations"] if one["OBS_VALUE"] is not None
    }
    assert shown == free


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 6),
        ({"indicator": "P1,P2"}, 6),
        ({"indicator": "P1"}, 3),
        ({"indicator": "NONE"}, 0),
        ({"area": "CITY"}, 2),
        ({"area": "north,CITY", "indicator": "P1"}, 2),
        ({"area": "nowhere"}, 0),
        ({"period": "2099-S1"}, 0),
        ({"limit": 2}, 6),
    ],
)
def test_observations_are_narrowed_by_what_is_asked(cast: Cast, approved: Cycle, query: dict[str, Any], found: int) -> None:
    released(approved, cast)
    page = read("observations", **query)
    assert page["total"] == found
    assert len(page["observations"]) == min(found, query.get("limit", 1000))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 5001}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"vintage": "some"}, "vintage"),
        ({"indicator": "x" * 501}, "indicator"),
        ({"indicator": "\x00"}, "character"),
    ],
)
def test_bad_parameter_is_named_in_the_refusal(cast: Cast, approved: Cycle, query: dict[str, Any], named: str) -> None:
    for path in ("observations", "observations.csv"):
        response = get(path, **query)
        assert response.status_code == 422
        assert named in response.json()["detail"]


def test_nothing_shows_before_its_instant(cast: Cast, approved: Cycle) -> None:
    at = timezone.now() + timedelta(minutes=2)
    release = released(approved, cast, at=at)
    assert [read(path) for path in ("releases", "indicators", "bulletins")] == [[], [], []]
    early = get("observations")
    assert early.json()["total"] == 0
    assert int(early["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 120
    Release.objects.filter(pk=release.pk).update(released_at=timezone.now())  # its instant comes; nothing has run
    assert read("observations")["total"] == 6
    assert [one["TIME_PERIOD"] for one in read("releases")] == [approved.period]


def test_corrected_figures_keep_their_earlier_vintage(cast: Cast, approved: Cycle) -> None:
    released(approved, cast)
    released(approved, cast, reason="A typing error.")
    assert {one["vintage"] for one in read("observations")["observations"]} == {2}
    assert {one["vintage"] for one in read("observations", vintage="all")["observations"]} == {1, 2}
    assert [(one["vintage"], one["is_latest"], one["correction"]) for one in read("releases")] == [
        (2, True, "A typing error."),
        (1, False, ""),
    ]


def test_csv_is_sdmx(cast: Cast, approved: Cycle) -> None:
    released(approved, cast)
    response = get("observations.csv", indicator="P1", area="CITY")
    assert response["Content-Type"].startswith("application/vnd.sdmx.data+csv")
    header, row = csv.reader(io.StringIO(response.content.decode()))
    assert header == [
        *("DATAFLOW", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS", "VINTAGE")
    ]
    assert row[1:5] == ["CITY", "P1", approved.period, ""]


def test_answer_is_known_again(cast: Cast, approved: Cycle) -> None:
    released(approved, cast)
    first = get("observations")
    again = Client().get("/api/v1/observations", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_asks_too_often_waits(cast: Cast, approved: Cycle) -> None:
    codes = [get("indicators").status_code for _ in range(121)]
    assert codes == [200] * 120 + [429]


def test_description_lists_every_answer() -> None:
    described = json.loads(get("openapi.json").content)
    assert described["info"]["version"] == "1"
    assert set(described["paths"]) == {
        f"/api/v1/{name}" for name in ("releases", "indicators", "bulletins", "observations", "observations.csv")
    }
    assert get("docs").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_interface_is_read_only(method: str) -> None:
    assert getattr(Client(), method)("/api/v1/observations").status_code == 405


def test_observations_ask_the_same_number_of_questions_whatever_they_are(cast: Cast, approved: Cycle) -> None:
    counts: list[int] = []
    for code in ("P1", "P2", "GRP"):
        released(approved, cast, *(["P1", "P2", "GRP"][: len(counts) + 1]), reason=code)
        with CaptureQueriesContext(connection) as captured:
            get("observations")
        counts.append(len(captured))
    assert counts == [11, 11, 11]
