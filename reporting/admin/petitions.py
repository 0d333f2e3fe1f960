"""Requests from districts: the bureau's list, waiting first, and the page of each with its two answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin, actor_of
from districts.admin.pages import Question, ask, framed
from districts.errors import DomainError
from districts.models import User
from districts.queries.access import may
from reporting.admin.bulk import numbers
from reporting.admin.cells import cycle_cell, minute
from reporting.admin.filters import DistrictFilter, EventCycleFilter, PetitionKindFilter, PetitionStateFilter
from reporting.admin.review import to_page
from reporting.admin.review_steps import due_time_after
from reporting.domain.petitions import grant_petition, refuse_petition
from reporting.enums import PetitionKind
from reporting.forms.petitions import GrantCorrectionForm, GrantExtensionForm, RefuseForm
from reporting.models import Petition
from reporting.queries.petitions import ANSWERED_WITH, bureau_petitions

_SHOWN = 90
_LABELS = {"waiting": "warning", "granted": "success", "refused": "danger", "withdrawn": "info", "lapsed": "info"}


@admin.register(Petition)
class PetitionAdmin(PortfolioAdmin):
    list_display = ("district_shown", "cycle_shown", "kind_shown", "wanted_shown", "asked_shown", "closed_shown", "state_shown")
    list_display_links = ("district_shown", "kind_shown")
    list_filter = (PetitionStateFilter, PetitionKindFilter, EventCycleFilter, DistrictFilter)
    search_fields = ("district__code", "submission__district_name", "submission__district_name_zh")
    search_help_text = _("District, by name or code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return bureau_petitions(request.user)

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:  # noqa: ARG002
        return ("is_closed", "asked_at", "pk")

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, petition: Petition) -> SafeString:
        return format_html('<span class="bureau-nowrap">{}</span>', petition.submission.district_label)

    @display(description=_("cycle"), ordering="submission__cycle__due_at")
    def cycle_shown(self, petition: Petition) -> SafeString:
        return cycle_cell(petition.submission.cycle)

    @display(description=_("request"), ordering="kind")
    def kind_shown(self, petition: Petition) -> SafeString:
        said = Truncator(petition.what or petition.why).chars(_SHOWN)
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', petition.get_kind_display(), said)

    @display(description=_("due time asked for"), ordering="wanted_due_at")
    def wanted_shown(self, petition: Petition) -> SafeString | str:
        return minute(petition.wanted_due_at) if petition.wanted_due_at else "–"

    @display(description=_("requested"), ordering="asked_at")
    def asked_shown(self, petition: Petition) -> SafeString:
        shown = minute(petition.asked_at)
        return format_html('<div class="bureau-cell bureau-nowrap">{}<small>{}</small></div>', shown, petition.asked_by)

    @display(description=_("answered"), ordering="closed_at")
    def closed_shown(self, petition: Petition) -> SafeString | str:
        if petition.closed_at is None:
            return "–"
        by, shown = petition.closed_by or "", minute(petition.closed_at)
        return format_html('<div class="bureau-cell bureau-nowrap">{}<small>{}</small></div>', shown, by)

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, petition: Petition) -> tuple[str, str]:
        return petition.state, petition.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A request's history stands among the events of its report."""
        return to_page(petition_for(request, object_id).submission, "events")

    def add_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        name = "reporting_petition_{}".format
        own = [
            path("<int:pk>/grant/", self.admin_site.admin_view(grant), name=name("grant")),
            path("<int:pk>/refuse/", self.admin_site.admin_view(refuse), name=name("refuse")),
        ]
        return own + super().get_urls()


def petition_for(request: HttpRequest, pk: int | str) -> Petition:
    """From the person's portfolio; 404 for one of another's as for one that is not there."""
    for number in numbers([str(pk)]):
        return get_object_or_404(bureau_petitions(request.user), pk=number)
    raise Http404


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    petition = petition_for(request, object_id)
    permission = ANSWERED_WITH[PetitionKind(petition.kind)]
    return framed(
        request,
        "admin/reporting/petition/petition.html",
        model=Petition,
        title=str(petition),
        original=petition,
        petition=petition,
        may_answer=petition.is_waiting and may(request.user, permission, petition.district_id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    petition, now = _to_answer(request, pk), timezone.now()
    wanted = timezone.localtime(petition.wanted_due_at) if petition.wanted_due_at else None
    if petition.is_extension:
        form: forms.Form = GrantExtensionForm(request.POST or None, initial={"due_at": wanted})
    else:
        initial = {"due_at": due_time_after(petition.submission, now)}
        form = GrantCorrectionForm(request.POST or None, initial=initial)

    def answer(given: dict[str, Any], actor: User, now: datetime) -> Petition:
        return grant_petition(petition=petition, actor=actor, now=now, **given)

    return _answer_page(request, petition, _grant_question(petition), form, answer, now)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    petition = _to_answer(request, pk)

    def answer(given: dict[str, Any], actor: User, now: datetime) -> Petition:
        return refuse_petition(petition=petition, actor=actor, now=now, **given)

    title = gettext("Refuse the request of %(district)s?")
    facts = [gettext("The report stays as it is. Who asked and the head of the district get a mail with the reason.")]
    question = Question(title % {"district": petition.submission.district_label}, gettext("Refuse"), _back(petition), facts)
    return _answer_page(request, petition, question, RefuseForm(request.POST or None), answer, timezone.now())


def _answer_page(
    request: HttpRequest,
    petition: Petition,
    question: Question,
    form: forms.Form,
    answer: Callable[[dict[str, Any], User, datetime], Petition],
    now: datetime,
) -> HttpResponse:
    """Asks, with what the district wrote; then answers. A refusal keeps what was typed and shows the request as it is now."""
    refusal: DomainError | None = None
    if request.method != "POST" and not petition.is_waiting:
        return HttpResponseRedirect(question.back)
    if request.method == "POST" and form.is_valid():
        try:
            answer(form.cleaned_data, actor_of(request), now)
        except DomainError as error:
            refusal = error
        else:
            messages.success(
                request, gettext("The request of %(district)s is answered.") % {"district": petition.submission.district_label}
            )
            return HttpResponseRedirect(question.back)
    current = petition_for(request, petition.pk)
    if not current.is_waiting:
        question = replace(question, title=str(current), facts=())
    template = "admin/reporting/petition/answer.html"
    typed = request.POST.get("note") or request.POST.get("reason")
    shown: dict[str, Any] = {"original": current, "petition": current, "typed": typed}
    return ask(request, question, form, model=Petition, refusal=refusal, template=template, **shown)


def _to_answer(request: HttpRequest, pk: int) -> Petition:
    """403 for who sees the request and does not answer its kind."""
    petition = petition_for(request, pk)
    if not may(request.user, ANSWERED_WITH[PetitionKind(petition.kind)], petition.district_id):
        raise PermissionDenied
    return petition


def _grant_question(petition: Petition) -> Question:
    names = {"district": petition.submission.district_label}
    if petition.is_extension:
        facts = [
            gettext("Who asked and the head of the district get a mail."),
            gettext("Reminders follow the new time. Other districts are not affected."),
        ]
        return Question(gettext("Give %(district)s more time?") % names, gettext("Give more time"), _back(petition), facts)
    facts = [
        gettext("The district gets a new revision to correct."),
        gettext("The approved revision stays in the city's totals until the next approval."),
    ]
    title = gettext("Reopen the approved report of %(district)s?") % names
    return Question(title, gettext("Reopen"), _back(petition), facts, danger=True)


def _back(petition: Petition) -> str:
    return reverse("admin:reporting_petition_change", args=[petition.pk])
