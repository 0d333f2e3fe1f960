"""Outgoing mail as it was sent; what could not be delivered can be sent again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin, actor_of, attempt, configures
from districts.domain.letters import KINDS
from districts.domain.mail import resend_mail
from districts.enums import MailState
from districts.models import OutgoingMail
from districts.queries.mails import mails_for

_ON_ITS_WAY = frozenset({MailState.DUE, MailState.SENDING})
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
        (None, {"fields": ("subject_shown", ("recipient", "address"), ("district", "kind_shown"), ("state", "tries"))}),
        (_("Times"), {"fields": (("created_at", "due_at"), ("next_try_at", "sent_at"), "last_error")}),
        (_("As sent"), {"fields": ("body_shown",)}),
    )
    readonly_fields = ("subject_shown", "kind_shown", "body_shown")
    ordering = ("-created_at", "-pk")
    change_form_outer_before_template = "admin/districts/outgoingmail/_steps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return mails_for(request.user).select_related("recipient", "district")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        mail = self.get_object(request, object_id)
        may_resend = configures(request) and mail is not None and mail.state not in _ON_ITS_WAY
        return super().change_view(request, object_id, form_url, {"may_resend": may_resend, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(resend)
        return [path("<int:pk>/resend/", view, name="districts_outgoingmail_resend"), *super().get_urls()]

    @display(description=_("subject"), ordering="subject")
    def subject_shown(self, mail: OutgoingMail) -> str:
        return mail.subject or self.kind_shown(mail)

    @display(description=_("kind"))
    def kind_shown(self, mail: OutgoingMail) -> str:
        return str(KINDS[mail.kind].label) if mail.kind in KINDS else mail.kind

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, mail: OutgoingMail) -> tuple[str, str]:
        return mail.state, mail.get_state_display()

    @display(description=_("content"))
    def body_shown(self, mail: OutgoingMail) -> SafeString:
        return render_to_string("admin/districts/outgoingmail/_body.html", {"mail": mail})


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(mails_for(request.user), pk=pk)
    actor = actor_of(request)
    again = attempt(request, lambda: resend_mail(mail=mail, actor=actor, now=timezone.now()), gettext("The mail goes out again."))
    return redirect("admin:districts_outgoingmail_change", again.pk if again else pk)
