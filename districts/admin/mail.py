"""Outgoing mail as it was sent; what could not be delivered can be sent again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin
from districts.enums import MailState
from districts.models import OutgoingMail
from districts.queries.mails import mails_for

_LABELS = {
    MailState.DUE: "info",
    MailState.SENDING: "info",
    MailState.SENT: "success",
    MailState.SUPERSEDED: "primary",
    MailState.FAILED: "danger",
}


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PortfolioAdmin):
    list_display = ("created_at", "subject_shown", "recipient", "district", "state_shown", "tries", "sent_at")
    list_display_links = ("created_at", "subject_shown")
    list_filter = (("state", ChoicesDropdownFilter),)
    search_fields = ("recipient__full_name", "recipient__email", "subject", "district__code", "district__name")
    search_help_text = _("Person, address, subject or district")
    fieldsets = (
        (None, {"fields": ("subject_shown", ("recipient", "address"), ("district", "kind"), ("state_shown", "tries"))}),
        (_("Times"), {"fields": (("created_at", "due_at"), ("next_try_at", "sent_at"), "last_error")}),
        (_("As sent"), {"fields": ("body_shown",)}),
    )
    readonly_fields = ("subject_shown", "state_shown", "body_shown")
    ordering = ("-created_at", "-pk")
    change_form_outer_before_template = "admin/districts/outgoingmail/_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return mails_for(request.user).select_related("recipient", "district")

    @display(description=_("subject"), ordering="subject")
    def subject_shown(self, mail: OutgoingMail) -> str:
        return mail.subject or mail.kind

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, mail: OutgoingMail) -> tuple[str, str]:
        return mail.state, mail.get_state_display()

    @display(description=_("content"))
    def body_shown(self, mail: OutgoingMail) -> SafeString:
        return render_to_string("admin/districts/outgoingmail/_body.html", {"mail": mail})
