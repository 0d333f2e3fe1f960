"""Deputies: everybody at the bureau sees the own ones and names one; administrators see all and name them for others too."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.decorators import display

from districts.admin.base import actor_of, configures
from districts.admin.pages import Question
from districts.admin.stand_ins import StandInAdmin, end_page
from districts.domain.deputies import end_deputising, name_deputy
from districts.enums import DEPUTISED_ROLES
from districts.forms.bureau import DeputyForm
from districts.models import Deputy
from districts.queries.access import works_at_bureau
from districts.queries.deputies import colleagues, deputies_seen_by, names_deputies_for


@admin.register(Deputy)
class DeputyAdmin(StandInAdmin):
    list_display = ("absent_shown", "deputy_shown", "first_day_shown", "last_day_shown", "stage_shown", "appointed_by")
    list_select_related = ("absent__user", "deputy__user", "appointed_by")
    search_fields = ("absent__user__full_name", "absent__user__email", "deputy__user__full_name", "deputy__user__email")
    form = DeputyForm

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return works_at_bureau(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return works_at_bureau(request.user)

    def has_end_permission(self, request: HttpRequest, row: Deputy) -> bool:
        return names_deputies_for(request.user, row.absent.user_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deputy]:
        seen = deputies_seen_by(request.user)
        return super().get_queryset(request).filter(pk__in=seen.values("pk")).select_related("absent__user", "deputy__user")

    def get_fields(self, request: HttpRequest, obj: Deputy | None = None) -> tuple[str, ...]:
        if obj is None:
            return (*(["absent"] if configures(request) else []), "deputy", "first_day", "last_day")
        days = ("first_day_shown", "last_day_shown", "stage_in_words", "appointed_at", "appointed_by", "ended_at", "ended_by")
        return ("absent_shown", "deputy_shown", *days)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"first_day": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the buttons that lead away from the form, to the roles."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        people = colleagues()
        if db_field.name == "absent":
            people = people.filter(role__in=DEPUTISED_ROLES)
        elif not configures(request):
            people = people.exclude(user=actor_of(request))
        return super().formfield_for_foreignkey(db_field, request, queryset=people, **kwargs)

    @display(description=_("who is away"), ordering="absent__user__full_name")
    def absent_shown(self, row: Deputy) -> str:
        return str(row.absent.user)

    @display(description=_("deputy"), ordering="deputy__user__full_name")
    def deputy_shown(self, row: Deputy) -> str:
        return str(row.deputy.user)

    def save_model(self, request: HttpRequest, obj: Deputy, form: ModelForm, change: bool) -> None:  # noqa: ARG002
        given, actor = form.cleaned_data, actor_of(request)
        absent = given["absent"].user if "absent" in given else actor
        days = {"first_day": given["first_day"], "last_day": given["last_day"]}
        made = name_deputy(absent=absent, deputy=given["deputy"].user, actor=actor, now=timezone.now(), **days)
        obj.pk, obj.absent, obj._state.adding = made.pk, made.absent, False  # noqa: SLF001 (Django's name)

    def get_urls(self) -> list[URLPattern]:
        return [path("<int:pk>/end/", self.admin_site.admin_view(end), name="districts_deputy_end"), *super().get_urls()]


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for one that concerns others, 403 for one that the person may see and not end."""
    row = get_object_or_404(deputies_seen_by(request.user), pk=pk)
    if not names_deputies_for(request.user, row.absent.user_id):
        raise PermissionDenied
    names = {"absent": row.absent.user, "deputy": row.deputy.user}
    question = Question(
        gettext("End the time in which %(deputy)s deputises for %(absent)s?") % names,
        gettext("End it now"),
        reverse("admin:districts_deputy_change", args=[pk]),
        (gettext("The deputy's rights end at once; what was done with them stays."),),
        danger=True,
    )
    done = gettext("%(deputy)s does not deputise for %(absent)s any more.") % names
    return end_page(request, row, question, lambda actor, now: end_deputising(deputy=row, actor=actor, now=now), done)
