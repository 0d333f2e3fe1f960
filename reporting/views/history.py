"""A report's events and revisions, and what changed between two of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from districts.errors import DomainError
from reporting.models import Revision
from reporting.queries.revisions import revision_diff
from reporting.views.base import ReportView


class HistoryView(ReportView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        context = {
            "submission": self.submission,
            "events": self.submission.events.select_related("actor", "revision"),
            "revisions": self.revisions,
        }
        return render(request, "reporting/history.html", context)


class CompareView(ReportView):
    """Two revisions side by side: `?before=1&after=2`."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        before, after = self._revision("before"), self._revision("after")
        if before.number > after.number:
            before, after = after, before
        context = {"submission": self.submission, "revisions": self.revisions, "diff": revision_diff(before, after)}
        return render(request, "reporting/compare.html", context)

    def _revision(self, name: str) -> Revision:
        text = self.request.GET.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise DomainError(_("Choose the two revisions to compare."))
        for revision in self.revisions:
            if revision.number == int(text):
                return revision
        raise Http404
