"""The district's answers to the reviewer's comments."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from districts.errors import DomainError
from reporting.domain.comments import address_comment
from reporting.enums import CommentState
from reporting.models import Comment
from reporting.views.base import ReportView


class CommentAnswerView(ReportView):
    def post(self, request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
        sent = Comment.objects.for_user(self.person).exclude(state=CommentState.DRAFT)
        comment = get_object_or_404(sent, pk=comment_pk, submission=self.submission)
        address_comment(comment=comment, reply=request.POST.get("reply", ""), actor=self.person, now=self.now)
        messages.success(request, _("The comment is marked as addressed."))
        response = redirect("report", pk)
        response.headers["Location"] += f"#comment-{comment_pk}"
        return response

    def refused(self, error: DomainError) -> HttpResponse:
        self.forget()
        return self.render_report(refusal=error, status=error.status)
