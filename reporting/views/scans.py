"""The stamped scan of a signed report: attached on its receipt, and given out to who may see the district."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from districts.views.downloads import attachment
from reporting.enums import FileKind
from reporting.models import Scan, Submission
from reporting.queries.scans import scans_for
from reporting.views.base import ReportView

_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
_ENDINGS = {FileKind.PDF: "pdf", FileKind.JPEG: "jpg", FileKind.PNG: "png"}


class ScanView(ReportView):
    """The file itself, always to be saved: no browser opens it as a page of the portal."""

    def get(self, _request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        own = scans_for(self.person, self.submission).defer(None).select_related("revision")
        scan = get_object_or_404(own, pk=scan_pk)
        headers = _HEADERS | {"Content-Disposition": disposition(scan, self.submission)}
        return HttpResponse(scan.content, content_type=FileKind(scan.kind).content_type, headers=headers)


def disposition(scan: Scan, submission: Submission) -> str:
    """With a name of ours: what somebody called the file says nothing."""
    ending = _ENDINGS[FileKind(scan.kind)]
    names = {"district": submission.district_label, "period": submission.cycle.period, "number": scan.revision.number}
    full = _("%(district)s %(period)s, stamped report, revision %(number)d") % names
    return attachment(f"{full}.{ending}", f"{scan.revision.receipt_number}.{ending}")
