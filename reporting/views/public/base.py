"""What every public page has in common: what is public is decided when it is read, and no kept copy outlives the next embargo."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views import View

from districts.views.caching import kept
from reporting.queries.released import next_embargo


class PublicView(View):
    """`GET` alone. Answers carry an ETag; a copy is kept for minutes, and never past the instant at which more becomes public."""

    http_method_names = ["get", "head", "options"]
    now: datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        super().setup(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("language") in dict(settings.LANGUAGES):
            return _in_language(request)
        response = super().dispatch(request, *args, **kwargs)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        return kept(request, response, self.now, next_embargo(self.now))


def _in_language(request: HttpRequest) -> HttpResponse:
    """The same page again, and the choice kept by the browser: readers have no account."""
    response = HttpResponseRedirect(request.path)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, request.GET["language"], samesite="Lax", secure=settings.PORTAL_HTTPS)
    patch_cache_control(response, no_store=True)
    return response


def absolute(path: str) -> str:
    return settings.PORTAL_URL + path
