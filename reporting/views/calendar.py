"""Deadlines as a page, and as a feed for calendar programs."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.domain.preferences import close_calendar, open_calendar
from districts.errors import Refused
from districts.queries.calendars import calendar_key, reader_of_calendar
from districts.views.pages import PortalView
from reporting.exports import calendar_of
from reporting.queries.calendar import deadlines_for

_PAST_SHOWN = 12


class CalendarView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        deadlines = deadlines_for(self.person, self.now)
        key = calendar_key(self.person)
        context = {
            "ahead": [item for item in deadlines if item.at >= self.now],
            "past": [item for item in deadlines if item.at < self.now][: -_PAST_SHOWN - 1 : -1],
            "address": settings.PORTAL_URL + reverse("calendar_feed", args=[key]) if key else "",
            "now": self.now,
        }
        return render(request, "reporting/calendar.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        match request.POST.get("address", ""):
            case "new":
                open_calendar(actor=self.person)
                messages.success(request, _("Your calendar has a new address. An earlier one has ended."))
            case "end":
                close_calendar(actor=self.person)
                messages.success(request, _("The address of your calendar has ended."))
            case _other:
                raise Refused(_("Choose what to do with the address of your calendar."))
        return redirect("calendar")


@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 (nobody signs in: the key is the right)
    """What its reader would see at this moment, in the reader's language."""
    reader = reader_of_calendar(key)
    if reader is None:
        raise Http404
    now = timezone.now()
    with translation.override(reader.language):
        content = calendar_of(deadlines_for(reader, now), now)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="deadlines.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
