"""What happened to reports, read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin
from reporting.admin.cells import cycle_cell
from reporting.admin.filters import EventCycleFilter, EventKindFilter
from reporting.models import Event


@admin.register(Event)
class EventAdmin(PortfolioAdmin):
    list_display = ("at", "district_shown", "cycle_shown", "kind_shown", "actor_shown", "reason_shown")
    list_display_links = ("at",)
    list_filter = (EventKindFilter, EventCycleFilter)
    search_fields = (
        "district__code",
        "submission__district_name",
        "submission__district_name_zh",
        "actor__full_name",
        "actor__email",
    )
    search_help_text = _("District or person")
    fields = ("at", "district_shown", "cycle_shown", "kind_shown", "actor_shown", "from_state", "to_state", "reason_shown")
    readonly_fields = ("district_shown", "cycle_shown", "kind_shown", "actor_shown", "reason_shown")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor", "submission__cycle__definition")

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, event: Event) -> str:
        return event.submission.district_label

    @display(description=_("cycle"))
    def cycle_shown(self, event: Event) -> SafeString:
        return cycle_cell(event.submission.cycle)

    @display(description=_("what"), ordering="kind")
    def kind_shown(self, event: Event) -> str:
        return event.get_kind_display()

    @display(description=_("who"), ordering="actor__full_name")
    def actor_shown(self, event: Event) -> str:
        """With the capacity, as the report's own history says it."""
        return ", ".join(filter(None, (str(event.actor or gettext("the portal")), event.capacity)))

    @display(description=_("note"))
    def reason_shown(self, event: Event) -> str:
        return event.reason
