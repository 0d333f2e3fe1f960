"""The district's questions to the bureau: asking at a question of the report, reading a thread, writing on, closing it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.errors import DomainError, NotAllowed
from reporting.domain.enquiries import ask_bureau, close_enquiry, write_on
from reporting.models import Enquiry, Question
from reporting.queries.definitions import questionnaire
from reporting.queries.enquiries import enquiries_for, may_ask, thread_of, threads_of
from reporting.queries.submissions import asked_version
from reporting.views.base import ReportView


class AskView(ReportView):
    """The form for `?question=KEY` (none: the whole report); an open thread there is shown with it and goes on."""

    @cached_property
    def question(self) -> Question | None:
        key = self.request.GET.get("question", "")
        asked = questionnaire(asked_version(self.submission)).by_key
        if key and key not in asked:
            raise Http404
        return asked[key] if key else None

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        return self._render()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        key, text = self.question.key if self.question else "", request.POST.get("text", "")
        try:
            enquiry = ask_bureau(submission=self.submission, question_key=key, text=text, actor=self.person, now=self.now)
        except NotAllowed:
            raise
        except DomainError as error:
            self.forget()
            return self._render(error, text)
        messages.success(request, _("The bureau was asked. Its answer appears here and at the question in the report."))
        return to_thread(enquiry)

    def _render(self, error: DomainError | None = None, text: str = "") -> HttpResponse:
        may = may_ask(self.submission, self.permissions)
        key = self.question.key if self.question else ""
        context = {
            "submission": self.submission,
            "question": self.question,
            "threads": [thread for thread in threads_of(self.submission) if thread.key == key],
            "may_ask": may,
            "text": text,
            "refusals": error.messages if error else [],
            "action_url": self.request.get_full_path(),
        }
        return render(self.request, "reporting/ask.html", context, status=error.status if error else 200)


class EnquiryView(ReportView):
    """One thread, with a form to write on in it."""

    @cached_property
    def enquiry(self) -> Enquiry:
        own = enquiries_for(self.person).filter(submission=self.submission)
        return get_object_or_404(own, pk=self.kwargs["enquiry_pk"])

    def get(self, _request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:  # noqa: ARG002
        return self.render_thread()

    def post(self, request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:  # noqa: ARG002
        text = request.POST.get("text", "")
        try:
            write_on(enquiry=self.enquiry, text=text, actor=self.person, now=self.now)
        except NotAllowed:
            raise
        except DomainError as error:
            return self.render_thread(error, text)
        messages.success(request, _("Your message stands in the thread; the bureau sees it among its questions."))
        return to_thread(self.enquiry)

    def render_thread(self, error: DomainError | None = None, text: str = "") -> HttpResponse:
        """As it stands now, with what was typed where it was refused."""
        self.forget()
        self.__dict__.pop("enquiry", None)
        context: dict[str, Any] = {
            "submission": self.submission,
            "question": self.enquiry.question,
            "threads": [thread_of(self.enquiry)],
            "may_ask": self.enquiry.is_open and may_ask(self.submission, self.permissions),
            "may_ask_again": not self.enquiry.is_open and may_ask(self.submission, self.permissions),
            "text": text,
            "refusals": error.messages if error else [],
            "action_url": self.request.path,
        }
        return render(self.request, "reporting/ask.html", context, status=error.status if error else 200)


class EnquiryCloseView(EnquiryView):
    def get(self, _request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:  # noqa: ARG002
        return self.http_method_not_allowed(self.request)

    def post(self, request: HttpRequest, pk: int, enquiry_pk: int) -> HttpResponse:  # noqa: ARG002
        close_enquiry(enquiry=self.enquiry, actor=self.person, now=self.now)
        messages.success(request, _("The question is closed."))
        return to_thread(self.enquiry)


def to_thread(enquiry: Enquiry) -> HttpResponse:
    return redirect(reverse("report_enquiry", args=[enquiry.submission_id, enquiry.pk]))
