"""Ending a person's access, giving it back, and inviting again: each asks first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import Question, ask
from districts.domain.people import invite_again, set_active
from districts.errors import DomainError
from districts.forms.bureau import EndForm
from districts.models import User


@dataclass(frozen=True)
class PersonStep:
    title: Promise
    submit: Promise
    done: Promise
    facts: tuple[Promise, ...]
    run: Callable[[User, User, datetime], None]


STEPS: dict[str, PersonStep] = {
    "end": PersonStep(
        _("End the access of %(person)s?"),
        _("End the access"),
        _("%(person)s has no access any more."),
        (_("The next click is refused. Nothing is deleted; the access can be given back."),),
        lambda person, actor, _now: set_active(user=person, is_active=False, actor=actor),
    ),
    "restore": PersonStep(
        _("Give %(person)s access again?"),
        _("Give access again"),
        _("%(person)s has access again."),
        (_("The roles are those of before."),),
        lambda person, actor, _now: set_active(user=person, is_active=True, actor=actor),
    ),
    "invite": PersonStep(
        _("Invite %(person)s again?"),
        _("Send the invitation"),
        _("The invitation to %(person)s is on its way."),
        (_("A new link to choose a password goes out by mail."),),
        lambda person, actor, now: invite_again(user=person, actor=actor, now=now),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    person, plan = get_object_or_404(User, pk=pk), STEPS[step]
    back = reverse("admin:districts_user_change", args=[person.pk])
    names = {"person": person}
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            plan.run(person, actor_of(request), timezone.now())
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, str(plan.done) % names)
            return redirect(back)
    question = Question(str(plan.title) % names, str(plan.submit), back, plan.facts, danger=step == "end")
    return ask(request, question, EndForm(request.POST or None), model=User, refusal=refusal, original=person)
