"""The bureau's steps on a district: each asks first, then goes through the domain."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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
from districts.models import District, User
from reporting.domain.districts import keep_district_name, rename_district
from reporting.forms.districts import RenameForm

Step = Callable[[User, datetime], District]


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


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    form = RenameForm(request.POST or None, initial={"name": district.name, "name_zh": district.name_zh})
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
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    done = gettext("The names of the district are up to date.")
    return step_page(
        request, district, question, form, lambda actor, _now: rename_district(district=district, actor=actor, **given), done
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
        EndForm(request.POST if request.method == "POST" else None),
        lambda actor, now: keep_district_name(district=district, actor=actor, now=now),
        gettext("The district keeps its name."),
    )
