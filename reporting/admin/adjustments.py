"""The bureau's adjustments of the city's figures: another one can be added, none is changed."""

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from districts.admin.base import BureauAdmin, actor_of
from reporting.admin.cells import cycle_cell, minute, number_cell
from reporting.domain.adjustments import add_adjustment
from reporting.models import Adjustment


@admin.register(Adjustment)
class AdjustmentAdmin(BureauAdmin):
    list_display = ("at_shown", "cycle_shown", "indicator", "value_shown", "base_shown", "actor", "reason")
    list_display_links = ("at_shown",)
    list_select_related = ("cycle__definition", "indicator", "actor")
    search_fields = ("indicator__code", "indicator__name", "indicator__name_zh", "reason")
    autocomplete_fields = ("cycle", "indicator")
    fields = ("cycle", "indicator", ("value", "base"), "reason")
    ordering = ("-at", "-pk")

    @display(description=_("when"), ordering="at")
    def at_shown(self, adjustment: Adjustment) -> SafeString:
        return minute(adjustment.at)

    @display(description=_("cycle"), ordering="cycle__due_at")
    def cycle_shown(self, adjustment: Adjustment) -> SafeString:
        return cycle_cell(adjustment.cycle)

    @display(description=_("unallocated value"), ordering="value")
    def value_shown(self, adjustment: Adjustment) -> SafeString:
        return number_cell(adjustment.value, adjustment.indicator)

    @display(description=_("unallocated base"), ordering="base")
    def base_shown(self, adjustment: Adjustment) -> SafeString:
        return number_cell(adjustment.base, adjustment.indicator)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Adjustment, form: ModelForm, change: bool) -> None:  # noqa: ARG002
        made = add_adjustment(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)
