"""The report page of a version as a district will see it. Nothing on it can be sent, and nothing is stored for it."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from districts.admin.base import for_administrators
from reporting.admin.editor import page_of
from reporting.enums import TransitionName
from reporting.forms.report import ReportForm
from reporting.models import DefinitionVersion
from reporting.queries.preview import SAMPLE, sample_page


@require_safe
@for_administrators
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    try:
        page = sample_page(pk, now)
    except DefinitionVersion.DoesNotExist as error:
        raise Http404 from error
    context = {
        "back": page_of(pk),
        "version": page.questionnaire.version,
        "now": now,
        "page": page,
        "submission": page.submission,
        "revision": page.revision,
        "form": ReportForm(page, ""),
        "steps": {TransitionName.HAND_OVER.value},
        "may_write": True,
        "may_ask": True,
        "askable": {"extension"},
    }
    response = render(request, "reporting/preview.html", context)
    response.content = _without_links(response.content)
    return response


def _without_links(page: bytes) -> bytes:
    """What leads into the sample report leads nowhere: there is no such report."""
    return re.sub(rb' href="%s[^"]*"' % reverse("report", args=[SAMPLE]).encode(), b"", page)
