"""People, whom they work for, and who of the bureau reviews which districts."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from districts.admin.base import BureauAdmin
from districts.models import BureauRole, Membership, User


@admin.register(User)
class PersonAdmin(BureauAdmin):
    list_display = ("full_name", "email", "job_title", "is_active", "last_login")
    list_display_links = ("full_name", "email")
    list_filter = ("is_active",)
    search_fields = ("full_name", "email")
    ordering = ("full_name", "pk")
    fields = ("full_name", "email", ("job_title", "phone"), "language", "daily_digest")


@admin.register(Membership)
class MembershipAdmin(BureauAdmin):
    list_display = ("user", "district", "role")
    list_select_related = ("user", "district")
    list_filter = (("role", ChoicesDropdownFilter),)
    search_fields = ("user__full_name", "user__email", "district__code", "district__name", "district__name_zh")
    autocomplete_fields = ("user", "district")
    fields = ("user", "district", "role")
    ordering = ("district__code", "user__full_name", "pk")


@admin.register(BureauRole)
class BureauRoleAdmin(BureauAdmin):
    list_display = ("user", "role", "scope")
    list_select_related = ("user",)
    list_filter = (("role", ChoicesDropdownFilter), ("scope", ChoicesDropdownFilter))
    search_fields = ("user__full_name", "user__email", "districts__code", "districts__name")
    autocomplete_fields = ("user", "districts")
    fields = ("user", "role", "scope", "districts")
    ordering = ("user__full_name", "pk")
