"""Evidence: files added at a question, given out to who may see them, and removed again."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.errors import DomainError, NotAllowed
from districts.views.uploads import given_file, takes_files
from reporting.domain.evidence import add_file, file_too_large, need_filer, remove_file
from reporting.enums import QuestionKind
from reporting.forms.report import Entry, ReportForm
from reporting.models import EvidenceFile, Question
from reporting.queries.evidence import files_for
from reporting.queries.next_steps import may_write
from reporting.validators.files import shown_name
from reporting.views.base import ReportView
from reporting.views.stored import stored_response


@takes_files("FILE_MAX_BYTES")
class EvidenceView(ReportView):
    """Adds a file to the answer, and shows what is wrong with one that was refused at its question."""

    @cached_property
    def question(self) -> Question:
        question = self.page.questionnaire.by_key.get(self.kwargs["key"])
        if question is None or question.kind != QuestionKind.FILE:
            raise Http404
        return question

    def post(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        question = self.question
        need_filer(self.permissions)
        try:
            file = given_file(request, "file", missing=_("Choose the file to add."), too_large=file_too_large())
            name, content = file.name or "", file.read()
            add_file(submission=self.submission, question_key=key, name=name, content=content, actor=self.person, now=self.now)
        except NotAllowed:
            raise
        except DomainError as error:
            self.forget()
            return self._refused(question, error)
        self.forget()
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "reporting/_files_saved.html", self._pieces(question))
        messages.success(request, _("The file is added."))
        return redirect(reverse("report", args=[pk]) + f"#q-{question.key}")

    def _refused(self, question: Question, error: DomainError) -> HttpResponse:
        refused: dict[str, Any] = {"refused_key": question.key, "file_refusals": error.messages}
        refused["refused_name"] = shown_name(getattr(self.request.FILES.get("file"), "name", ""))
        if self.request.htmx:  # type: ignore[attr-defined]
            return render(self.request, "reporting/_files_saved.html", self._pieces(question) | refused, status=error.status)
        return self.render_report(status=error.status, **refused)

    def _pieces(self, question: Question) -> dict[str, Any]:
        form = ReportForm(self.page, "")
        entry: Entry = form.entries[question.key]
        context = {"form": form, "entry": entry, "row": entry.row, "page": self.page, "submission": self.submission}
        return context | {"may_write": may_write(self.submission, self.permissions, self.now), "oob": True}


class EvidenceFileView(ReportView):
    """The file itself, always to be saved: no browser opens it as a page of the portal."""

    @cached_property
    def file(self) -> EvidenceFile:
        return get_object_or_404(files_for(self.person, self.submission, self.revisions), pk=self.kwargs["file_pk"])

    def get(self, _request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:  # noqa: ARG002 (the URL's)
        return stored_response(self.file)


class EvidenceRemoveView(EvidenceFileView):
    """Asks, and takes the file out of the report."""

    def get(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:  # noqa: ARG002
        file, context = self.file, self.common_context()
        need_filer(self.permissions)
        if not context["may_write"]:
            return redirect("report", pk)
        return render(request, "reporting/remove_file.html", context | {"file": file, "question": self._question()})

    def post(self, request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:  # noqa: ARG002
        file = self.file
        remove_file(file=file, actor=self.person, now=self.now)
        messages.success(request, _("“%(name)s” is removed.") % {"name": file})
        return redirect(reverse("report", args=[pk]) + f"#q-{file.question_key}")

    def _question(self) -> Question | None:
        return self.page.questionnaire.by_key.get(self.file.question_key)
