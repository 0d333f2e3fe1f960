"""The catalogue of indicators. What a published definition uses keeps its meaning; its wording may be bettered."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin.base import BureauAdmin, ConfigurationInline, name_shown
from reporting.admin.typed import way_back
from reporting.models import Inclusion, Indicator
from reporting.queries.indicators import is_in_use, known_codes
from reporting.rules import ExpressionError, parse_formula

_FROZEN = (
    "code", "unit", "decimals", "minimum", "maximum", "measure", "direction", "price_basis", "base_indicator", "formula",
    "city_aggregation", "weight_indicator",
)  # fmt: skip


class InclusionInline(ConfigurationInline, TabularInline):
    model = Inclusion
    fields = ("contained", "containers")
    autocomplete_fields = ("contained", "containers")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


class IndicatorForm(forms.ModelForm):
    def clean_formula(self) -> str:
        """The formula in the portal's own grammar over indicators that there are, or what is wrong with it."""
        formula: str = self.cleaned_data["formula"].strip()
        if formula:
            try:
                unknown = parse_formula(formula).unknown(known_codes())
            except ExpressionError as error:
                raise ValidationError(str(error)) from error
            if unknown:
                raise ValidationError(unknown)
        return formula


@admin.register(Indicator)
class IndicatorAdmin(BureauAdmin):
    form = IndicatorForm
    list_display = ("code", name_shown, "unit_shown", "measure", "city_aggregation", "formula")
    list_display_links = ("code", name_shown)
    list_filter = (("measure", ChoicesDropdownFilter), ("city_aggregation", ChoicesDropdownFilter))
    search_fields = ("code", "name", "name_zh")
    autocomplete_fields = ("base_indicator", "weight_indicator", "units_indicator")
    fieldsets = (
        (None, {"fields": ("code", ("name", "name_zh"))}),
        (
            _("Measure"),
            {"fields": (("unit", "unit_zh"), "decimals", ("minimum", "maximum"), ("measure", "direction"), "price_basis")},
        ),
        (
            _("In words"),
            {
                "fields": (
                    ("definition", "definition_zh"),
                    ("scope", "scope_zh"),
                    ("source", "source_zh"),
                    ("comparability", "comparability_zh"),
                )
            },
        ),
        (
            _("Comparison and total"),
            {"fields": ("base_indicator", "formula", ("city_aggregation", "weight_indicator"), "units_indicator")},
        ),
    )
    inlines = (InclusionInline,)
    change_form_outer_before_template = "admin/reporting/indicator/_for_question.html"
    history_children = (Inclusion,)

    @display(description=_("unit"), ordering="unit")
    def unit_shown(self, indicator: Indicator) -> str:
        return indicator.unit_label

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:  # noqa: ARG002
        return _FROZEN if isinstance(obj, Indicator) and is_in_use(obj) else ()

    # Whoever makes an indicator for a question that is being written goes back to it.

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().add_view(request, form_url, {"way_back": way_back(request), **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: Indicator, post_url_continue: str | None = None) -> HttpResponse:
        back = way_back(request, code=obj.code)
        return redirect(back) if back else super().response_add(request, obj, post_url_continue)
