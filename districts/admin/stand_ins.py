"""What the pages of periods share in which somebody stands in for somebody: a period is ended, never changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from districts.admin.base import BureauAdmin, actor_of, configures
from districts.admin.pages import Question, ask
from districts.enums import Stage
from districts.errors import DomainError
from districts.forms.bureau import EndForm
from districts.models import User
from districts.models.period import StandIn

LABELS = {Stage.PLANNED: "info", Stage.RUNNING: "success", Stage.OVER: "", Stage.ENDED: "warning"}


class StandInAdmin(BureauAdmin):
    ordering = ("-begins_at", "pk")
    change_form_outer_before_template = "admin/districts/stand_in/_steps.html"

    def has_end_permission(self, request: HttpRequest, row: Any) -> bool:  # noqa: ARG002
        """Whether the person may end the period early."""
        return configures(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description=_("first day"), ordering="begins_at")
    def first_day_shown(self, row: StandIn) -> str:
        return date_format(row.first_day)

    @display(description=_("last day"), ordering="ends_at")
    def last_day_shown(self, row: StandIn) -> str:
        return date_format(row.last_day)

    @display(description=_("stage"), label=LABELS)
    def stage_shown(self, row: StandIn) -> tuple[str, object]:
        stage = row.stage(timezone.now())
        return stage, stage.label

    @display(description=_("stage"))
    def stage_in_words(self, row: StandIn) -> str:
        """For the row's own page, which shows a badge's pair as Python writes it."""
        return str(row.stage(timezone.now()).label)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        if isinstance(row, StandIn) and row.is_open(timezone.now()) and self.has_end_permission(request, row):
            context["end_url"] = reverse(f"admin:districts_{self.opts.model_name}_end", args=[row.pk])
        return super().render_change_form(request, context, *args, **kwargs)


def end_page(
    request: HttpRequest, row: StandIn, question: Question, end: Callable[[User, datetime], StandIn], done: str
) -> HttpResponse:
    """Asks, and ends the period; a refusal stands on the page."""
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            end(actor_of(request), timezone.now())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect(question.back)
    return ask(request, question, EndForm(request.POST or None), model=type(row), refusal=refusal, original=row)
