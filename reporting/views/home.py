"""The first page of a district's people: what is due, in order of urgency."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from districts.enums import DistrictPermission
from districts.models import User
from districts.queries.access import permissions_by_district, works_at_bureau
from districts.queries.people import memberships_of
from districts.views.pages import PortalView
from reporting.models import Submission
from reporting.queries.key_tasks import open_standings
from reporting.queries.next_steps import NextStep, next_step
from reporting.queries.progress import Progress, progress_of
from reporting.queries.submissions import owed, past
from reporting.queries.targets.of_districts import own_standings

PAST_ON_A_PAGE = 20
OWED_ON_A_PAGE = 50
TASKS_SHOWN = 5
TARGETS_SHOWN = 12


@dataclass(frozen=True)
class DueReport:
    submission: Submission
    progress: Progress
    step: NextStep
    open_comments: int
    answers: int
    is_overdue: bool
    is_locked: bool


class HomeView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        memberships = memberships_of(self.person)
        if works_at_bureau(self.person) and not memberships:
            return redirect("admin:index")
        now = self.now
        own = [one.district_id for one in memberships]
        cycle, targets = own_standings(own)
        context = {
            "now": now,
            "targets": targets[:TARGETS_SHOWN],
            "targets_cycle": cycle,
            "several": len(own) > 1,
            "reports": due_reports(self.person, now),
            "tasks": open_standings(own, now)[:TASKS_SHOWN],
            "page_obj": Paginator(past(self.person, now), PAST_ON_A_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "reporting/home.html", context)


def due_reports(person: User, now: datetime) -> list[DueReport]:
    """What the person's districts owe, or have handed in while the time runs; most urgent first."""
    submissions = list(owed(person, now)[:OWED_ON_A_PAGE])
    progress = progress_of(submissions)
    permissions = permissions_by_district(person, {one.district_id for one in submissions})
    return [_due_report(one, progress[one.pk], permissions[one.district_id], now) for one in submissions]


def _due_report(
    submission: Submission, progress: Progress, permissions: frozenset[DistrictPermission], now: datetime
) -> DueReport:
    comments: int = getattr(submission, "open_comment_count", 0)
    complete = progress.answered >= progress.required
    return DueReport(
        submission=submission,
        progress=progress,
        step=next_step(submission, permissions, now, open_comments=comments, complete=complete),
        open_comments=comments,
        answers=getattr(submission, "answered_enquiry_count", 0) or 0,
        is_overdue=submission.is_overdue(now),
        is_locked=submission.is_locked(now),
    )
