"""The reviewer's comments: drafts, kept until the report is returned. Each write answers with the one question's comments, so
that what is being typed at other questions stays."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from districts.admin.base import actor_of
from districts.errors import DomainError
from reporting.admin.review import show_page, submission_for, to_page
from reporting.domain.comments import delete_comment, draft_comment, edit_comment
from reporting.models import Comment, Submission
from reporting.queries.review import comments_at


@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    submission, now = submission_for(request, pk), timezone.now()
    key, text = request.POST.get("question_key", "")[:40], request.POST.get("text", "")
    try:
        draft_comment(submission=submission, question_key=key, text=text, actor=actor_of(request), now=now)
    except DomainError as error:
        return _refused(request, submission, key, error, text=text)
    return _done(request, submission, key, _("Your comment is kept as a draft until you return the report."))


@require_POST
def rewrite_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    submission = submission_for(request, pk)
    comment = _comment(submission, comment_pk)
    text, seen = request.POST.get("text", ""), request.POST.get("version", "")
    seen_version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        edit_comment(comment=comment, text=text, seen_version=seen_version, actor=actor_of(request))
    except DomainError as error:
        return _refused(request, submission, comment.question_key, error, text=text, comment_pk=comment.pk)
    return _done(request, submission, comment.question_key, _("The comment is saved."))


@require_POST
def remove_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    submission = submission_for(request, pk)
    comment = _comment(submission, comment_pk)
    try:
        delete_comment(comment=comment, actor=actor_of(request))
    except DomainError as error:
        return _refused(request, submission, comment.question_key, error)
    return _done(request, submission, comment.question_key, _("The comment is removed."))


def _comment(submission: Submission, pk: int) -> Comment:
    return get_object_or_404(submission.comments.select_related("submission"), pk=pk)


def anchor(question_key: str) -> str:
    return f"comments-{question_key or 'whole-report'}"


def _done(request: HttpRequest, submission: Submission, question_key: str, sentence: str) -> HttpResponse:
    if _wants_fragment(request):
        return _fragment(request, submission, question_key, saved=sentence)
    messages.success(request, sentence)
    return to_page(submission, anchor(question_key))


def _refused(
    request: HttpRequest, submission: Submission, question_key: str, error: DomainError, *, text: str = "", comment_pk: int = 0
) -> HttpResponse:
    """Nothing was written, and what was typed is shown again beside what is stored."""
    refused = {"key": question_key, "comment_pk": comment_pk, "text": text, "messages": error.messages}
    if _wants_fragment(request):
        return _fragment(request, submission, question_key, status=error.status, refused=refused)
    return show_page(request, submission, status=error.status, refused=refused)


def _wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _fragment(
    request: HttpRequest, submission: Submission, question_key: str, status: int = 200, **context: object
) -> HttpResponse:
    shown = {
        "submission": submission,
        "key": question_key,
        "comments": comments_at(submission, question_key),
        "may_comment": submission.state == "in_review",
        "now": timezone.now(),
        **context,
    }
    return render(request, "admin/reporting/submission/_comments.html", shown, status=status)
