"""The bureau's list of reports, and the way to each one's review."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from districts.admin.base import PortfolioAdmin
from districts.enums import DistrictPermission
from districts.queries.access import bureau_may
from reporting.admin import bulk, chasing, checking, review, review_comments, review_steps
from reporting.admin.cells import cycle_cell, minute, state_cell
from reporting.admin.filters import CheckedFilter, CycleFilter, LateFilter, PeerGroupFilter, StateFilter
from reporting.models import Submission
from reporting.models.submission import SubmissionQuerySet
from reporting.queries.checks import checks_of
from reporting.queries.review import reviewable, with_list_columns
from reporting.templatetags.reports import duration


@admin.register(Submission)
class SubmissionAdmin(PortfolioAdmin):
    list_display = (
        "district_shown",
        "cycle_shown",
        "state_shown",
        "due_shown",
        "late_shown",
        "signed_shown",
        "comments_shown",
        "checked_shown",
    )
    list_display_links = ("district_shown",)
    list_filter = (StateFilter, CycleFilter, PeerGroupFilter, LateFilter, CheckedFilter)
    search_fields = ("district__code", "district_name", "district_name_zh", "district__name", "district__name_zh")
    search_help_text = _("District, by name or code")
    actions = ("approve_selected", "chase_selected")
    list_disable_select_all = True

    def get_queryset(self, request: HttpRequest) -> SubmissionQuerySet:
        return with_list_columns(reviewable(request.user))

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:
        """The queue is served longest wait first."""
        if request.GET.get("state") == "waiting":
            return ("working_revision__signed_at", "pk")
        return ("-cycle__due_at", "district__code", "pk")

    @display(description=_("district"), ordering="district__code")
    def district_shown(self, submission: Submission) -> str:
        return submission.district_label

    @display(description=_("cycle"), ordering="cycle__due_at")
    def cycle_shown(self, submission: Submission) -> SafeString:
        return cycle_cell(submission.cycle)

    @display(description=_("state"), ordering="state")
    def state_shown(self, submission: Submission) -> SafeString:
        return state_cell(submission)

    @display(description=_("due"), ordering="due")
    def due_shown(self, submission: Submission) -> SafeString:
        shown = minute(submission.due_in_force)
        own = gettext("own due time") if submission.due_at else ""
        return format_html('<div class="bureau-cell bureau-nowrap">{}<small>{}</small></div>', shown, own)

    @display(description=_("late by"))
    def late_shown(self, submission: Submission) -> str:
        now = timezone.now()
        if submission.late_by is not None:
            return duration(submission.late_by)
        if submission.is_overdue(now):
            return gettext("%(time)s, not handed in") % {"time": duration(now - submission.due_in_force)}
        return "–"

    @display(description=_("signed"), ordering="working_revision__signed_at")
    def signed_shown(self, submission: Submission) -> SafeString | str:
        revision = submission.working_revision
        if revision is None or revision.signed_at is None:
            return "–"
        return minute(revision.signed_at)

    @display(description=_("comments"))
    def comments_shown(self, submission: Submission) -> str:
        return str(len(getattr(submission, "sent_comments", ())) or "–")

    @display(description=_("checked by"))
    def checked_shown(self, submission: Submission) -> str:
        return ", ".join(str(check.actor) for check in checks_of(submission)) or "–"

    @action(description=_("Approve the chosen reports…"), permissions=["approve"])
    def approve_selected(self, request: HttpRequest, queryset: SubmissionQuerySet) -> HttpResponse | None:
        return _to_page_of_many(request, queryset, "admin:reporting_submission_approve_many")

    @action(description=_("Chase the chosen districts…"))
    def chase_selected(self, request: HttpRequest, queryset: SubmissionQuerySet) -> HttpResponse | None:
        if queryset.order_by().values("cycle").distinct().count() > 1:
            messages.error(request, gettext("Choose reports of one cycle: the text speaks of one."))
            return None
        return _to_page_of_many(request, queryset, "admin:reporting_submission_chase")

    def has_approve_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        """Whether the action is offered; each report is judged by itself when it is taken."""
        return bureau_may(request.user, DistrictPermission.APPROVE)

    def change_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return review.show(request, object_id)

    def history_view(self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A report's history is its events, on its own page."""
        return review.to_page(review.submission_for(request, object_id), "events")

    def add_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def delete_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise PermissionDenied

    def get_urls(self) -> list[URLPattern]:
        name = "reporting_submission_{}".format
        view = self.admin_site.admin_view
        own = [
            path("approve/", view(bulk.approve_chosen), name=name("approve_many")),
            path("chase/", view(chasing.chase_chosen), name=name("chase")),
            path("<int:pk>/step/<slug:step>/", view(review_steps.take_step), name=name("step")),
            path("<int:pk>/check/", view(checking.check), name=name("check")),
            path("<int:pk>/due/", view(review_steps.give_due_time), name=name("due")),
            path("<int:pk>/comments/", view(review_comments.add_comment), name=name("comment_add")),
            path("<int:pk>/comments/<int:comment_pk>/", view(review_comments.rewrite_comment), name=name("comment")),
            path("<int:pk>/comments/<int:comment_pk>/delete/", view(review_comments.remove_comment), name=name("comment_delete")),
            path("<int:pk>/revisions/<int:before>/<int:after>/", view(review.compare), name=name("compare")),
        ]
        return own + super().get_urls()


def _to_page_of_many(request: HttpRequest, queryset: SubmissionQuerySet, url: str) -> HttpResponse | None:
    """The page that asks before something is done to each of the chosen reports."""
    pks = list(queryset.values_list("pk", flat=True)[: bulk.LIMIT + 1])
    if len(pks) > bulk.LIMIT:
        messages.error(request, gettext("Choose at most %(limit)d reports at a time.") % {"limit": bulk.LIMIT})
        return None
    query = "&".join(f"pk={pk}" for pk in pks)
    return redirect(f"{reverse(url)}?{query}")
