"""Approving several reports: first what would happen to each, then what did."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of
from districts.admin.pages import framed
from reporting.domain.review import Outcome, Read, approve_many
from reporting.enums import SubmissionState
from reporting.models import Submission
from reporting.queries.approval import approval_problems
from reporting.queries.review import bulk_candidates

LIMIT = 200


@require_http_methods(["GET", "HEAD", "POST"])
def approve_chosen(request: HttpRequest) -> HttpResponse:
    """GET lists the chosen reports (`pk`); POST approves those named with the revision that was shown (`pk` and `seen-PK`)."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = bulk_candidates(request.user, numbers(given.getlist("pk")))
    outcomes: list[Outcome] = []
    if request.method == "POST":
        reads = [Read(submission, _seen(given, submission)) for submission in chosen]
        outcomes = list(approve_many(chosen=reads, actor=actor_of(request), now=timezone.now()))
        _say(request, outcomes)
    in_review = [submission for submission in chosen if submission.state == SubmissionState.IN_REVIEW]
    problems = approval_problems(in_review, actor_of(request))
    return framed(
        request,
        "admin/reporting/submission/approve_many.html",
        model=Submission,
        title=_("Approve several reports"),
        ready=[submission for submission in in_review if not problems[submission.pk]],
        held=[(submission, problems[submission.pk]) for submission in in_review if problems[submission.pk]],
        refused=[submission for submission in chosen if submission.state != SubmissionState.IN_REVIEW],
        outcomes=outcomes,
    )


def numbers(texts: list[str]) -> list[int]:
    """The primary keys among them, as far as one page goes."""
    return [int(text) for text in texts[:LIMIT] if text.isascii() and text.isdigit() and len(text) <= 18]


def _seen(given: QueryDict, submission: Submission) -> int | None:
    found = numbers([given.get(f"seen-{submission.pk}", "")])
    return found[0] if found else None


def _say(request: HttpRequest, outcomes: list[Outcome]) -> None:
    approved = sum(not outcome.refusals for outcome in outcomes)
    sentence = ngettext("%(count)d report was approved.", "%(count)d reports were approved.", approved) % {"count": approved}
    messages.success(request, sentence) if approved else messages.warning(request, _("No report was approved."))
