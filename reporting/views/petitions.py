"""The district's requests about its report: asking for more time or for a correction, and withdrawing what waits."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.errors import DomainError, NotAllowed
from districts.queries.people import contacts_of
from reporting.domain.petitions import ask_correction, ask_extension, withdraw_petition
from reporting.enums import PetitionKind
from reporting.forms.petitions import CorrectionForm, ExtensionForm
from reporting.models import Petition
from reporting.queries.petitions import askable, petitions_for, petitions_of
from reporting.views.base import ReportView


class PetitionView(ReportView, ABC):
    """The form, with the report's earlier requests of the kind; or, where nothing can be asked now, why not."""

    kind: ClassVar[PetitionKind]
    form: ClassVar[type[forms.Form]]
    template: ClassVar[str]
    title: ClassVar[str | Promise]

    @abstractmethod
    def ask(self, given: dict[str, Any]) -> Petition:
        """Ask the bureau for what the form gives; raises what the domain raises."""

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002 (the URL's)
        return self._render(self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self._render(form, status=422)
        try:
            self.ask(form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            self.forget()
            return self._render(form, error.status, error)
        messages.success(request, _("The bureau was asked. Its answer comes by mail and stands on this page."))
        return redirect("report", pk)

    def _render(self, form: forms.Form, status: int = 200, error: DomainError | None = None) -> HttpResponse:
        petitions = petitions_of(self.submission)
        is_overdue = self.submission.is_overdue(self.now)
        own = [petition for petition in petitions if petition.kind == self.kind]
        context = {
            "now": self.now,
            "title": self.title,
            "submission": self.submission,
            "petitions": own,
            "waits": any(petition.is_waiting for petition in own),
            "may_ask": self.kind in askable(self.submission, self.permissions, petitions, self.now),
            "may_withdraw": self.may_petition,
            "is_overdue": is_overdue,
            "reviewers": contacts_of(self.submission.district) if is_overdue else [],
            "form": form,
            "kept": [form[name] for name in form.fields if form[name].value()] if form.is_bound else [],
            "refusals": error.messages if error else [],
        }
        return render(self.request, self.template, context, status=status)


class ExtensionView(PetitionView):
    kind, form, template = PetitionKind.EXTENSION, ExtensionForm, "reporting/ask_extension.html"
    title = gettext_lazy("Ask for more time")

    def ask(self, given: dict[str, Any]) -> Petition:
        return ask_extension(submission=self.submission, actor=self.person, now=self.now, **given)


class CorrectionView(PetitionView):
    kind, form, template = PetitionKind.CORRECTION, CorrectionForm, "reporting/ask_correction.html"
    title = gettext_lazy("Ask for a correction")

    def ask(self, given: dict[str, Any]) -> Petition:
        return ask_correction(submission=self.submission, actor=self.person, now=self.now, **given)


class WithdrawView(ReportView):
    """Asks, and takes the request back."""

    @cached_property
    def petition(self) -> Petition:
        own = petitions_for(self.person).filter(submission=self.submission)
        return get_object_or_404(own, pk=self.kwargs["petition_pk"])

    def get(self, request: HttpRequest, pk: int, petition_pk: int) -> HttpResponse:  # noqa: ARG002
        petition = self.petition
        if not self.may_petition:
            raise NotAllowed(_("Only the officers and the head of the district ask the bureau about its report."))
        if not petition.is_waiting:
            return redirect("report", pk)
        context = {
            "submission": self.submission,
            "petition": petition,
            "action_url": request.path,
            "back_url": self.back_url(),
        }
        return render(request, "reporting/withdraw.html", context)

    def post(self, request: HttpRequest, pk: int, petition_pk: int) -> HttpResponse:  # noqa: ARG002
        withdraw_petition(petition=self.petition, actor=self.person, now=self.now)
        messages.success(request, _("The request is withdrawn; it stays in the report's history."))
        return redirect("report", pk)
