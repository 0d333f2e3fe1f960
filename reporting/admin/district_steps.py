"""The bureau's steps on a district: each asks first, then goes through the domain."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import Question, ask
from districts.domain.periods import day_in_words
from districts.errors import DomainError
from districts.forms.bureau import EndForm
from districts.models import District, Succession, User
from reporting.domain.districts import close_district, join_cycles, keep_district, keep_district_name, rename_district
from reporting.domain.merging import merge_districts
from reporting.enums import OpenReports
from reporting.forms.districts import CloseForm, JoinForm, MergeForm, RenameForm

Step = Callable[[User, datetime], object]


def back_to(district: District) -> str:
    return reverse("admin:districts_district_change", args=[district.pk])


def step_page(
    request: HttpRequest, district: District, question: Question, form: forms.Form, step: Step, done: str
) -> HttpResponse:
    """The question; posted, the step and the way back, or what the domain refused."""
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            step(actor_of(request), timezone.now())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect(question.back)
    return ask(request, question, form, model=District, refusal=refusal, original=district)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    form = RenameForm(_posted(request), initial={"name": district.name, "name_zh": district.name_zh})
    question = Question(
        gettext("Rename %(district)s?") % {"district": district},
        gettext("Rename the district"),
        back_to(district),
        (
            gettext("Reports of periods that end before the day keep the name of before; so does every report that is signed."),
            gettext("Lists, mails and pages say the new name from the day on, by themselves."),
            gettext("The code stays, and so do the district's people, reports and figures."),
        ),
    )
    return step_page(
        request,
        district,
        question,
        form,
        lambda actor, _now: rename_district(district=district, actor=actor, **form.cleaned_data),
        gettext("The names of the district are up to date."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def keep_name(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    latest = district.names[-1]
    names = {"name": latest.label, "day": day_in_words(latest.first_day) if latest.first_day else "–"}
    question = Question(
        gettext("Call off the name “%(name)s”?") % names,
        gettext("Keep the present name"),
        back_to(district),
        (gettext("It was to hold from %(day)s. The district keeps the name that it has today.") % names,),
    )
    return step_page(
        request,
        district,
        question,
        EndForm(_posted(request)),
        lambda actor, now: keep_district_name(district=district, actor=actor, now=now),
        gettext("The district keeps its name."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def join(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    form = JoinForm(_posted(request), district=district)
    question = Question(
        gettext("Let %(district)s join open cycles?") % {"district": district},
        gettext("Join the cycles"),
        back_to(district),
        (gettext("The district gets a report in each cycle ticked, and counts in its coverage from then on."),)
        if form.fields["joins"].queryset.exists()  # type: ignore[attr-defined]
        else (gettext("The district has a report in every open cycle: there is nothing to join."),),
    )
    return step_page(
        request,
        district,
        question,
        form,
        lambda actor, now: join_cycles(
            district=district, cycles=form.cleaned_data["joins"], due_at=form.cleaned_data["due_at"], actor=actor, now=now
        ),
        gettext("The district has its reports."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def close(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    form = CloseForm(_posted(request), district=district)
    question = Question(
        gettext("Close %(district)s?") % {"district": district},
        gettext("Close the district"),
        back_to(district),
        (
            gettext("Cycles that open for periods that end on the day or later do not ask it for a report."),
            gettext("Its reports, figures, people and history stay, and its people go on reading them."),
            gettext("It can be called off, before the day and after it."),
        ),
        danger=True,
    )
    return step_page(
        request,
        district,
        question,
        form,
        lambda actor, now: close_district(district=district, actor=actor, now=now, **{"released": (), **form.cleaned_data}),
        gettext("The closing of the district is on record."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    day = {"day": day_in_words(district.ends_on) if district.ends_on else "–"}
    is_past = district.ends_on is not None and district.ends_on <= timezone.localdate()
    consequences = [
        (gettext("It is closed from %(day)s.") if is_past else gettext("It was to be closed from %(day)s.")) % day,
        gettext("Its reports in open cycles that were let go are expected again."),
    ]
    if is_past:
        consequences.append(gettext("Cycles that opened meanwhile did not ask it: let it join those that are still open."))
    if Succession.objects.filter(predecessor=district).exists():
        consequences.append(gettext("Its merger is called off too: growth compares with the figures of each district again."))
    question = Question(
        gettext("Call off the closing of %(district)s?") % {"district": district},
        gettext("Keep the district"),
        back_to(district),
        tuple(consequences),
    )
    return step_page(
        request,
        district,
        question,
        EndForm(_posted(request)),
        lambda actor, now: keep_district(district=district, actor=actor, now=now),
        gettext("The district stays."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    form = MergeForm(_posted(request), district=district)
    question = Question(
        gettext("Merge districts into %(district)s?") % {"district": district},
        gettext("Merge the districts"),
        back_to(district),
        (
            gettext("The districts ticked are closed from the day on; their reports, figures and history stay."),
            gettext("Growth compares with what all of them had together, by each indicator's rule for the city."),
            gettext("Where one of them has no approved value, or an indicator has no rule, there is no base."),
            gettext("It can be called off on the page of each merged district, before the day and after it."),
        ),
        danger=True,
    )

    def step(actor: User, now: datetime) -> object:
        given = form.cleaned_data
        terms = {"first_day": given["first_day"], "reports": OpenReports(given["reports"]), "actor": actor, "now": now}
        return merge_districts(successor=district, predecessors=given["predecessors"], **terms)

    return step_page(request, district, question, form, step, gettext("The merger is on record."))
