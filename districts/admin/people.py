"""People, whom they work for, and who of the bureau reviews which districts: written by `districts.domain.people` alone."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin import person_steps, portfolios
from districts.admin.base import BureauAdmin, actor_of
from districts.domain.people import (
    change_member_role,
    invite_member,
    invite_to_bureau,
    remove_bureau_role,
    remove_member,
    set_bureau_role,
)
from districts.enums import BureauRoleName, DistrictRole, Scope
from districts.forms.bureau import InviteColleagueForm, InviteMemberForm
from districts.models import BureauRole, Membership, PortfolioEntry, User


@admin.register(User)
class PersonAdmin(BureauAdmin):
    list_display = ("full_name", "email", "works_for", "is_active", "last_login")
    list_display_links = ("full_name", "email")
    list_filter = ("is_active",)
    search_fields = ("full_name", "email")
    ordering = ("full_name", "pk")
    fields = (
        "full_name",
        "email",
        "works_for",
        ("job_title", "phone"),
        ("language", "daily_digest", "morning_digest"),
        ("is_active", "last_login"),
    )
    readonly_fields = ("email", "works_for", "is_active", "last_login")
    list_before_template = "admin/districts/user/_invite.html"
    change_form_outer_before_template = "admin/districts/user/_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("bureau_role").prefetch_related("memberships__district")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People come by an invitation to a district or to the bureau."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    @display(description=_("works for"))
    def works_for(self, user: User) -> str:
        roles = [f"{one.district} ({one.get_role_display()})" for one in user.memberships.all()]
        if hasattr(user, "bureau_role"):
            roles.append(user.bureau_role.get_role_display())
        return ", ".join(roles) or "–"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(person_steps.take_step)
        return [path("<int:pk>/step/<slug:step>/", view, name="districts_user_step"), *super().get_urls()]


@admin.register(Membership)
class MembershipAdmin(BureauAdmin):
    list_display = ("user", "district", "role")
    list_select_related = ("user", "district")
    list_filter = (("role", ChoicesDropdownFilter),)
    search_fields = ("user__full_name", "user__email", "district__code", "district__name", "district__name_zh")
    autocomplete_fields = ("district",)
    ordering = ("district__code", "user__full_name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "district")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("user", "district", "role") if obj else ("email", "full_name", "district", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("user", "district") if obj else ()

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **({} if obj else {"form": InviteMemberForm}) | kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Membership, form: ModelForm, change: bool) -> None:
        given, actor = form.cleaned_data, actor_of(request)
        role = DistrictRole(given["role"])
        if change:
            change_member_role(membership=obj, role=role, actor=actor)
            return
        person = {"email": given["email"], "full_name": given["full_name"]}
        made = invite_member(district=given["district"], role=role, actor=actor, now=timezone.now(), **person)
        obj.pk, obj.user, obj._state.adding = made.pk, made.user, False  # noqa: SLF001 (Django's name)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        remove_member(membership=obj, actor=actor_of(request))


@admin.register(BureauRole)
class BureauRoleAdmin(BureauAdmin):
    list_display = ("user", "role", "scope")
    list_select_related = ("user",)
    list_filter = (("role", ChoicesDropdownFilter), ("scope", ChoicesDropdownFilter))
    search_fields = ("user__full_name", "user__email", "districts__code", "districts__name", "districts__name_zh")
    autocomplete_fields = ("districts",)
    ordering = ("user__full_name", "pk")
    history_children = (PortfolioEntry,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BureauRole]:
        return super().get_queryset(request).select_related("user")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("user", "role", "scope", "districts") if obj else ("email", "full_name", "role", "scope", "districts")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return ("user",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **({} if obj else {"form": InviteColleagueForm}) | kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: BureauRole, form: ModelForm, change: bool) -> None:
        given, actor = form.cleaned_data, actor_of(request)
        role: dict[str, Any] = {
            "role": BureauRoleName(given["role"]),
            "scope": Scope(given["scope"]),
            "districts": list(given["districts"]),
        }
        if change:
            set_bureau_role(user=obj.user, actor=actor, **role)
            return
        made = invite_to_bureau(email=given["email"], full_name=given["full_name"], actor=actor, now=timezone.now(), **role)
        obj.pk, obj.user, obj._state.adding = made.pk, made.user, False  # noqa: SLF001 (Django's name)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(portfolios.portfolios)
        return [path("portfolios/", view, name="districts_bureaurole_portfolios"), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """The portfolio is written with the role, by the domain."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[str], dict[str, int], set[str], list[str]]:  # noqa: ARG002
        """The role alone: that its portfolio goes with it needs no list of link rows."""
        return [str(role) for role in objs], {str(self.opts.verbose_name): len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: BureauRole) -> None:
        remove_bureau_role(bureau_role=obj, actor=actor_of(request))
