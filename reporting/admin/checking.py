"""Marking a report as checked: it asks first, with a note for the others at the bureau."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from districts.admin.base import actor_of
from districts.admin.pages import Question, ask
from districts.errors import DomainError
from reporting.admin.review import submission_for, to_page
from reporting.domain.checking import mark_checked
from reporting.domain.review import Read
from reporting.forms.review import CheckForm
from reporting.models import Submission


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then mark the revision that was read."""
    submission = submission_for(request, pk)
    seen = request.GET.get("revision") or submission.working_revision_id
    form = CheckForm(request.POST or None, initial={"revision": seen})
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        read = Read(submission, given["revision"])
        try:
            mark_checked(read=read, note=given["note"], actor=actor_of(request), now=timezone.now())
        except DomainError as error:
            refusal = error
        else:
            done = _("The report of %(district)s is marked as checked.") % {"district": submission.district_label}
            messages.success(request, done)
            return to_page(submission)
    return ask(request, _question(submission), form, model=Submission, refusal=refusal, original=submission)


def _question(submission: Submission) -> Question:
    facts = [
        _("The others at the bureau see that you have checked this revision, and your note."),
        _("The report stays in review; the district sees in its history that it was checked, without the note."),
    ]
    if submission.cycle.definition.needs_two_people:
        facts.append(_("Two people are needed for this report: somebody else than you can approve it then."))
    names = {"district": submission.district_label, "cycle": submission.cycle}
    back = reverse("admin:reporting_submission_change", args=[submission.pk])
    return Question(_("Mark the report of %(district)s, %(cycle)s as checked?") % names, _("Mark as checked"), back, facts)
