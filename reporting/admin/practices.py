"""The library of practices at the bureau: the list, one practice, and endorsing or declining it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin
from districts.admin.pages import Question, ask_then_do, framed
from districts.models import User
from reporting.admin.bulk import numbers
from reporting.admin.cells import minute
from reporting.admin.filters import DistrictFilter, PracticeStateFilter, PracticeTopicFilter
from reporting.domain.practices import decline_practice, endorse_practice
from reporting.forms.publicity import DeclineForm
from reporting.models import Practice
from reporting.queries.practices import bureau_practices, decides_on

_LABELS = {"proposed": "warning", "endorsed": "success", "declined": "danger", "withdrawn": "info"}
_NAME = "reporting_practice_{}".format


@admin.register(Practice)
class PracticeAdmin(PortfolioAdmin):
    list_display = ("title_shown", "district_shown", "at_shown", "adopted_shown", "state_shown")
    list_display_links = ("title_shown",)
    list_filter = (PracticeStateFilter, PracticeTopicFilter, DistrictFilter)
    search_fields = ("title", "summary", "district__code", "district__name", "district__name_zh")
    search_help_text = _("Title, words, or district")
    ordering = ("-proposed_at", "-pk")
    list_before_template = "admin/reporting/practice/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practice]:
        return bureau_practices(request.user)

    @display(description=_("practice"), ordering="title")
    def title_shown(self, practice: Practice) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', practice.title, practice.get_topic_display())

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, practice: Practice) -> str:
        return str(practice.district)

    @display(description=_("proposed"), ordering="proposed_at")
    def at_shown(self, practice: Practice) -> SafeString:
        return minute(practice.proposed_at)

    @display(description=_("adopted by"), ordering="adoption_count")
    def adopted_shown(self, practice: Practice) -> int:
        return practice.adoption_count  # type: ignore[attr-defined]

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, practice: Practice) -> tuple[str, str]:
        return practice.state, practice.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/endorse/", view(endorse), name=_NAME("endorse")),
            path("<int:pk>/decline/", view(decline), name=_NAME("decline")),
        ]
        return own + super().get_urls()


def practice_for(request: HttpRequest, pk: int | str) -> Practice:
    """From the person's portfolio; 404 for any other as for one that is not there."""
    for number in numbers([str(pk)]):
        return get_object_or_404(bureau_practices(request.user), pk=number)
    raise Http404


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    practice = practice_for(request, object_id)
    return framed(
        request,
        "admin/reporting/practice/practice.html",
        model=Practice,
        title=practice.title,
        original=practice,
        practice=practice,
        adoptions=practice.adoptions.select_related("adopter"),
        decides=practice.is_proposed and decides_on(request.user, practice),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def endorse(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _to_decide(request, pk)
    facts = [gettext("Every district reads it. Who proposed it and the head of the district get a mail.")]
    title = gettext("Endorse “%(title)s”?") % {"title": practice.title}
    question = Question(title, gettext("Endorse"), _back(practice), facts)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def end(actor: User) -> Practice:
        return endorse_practice(practice=practice, actor=actor, now=timezone.now())

    return _step(request, question, form, end, gettext("Endorsed."), practice)


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    practice = _to_decide(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    facts = [gettext("Who proposed it and the head of the district get a mail with the reason.")]

    def end(actor: User) -> Practice:
        reason = form.cleaned_data["reason"]
        return decline_practice(practice=practice, reason=reason, actor=actor, now=timezone.now())

    title = gettext("Decline “%(title)s”?") % {"title": practice.title}
    question = Question(title, gettext("Decline"), _back(practice), facts)
    return _step(request, question, form, end, gettext("Declined."), practice)


def _step(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Practice],
    done: str,
    practice: Practice,
) -> HttpResponse:
    def shown() -> dict[str, Any]:
        current = practice_for(request, practice.pk)
        return {"original": current, "practice": current}

    template = "admin/reporting/practice/step.html"
    return ask_then_do(request, question, form, operation, done, model=Practice, template=template, shown=shown)


def _to_decide(request: HttpRequest, pk: int) -> Practice:
    """403 for who sees it and does not decide on it."""
    practice = practice_for(request, pk)
    if not decides_on(request.user, practice):
        raise PermissionDenied
    return practice


def _back(practice: Practice) -> str:
    return reverse("admin:reporting_practice_change", args=[practice.pk])
