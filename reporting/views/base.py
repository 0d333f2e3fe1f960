"""What the pages of one report have in common: the report, what the person may do with it, and which revision may be read."""

from functools import cached_property
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from districts.enums import DistrictPermission
from districts.errors import DomainError
from districts.queries.access import held_on
from districts.queries.people import contacts_of
from districts.views.pages import PortalView
from reporting.enums import TransitionName
from reporting.forms.report import ReportForm
from reporting.models import Revision, Submission
from reporting.queries.enquiries import ASKERS, may_ask, threads_of
from reporting.queries.key_tasks import report_tasks
from reporting.queries.next_steps import may_write, steps_for
from reporting.queries.petitions import askable, petitions_of
from reporting.queries.reports import ReportPage, report_page
from reporting.queries.scans import with_scan_marks
from reporting.queries.submissions import sent_back, submissions_for


class ReportView(PortalView):
    """A page of one report. What the person may not know of answers as what does not exist."""

    def get_submission(self) -> Submission:
        return get_object_or_404(submissions_for(self.person), pk=self.kwargs["pk"])

    @cached_property
    def submission(self) -> Submission:
        return self.get_submission()

    @cached_property
    def held(self) -> dict[DistrictPermission, bool]:
        """The person's permissions, and whether each is for a period alone."""
        return held_on(self.person, self.submission.district_id)

    @cached_property
    def permissions(self) -> frozenset[DistrictPermission]:
        return frozenset(self.held)

    @property
    def may_petition(self) -> bool:
        """Whether the person is one of those who ask for the district."""
        return bool(ASKERS & self.permissions)

    @cached_property
    def reads_signed_only(self) -> bool:
        """The bureau reads what was signed, not what a district is writing."""
        files = self.permissions & {DistrictPermission.FILE, DistrictPermission.SIGN}
        return not files and DistrictPermission.REVIEW in self.permissions

    @cached_property
    def revisions(self) -> list[Revision]:
        """The revisions that the person may read, latest first, with `has_scan`."""
        found = with_scan_marks(self.submission.revisions.order_by("-number"))
        return list(found.filter(signed_at__isnull=False) if self.reads_signed_only else found)

    @cached_property
    def revision(self) -> Revision | None:
        """What the page shows."""
        if not self.reads_signed_only:
            return self.submission.working_revision
        return self.revisions[0] if self.revisions else None

    @cached_property
    def page(self) -> ReportPage:
        return report_page(self.submission, revision=self.revision)

    def back_url(self) -> str:
        return reverse("report", args=[self.kwargs["pk"]])

    def forget(self) -> None:
        """Read the report again where it may have moved."""
        for name in ("submission", "revisions", "revision", "page"):
            self.__dict__.pop(name, None)

    def common_context(self) -> dict[str, Any]:
        locked = self.submission.is_locked(self.now)
        return {
            "now": self.now,
            "submission": self.submission,
            "revision": self.revision,
            "page": self.page,
            "steps": {name.value for name in self.steps},
            "may_write": may_write(self.submission, self.permissions, self.now),
            "file_limit": settings.FILE_MAX_BYTES // 1024**2,
            "is_locked": locked,
            "is_overdue": self.submission.is_overdue(self.now),
            "tasks": report_tasks(self.submission, self.revision, self.now),
            "sent_back": sent_back(self.submission),
            "reviewers": contacts_of(self.submission.district) if locked else [],
            "workbook_limit": settings.WORKBOOK_MAX_BYTES // 1024**2,
        }

    @property
    def steps(self) -> frozenset[TransitionName]:
        return steps_for(self.submission, self.permissions, self.now)

    def render_report(
        self, form: ReportForm | None = None, *, refusal: DomainError | None = None, status: int = 200, **more: object
    ) -> HttpResponse:
        """The report's own page, with what was refused at its top; `more` is what was refused elsewhere on it."""
        petitions = petitions_of(self.submission)
        context = self.common_context() | {
            "form": form or ReportForm(self.page, new_editor()),
            "refusals": refusal.messages if refusal else [],
            "threads": threads_of(self.submission),
            "may_ask": may_ask(self.submission, self.permissions),
            "petitions": petitions,
            "closed_petitions": [petition for petition in petitions if not petition.is_waiting],
            "may_withdraw": self.may_petition,
            "askable": askable(self.submission, self.permissions, petitions, self.now),
            "waits_for_signature": self.reads_signed_only and self.revision is None,
        }
        return render(self.request, "reporting/report.html", context | more, status=status)


def new_editor() -> str:
    """A page's own token: its own saves never clash with one another."""
    return uuid4().hex
