"""Public answers that browsers and proxies may keep for a while, and no longer than they are true."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

KEPT = 300
"""Seconds at most."""


def kept(request: HttpRequest, response: HttpResponse, now: datetime, until: datetime | None) -> HttpResponse:
    """With an ETag and a bound: minutes, and never past `until`. 304 where the reader has it already."""
    seconds = KEPT if until is None else max(0, min(KEPT, int((until - now).total_seconds())))
    patch_cache_control(response, public=True, max_age=seconds)
    set_response_etag(response)
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response
