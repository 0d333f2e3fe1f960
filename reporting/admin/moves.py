"""Moving an open cycle to a newer version: what is dropped is listed first."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.errors import DomainError
from reporting.domain.moves import move_cycle
from reporting.models import Cycle, DefinitionVersion
from reporting.queries.moves import planned_move, versions_ahead


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """First the version, then what moving would do, then the move."""
    cycle = get_object_or_404(Cycle.objects.select_related("definition", "definition_version__definition"), pk=pk)
    chosen = request.POST.get("version", "") if request.method == "POST" else request.GET.get("version", "")
    if request.method != "POST":
        ahead = list(versions_ahead(cycle)) if cycle.opened_at else []
        target = _named(ahead, chosen) if chosen else ahead[0] if ahead else None
        return _page(request, cycle, target, ahead)
    target = get_object_or_404(DefinitionVersion, pk=int(chosen)) if _is_number(chosen) else None
    if target is None:
        raise Http404
    try:
        moved = move_cycle(cycle=cycle, target=target, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _page(request, cycle, None, [], error)
    sentence = ngettext(
        "The cycle asks version %(number)d now; %(moved)d report has moved with it.",
        "The cycle asks version %(number)d now; %(moved)d reports have moved with it.",
        moved,
    )
    messages.success(request, sentence % {"number": target.number, "moved": moved})
    return redirect(reverse("admin:reporting_cycle_change", args=[cycle.pk]))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _named(ahead: list[DefinitionVersion], chosen: str) -> DefinitionVersion:
    for version in ahead:
        if str(version.pk) == chosen:
            return version
    raise Http404


def _page(
    request: HttpRequest,
    cycle: Cycle,
    target: DefinitionVersion | None,
    ahead: list[DefinitionVersion],
    refusal: DomainError | None = None,
) -> HttpResponse:
    return framed(
        request,
        "admin/reporting/cycle/move.html",
        model=Cycle,
        status=refusal.status if refusal else 200,
        title=gettext("Move %(cycle)s to a newer version") % {"cycle": cycle},
        original=cycle,
        ahead=ahead,
        plan=planned_move(cycle, target) if target else None,
        refusals=refusal.messages if refusal else (),
    )
