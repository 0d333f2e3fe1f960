"""A report's page, its print view, and the steps that are posted from it."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.errors import DomainError, NotAllowed, Refused
from reporting.domain.answers import save_answers, set_nil_return
from reporting.domain.submissions import apply_transition
from reporting.domain.texts import without_margins
from reporting.enums import TransitionName
from reporting.errors import StaleAnswer
from reporting.forms.answers import changes_of, typed_answers
from reporting.forms.report import ReportForm
from reporting.views.base import ReportView


class ReportPageView(ReportView):
    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        return self.render_report()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save everything at once, for a browser without scripts."""
        typed = typed_answers(request.POST)
        editor = request.POST.get("editor", "")
        try:
            changes = changes_of(typed.values(), editor)
            save_answers(submission=self.submission, changes=changes, actor=self.person, now=self.now)
        except NotAllowed:
            raise
        except DomainError as error:
            clashes = {clash.question_key: clash for clash in error.clashes} if isinstance(error, StaleAnswer) else {}
            form = ReportForm(self.page, editor, typed, clashes)
            return self.render_report(form, refusal=error, status=error.status)
        messages.success(request, _("Saved.") if changes else _("Nothing had changed; everything is saved."))
        return redirect("report", pk)


class PrintView(ReportView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        context = self.common_context() | {"form": ReportForm(self.page, "")}
        return render(request, "reporting/print.html", context)


class StepView(ReportView):
    """A step that needs nothing but the press of a button; a refusal is shown on the report's page with every reason."""

    step: ClassVar[TransitionName]
    done: ClassVar[Any]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        apply_transition(submission=self.submission, name=self.step, actor=self.person, now=self.now)
        messages.success(request, str(self.done))
        return redirect("report", pk)

    def refused(self, error: DomainError) -> HttpResponse:
        self.forget()
        return self.render_report(refusal=error, status=error.status)


class StartView(StepView):
    step = TransitionName.START
    done = gettext_lazy("The report is begun. What you enter is saved as you go.")


class HandOverView(StepView):
    step = TransitionName.HAND_OVER
    done = gettext_lazy("Handed over: the head can read and sign it now.")


class TakeBackView(StepView):
    step = TransitionName.TAKE_BACK
    done = gettext_lazy("Taken back: the report can be changed again.")


class NilReturnView(ReportView):
    """Say that there is nothing to report, and why; or take that back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        reason = "" if "undo" in request.POST else without_margins(request.POST.get("reason", ""))
        if "undo" not in request.POST and not reason:
            raise Refused(_("Give the reason why there is nothing to report."))
        set_nil_return(submission=self.submission, reason=reason, actor=self.person, now=self.now)
        messages.success(request, _("Marked as a nil return.") if reason else _("The report is not a nil return any more."))
        return redirect("report", pk)

    def refused(self, error: DomainError) -> HttpResponse:
        self.forget()
        return self.render_report(refusal=error, status=error.status)
