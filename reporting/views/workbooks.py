"""The workbook of a report: downloaded, uploaded, looked at in a preview, and confirmed."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.errors import Conflict, DomainError, NotAllowed, Refused, Text
from districts.views.downloads import attachment
from districts.views.uploads import given_file, takes_files
from reporting.domain.workbooks import changes_of, confirm_upload, need_editable
from reporting.errors import AnswerClash, StaleAnswer
from reporting.forms.workbooks import Chosen, PreviewForm
from reporting.models import WorkbookUpload
from reporting.queries.next_steps import may_write
from reporting.queries.reports import content_of
from reporting.queries.workbooks import uploads_of
from reporting.views.base import ReportView
from reporting.workbooks.marking import marked_copy
from reporting.workbooks.preview import keep_preview, preview_of
from reporting.workbooks.reading import read_book
from reporting.workbooks.writing import CONTENT_TYPE, workbook_of


class WorkbookDownloadView(ReportView):
    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        if self.reads_signed_only and self.revision is None:
            raise Conflict(_("The district is still working on this report. The bureau reads it once the head has signed it."))
        content = workbook_of(self.page, editable=may_write(self.submission, self.permissions, self.now))
        names = {"district": self.submission.district_label, "period": self.submission.cycle.period}
        return workbook_response(content, _("%(district)s %(period)s, workbook") % names, self.submission.cycle.period)


@takes_files("WORKBOOK_MAX_BYTES")
class WorkbookView(ReportView):
    """Both ways between the report and a spreadsheet, with how it goes."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        return self.render_workbook()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        need_editable(submission=self.submission, actor=self.person, now=self.now)
        file = given_file(request, "workbook", missing=_("Choose the workbook to upload."), too_large=_too_large())
        content = file.read()
        preview = preview_of(read_book(content), self.submission)
        upload = keep_preview(
            preview=preview,
            submission=self.submission,
            name=file.name or "",
            content=content,
            actor=self.person,
            now=self.now,
        )
        return redirect("report_workbook_preview", pk, upload.pk)

    def refused(self, error: DomainError) -> HttpResponse:
        if isinstance(error, NotAllowed):
            return super().refused(error)
        self.forget()
        return self.render_workbook(error)

    def _why_not(self) -> Sequence[Text]:
        """Why the person cannot upload now; nothing where that is possible."""
        try:
            need_editable(submission=self.submission, actor=self.person, now=self.now)
        except DomainError as error:
            return error.messages
        return ()

    def render_workbook(self, refusal: DomainError | None = None) -> HttpResponse:
        context = {
            "submission": self.submission,
            "revision": self.revision,
            "may_write": may_write(self.submission, self.permissions, self.now),
            "read_only": self._why_not(),
            "waits_for_signature": self.reads_signed_only and self.revision is None,
            "refusals": refusal.messages if refusal else [],
            "workbook_limit": settings.WORKBOOK_MAX_BYTES // 1024**2,
        }
        return render(self.request, "reporting/workbook.html", context, status=refusal.status if refusal else 200)


class UploadView(ReportView):
    """Of one uploaded workbook: for who uploaded it it is there, for everybody else it is not."""

    @cached_property
    def upload(self) -> WorkbookUpload:
        return get_object_or_404(uploads_of(self.person, self.submission, self.now), pk=self.kwargs["upload_pk"])


class WorkbookPreviewView(UploadView):
    def get(self, _request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:  # noqa: ARG002
        return self.render_preview(self.form())

    def post(self, request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:  # noqa: ARG002
        chosen = Chosen.of(request.POST)
        try:
            saved = confirm_upload(upload=self.upload, keys=chosen.keys, settled=chosen.settled, actor=self.person, now=self.now)
        except StaleAnswer as stale:
            clashes = {clash.question_key: clash for clash in stale.clashes}
            return self.render_preview(self.form(chosen, clashes), stale)
        except (Refused, Conflict) as error:
            return self.render_preview(self.form(chosen), error)
        words = ngettext("%(number)d change was saved.", "%(number)d changes were saved.", len(saved)) % {"number": len(saved)}
        messages.success(request, words)
        return redirect("report", pk)

    def form(self, chosen: Chosen | None = None, clashes: Mapping[str, AnswerClash] | None = None) -> PreviewForm:
        self.forget()
        content = content_of(self.submission, self.submission.working_revision)
        return PreviewForm(self.submission, self.upload, content, changes_of(self.upload), chosen, clashes or {})

    def render_preview(self, form: PreviewForm, refusal: DomainError | None = None) -> HttpResponse:
        revision = self.submission.working_revision
        context = {
            "submission": self.submission,
            "upload": self.upload,
            "form": form,
            "is_current": revision is not None and revision.pk == self.upload.revision_id,
            "may_write": may_write(self.submission, self.permissions, self.now),
            "refusals": refusal.messages if refusal else [],
        }
        return render(self.request, "reporting/workbook_preview.html", context, status=refusal.status if refusal else 200)


class MarkedView(WorkbookPreviewView):
    http_method_names = ["get", "head", "options"]

    def get(self, _request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:  # noqa: ARG002
        """The workbook with what is wrong at its cells, as things stand now."""
        kept = WorkbookUpload.objects.get(pk=self.upload.pk)
        content = marked_copy(read_book(bytes(kept.content)), self.form().marks)
        names = {"name": kept.name.rpartition(".")[0] or kept.name}
        return workbook_response(content, _("%(name)s, marked") % names, "marked")


def workbook_response(content: bytes, name: str, plain: str) -> HttpResponse:
    headers = {"Content-Disposition": attachment(f"{name}.xlsx", f"{plain}.xlsx"), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


def _too_large() -> str:
    limit = {"limit": settings.WORKBOOK_MAX_BYTES // 1024**2}
    return _("The workbook is too large: %(limit)d MB are possible. Delete what you added to it, such as pictures.") % limit
