"""The bureau's adjustments of the city's figures: another one can be added, none is changed."""

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from districts.admin.base import BureauAdmin, actor_of
from reporting.domain.adjustments import add_adjustment
from reporting.models import Adjustment


@admin.register(Adjustment)
class AdjustmentAdmin(BureauAdmin):
    list_display = ("at", "cycle", "indicator", "value", "base", "actor", "reason")
    list_display_links = ("at",)
    list_select_related = ("cycle__definition", "indicator", "actor")
    search_fields = ("indicator__code", "indicator__name", "indicator__name_zh", "reason")
    autocomplete_fields = ("cycle", "indicator")
    fields = ("cycle", "indicator", ("value", "base"), "reason")
    ordering = ("-at", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Adjustment, form: ModelForm, change: bool) -> None:  # noqa: ARG002
        made = add_adjustment(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)
