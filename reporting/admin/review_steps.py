"""The bureau's steps on a report: each asks first, then goes through the domain."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of
from districts.admin.pages import Question, ask
from districts.errors import DomainError
from districts.queries.workdays import at_local, work_calendar
from reporting.admin.review import submission_for, to_page
from reporting.domain.cycles import extend_submission
from reporting.domain.due_times import FURTHEST
from reporting.domain.review import Read, return_report, take_review_step
from reporting.domain.submissions import Terms
from reporting.enums import PetitionKind, TransitionName
from reporting.forms.review import STEP_FORMS, OwnDueTimeForm
from reporting.models import Submission
from reporting.queries.approval import has_comments
from reporting.queries.petitions import waiting_petition
from reporting.queries.review import EXPECTATION_STEPS, ReviewPage, review_page

_DEFAULT_WORKDAYS = 3
_CLOSING = time(18)


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask, then take one of the bureau's steps on the revision that was read."""
    if step not in STEP_FORMS:
        raise Http404
    submission, now = submission_for(request, pk), timezone.now()
    form = STEP_FORMS[step](request.POST or None, initial=_initial(request, submission, now))
    if step == TransitionName.RETURN and not request.POST.get("comment") and has_comments(submission):
        del form.fields["comment"]
    refusal = None
    if request.method == "POST" and form.is_valid():
        refusal = _take(request, submission, step, form.cleaned_data, now)
        if refusal is None:
            return to_page(submission)
    page = review_page(submission, actor_of(request))
    return ask(
        request, _question(step, page), form, model=Submission, refusal=refusal, original=submission, drafts=_sent(step, page)
    )


def _take(request: HttpRequest, submission: Submission, step: str, given: dict[str, Any], now: datetime) -> DomainError | None:
    terms, read = Terms(due_at=given.get("due_at")), Read(submission, given["revision"])
    step_of: dict[str, Any] = {
        "read": read,
        "note": given.get("note", ""),
        "terms": terms,
        "actor": actor_of(request),
        "now": now,
    }
    try:
        if step == TransitionName.RETURN:
            return_report(comment=given.get("comment", ""), **step_of)
        else:
            take_review_step(name=step, **step_of)
    except DomainError as error:
        return error
    messages.success(request, _done_words(step, submission))
    return None


def _initial(request: HttpRequest, submission: Submission, now: datetime) -> dict[str, Any]:
    """The revision that was read, and a new due time."""
    return {
        "revision": request.GET.get("revision") or submission.working_revision_id,
        "due_at": due_time_after(submission, now),
    }


def due_time_after(submission: Submission, now: datetime) -> datetime:
    """What the bureau is offered as a new due time: the end of a working day some days on, never before the one in force."""
    return max(_closing_after(timezone.localtime(now).date()), timezone.localtime(submission.due_in_force))


def _closing_after(day: date) -> datetime:
    return at_local(work_calendar().shifted(day, _DEFAULT_WORKDAYS), _CLOSING)


def _done_words(step: str, submission: Submission) -> str:
    words = {
        TransitionName.BEGIN_REVIEW: _("The review of %(district)s's report has begun."),
        TransitionName.RETURN: _("The report was returned to %(district)s with your comments."),
        TransitionName.APPROVE: _("The report of %(district)s is approved; the city's figures follow."),
        TransitionName.REOPEN: _("The report of %(district)s is reopened."),
        TransitionName.RELEASE: _("The report of %(district)s is not expected any more."),
        TransitionName.EXPECT: _("The report of %(district)s is expected again."),
    }
    return words[TransitionName(step)] % {"district": submission.district_label}


