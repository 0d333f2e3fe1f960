"""The publicity plan: the bureau's list and calendar, deciding, its own plans, the outlets and how often each tells something."""

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
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.decorators import display

from districts.admin.base import BureauAdmin, PortfolioAdmin, configures
from districts.admin.pages import Question, ask_then_do, framed
from districts.models import User
from reporting.admin.bulk import numbers
from reporting.admin.filters import DistrictFilter, PublicityKindFilter, PublicityStateFilter
from reporting.domain.publicity import (
    approve_publicity,
    change_publicity,
    decline_publicity,
    note_placement,
    propose_publicity,
    withdraw_publicity,
)
from reporting.forms.publicity import BureauPlacementForm, BureauPlanForm, DeclineForm
from reporting.models import Outlet, PublicityItem
from reporting.queries.publicity import bureau_publicity, decides_on, outlet_counts

_LABELS = {"proposed": "warning", "approved": "success", "declined": "danger", "withdrawn": "info"}
_NAME = "reporting_publicityitem_{}".format
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@admin.register(Outlet)
class OutletAdmin(BureauAdmin):
    list_display = ("label_shown", "kind", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "name_zh")
    fields = (("name", "name_zh"), "kind", "is_active")
    ordering = ("name", "pk")

    @display(description=_("name"), ordering="name")
    def label_shown(self, outlet: Outlet) -> str:
        return outlet.label


@admin.register(PublicityItem)
class PublicityAdmin(PortfolioAdmin):
    list_display = ("day_shown", "title_shown", "district_shown", "outlets_shown", "state_shown")
    list_display_links = ("day_shown", "title_shown")
    list_filter = (PublicityStateFilter, PublicityKindFilter, DistrictFilter)
    search_fields = ("title", "district__code", "district__name", "district__name_zh")
    search_help_text = _("Title, or district")
    date_hierarchy = "first_day"
    ordering = ("-first_day", "-pk")
    list_before_template = "admin/reporting/publicityitem/_list_head.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublicityItem]:
        return bureau_publicity(request.user)

    @display(description=_("day"), ordering="first_day")
    def day_shown(self, item: PublicityItem) -> SafeString:
        return format_html('<span class="bureau-nowrap">{}</span>', date_format(item.first_day, "SHORT_DATE_FORMAT"))

    @display(description=_("what"), ordering="title")
    def title_shown(self, item: PublicityItem) -> SafeString:
        return format_html('<div class="bureau-cell">{}<small>{}</small></div>', item.title, item.get_kind_display())

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, item: PublicityItem) -> str:
        return str(item.district) if item.district else gettext("The bureau")

    @display(description=_("outlets"))
    def outlets_shown(self, item: PublicityItem) -> str:
        return ", ".join(f"{place.outlet.label} ✓" if place.out_on else place.outlet.label for place in item.placements.all())

    @display(description=_("state"), ordering="state", label=_LABELS)
    def state_shown(self, item: PublicityItem) -> tuple[str, str]:
        return item.state, item.get_state_display()

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return show(request, object_id)

    def add_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return new(request)

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return configures(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("outlets/", view(counts), name=_NAME("counts")),
            path("<int:pk>/edit/", view(edit), name=_NAME("edit")),
            path("<int:pk>/approve/", view(approve), name=_NAME("approve")),
            path("<int:pk>/decline/", view(decline), name=_NAME("decline")),
            path("<int:pk>/withdraw/", view(withdraw), name=_NAME("withdraw")),
            path("<int:pk>/outlets/<int:outlet_pk>/", view(note), name=_NAME("note")),
        ]
        return own + super().get_urls()


