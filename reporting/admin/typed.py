"""What was typed of a question while its indicator is made: kept in the session until the person comes back."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

_KEPT = "typed-question"
FOR = "for_question"


def keep_typed(request: HttpRequest) -> HttpResponse:
    """Go to the page of a new indicator."""
    request.session[_KEPT] = {"path": request.path, "typed": request.POST.urlencode()}
    return redirect(f"{reverse('admin:reporting_indicator_add')}?{FOR}=1")


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the person went to make an indicator."""
    kept = request.session.get(_KEPT)
    if "typed" not in request.GET or not kept or kept["path"] != request.path:
        return None
    return QueryDict(kept["typed"])


def way_back(request: HttpRequest, *, code: str = "") -> str:
    """The question's page, with the new indicator filled in; blank where the person did not come from one."""
    kept = request.session.get(_KEPT)
    if FOR not in request.GET or not kept:
        return ""
    return f"{kept['path']}?{urlencode({'typed': 1} | ({'indicator': code} if code else {}))}"
