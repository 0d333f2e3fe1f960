"""Acting heads, appointed and ended early by the bureau's administrator where a head cannot."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.decorators import display

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import Question
from districts.admin.stand_ins import StandInAdmin, end_page
from districts.domain.acting import appoint_acting_head, end_acting
from districts.forms.bureau import AppointForm
from districts.models import ActingHead


@admin.register(ActingHead)
class ActingHeadAdmin(StandInAdmin):
    list_display = ("person", "district", "first_day_shown", "last_day_shown", "stage_shown", "appointed_by")
    list_select_related = ("membership__user", "district", "appointed_by")
    search_fields = (
        "membership__user__full_name",
        "membership__user__email",
        "district__code",
        "district__name",
        "district__name_zh",
    )
    form = AppointForm
    autocomplete_fields = ("membership",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActingHead]:
        return super().get_queryset(request).select_related("membership__user", "district")

    def get_fields(self, request: HttpRequest, obj: ActingHead | None = None) -> tuple[str, ...]:  # noqa: ARG002
        days = ("first_day_shown", "last_day_shown", "stage_in_words", "appointed_at", "appointed_by", "ended_at", "ended_by")
        return ("person", "district", *days) if obj else ("membership", "first_day", "last_day")

    @display(description=_("person"), ordering="membership__user__full_name")
    def person(self, acting: ActingHead) -> str:
        return str(acting.membership.user)

    def save_model(self, request: HttpRequest, obj: ActingHead, form: ModelForm, change: bool) -> None:  # noqa: ARG002
        made = appoint_acting_head(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(end)
        return [path("<int:pk>/end/", view, name="districts_actinghead_end"), *super().get_urls()]


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def end(request: HttpRequest, pk: int) -> HttpResponse:
    acting = get_object_or_404(ActingHead.objects.select_related("membership__user", "district"), pk=pk)
    names = {"person": acting.membership.user, "district": acting.district}
    question = Question(
        gettext("End the time of %(person)s as acting head of %(district)s?") % names,
        gettext("End it now"),
        reverse("admin:districts_actinghead_change", args=[pk]),
        (gettext("The rights of the head end at once; the own role stays, and so does what was signed."),),
        danger=True,
    )
    done = gettext("%(person)s does not act as head any more.") % names
    return end_page(request, acting, question, lambda actor, now: end_acting(acting=acting, actor=actor, now=now), done)
