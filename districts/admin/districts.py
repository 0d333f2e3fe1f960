"""Districts, and the days on which the bureau's calendar differs from the published one."""

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from districts.admin.base import BureauAdmin, name_shown
from districts.domain.districts import add_district
from districts.models import District, WorkdayOverride


@admin.register(District)
class DistrictAdmin(BureauAdmin):
    list_display = ("code", name_shown, "peer_group", "is_active")
    list_display_links = ("code", name_shown)
    list_filter = (("peer_group", ChoicesDropdownFilter), "is_active")
    search_fields = ("code", "name", "name_zh")
    fieldsets = (
        (None, {"fields": ("code", ("name", "name_zh"), "peer_group", ("specialty", "specialty_zh"), "is_active")}),
        (_("Place on the tile map"), {"fields": (("grid_row", "grid_column"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """The code stands in receipts and exports: it stays."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: District, form: ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = add_district(**form.cleaned_data)
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(BureauAdmin):
    list_display = ("date", "is_workday", "reason")
    list_filter = ("is_workday",)
    search_fields = ("reason",)
    date_hierarchy = "date"
    fields = ("date", "is_workday", "reason")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """A day that was entered by mistake follows the published calendar again."""
        return self.has_change_permission(request)
