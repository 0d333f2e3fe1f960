"""Profiles at the bureau: what waits for a decision, with what is new in it; and the catalogue of industries."""

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
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import BureauAdmin, PortfolioAdmin, name_shown
from districts.admin.pages import Question, ask_then_do, framed
from districts.domain.profiles import approve_profile, return_profile
from districts.enums import DistrictPermission, ProfileState
from districts.forms.profiles import DecisionForm, ReturnProfileForm
from districts.models import Industry, Profile, User
from districts.queries.access import may
from districts.queries.profiles import bureau_profiles, differences, profiles_in_force

_LABELS = {"sent": "warning", "approved": "success", "returned": "danger"}
_DIGITS = 18


@admin.register(Industry)
class IndustryAdmin(BureauAdmin):
    list_display = (name_shown,)
    search_fields = ("name", "name_zh")
    fields = (("name", "name_zh"),)
    ordering = ("name", "pk")


@admin.register(Profile)
class ProfileAdmin(PortfolioAdmin):
    list_display = ("district", "positioning", "written_shown", "state_shown")
    list_display_links = ("district",)
    list_filter = ("state",)
    search_fields = ("district__code", "district__name", "district__name_zh", "positioning")
    ordering = ("-state", "-written_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Profile]:
        return bureau_profiles(request.user)

    @display(description=_("written"), ordering="written_at")
    def written_shown(self, profile: Profile) -> str:
        return str(profile.written_by)

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, profile: Profile) -> tuple[str, str]:
        return profile.state, profile.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def add_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/approve/", view(approve), name="districts_profile_approve"),
            path("<int:pk>/return/", view(send_back), name="districts_profile_return"),
        ]
        return own + super().get_urls()


def _found(request: HttpRequest, pk: int | str) -> Profile:
    text = str(pk)
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        raise Http404
    return get_object_or_404(bureau_profiles(request.user).prefetch_related("industries"), pk=int(text))


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    profile = _found(request, object_id)
    before = profiles_in_force([profile.district]).get(profile.district_id)
    decides = profile.state == ProfileState.SENT and may(request.user, DistrictPermission.APPROVE, profile.district_id)
    return framed(
        request,
        "admin/districts/profile/profile.html",
        model=Profile,
        title=str(profile),
        original=profile,
        profile=profile,
        changes=differences(profile, before) if before != profile else [],
        decides=decides,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    profile = _to_decide(request, pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": profile.version})
    title = gettext("Approve the profile of %(district)s?") % {"district": profile.district}
    facts = [gettext("It is shown to all districts from now on. The head gets a mail.")]

    def decide(actor: User) -> Profile:
        version = form.cleaned_data["version"] or 0
        return approve_profile(profile=profile, version=version, actor=actor, now=timezone.now())

    return _answer(
        request, Question(title, gettext("Approve"), _back(profile), facts), form, decide, gettext("Approved."), profile
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    profile = _to_decide(request, pk)
    form = ReturnProfileForm(request.POST if request.method == "POST" else None, initial={"version": profile.version})
    title = gettext("Send the profile of %(district)s back?") % {"district": profile.district}
    facts = [gettext("The head gets a mail with the reason, and changes it.")]

    def decide(actor: User) -> Profile:
        given = form.cleaned_data
        version, reason = given["version"] or 0, given["reason"]
        return return_profile(profile=profile, version=version, reason=reason, actor=actor, now=timezone.now())

    question = Question(title, gettext("Send back"), _back(profile), facts)
    return _answer(request, question, form, decide, gettext("Sent back."), profile)


def _answer(
    request: HttpRequest, question: Question, form: forms.Form, decide: Callable[[User], Any], done: str, profile: Profile
) -> HttpResponse:
    return ask_then_do(request, question, form, decide, done, model=Profile, shown=lambda: {"original": profile})


def _to_decide(request: HttpRequest, pk: int) -> Profile:
    """403 for who sees it and does not decide on it."""
    profile = _found(request, pk)
    if not may(request.user, DistrictPermission.APPROVE, profile.district_id):
        raise PermissionDenied
    return profile


def _back(profile: Profile) -> str:
    return reverse("admin:districts_profile_change", args=[profile.pk])
