"""The symposium at the bureau: one page from the plan to the tasks that follow, and the forms that it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.decorators import display

from districts.admin.base import BureauAdmin, actor_of, attempt, for_administrators
from districts.admin.pages import Question, ask_then_do, framed
from districts.errors import Text
from districts.models import User
from reporting.admin.bulk import numbers
from reporting.admin.cells import cycle_cell, minute
from reporting.admin.documents import document_urls, documents_of
from reporting.domain.symposiums import planning, results
from reporting.domain.symposiums.mails import to_remind
from reporting.enums.symposiums import AHEAD, Decision, DocumentKind, Priority, SymposiumState
from reporting.forms.symposiums import ConclusionForm, DecisionForm, ItemForm, MeetingForm, MinutesForm, TextForm
from reporting.models import ActionItem, AgendaItem, Conclusion, Problem, Symposium
from reporting.queries.symposiums.problems import sentence
from reporting.queries.symposiums.reading import conclusions_by_priority, invited_districts, replies, timed_agenda

_LABELS = {"planned": "info", "invited": "warning", "held": "warning", "concluded": "success", "cancelled": "danger"}
_NAME = "reporting_symposium_{}".format
_S = SymposiumState


@dataclass(frozen=True)
class _Step:
    submit: Text
    fact: Text
    states: frozenset[SymposiumState]
    take: Callable[[Symposium, User], Any]
    danger: bool = False
    done: Callable[[Any], str] = lambda _made: gettext("Done.")
    about: Callable[[Symposium], list[str]] = lambda _symposium: []


def _seed() -> int:
    return int(get_random_string(8, "123456789"))


def _names_to_remind(symposium: Symposium) -> list[str]:
    names = [str(district) for district in to_remind(symposium, timezone.now())]
    return names or [gettext("none: every district has answered or has been reminded today")]


def _reminded(count: int) -> str:
    return ngettext("%(count)d district is reminded.", "%(count)d districts are reminded.", count) % {"count": count}


_STEPS: dict[str, _Step] = {
    "draw": _Step(
        _("Draw the speaking order anew"),
        _("The agenda begins anew, with every district in an order drawn by lot."),
        frozenset({_S.PLANNED}),
        lambda one, actor: planning.draw_order(symposium=one, seed=_seed(), actor=actor),
    ),
    "invite": _Step(
        _("Send the invitations"),
        _("Officers and heads of all districts of the cycle get a mail with an entry for their calendars."),
        AHEAD,
        lambda one, actor: planning.invite_districts(symposium=one, actor=actor, now=timezone.now()),
    ),
    "remind": _Step(
        _("Remind who has not answered"),
        _("Officers and heads of these districts get a mail, once a day at most:"),
        frozenset({_S.INVITED}),
        lambda one, actor: planning.remind_districts(symposium=one, actor=actor, now=timezone.now()),
        done=_reminded,
        about=_names_to_remind,
    ),
    "share": _Step(
        _("Share the pack"),
        _("The invited districts read the figures of all, what each wrote, and the key tasks."),
        frozenset({_S.INVITED, _S.HELD, _S.CONCLUDED}),
        lambda one, actor: planning.share_pack(symposium=one, actor=actor, now=timezone.now()),
    ),
    "find": _Step(
        _("Look for problems in the data"),
        _("Decisions and wordings stay; where numbers have changed, that is marked."),
        AHEAD | {_S.HELD},
        lambda one, actor: results.find_problems(symposium=one, actor=actor, now=timezone.now()),
    ),
    "hold": _Step(
        _("It has been held"),
        _("The agenda and the answers stay as they are."),
        frozenset({_S.INVITED}),
        lambda one, actor: results.hold_symposium(symposium=one, actor=actor, now=timezone.now()),
    ),
    "assign": _Step(
        _("Make the action items key tasks"),
        _("Each becomes a key task of its district; the districts get a mail, and it stands in their next report."),
        frozenset({_S.HELD}),
        lambda one, actor: results.assign_items(symposium=one, actor=actor, now=timezone.now()),
    ),
    "conclude": _Step(
        _("Conclude"),
        _("The districts read the conclusions. Nothing changes any more."),
        frozenset({_S.HELD}),
        lambda one, actor: results.conclude_symposium(symposium=one, actor=actor),
    ),
    "cancel": _Step(
        _("Cancel the symposium"),
        _("Whoever was invited gets a mail that takes it out of the calendar. This cannot be undone."),
        AHEAD,
        lambda one, actor: planning.cancel_symposium(symposium=one, actor=actor, now=timezone.now()),
        danger=True,
    ),
}


@admin.register(Symposium)
class SymposiumAdmin(BureauAdmin):
    list_display = ("title_shown", "cycle_shown", "starts_shown", "state_shown")
    list_display_links = ("title_shown",)
    list_select_related = ("cycle__definition",)
    search_fields = ("title", "title_zh", "place")
    ordering = ("-starts_at", "-pk")

    @display(description=_("title"), ordering="title")
    def title_shown(self, symposium: Symposium) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', symposium.label, symposium.place)

    @display(description=_("cycle"), ordering="cycle__period")
    def cycle_shown(self, symposium: Symposium) -> SafeString:
        return cycle_cell(symposium.cycle)

    @display(description=_("begins"), ordering="starts_at")
    def starts_shown(self, symposium: Symposium) -> SafeString:
        return minute(symposium.starts_at)

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, symposium: Symposium) -> tuple[str, str]:
        return symposium.state, symposium.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return write(request, None)

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/edit/", view(write), name=_NAME("edit")),
            path("<int:pk>/step/<slug:step>/", view(take_step), name=_NAME("step")),
            path("<int:pk>/agenda/<int:item_pk>/", view(change_item), name=_NAME("agenda")),
            path("<int:pk>/remarks/<int:item_pk>/", view(remarks), name=_NAME("remarks")),
            path("<int:pk>/assessment/", view(assessment), name=_NAME("assessment")),
            path("<int:pk>/problems/<int:problem_pk>/", view(decide), name=_NAME("problem")),
            path("<int:pk>/conclusions/", view(conclude), name=_NAME("conclusion")),
            path("<int:pk>/conclusions/<int:conclusion_pk>/remove/", view(remove_conclusion), name=_NAME("conclusion_remove")),
            path("<int:pk>/conclusions/<int:conclusion_pk>/items/", view(add_item), name=_NAME("item")),
            path("<int:pk>/items/<int:item_pk>/remove/", view(remove_item), name=_NAME("item_remove")),
        ]
        return own + document_urls(view) + super().get_urls()


def _found(pk: int | str) -> Symposium:
    for number in numbers([str(pk)]):
        return get_object_or_404(Symposium.objects.select_related("cycle__definition"), pk=number)
    raise Http404


def _back(symposium: Symposium, anchor: str = "") -> str:
    url = reverse("admin:reporting_symposium_change", args=[symposium.pk])
    return f"{url}#{anchor}" if anchor else url


@require_safe
@for_administrators
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    symposium = _found(object_id)
    problems = list(symposium.problems.select_related("indicator"))
    return framed(
        request,
        "admin/reporting/symposium/symposium.html",
        model=Symposium,
        title=symposium.label,
        original=symposium,
        symposium=symposium,
        steps=[(name, step.submit) for name, step in _STEPS.items() if symposium.state in step.states],
        agenda=timed_agenda(symposium),
        replies=replies(symposium),
        problems=[(problem, sentence(problem)) for problem in problems],
        conclusions=conclusions_by_priority(symposium),
        documents=documents_of(symposium),
        document_kinds=DocumentKind.choices,
        is_ahead=symposium.state in AHEAD,
        is_working=symposium.state in {_S.INVITED, _S.HELD},
        decides=symposium.state in AHEAD | {_S.HELD},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def write(request: HttpRequest, pk: int | None) -> HttpResponse:
    symposium = _found(pk) if pk is not None else None
    form = MeetingForm(request.POST if request.method == "POST" else None, symposium=symposium)
    back = _back(symposium) if symposium else reverse("admin:reporting_symposium_changelist")
    title = gettext("Change “%(title)s”") % {"title": symposium.label} if symposium else gettext("Plan a symposium")
    facts = (
        [gettext("Whoever was invited gets the new invitation.")]
        if symposium
        else [gettext("Every district of the cycle gets a place in the agenda, in an order drawn by lot.")]
    )

    def save(actor: User) -> Symposium:
        given, now = form.cleaned_data, timezone.now()
        if symposium is None:
            return planning.plan_symposium(cycle=given["cycle"], meeting=form.meeting, seed=_seed(), actor=actor, now=now)
        version = given["version"] or 0
        return planning.change_symposium(symposium=symposium, version=version, meeting=form.meeting, actor=actor, now=now)

    return _answer(request, Question(title, gettext("Save"), back, facts), form, save, gettext("Saved."), symposium)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    found = _STEPS.get(step)
    if found is None:
        raise Http404
    symposium = _found(pk)
    title = gettext("%(step)s: “%(title)s”?") % {"step": found.submit, "title": symposium.label}
    question = Question(title, str(found.submit), _back(symposium), [found.fact, *found.about(symposium)], danger=found.danger)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return _answer(request, question, form, lambda actor: found.take(symposium, actor), found.done, symposium)


@require_POST
@for_administrators
def change_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Up, down, or other minutes."""
    symposium = _found(pk)
    item = get_object_or_404(AgendaItem.objects.select_related("symposium"), symposium=symposium, pk=item_pk)
    actor, move = actor_of(request), request.POST.get("move", "")
    if move in {"up", "down"}:
        attempt(request, lambda: planning.move_item(item=item, up=move == "up", actor=actor), gettext("Moved."))
    else:
        form = MinutesForm(request.POST)
        minutes = form.cleaned_data["minutes"] if form.is_valid() else None
        attempt(request, lambda: planning.set_minutes(item=item, minutes=minutes, actor=actor), gettext("Changed."))
    return HttpResponseRedirect(_back(symposium, f"item-{item.pk}"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def remarks(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    symposium = _found(pk)
    item = get_object_or_404(AgendaItem.objects.select_related("symposium", "speaker"), symposium=symposium, pk=item_pk)
    form = TextForm(request.POST if request.method == "POST" else None, initial={"text": item.remarks})
    question = Question(gettext("Remarks: %(item)s") % {"item": item}, gettext("Save"), _back(symposium, f"item-{item.pk}"))

    def save(actor: User) -> AgendaItem:
        return results.note_remarks(item=item, remarks=form.cleaned_data["text"], actor=actor)

    return _answer(request, question, form, save, gettext("Saved."), symposium)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    symposium = _found(pk)
    form = TextForm(request.POST if request.method == "POST" else None, initial={"text": symposium.assessment})
    question = Question(gettext("The bureau's assessment"), gettext("Save"), _back(symposium, "results"))

    def save(actor: User) -> Symposium:
        return results.assess(symposium=symposium, text=form.cleaned_data["text"], actor=actor)

    return _answer(request, question, form, save, gettext("Saved."), symposium)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def decide(request: HttpRequest, pk: int, problem_pk: int) -> HttpResponse:
    symposium = _found(pk)
    problem = get_object_or_404(Problem.objects.select_related("symposium", "indicator"), symposium=symposium, pk=problem_pk)
    form = DecisionForm(request.POST if request.method == "POST" else None, problem=problem)
    question = Question(str(problem.get_kind_display()), gettext("Save"), _back(symposium, "problems"), [sentence(problem)])

    def save(actor: User) -> Problem:
        given = form.cleaned_data
        return results.decide_problem(problem=problem, decision=Decision(given["decision"]), text=given["text"], actor=actor)

    return _answer(request, question, form, save, gettext("Saved."), symposium)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    symposium = _found(pk)
    form = ConclusionForm(request.POST if request.method == "POST" else None)
    question = Question(gettext("Add a conclusion"), gettext("Add"), _back(symposium, "results"))

    def save(actor: User) -> Conclusion:
        given = form.cleaned_data
        return results.add_conclusion(symposium=symposium, group=Priority(given["group"]), text=given["text"], actor=actor)

    return _answer(request, question, form, save, gettext("Added."), symposium)


@require_POST
@for_administrators
def remove_conclusion(request: HttpRequest, pk: int, conclusion_pk: int) -> HttpResponse:
    symposium = _found(pk)
    found = get_object_or_404(Conclusion.objects.select_related("symposium"), symposium=symposium, pk=conclusion_pk)
    actor = actor_of(request)
    attempt(request, lambda: results.remove_conclusion(conclusion=found, actor=actor), gettext("Removed."))
    return HttpResponseRedirect(_back(symposium, "results"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def add_item(request: HttpRequest, pk: int, conclusion_pk: int) -> HttpResponse:
    symposium = _found(pk)
    found = get_object_or_404(Conclusion.objects.select_related("symposium"), symposium=symposium, pk=conclusion_pk)
    form = ItemForm(request.POST if request.method == "POST" else None, districts=invited_districts(symposium))
    question = Question(gettext("Add an action item"), gettext("Add"), _back(symposium, "results"), [found.text])

    def save(actor: User) -> ActionItem:
        return results.add_action_item(conclusion=found, item=form.item, actor=actor)

    return _answer(request, question, form, save, gettext("Added."), symposium)


@require_POST
@for_administrators
def remove_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    symposium = _found(pk)
    items = ActionItem.objects.select_related("conclusion__symposium")
    item = get_object_or_404(items, conclusion__symposium=symposium, pk=item_pk)
    actor = actor_of(request)
    attempt(request, lambda: results.remove_action_item(item=item, actor=actor), gettext("Removed."))
    return HttpResponseRedirect(_back(symposium, "results"))


def _answer(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Any],
    done: str | Callable[[Any], str],
    symposium: Symposium | None,
) -> HttpResponse:
    after = None if symposium else _back
    shown = {"original": symposium}
    return ask_then_do(request, question, form, operation, done, model=Symposium, after=after, shown=lambda: shown)
