"""Districts: what they are is a form, what changes with effect from a day is a step that asks first."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin.base import BureauAdmin, actor_of, name_shown
from districts.domain.districts import describe_district
from districts.models import District, Succession
from districts.queries.successions import mergers_of
from reporting.admin import district_steps
from reporting.admin.filters import ClosedFilter
from reporting.domain.districts import open_district
from reporting.forms.districts import AddDistrictForm, DistrictForm


@admin.register(District)
class DistrictAdmin(BureauAdmin):
    list_display = ("code", name_shown, "peer_group", "standing_shown")
    list_display_links = ("code", name_shown)
    list_filter = (("peer_group", ChoicesDropdownFilter), ClosedFilter)
    search_fields = ("code", "name", "name_zh", "former_names")
    search_help_text = _("A name of today or of before, or the code")
    fieldsets = (
        (None, {"fields": ("code", ("name", "name_zh"), "peer_group", ("specialty", "specialty_zh"), "begins_on")}),
        (_("Place on the tile map"), {"fields": (("grid_row", "grid_column"),)}),
    )
    add_fieldsets = (*fieldsets, (_("Open cycles"), {"fields": ("joins", "due_at")}))
    history_children = (Succession,)
    change_form_outer_before_template = "admin/districts/district/_steps.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """The code stands in receipts and exports: it stays. The names change by a step, with effect from a day."""
        return ("code", "name", "name_zh") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Sequence:  # noqa: ARG002
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, change, **{"form": DistrictForm if obj else AddDistrictForm} | kwargs)

    @display(description=_("standing"), label={"open": "success", "to_come": "info", "closing": "warning", "closed": ""})
    def standing_shown(self, district: District) -> tuple[str, str]:
        today = timezone.localdate()
        if district.ends_on:
            name = "closed" if district.ends_on <= today else "closing"
            return name, gettext("closed from %(day)s") % {"day": date_format(district.ends_on)}
        if district.begins_on and district.begins_on > today:
            return "to_come", gettext("reports from %(day)s") % {"day": date_format(district.begins_on)}
        return "open", gettext("reports")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        district = context.get("original")
        if isinstance(district, District):
            context["to_come"] = is_to_come(district.named_from)
            context["mergers"] = mergers_of(district)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: District, form: ModelForm, change: bool) -> None:
        if change:
            said = {field: form.cleaned_data[field] for field in DistrictForm.Meta.fields}
            describe_district(district=obj, actor=actor_of(request), **said)
            return
        made = open_district(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (Django's name)

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "districts_district_{}".format
        own = [
            path("<int:pk>/rename/", view(district_steps.rename), name=name("rename")),
            path("<int:pk>/keep-name/", view(district_steps.keep_name), name=name("keep_name")),
            path("<int:pk>/join/", view(district_steps.join), name=name("join")),
            path("<int:pk>/close/", view(district_steps.close), name=name("close")),
            path("<int:pk>/merge/", view(district_steps.merge), name=name("merge")),
            path("<int:pk>/keep/", view(district_steps.keep), name=name("keep")),
        ]
        return own + super().get_urls()


def is_to_come(day: date | None) -> bool:
    return day is not None and day > timezone.localdate()
