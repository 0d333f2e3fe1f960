"""Releases and bulletins at the bureau: written, shown as the public will see them, and let go."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import PortfolioAdmin, configures
from districts.admin.pages import Question, ask_then_do, framed
from districts.errors import Text
from districts.models import User
from districts.queries.access import works_at_bureau
from reporting.admin.bulk import numbers
from reporting.admin.cells import cycle_cell, minute
from reporting.domain.releases import (
    call_off_release,
    change_bulletin,
    change_release,
    prepare_release,
    rebuild_release,
    schedule_release,
    show_internally,
    take_back_draft,
    write_bulletin,
)
from reporting.enums.publication import Detail, Stage
from reporting.forms.publication import BulletinForm, ReleaseForm, ScheduleForm
from reporting.models import Bulletin, Release
from reporting.queries.figures.access import sight_of
from reporting.queries.released import changed_figures, seen_at_bureau, sheets_of

_LABELS = {"draft": "info", "internal": "warning", "scheduled": "success"}


class _StagedAdmin(PortfolioAdmin):
    """Both kinds: a page to read, one to write, and the steps to the public."""

    date_hierarchy = None
    list_before_template = "admin/reporting/release/_list_head.html"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return works_at_bureau(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    @display(description=_("stage"), ordering="stage", label=_LABELS)
    def stage_shown(self, item: Release | Bulletin) -> tuple[str, str]:
        public = gettext("Public") if item.is_public(timezone.now()) else item.get_stage_display()
        return item.stage, public

    @display(description=_("released"), ordering="released_at")
    def released_shown(self, item: Release | Bulletin) -> SafeString | str:
        return minute(item.released_at) if item.released_at else "–"

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, self.model, object_id)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return _write(request, self.model, None)

    def get_urls(self) -> list[URLPattern]:
        name, view = f"reporting_{self.opts.model_name}_{{}}".format, self.admin_site.admin_view

        def edit(request: HttpRequest, pk: int) -> HttpResponse:
            return _write(request, self.model, _to_publish(request, self.model, pk))

        def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
            return _take_step(request, self.model, pk, step)

        own = [
            path("<int:pk>/edit/", view(edit), name=name("edit")),
            path("<int:pk>/step/<slug:step>/", view(step), name=name("step")),
        ]
        return own + super().get_urls()


@admin.register(Release)
class ReleaseAdmin(_StagedAdmin):
    list_display = ("title_shown", "cycle_shown", "vintage", "stage_shown", "released_shown")
    list_display_links = ("title_shown",)
    search_fields = ("title", "title_zh")
    ordering = ("-cycle__period", "-vintage", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        return seen_at_bureau(request.user, Release.objects.select_related("cycle__definition"))

    @display(description=_("title"), ordering="title")
    def title_shown(self, release: Release) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', release.label, release.get_detail_display())

    @display(description=_("cycle"), ordering="cycle__period")
    def cycle_shown(self, release: Release) -> SafeString:
        return cycle_cell(release.cycle)


@admin.register(Bulletin)
class BulletinAdmin(_StagedAdmin):
    list_display = ("headline_shown", "number", "day", "stage_shown", "released_shown")
    list_display_links = ("headline_shown",)
    search_fields = ("number", "headline", "headline_zh")
    ordering = ("-day", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bulletin]:
        return seen_at_bureau(request.user, Bulletin.objects.select_related("release"))

    @display(description=_("headline"), ordering="headline")
    def headline_shown(self, bulletin: Bulletin) -> str:
        return bulletin.label


def _found(request: HttpRequest, model: Any, pk: int | str) -> Any:
    rows = seen_at_bureau(request.user, model.objects.all())
    for number in numbers([str(pk)]):
        return get_object_or_404(rows, pk=number)
    raise Http404


def _to_publish(request: HttpRequest, model: Any, pk: int | str) -> Any:
    item = _found(request, model, pk)
    if not configures(request):
        raise PermissionDenied
    return item


@require_safe
def show(request: HttpRequest, model: Any, object_id: str) -> HttpResponse:
    item = _found(request, model, object_id)
    publishes, name = configures(request), model._meta.model_name  # noqa: SLF001 (Django's name)
    is_public = item.is_public(timezone.now())
    more: dict[str, Any] = {}
    if isinstance(item, Release):
        sight = sight_of(request.user, item.cycle, timezone.now())
        more = {"sheets": sheets_of(item, sight.districts), "changed": changed_figures(item)}
    return framed(
        request,
        f"admin/reporting/{name}/{name}.html",
        model=model,
        title=item.label,
        original=item,
        item=item,
        is_public=is_public,
        edit_url=reverse(f"admin:reporting_{name}_edit", args=[item.pk]) if publishes and item.stage == Stage.DRAFT else "",
        steps=[
            (step, reverse(f"admin:reporting_{name}_step", args=[item.pk, step]))
            for step in _STEPS
            if publishes and _STEPS[step].may(item, is_public)
        ],
        **more,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def _write(request: HttpRequest, model: Any, item: Any) -> HttpResponse:
    if not configures(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    is_release = model is Release
    form: Any = ReleaseForm(data, release=item) if is_release else BulletinForm(data, bulletin=item)
    back = _page(item) if item else reverse(f"admin:reporting_{model._meta.model_name}_changelist")  # noqa: SLF001 (Django's name)
    title = gettext("Prepare a release") if is_release else gettext("Write a bulletin")
    if item:
        title = gettext("Change “%(title)s”") % {"title": item.label}
    facts = [gettext("The figures are taken as they stand now; what may not be shown is marked.")] if is_release else []
    question = Question(title, gettext("Save"), back, facts)

    def save(actor: User) -> Any:
        return _saved_release(form, item, actor) if is_release else _saved_bulletin(form, item, actor)

    return _answer(request, question, form, save, gettext("Saved."), model, item)


def _saved_release(form: ReleaseForm, item: Release | None, actor: User) -> Release:
    given, now = form.cleaned_data, timezone.now()
    more: dict[str, Any] = {"text": form.text, "indicators": list(given["indicators"]), "detail": Detail(given["detail"])}
    if item is None:
        return prepare_release(cycle=given["cycle"], actor=actor, now=now, **more)
    return change_release(release=item, version=given["version"] or 0, actor=actor, now=now, **more)


def _saved_bulletin(form: BulletinForm, item: Bulletin | None, actor: User) -> Bulletin:
    given = form.cleaned_data
    if item is None:
        return write_bulletin(text=form.text, release=given["release"], actor=actor, now=timezone.now())
    return change_bulletin(bulletin=item, version=given["version"] or 0, text=form.text, release=given["release"], actor=actor)


class _Step:
    """One on the way to the public; `may` tells of an item and whether it is public."""

    def __init__(self, submit: Text, fact: Text, may: Callable[[Any, bool], bool], take: Callable[..., Any]) -> None:
        self.submit, self.fact, self.may, self.take = submit, fact, may, take


_STEPS: dict[str, _Step] = {
    "internal": _Step(
        _("Show internally"),
        _("All of the bureau read it. It changes no more unless it is taken back."),
        lambda item, _public: item.stage == Stage.DRAFT,
        lambda item, actor, _given: show_internally(item=item, actor=actor),
    ),
    "rebuild": _Step(
        _("Take the figures anew"),
        _("They are replaced by those that stand now."),
        lambda item, _public: isinstance(item, Release) and item.stage == Stage.DRAFT,
        lambda item, actor, _given: rebuild_release(release=item, actor=actor, now=timezone.now()),
    ),
    "draft": _Step(
        _("Take back as a draft"),
        _("It can be changed again."),
        lambda item, _public: item.stage == Stage.INTERNAL,
        lambda item, actor, _given: take_back_draft(item=item, actor=actor),
    ),
    "release": _Step(
        _("Release"),
        _("From the instant on everybody can read it, and it stays as it is. Nothing has to run for that."),
        lambda item, _public: item.stage == Stage.INTERNAL,
        lambda item, actor, given: schedule_release(item=item, at=given["at"] or timezone.now(), actor=actor, now=timezone.now()),
    ),
    "call_off": _Step(
        _("Call the release off"),
        _("It is internal again."),
        lambda item, public: item.stage == Stage.SCHEDULED and not public,
        lambda item, actor, _given: call_off_release(item=item, actor=actor, now=timezone.now()),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def _take_step(request: HttpRequest, model: Any, pk: int, step: str) -> HttpResponse:
    found = _STEPS.get(step)
    if found is None or (step == "rebuild" and model is not Release):
        raise Http404
    item = _to_publish(request, model, pk)
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data) if step == "release" else forms.Form(data)
    title = gettext("%(step)s: “%(title)s”?") % {"step": found.submit, "title": item.label}
    question = Question(title, str(found.submit), _page(item), [found.fact], danger=step == "release")
    return _answer(
        request, question, form, lambda actor: found.take(item, actor, form.cleaned_data), gettext("Done."), model, item
    )


def _answer(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Any],
    done: str,
    model: Any,
    item: Any,
) -> HttpResponse:
    return ask_then_do(request, question, form, operation, done, model=model, after=_page, shown=lambda: {"original": item})


def _page(item: Any) -> str:
    return reverse(f"admin:reporting_{item._meta.model_name}_change", args=[item.pk])  # noqa: SLF001 (Django's name)
