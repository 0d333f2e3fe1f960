"""The days on which the bureau's calendar differs from the published one."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from districts.admin.base import BureauAdmin
from districts.models import WorkdayOverride


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
