"""The table of all portfolios: districts go from one reviewer to another in one go, after a look at what will change."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of, for_administrators
from districts.admin.pages import framed
from districts.domain.portfolios import PortfoliosMoved, planned, reassign_districts
from districts.errors import DomainError
from districts.forms.portfolios import SEEN, WANTED, seen_in, wishes_from, written
from districts.models import BureauRole
from districts.queries.portfolios import Wish, portfolio_table


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def portfolios(request: HttpRequest) -> HttpResponse:
    """GET shows the table; POST shows what its ticks would change, and with `confirm` does it, with `back` returns to them."""
    wishes: Sequence[Wish] = ()
    if request.method != "POST":
        return _table(request)
    try:
        wishes = wishes_from(request.POST)
        if "back" in request.POST:
            return _table(request, wishes)
        return _save(request, wishes) if "confirm" in request.POST else _ask(request, wishes)
    except DomainError as error:
        return _table(request, wishes, error)


def _table(request: HttpRequest, wishes: Sequence[Wish] = (), refusal: DomainError | None = None) -> HttpResponse:
    """With what was ticked; after a refusal, with what is stored beside it."""
    number = request.GET.get("page", "")
    table = portfolio_table(int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1, wishes=wishes)
    return framed(
        request,
        "admin/districts/bureaurole/portfolios.html",
        model=BureauRole,
        status=refusal.status if refusal else 200,
        title=_("Portfolios"),
        table=table,
        seen=seen_in(table.rows),
        refusals=refusal.messages if refusal else (),
        clashes=refusal.clashes if isinstance(refusal, PortfoliosMoved) else (),
    )


def _ask(request: HttpRequest, wishes: Sequence[Wish]) -> HttpResponse:
    plan = planned(wishes=wishes, actor=actor_of(request))
    if not plan.changes:
        messages.info(request, _("Nothing is different from what is stored."))
        return redirect(request.get_full_path())
    return framed(
        request,
        "admin/districts/bureaurole/portfolios_confirm.html",
        model=BureauRole,
        title=_("Reassign districts"),
        plan=plan,
        given={
            SEEN: written({wish.district_id: wish.seen for wish in wishes}),
            WANTED: written({wish.district_id: wish.wanted for wish in wishes}),
        },
    )


def _save(request: HttpRequest, wishes: Sequence[Wish]) -> HttpResponse:
    count = len(reassign_districts(wishes=wishes, actor=actor_of(request)))
    sentence = ngettext("%(count)d district was reassigned.", "%(count)d districts were reassigned.", count)
    messages.success(request, sentence % {"count": count})
    return redirect(request.get_full_path())
