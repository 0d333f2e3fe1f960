"""Each view has its own bound for the files that are sent to it, kept while the request is read."""

from functools import wraps
from typing import Any

import pytest
from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views import View

import portal.urls
from districts.views.uploads import takes_files
from tests.conftest import Cast
from tests.files import Upload
from tests.reporting.views.browser import as_user


def seen(request: HttpRequest) -> HttpResponse:
    """What the page finds, when it looks."""
    sizes = [file.size for files in request.FILES.lists() for file in files[1]]
    return HttpResponse(f"{sizes} {getattr(request, 'upload_was_too_large', False)} {sorted(request.POST)}")


@takes_files("SMALL_BYTES")
def small(request: HttpRequest) -> HttpResponse:
    return seen(request)


@takes_files("LARGE_BYTES")
class Large(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        return seen(request)


class Larger(Large):
    """A subclass takes what its parent takes, where it does not say otherwise."""


@takes_files("SMALL_BYTES")
class Smaller(Large):
    pass


def wrapped(view: Any) -> Any:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any) -> HttpResponse:
        answer = view(request, *args)
        assert isinstance(answer, HttpResponse)
        return answer

    return inner


urlpatterns = [
    path("small/", small),
    path("large/", Large.as_view()),
    path("larger/", Larger.as_view()),
    path("smaller/", Smaller.as_view()),
    path("wrapped/", wrapped(wrapped(Large.as_view()))),
    path("admin/small/", site.admin_view(small)),
    path("none/", seen),
    *portal.urls.urlpatterns,
]
pytestmark = pytest.mark.django_db


def sent(url: str, *sizes: int, client: Client | None = None, **after: str) -> str:
    files = [Upload(f"{number}.bin", b"x" * size) for number, size in enumerate(sizes)]
    return (client or Client()).post(url, {"words": "kept", "file": files, **after}).content.decode()


@pytest.fixture(autouse=True)
def bounds(settings: Any) -> None:
    settings.ROOT_URLCONF, settings.SMALL_BYTES, settings.LARGE_BYTES = __name__, 1000, 100_000


@pytest.mark.parametrize(
    ("url", "limit"),
    [("/small/", 1000), ("/smaller/", 1000), ("/large/", 100_000), ("/larger/", 100_000), ("/wrapped/", 100_000)],
)
def test_view_takes_up_to_its_own_bound(url: str, limit: int) -> None:
    assert sent(url, limit) == f"[{limit}] False ['words']"
    assert sent(url, limit + 1) == "[] True ['words']"
    assert sent(url, limit * 20) == "[] True ['words']"


def test_files_of_one_request_count_together() -> None:
    assert sent("/small/", 400, 600) == "[400, 600] False ['words']"
    assert sent("/small/", 400, 601).startswith("[400] True")


def test_page_of_the_admin_keeps_the_bound_of_its_view(cast: Cast) -> None:
    client = as_user(cast.administrator)
    assert sent("/admin/small/", 1000, client=client) == "[1000] False ['words']"
    assert sent("/admin/small/", 1001, client=client) == "[] True ['words']"


def test_what_stands_behind_files_that_were_too_large_is_not_read() -> None:
    assert sent("/small/", 1000, later="too") == "[1000] False ['later', 'words']"
    assert sent("/small/", 1001, later="too") == "[] True ['words']"


def test_view_that_takes_no_files_finds_none() -> None:
    assert sent("/none/", 1) == "[] True ['words']"
    assert sent("/none/") == "[] False ['words']"


def test_bound_is_the_settings_when_the_request_comes() -> None:
    with override_settings(SMALL_BYTES=5):
        assert sent("/small/", 6) == "[] True ['words']"
