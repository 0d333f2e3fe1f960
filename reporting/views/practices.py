"""The library of practices as the districts' people use it: searching, one practice, sharing and adopting."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed
from districts.models import District
from districts.queries.access import districts_for, works_at_bureau
from districts.queries.people import memberships_of
from districts.views.pages import PortalView
from reporting.domain.practices import (
    adopt_practice,
    change_practice,
    drop_adoption,
    propose_practice,
    withdraw_practice,
)
from reporting.enums.practices import PracticeState, PracticeTopic
from reporting.forms.practices import AdoptionForm, FindForm, NewPracticeForm, PracticeForm, WithdrawPracticeForm
from reporting.models import Answer, Practice, Submission
from reporting.queries.practices import found, practices_for, shares_for
from reporting.views.proposals import ProposalView

_ON_A_PAGE = 20


class PracticesView(PortalView):
    """What is endorsed, to be searched; above it the own ones that are not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not (works_at_bureau(self.person) or memberships_of(self.person)):
            raise PermissionDenied
        form, seen = FindForm(request.GET), practices_for(self.person)
        if not form.is_valid():
            raise DomainError(*(str(message) for messages in form.errors.values() for message in messages))
        given = form.cleaned_data
        library = seen.filter(state=PracticeState.ENDORSED)
        hits = found(library, words=given["q"], topic=given["topic"], district=given["district"])
        own = seen.exclude(state=PracticeState.ENDORSED)
        context = {
            "page_obj": Paginator(hits, _ON_A_PAGE).get_page(request.GET.get("page")),
            "own": own[:_ON_A_PAGE],
            "asked": given,
            "is_filtered": any(given.values()),
            "topics": PracticeTopic.choices,
            "districts": District.objects.filter(pk__in=library.order_by().values("district")).order_by("code"),
            "may_share": bool(self.own),
        }
        return render(request, "reporting/practices/list.html", context)

    @cached_property
    def own(self) -> list[District]:
        """The districts for which the person shares."""
        return list(districts_for(self.person, DistrictPermission.FILE))


class PracticeNewView(PracticesView):
    def get(self, request: HttpRequest) -> HttpResponse:
        self._need_own()
        report, initial = self._report(request.GET.get("report", "")), {}
        if report is not None:
            initial = {"report": report.pk, "district": report.district_id, "summary": self._said(report)}
        return self._page(NewPracticeForm(districts=self.own, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        self._need_own()
        form = NewPracticeForm(request.POST, districts=self.own)
        if not form.is_valid():
            return self._page(form, status=422)
        district, report = form.cleaned_data["district"], self._report(str(form.cleaned_data["report"] or ""))
        try:
            practice = propose_practice(district=district, shared=form.shared, submission=report, actor=self.person, now=self.now)
        except DomainError as error:
            return self._page(form, error=error, status=error.status)
        messages.success(request, _("Shared. The bureau gets a mail and decides."))
        return redirect("practice", practice.pk)

    def _report(self, typed: str) -> Submission | None:
        """The own report in which it is marked; any other is not there."""
        if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
            return None
        reports = Submission.objects.select_related("working_revision", "district")
        return reports.filter(pk=int(typed), district__in=self.own).first()

    def _said(self, report: Submission) -> str:
        """What the report says at the question that was marked."""
        key = self.request.GET.get("question", "")
        rows = Answer.objects.filter(revision=report.working_revision_id, question_key=key[:40], row_key="")
        return next(iter(rows.values_list("text", flat=True)), "") if report.working_revision_id else ""

    def _need_own(self) -> None:
        if not self.own:
            raise NotAllowed(_("Only the officers and the head of a district share and adopt practices for it."))

    def _page(self, form: PracticeForm, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        context = {"form": form, "refusals": error.messages if error else ()}
        return render(self.request, "reporting/practices/edit.html", context, status=status)


class PracticeView(ProposalView[Practice]):
    folder, row_name, url_name = "reporting/practices", "practice", "practice"

    def rows(self) -> QuerySet[Practice]:
        return practices_for(self.person)

    @property
    def practice(self) -> Practice:
        return self.row

    @cached_property
    def is_own(self) -> bool:
        return shares_for(self.person, self.practice.district_id)

    @cached_property
    def adopters(self) -> list[District]:
        """The districts for which the person adopts it, or has."""
        mine = districts_for(self.person, DistrictPermission.FILE)
        return list(mine.exclude(pk=self.practice.district_id)) if self.practice.is_endorsed else []

    def need_own(self) -> None:
        if not self.is_own:
            raise NotAllowed(_("You can read this practice and not change it."))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The own district does it, too; or not any more."""
        practice = self.practice
        if not self.adopters:
            raise NotAllowed(_("Only the officers and the head of another district adopt this practice."))
        form = AdoptionForm(request.POST, districts=self.adopters)
        if not form.is_valid():
            return self.page(form=form, status=422)
        district = form.cleaned_data["district"]
        try:
            if "drop" in request.POST:
                drop_adoption(practice=practice, district=district, actor=self.person)
                messages.success(request, _("Taken back."))
            else:
                note = form.cleaned_data["note"]
                adopt_practice(practice=practice, district=district, note=note, actor=self.person, now=self.now)
                messages.success(request, _("Noted. Who shared it gets a mail."))
        except DomainError as error:
            return self.page(form=form, error=error, status=error.status)
        return redirect("practice", pk)

    def page(self, *, form: AdoptionForm | None = None, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        practice = self.practice
        done = {one.adopter_id: one for one in practice.adoptions.all()}
        own = [done[district.pk] for district in self.adopters if district.pk in done]
        initial = {"note": own[0].note} if own else None
        context: dict[str, Any] = {
            "practice": practice,
            "is_own": self.is_own,
            "form": form or (AdoptionForm(districts=self.adopters, initial=initial) if self.adopters else None),
            "has_adopted": bool(own),
            "refusals": error.messages if error else (),
        }
        return render(self.request, "reporting/practices/practice.html", context, status=status)


class PracticeChangeView(PracticeView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        if not self.practice.is_proposed:
            return redirect("practice", pk)
        return self.edit(PracticeForm(practice=self.practice))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        form = PracticeForm(request.POST)

        def change(given: dict[str, Any]) -> Practice:
            version = given["version"] or 0
            return change_practice(practice=self.practice, version=version, shared=form.shared, actor=self.person)

        return self.take(form, change, _("Changed. The bureau sees it as it is now."), self.edit)


class PracticeWithdrawView(PracticeView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        if not (self.practice.is_proposed or self.practice.is_endorsed):
            return redirect("practice", pk)
        return self.ask(WithdrawPracticeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()

        def withdraw(given: dict[str, Any]) -> Practice:
            return withdraw_practice(practice=self.practice, reason=given["reason"], actor=self.person, now=self.now)

        form = WithdrawPracticeForm(request.POST)
        return self.take(form, withdraw, _("Withdrawn. It stays with your district, with the reason."), self.ask)