def item_for(request: HttpRequest, pk: int | str) -> PublicityItem:
    """From the person's portfolio, or the bureau's own; 404 for any other as for one that is not there."""
    for number in numbers([str(pk)]):
        return get_object_or_404(bureau_publicity(request.user), pk=number)
    raise Http404


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    item = item_for(request, object_id)
    decides = decides_on(request.user, item)
    return framed(
        request,
        "admin/reporting/publicityitem/item.html",
        model=PublicityItem,
        title=item.title,
        original=item,
        item=item,
        decides=decides and item.is_proposed,
        edits=decides and (item.is_proposed or item.is_approved),
        notes=decides and item.is_approved,
        withdraws=item.district_id is None and decides and item.is_approved,
    )


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """How often each outlet is planned and has told something, in one year."""
    this_year = timezone.localdate().year
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else this_year
    year = min(max(year, _FIRST_YEAR), _LAST_YEAR)
    rows = outlet_counts(request.user, year)
    return framed(
        request,
        "admin/reporting/publicityitem/counts.html",
        model=PublicityItem,
        title=gettext("Count by outlet"),
        year=year,
        before=year - 1,
        after=year + 1,
        rows=rows,
        planned=sum(row.planned for row in rows),
        out=sum(row.out for row in rows),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if not configures(request):
        raise PermissionDenied
    form = BureauPlanForm(request.POST or None)
    facts = [gettext("It is approved at once, and every district reads it.")]
    back = reverse("admin:reporting_publicityitem_changelist")
    question = Question(gettext("Plan publicity of the bureau"), gettext("Plan"), back, facts)
    return _step(
        request,
        question,
        form,
        lambda actor: propose_publicity(district=None, plan=form.plan, actor=actor, now=timezone.now()),
        gettext("Planned."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = _to_decide(request, pk)
    form = BureauPlanForm(request.POST or None, item=item)
    facts = [gettext("The district sees it as it is then; what has come out stays.")] if item.district else []

    def change(actor: User) -> PublicityItem:
        return change_publicity(item=item, version=form.cleaned_data["version"] or 0, plan=form.plan, actor=actor)

    question = Question(gettext("Change “%(title)s”") % {"title": item.title}, gettext("Save"), _back(item), facts)
    return _step(request, question, form, change, gettext("Changed."), item=item)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    item = _to_decide(request, pk)
    facts = [gettext("Who proposed it and the head of the district get a mail.")]
    title = gettext("Approve “%(title)s”?") % {"title": item.title}
    return _step(
        request,
        Question(title, gettext("Approve"), _back(item), facts),
        forms.Form(request.POST if request.method == "POST" else None),
        lambda actor: approve_publicity(item=item, actor=actor, now=timezone.now()),
        gettext("Approved."),
        item=item,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    item = _to_decide(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    facts = [gettext("Who proposed it and the head of the district get a mail with the reason.")]

    def end(actor: User) -> PublicityItem:
        return decline_publicity(item=item, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    title = gettext("Decline “%(title)s”?") % {"title": item.title}
    return _step(request, Question(title, gettext("Decline"), _back(item), facts), form, end, gettext("Declined."), item=item)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    item = _to_decide(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = ""

    def end(actor: User) -> PublicityItem:
        return withdraw_publicity(item=item, reason=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    title = gettext("Withdraw “%(title)s”?") % {"title": item.title}
    question = Question(title, gettext("Withdraw"), _back(item), danger=True)
    return _step(request, question, form, end, gettext("Withdrawn."), item=item)


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: int, outlet_pk: int) -> HttpResponse:
    """Where and when the outlet has told it."""
    item = _to_decide(request, pk)
    place = item.placements.filter(outlet=outlet_pk).first()
    if place is None:
        raise Http404
    initial = {"link": place.link, "out_on": place.out_on}
    form = BureauPlacementForm(request.POST if request.method == "POST" else None, initial=initial)

    def write(actor: User) -> Any:
        return note_placement(item=item, outlet_id=outlet_pk, actor=actor, now=timezone.now(), **form.cleaned_data)

    title = gettext("%(outlet)s has told it") % {"outlet": place.outlet}
    return _step(request, Question(title, gettext("Save"), _back(item)), form, write, gettext("Noted."), item=item)


def _step(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    operation: Callable[[User], Any],
    done: str,
    *,
    item: PublicityItem | None = None,
) -> HttpResponse:
    def shown() -> dict[str, Any]:
        current = item_for(request, item.pk) if item else None
        return {"original": current, "item": current}

    def after(made: Any) -> str:
        return _back(made) if isinstance(made, PublicityItem) else question.back

    template = "admin/reporting/publicityitem/step.html" if item else "admin/confirm.html"
    given: dict[str, Any] = {"model": PublicityItem, "template": template, "after": after, "shown": shown}
    return ask_then_do(request, question, form, operation, done, **given)


def _to_decide(request: HttpRequest, pk: int) -> PublicityItem:
    """403 for who sees it and does not decide on it."""
    item = item_for(request, pk)
    if not decides_on(request.user, item):
        raise PermissionDenied
    return item


def _back(item: PublicityItem) -> str:
    return reverse("admin:reporting_publicityitem_change", args=[item.pk])
