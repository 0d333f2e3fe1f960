"""Reading one report: the review page, and the comparison of two of its revisions."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from districts.admin.base import actor_of
from districts.admin.pages import framed
from reporting.models import Submission
from reporting.queries.review import review_page, reviewable
from reporting.queries.revisions import revision_diff, signed_revisions


def submission_for(request: HttpRequest, pk: int | str) -> Submission:
    """The report, from the person's portfolio; 404 for one of another's as for one that is not there."""
    text = str(pk)
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise Http404
    return get_object_or_404(reviewable(request.user), pk=int(text))


def to_page(submission: Submission, anchor: str = "") -> HttpResponseRedirect:
    url = reverse("admin:reporting_submission_change", args=[submission.pk])
    return HttpResponseRedirect(f"{url}#{anchor}" if anchor else url)


def show_page(request: HttpRequest, submission: Submission, *, status: int = 200, **context: object) -> HttpResponse:
    """The review page; `context` may carry a comment that was refused, with what was typed."""
    page = review_page(submission, actor_of(request))
    return framed(
        request,
        "admin/reporting/submission/review.html",
        model=Submission,
        status=status,
        title=str(submission),
        content_title=submission.district_label,
        page=page,
        submission=submission,
        original=submission,
        now=timezone.now(),
        is_fullwidth="1",
        **context,
    )


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    return show_page(request, submission_for(request, object_id))


@require_safe
def compare(request: HttpRequest, pk: int, before: int, after: int) -> HttpResponse:
    """Two signed revisions by their numbers, the earlier one first whichever way they are asked for."""
    submission = submission_for(request, pk)
    signed = {revision.number: revision for revision in signed_revisions(submission)}
    if before == after or not {before, after} <= signed.keys():
        raise Http404
    return framed(
        request,
        "admin/reporting/submission/compare.html",
        model=Submission,
        title=_("Revision %(before)d and revision %(after)d") % {"before": min(before, after), "after": max(before, after)},
        submission=submission,
        original=submission,
        diff=revision_diff(signed[min(before, after)], signed[max(before, after)]),
    )
