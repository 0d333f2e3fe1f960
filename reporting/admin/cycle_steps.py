"""The bureau's steps on a cycle: each asks first, then goes through the domain."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import Question, ask
from districts.errors import DomainError
from districts.models import User
from reporting.domain.cycles import extend_cycle, lock_cycle, open_cycle, open_figures
from reporting.forms.cycles import ConfirmForm, ExtendCycleForm
from reporting.models import Cycle

Operation = Callable[[Cycle, dict[str, Any], User, datetime], object]


@dataclass(frozen=True)
class CycleStep:
    title: Promise
    submit: Promise
    done: Promise
    facts: tuple[Promise, ...]
    run: Operation
    form: type[forms.Form] = ConfirmForm


STEPS: dict[str, CycleStep] = {
    "open": CycleStep(
        _("Open %(cycle)s?"),
        _("Open the cycle"),
        _("%(cycle)s is open: every district has its report."),
        (
            _("Every district gets a report to fill in."),
            _("Reminders go out by themselves from now on, after the cycle's policy."),
            _("The definition and the period cannot be changed afterwards."),
        ),
        lambda cycle, _given, actor, now: open_cycle(cycle=cycle, actor=actor, now=now),
    ),
    "extend": CycleStep(
        _("Move the times of %(cycle)s?"),
        _("Move the times"),
        _("%(cycle)s has new times."),
        (_("All districts without a due time of their own follow."), _("Reminders follow the new due time.")),
        lambda cycle, given, actor, now: extend_cycle(cycle=cycle, actor=actor, now=now, **given),
        ExtendCycleForm,
    ),
    "lock": CycleStep(
        _("Lock %(cycle)s now?"),
        _("Lock the cycle"),
        _("%(cycle)s is locked."),
        (
            _("Nothing can be handed over any more, but by districts with a later due time of their own."),
            _("The figures open to the districts with the lock, unless another time was set."),
        ),
        lambda cycle, _given, actor, now: lock_cycle(cycle=cycle, actor=actor, now=now),
    ),
    "figures": CycleStep(
        _("Open the figures of %(cycle)s to the districts?"),
        _("Open the figures"),
        _("The districts see the figures of %(cycle)s."),
        (_("From now on every district sees the city's totals, the ranks and the other districts' figures of this cycle."),),
        lambda cycle, _given, actor, now: open_figures(cycle=cycle, actor=actor, now=now),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    cycle, plan = get_object_or_404(Cycle.objects.select_related("definition"), pk=pk), STEPS[step]
    form = plan.form(request.POST or None, initial={"due_at": cycle.due_at, "locks_at": cycle.locks_at})
    back = reverse("admin:reporting_cycle_change", args=[cycle.pk])
    names = {"cycle": cycle}
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            plan.run(cycle, form.cleaned_data, actor_of(request), timezone.now())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, str(plan.done) % names)
            return redirect(back)
    warning = _early(cycle) if step == "open" else ""
    question = Question(str(plan.title) % names, str(plan.submit), back, plan.facts, danger=step == "lock", warning=warning)
    return ask(request, question, form, model=Cycle, refusal=refusal, original=cycle)


def _early(cycle: Cycle) -> str:
    """The warning that the period has not ended, blank where it has."""
    ends_on = cycle.period_value.ends_on
    if timezone.localdate() > ends_on:
        return ""
    sentence = gettext("The period ends on %(day)s: before that the districts cannot know its figures.")
    return sentence % {"day": date_format(ends_on)}
