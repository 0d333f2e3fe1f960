"""When reminders go out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from districts.admin.base import BureauAdmin, ConfigurationInline, name_shown
from reporting.models import Audience, ReminderPolicy, ReminderRung


class RungInline(ConfigurationInline, TabularInline):
    model = ReminderRung
    fields = ("offset", "audiences", "may_wait_for_digest")
    ordering = ("offset",)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if db_field.name == "audiences":
            return forms.TypedMultipleChoiceField(
                label=db_field.verbose_name, choices=Audience.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


@admin.register(ReminderPolicy)
class ReminderPolicyAdmin(BureauAdmin):
    list_display = (name_shown, "quiet_from", "quiet_until")
    search_fields = ("name", "name_zh")
    fields = (("name", "name_zh"), ("quiet_from", "quiet_until"))
    inlines = (RungInline,)
    history_children = (ReminderRung,)