def _question(step: str, page: ReviewPage) -> Question:
    submission = page.submission
    names = {"district": submission.district_label, "cycle": submission.cycle}
    back = reverse("admin:reporting_submission_change", args=[submission.pk])
    if step == TransitionName.BEGIN_REVIEW:
        facts = [_("From then on the district cannot recall the report.")]
        return Question(_("Begin the review of %(district)s, %(cycle)s?") % names, _("Begin review"), back, facts)
    if step == TransitionName.RETURN:
        return Question(_("Return the report to %(district)s?") % names, _("Return the report"), back, _return_facts(page))
    if step == TransitionName.APPROVE:
        return Question(_("Approve the report of %(district)s, %(cycle)s?") % names, _("Approve"), back, _approve_facts(page))
    if step in EXPECTATION_STEPS:
        return expectation_question(step, names, back)
    facts = [
        _("The district gets a new revision to correct."),
        _("The approved revision stays in the city's totals until the next approval."),
        *_granted(submission, PetitionKind.CORRECTION, _("It grants the district's request for a correction, which waits.")),
    ]
    return Question(_("Reopen the approved report of %(district)s?") % names, _("Reopen"), back, facts, danger=True)


def expectation_question(step: str, names: Mapping[str, object], back: str) -> Question:
    if step == TransitionName.RELEASE:
        facts = [
            _("The report leaves the coverage of the city's figures, and reminders stop."),
            _("What was filled in stays; nobody can change or sign it until the report is expected again."),
        ]
        return Question(_("Expect the report of %(district)s, %(cycle)s no more?") % names, _("Expect it no more"), back, facts)
    facts = [
        _("The report is where it was before; it counts in the coverage, and reminders go out again."),
        _("Where its times have passed, give it its own due time afterwards."),
    ]
    return Question(_("Expect the report of %(district)s, %(cycle)s again?") % names, _("Expect it again"), back, facts)


def _return_facts(page: ReviewPage) -> list[str]:
    count = len(page.drafts)
    sent = ngettext(
        "%(count)d draft comment is sent to the district.", "%(count)d draft comments are sent to the district.", count
    )
    return [
        *([sent % {"count": count}] if count else []),
        _("Officers and head get a mail with the comments and the new due time."),
        _("The district corrects a new revision; this one stays as it is."),
    ]


def _approve_facts(page: ReviewPage) -> list[str]:
    facts = [_("The report counts in the city's totals at once; officers and head get a mail.")]
    if page.warnings:
        count = page.warnings
        facts.append(
            ngettext(
                "%(count)d warning was explained by the district.", "%(count)d warnings were explained by the district.", count
            )
            % {"count": count}
        )
    return facts


def _sent(step: str, page: ReviewPage) -> list[Any]:
    return page.drafts if step == TransitionName.RETURN else []


@require_http_methods(["GET", "HEAD", "POST"])
def give_due_time(request: HttpRequest, pk: int) -> HttpResponse:
    """One district's own due time."""
    submission, now = submission_for(request, pk), timezone.now()
    latest = min(max(now, submission.due_in_force), now + FURTHEST)  # no calendar goes on for ever
    later = _closing_after(timezone.localtime(latest).date())
    form = OwnDueTimeForm(request.POST or None, initial={"due_at": later})
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            extend_submission(submission=submission, due_at=given["due_at"], note=given["note"], actor=actor_of(request), now=now)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("%(district)s has its own due time now.") % {"district": submission.district_label})
            return to_page(submission)
    return ask(request, _own_time_question(submission), form, model=Submission, refusal=refusal, original=submission)


def _own_time_question(submission: Submission) -> Question:
    granted = _("A later time grants the district's extension request, which waits.")
    return Question(
        _("Give %(district)s its own due time?") % {"district": submission.district_label},
        _("Set the due time"),
        reverse("admin:reporting_submission_change", args=[submission.pk]),
        [
            _("Reminders follow the new time. Other districts are not affected."),
            *_granted(submission, PetitionKind.EXTENSION, granted),
        ],
    )


def _granted(submission: Submission, kind: PetitionKind, fact: str) -> list[str]:
    """The fact, where a request of the kind waits on the report."""
    return [fact] if waiting_petition(submission, kind) else []
