"""Signing, the receipt, and recalling what was signed."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, DomainError, NotAllowed
from districts.views.uploads import given_file, takes_files
from reporting.domain.scans import attach_scan, need_attacher, too_large
from reporting.domain.submissions import Terms, apply_transition, current_digest
from reporting.enums import TransitionName
from reporting.forms.report import ReportForm
from reporting.models import Revision
from reporting.queries.scans import may_attach, scans_of
from reporting.views.base import ReportView


class SigningView(ReportView):
    """For those who sign; others see the report and may not do this to it."""

    def need_signer(self) -> None:
        if self.submission and DistrictPermission.SIGN not in self.permissions:
            raise NotAllowed(_("Only the head of the district signs and recalls reports."))


class SignView(SigningView):
    """The whole report to read, and the statement under it. The digest of what was shown is sent back with the signature."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        self.need_signer()
        if TransitionName.SIGN not in self.steps:
            return redirect("report", pk)
        return self._render(None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need_signer()
        terms = Terms(seen_digest=request.POST.get("digest", ""), statement_accepted=request.POST.get("statement") == "yes")
        try:
            signed = apply_transition(
                submission=self.submission, name=TransitionName.SIGN, actor=self.person, now=self.now, terms=terms
            )
        except DomainError as error:
            self.forget()
            if TransitionName.SIGN not in self.steps:
                raise
            return self._render(error)
        number = signed.working_revision.number if signed.working_revision else 0
        messages.success(request, _("Signed and submitted. The bureau was told, and this is your receipt."))
        return redirect("report_revision_receipt", pk, number)

    def _render(self, error: DomainError | None) -> HttpResponse:
        context = self.common_context() | {
            "form": ReportForm(self.page, ""),
            "digest": current_digest(self.submission),
            "is_acting": self.held.get(DistrictPermission.SIGN, False),
            "refusals": error.messages if error else [],
        }
        return render(self.request, "reporting/sign.html", context, status=error.status if error else 200)


class ReceiptView(ReportView):
    """The receipt of a signed revision, the latest one where none is named, with its stamped scan."""

    def get(self, _request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:  # noqa: ARG002
        signed = [one for one in self.revisions if one.signed_at and number in {None, one.number}]
        if not signed:
            if number is None:
                raise Conflict(_("This report has not been signed yet, so it has no receipt."))
            raise Http404
        return self.render_receipt(signed[0])

    def render_receipt(self, revision: Revision, error: DomainError | None = None) -> HttpResponse:
        context = {
            "submission": self.submission,
            "revision": revision,
            "files": revision.files.all(),
            "scans": scans_of(revision),
            "may_attach": may_attach(revision, self.submission, self.permissions),
            "scan_limit": settings.SCAN_MAX_BYTES // 1024**2,
            "refusals": error.messages if error else [],
        }
        return render(self.request, "reporting/receipt.html", context, status=error.status if error else 200)


@takes_files("SCAN_MAX_BYTES")
class RevisionReceiptView(ReceiptView):
    def post(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Attach the stamped scan."""
        revision = next((one for one in self.revisions if one.signed_at and one.number == number), None)
        if revision is None:
            raise Http404
        need_attacher(self.permissions)
        try:
            file = given_file(request, "scan", missing=_("Choose the file to attach."), too_large=too_large())
            attach_scan(revision=revision, name=file.name or "", content=file.read(), actor=self.person, now=self.now)
        except DomainError as error:
            self.forget()
            return self.render_receipt(revision, error)
        messages.success(request, _("The stamped scan is attached; the bureau sees it beside the report."))
        return redirect(reverse("report_revision_receipt", args=[pk, revision.number]) + "#scan")


class RecallView(SigningView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need_signer()
        if TransitionName.RECALL not in self.steps:
            return redirect("report", pk)
        context = {
            "submission": self.submission,
            "is_locked": self.submission.is_locked(self.now),
            "heading": _("Recall this report?"),
            "text": _("It goes back to draft, as a new revision. The signed revision and its receipt stay in the history."),
            "action": _("Recall the report"),
            "danger": True,
            "action_url": reverse("report_recall", args=[pk]),
            "back_url": self.back_url(),
        }
        return render(request, "reporting/recall.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        apply_transition(submission=self.submission, name=TransitionName.RECALL, actor=self.person, now=self.now)
        messages.success(
            request, _("Recalled: the report is a draft again, in a new revision. It counts as submitted only once signed again.")
        )
        return redirect("report", pk)
