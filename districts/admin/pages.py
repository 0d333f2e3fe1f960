"""Pages of the bureau that are not Django's own: the site's frame around a template, and the page that asks before a step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from districts.admin.base import actor_of
from districts.errors import DomainError
from districts.models import User


@dataclass(frozen=True)
class Question:
    """What a page asks before it does something. `facts` are sentences about what will happen; `warning` speaks against it."""

    title: str
    submit: str
    back: str
    facts: Sequence[Any] = ()
    danger: bool = False
    warning: str = ""


def framed(request: HttpRequest, template: str, *, model: type[Model], status: int = 200, **context: Any) -> TemplateResponse:
    request.current_app = admin.site.name
    opts = model._meta  # noqa: SLF001 (Django's name)
    return TemplateResponse(request, template, {**admin.site.each_context(request), "opts": opts, **context}, status=status)


def ask(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    *,
    model: type[Model],
    refusal: DomainError | None = None,
    template: str = "admin/confirm.html",
    **context: Any,
) -> TemplateResponse:
    """The question with its form; after a refusal, the reasons and what was typed."""
    status = refusal.status if refusal else 422 if form.is_bound and not form.is_valid() else 200
    shown = {"question": question, "form": form, "refusals": refusal.messages if refusal else (), "title": question.title}
    return framed(request, template, model=model, status=status, **shown, **context)


def ask_then_do(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Any],
    done: str | Callable[[Any], str],
    *,
    model: type[Model],
    after: Callable[[Any], str] | None = None,
    template: str = "admin/confirm.html",
    shown: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Asks; once answered, does it, all or nothing, says so and goes back. A refusal keeps what was typed.

    `done` and `after` (where to go instead) may look at what was made; `shown` is what the page shows, read after a refusal.
    """
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = operation(actor_of(request))
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, done if isinstance(done, str) else done(made))
            return HttpResponseRedirect(after(made) if after else question.back)
    return ask(request, question, form, model=model, refusal=refusal, template=template, **shown())


def refused(request: HttpRequest, refusal: DomainError, back: str, *, model: type[Model], **context: Any) -> TemplateResponse:
    """Nothing but the reasons, where there is no page to show them on, and the way back."""
    shown = {"title": gettext("This was not possible"), "refusals": refusal.messages, "back": back}
    return framed(request, "admin/refused.html", model=model, status=refusal.status, **shown, **context)
