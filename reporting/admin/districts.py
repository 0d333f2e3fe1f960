"""Districts: what they are is a form, what changes with effect from a day is a step that asks first."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from districts.admin.base import BureauAdmin, name_shown
from districts.domain.districts import add_district
from districts.models import District
from reporting.admin import district_steps


@admin.register(District)
class DistrictAdmin(BureauAdmin):
    list_display = ("code", name_shown, "peer_group", "is_active")
    list_display_links = ("code", name_shown)
    list_filter = (("peer_group", ChoicesDropdownFilter), "is_active")
    search_fields = ("code", "name", "name_zh", "former_names")
    search_help_text = _("A name of today or of before, or the code")
    fieldsets = (
        (None, {"fields": ("code", ("name", "name_zh"), "peer_group", ("specialty", "specialty_zh"), "is_active")}),
        (_("Place on the tile map"), {"fields": (("grid_row", "grid_column"),)}),
    )
    change_form_outer_before_template = "admin/districts/district/_steps.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """The code stands in receipts and exports: it stays. The names change by a step, with effect from a day."""
        return ("code", "name", "name_zh") if obj else ()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        district = context.get("original")
        if isinstance(district, District):
            context["to_come"] = is_to_come(district)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: District, form: ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = add_district(**form.cleaned_data)
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "districts_district_{}".format
        own = [
            path("<int:pk>/rename/", view(district_steps.rename), name=name("rename")),
            path("<int:pk>/keep-name/", view(district_steps.keep_name), name=name("keep_name")),
        ]
        return own + super().get_urls()


def is_to_come(district: District) -> bool:
    """Whether the latest name does not hold yet."""
    return district.named_from is not None and district.named_from > timezone.localdate()
