"""Questions from districts: the bureau's list, waiting first, and the page of each thread to answer."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin, actor_of, attempt
from districts.admin.pages import framed
from districts.errors import DomainError
from reporting.admin.bulk import numbers
from reporting.admin.cells import cycle_cell, minute
from reporting.admin.filters import DistrictFilter, EnquiryStateFilter, EventCycleFilter
from reporting.domain.enquiries import answer_enquiry, close_enquiry
from reporting.models import Enquiry
from reporting.queries.enquiries import bureau_enquiries, thread_of

_LABELS = {"waiting": "warning", "answered": "success", "closed": "info"}


@admin.register(Enquiry)
class EnquiryAdmin(PortfolioAdmin):
    list_display = ("district_shown", "cycle_shown", "about_shown", "asked_shown", "latest_shown", "state_shown")
    list_display_links = ("district_shown", "about_shown")
    list_filter = (EnquiryStateFilter, EventCycleFilter, DistrictFilter)
    search_fields = ("district__code", "submission__district_name", "submission__district_name_zh")
    search_help_text = _("District, by name or code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return bureau_enquiries(request.user)

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        return ("rank", "latest_at", "pk")

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, enquiry: Enquiry) -> str:
        return enquiry.submission.district_label

    @display(description=_("cycle"), ordering="submission__cycle__due_at")
    def cycle_shown(self, enquiry: Enquiry) -> SafeString:
        return cycle_cell(enquiry.submission.cycle)

    @display(description=_("question"))
    def about_shown(self, enquiry: Enquiry) -> str:
        return enquiry.about

    @display(description=_("asked"), ordering="asked_at")
    def asked_shown(self, enquiry: Enquiry) -> SafeString:
        shown = minute(enquiry.asked_at)
        return format_html('<div class="bureau-cell bureau-nowrap">{}<small>{}</small></div>', shown, enquiry.asked_by)

    @display(description=_("latest message"), ordering="latest_at")
    def latest_shown(self, enquiry: Enquiry) -> SafeString:
        return minute(enquiry.latest_at)

    @display(description=_("state"), ordering="rank", label=_LABELS)
    def state_shown(self, enquiry: Enquiry) -> tuple[str, str]:
        return enquiry.state, enquiry.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A thread's history is its messages."""
        return to_page(enquiry_for(request, object_id))

    def add_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        name = "reporting_enquiry_{}".format
        own = [
            path("<int:pk>/answer/", self.admin_site.admin_view(answer), name=name("answer")),
            path("<int:pk>/close/", self.admin_site.admin_view(close), name=name("close")),
        ]
        return own + super().get_urls()


def enquiry_for(request: HttpRequest, pk: int | str) -> Enquiry:
    """From the person's portfolio; 404 for one of another's as for one that is not there."""
    for number in numbers([str(pk)]):
        return get_object_or_404(bureau_enquiries(request.user), pk=number)
    raise Http404


def to_page(enquiry: Enquiry) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:reporting_enquiry_change", args=[enquiry.pk]))


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    return _page(request, enquiry_for(request, object_id))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry, text = enquiry_for(request, pk), request.POST.get("text", "")
    try:
        answer_enquiry(enquiry=enquiry, text=text, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _page(request, enquiry_for(request, pk), error, text)
    messages.success(request, gettext("Your answer stands in the thread."))
    return to_page(enquiry)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry = enquiry_for(request, pk)
    actor = actor_of(request)
    attempt(request, lambda: close_enquiry(enquiry=enquiry, actor=actor, now=timezone.now()), gettext("The question is closed."))
    return to_page(enquiry)


def _page(request: HttpRequest, enquiry: Enquiry, error: DomainError | None = None, text: str = "") -> HttpResponse:
    """The thread; after a refusal, with the reasons and what was typed. Answers of the report are not here."""
    return framed(
        request,
        "admin/reporting/enquiry/thread.html",
        model=Enquiry,
        status=error.status if error else 200,
        title=gettext("Question from %(district)s") % {"district": enquiry.submission.district_label},
        original=enquiry,
        enquiry=enquiry,
        thread=thread_of(enquiry),
        refusals=error.messages if error else (),
        text=text,
    )
