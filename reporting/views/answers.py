"""Autosave: one question at a time, answered with the fragments of the page that follow from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from districts.errors import DomainError
from reporting.domain.answers import save_answers
from reporting.errors import StaleAnswer
from reporting.forms.answers import THEIRS, Typed, changes_of, typed_answers
from reporting.forms.report import Entry, ReportForm
from reporting.views.base import ReportView

SAVED_HEADER = "Portal-Saved"
"""The clock time of the save. A page takes an answer for saved only where it finds this header."""


class AnswersView(ReportView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        typed = typed_answers(request.POST)
        editor = request.POST.get("editor", "")
        try:
            changes = changes_of(typed.values(), editor)
            save_answers(submission=self.submission, changes=changes, actor=self.person, now=self.now)
        except StaleAnswer as stale:
            clashes = {clash.question_key: clash for clash in stale.clashes}
            form = ReportForm(self.page, editor, typed, clashes)
            return render(request, "reporting/_clashes.html", self._context(form, typed), status=stale.status)
        self.forget()
        response = render(request, "reporting/_saved.html", self._context(ReportForm(self.page, editor), typed))
        response.headers[SAVED_HEADER] = date_format(timezone.localtime(self.now), "H:i")
        return response

    def _context(self, form: ReportForm, typed: dict[str, Typed]) -> dict[str, object]:
        sent: list[Entry] = [form.entries[key] for key in typed if key in form.entries]
        return {
            "submission": self.submission,
            "form": form,
            "page": self.page,
            "sent": sent,
            "touched": form.touched_by(typed),
            "replaced": [entry for entry in sent if typed[entry.key].choice == THEIRS],
            "may_write": True,
            "oob": True,
        }

    def refused(self, error: DomainError) -> HttpResponse:
        return render(self.request, "reporting/_not_saved.html", {"refusals": error.messages}, status=error.status)
