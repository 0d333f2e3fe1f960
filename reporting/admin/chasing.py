"""Chasing districts: first who would get what, then what was done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of
from districts.admin.pages import framed
from districts.errors import DomainError
from reporting.admin.bulk import numbers
from reporting.domain.chasing import chase_many, standard_text
from reporting.domain.review import Outcome
from reporting.forms.chasing import ChaseForm
from reporting.models import Submission
from reporting.queries.chasing import chosen_for_chasing, overdue_reports


@require_http_methods(["GET", "HEAD", "POST"])
def chase_chosen(request: HttpRequest) -> HttpResponse:
    """GET lists the chosen reports (`pk`, or `cycle` for all its overdue ones) and their people; POST writes to those named."""
    now, given = timezone.now(), request.POST if request.method == "POST" else request.GET
    pks = numbers(given.getlist("pk"))
    for cycle_id in numbers(given.getlist("cycle")[:1]):
        pks = pks or overdue_reports(request.user, cycle_id, now)
    chosen = chosen_for_chasing(request.user, pks, now)
    form = ChaseForm(request.POST or None, initial={"text": standard_text()})
    outcomes: list[Outcome] = []
    status = 200
    if request.method == "POST":
        try:
            outcomes = _chase(request, form, [chase.submission for chase in chosen])
        except DomainError as error:
            form.add_error(None, [str(message) for message in error.messages])
        status = 200 if form.is_valid() else 422
    return framed(
        request,
        "admin/reporting/submission/chase.html",
        model=Submission,
        status=status,
        title=_("Chase districts for their reports"),
        form=form,
        ready=[chase for chase in chosen if not chase.problem],
        refused=[chase for chase in chosen if chase.problem],
        outcomes=outcomes,
    )


def _chase(request: HttpRequest, form: ChaseForm, chosen: list[Submission]) -> list[Outcome]:
    if not form.is_valid():
        return []
    text = form.cleaned_data["text"]
    outcomes = list(chase_many(chosen=chosen, text=text, actor=actor_of(request), now=timezone.now()))
    count = sum(not outcome.refusals for outcome in outcomes)
    sentence = ngettext("%(count)d district was written to.", "%(count)d districts were written to.", count) % {"count": count}
    messages.success(request, sentence) if count else messages.warning(request, _("Nobody was written to."))
    return outcomes
