"""Cycles: planned in a form, then opened, extended and locked by steps that ask first."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from districts.admin.base import BureauAdmin
from reporting.admin import cycle_steps
from reporting.admin.cells import minute
from reporting.admin.cycle_table import download_table
from reporting.admin.moves import move
from reporting.enums import VersionState
from reporting.forms.cycles import CycleForm
from reporting.models import Cycle, DefinitionVersion

_PLANNED = ("definition_version", "period", ("due_at", "locks_at"), "reminder_policy")
_FIXED_ONCE_OPEN = ("definition_version", "period", "due_at", "locks_at", "opened_at", "figures_opened_at")


@admin.register(Cycle)
class CycleAdmin(BureauAdmin):
    form = CycleForm
    list_display = ("name_shown", "stage_shown", "due_shown", "locks_shown", "figures_shown")
    list_display_links = ("name_shown",)
    list_filter = (("definition", RelatedDropdownFilter),)
    list_select_related = ("definition", "definition_version__definition", "reminder_policy")
    search_fields = ("period", "definition__name", "definition__name_zh")
    autocomplete_fields = ("reminder_policy",)
    ordering = ("-due_at", "-pk")
    date_hierarchy = "due_at"
    change_form_outer_before_template = "admin/reporting/cycle/_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cycle]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Sequence:  # noqa: ARG002
        opened = isinstance(obj, Cycle) and obj.opened_at
        return ((None, {"fields": (*_PLANNED, ("opened_at", "figures_opened_at")) if opened else _PLANNED}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Once open, times move by the steps alone."""
        return _FIXED_ONCE_OPEN if isinstance(obj, Cycle) and obj.opened_at else ()

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        if db_field.name == "definition_version":
            published = DefinitionVersion.objects.filter(state=VersionState.PUBLISHED).select_related("definition")
            kwargs["queryset"] = published
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object) -> type[ModelForm]:
        if isinstance(obj, Cycle) and obj.opened_at:
            kwargs["form"] = ModelForm
        return super().get_form(request, obj, change, **kwargs)

    @display(description=_("cycle"), ordering="due_at")
    def name_shown(self, cycle: Cycle) -> str:
        return str(cycle)

    @display(description=_("due"), ordering="due_at")
    def due_shown(self, cycle: Cycle) -> SafeString:
        return minute(cycle.due_at)

    @display(description=_("locks"), ordering="locks_at")
    def locks_shown(self, cycle: Cycle) -> SafeString:
        return minute(cycle.locks_at)

    @display(description=_("stage"), label={"planned": "info", "open": "success", "locked": "primary"})
    def stage_shown(self, cycle: Cycle) -> tuple[str, object]:
        now = timezone.now()
        if cycle.opened_at is None:
            return "planned", _("Planned")
        return ("locked", _("Locked")) if cycle.is_locked(now) else ("open", _("Open"))

    @display(description=_("figures open to districts"), boolean=True)
    def figures_shown(self, cycle: Cycle) -> bool:
        return cycle.figures_are_open(timezone.now())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(cycle_steps.take_step)
        table = self.admin_site.admin_view(download_table)
        return [
            path("<int:pk>/step/<slug:step>/", view, name="reporting_cycle_step"),
            path("<int:pk>/move/", self.admin_site.admin_view(move), name="reporting_cycle_move"),
            path("<int:pk>/table.<slug:extension>", table, name="reporting_cycle_table"),
            *super().get_urls(),
        ]
