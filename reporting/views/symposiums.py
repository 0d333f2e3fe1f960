"""Symposiums as the districts' people see them: the agenda, the answer, the pack and what was agreed."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed
from districts.models import District
from districts.queries.access import districts_for, works_at_bureau
from districts.queries.people import memberships_of
from districts.views.downloads import attachment
from districts.views.pages import PortalView
from reporting.domain.symposiums.mails import calendar_entry
from reporting.domain.symposiums.planning import answer_invitation
from reporting.enums.symposiums import Decision, SymposiumState
from reporting.forms.symposiums import AnswerForm
from reporting.models import Symposium
from reporting.queries.figures.access import sight_of
from reporting.queries.symposiums.pictures import pictures_of
from reporting.queries.symposiums.problems import sentence
from reporting.queries.symposiums.reading import (
    conclusions_by_priority,
    district_pages,
    headline_figures,
    invited_districts,
    symposiums_for,
    timed_agenda,
)


class SymposiumsView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:
        if not (works_at_bureau(self.person) or memberships_of(self.person)):
            raise PermissionDenied
        return render(request, "reporting/symposiums/list.html", {"symposiums": symposiums_for(self.person)})


class SymposiumView(PortalView):
    """One symposium. What the person may not know of answers as what does not exist."""

    @cached_property
    def symposium(self) -> Symposium:
        return get_object_or_404(symposiums_for(self.person), pk=self.kwargs["pk"])

    @cached_property
    def own(self) -> District | None:
        """The invited district that the person answers for."""
        mine = districts_for(self.person, DistrictPermission.FILE)
        return invited_districts(self.symposium).filter(pk__in=mine.values("pk")).first()

    def back_url(self) -> str:
        return reverse("symposium", args=[self.kwargs["pk"]])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The district's answer."""
        own, form = self.own, AnswerForm(request.POST)
        if own is None:
            raise NotAllowed(_("Only the officers and the head of an invited district answer the invitation."))
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            answer_invitation(symposium=self.symposium, district=own, actor=self.person, now=self.now, **form.cleaned_data)
        except DomainError as error:
            return self.page(form=form, error=error, status=error.status)
        messages.success(request, _("Thank you: the bureau sees your answer."))
        return redirect("symposium", pk)

    def page(self, *, form: AnswerForm | None = None, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        symposium, own = self.symposium, self.own
        reply = symposium.attendances.filter(district=own).select_related("answered_by").first() if own else None
        initial = {"answer": reply.answer, "person": reply.person, "note": reply.note} if reply else None
        is_told = symposium.state == SymposiumState.CONCLUDED
        context: dict[str, Any] = {
            "symposium": symposium,
            "agenda": timed_agenda(symposium),
            "own": own,
            "reply": reply,
            "answers": own and symposium.state == SymposiumState.INVITED and self.now < symposium.starts_at,
            "form": form or AnswerForm(initial=initial),
            "conclusions": conclusions_by_priority(symposium) if is_told else [],
            "refusals": error.messages if error else (),
        }
        return render(self.request, "reporting/symposiums/symposium.html", context, status=status)


class SymposiumPackView(SymposiumView):
    """What each participant reads beforehand: the city's figures and a page a district. Only once the bureau has shared it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        symposium = self.symposium
        if symposium.shared_at is None and not works_at_bureau(self.person):
            raise Http404
        sight = sight_of(self.person, symposium.cycle, self.now)
        problems = symposium.problems.filter(decision=Decision.ACCEPTED).select_related("indicator")
        context = {
            "symposium": symposium,
            "agenda": timed_agenda(symposium),
            "figures": headline_figures(symposium) if sight.is_compared else [],
            "pictures": pictures_of(symposium, sight, self.now),
            "pages": district_pages(symposium, self.now, sight.districts),
            "problems": [sentence(problem) for problem in problems] if sight.districts is None else [],
        }
        return render(request, "reporting/symposiums/pack.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.http_method_not_allowed(request, pk)


class SymposiumEntryView(SymposiumView):
    """The entry for a calendar program."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        content = calendar_entry(self.symposium, self.now)
        headers = {"Content-Disposition": attachment("symposium.ics", "symposium.ics")}
        return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.http_method_not_allowed(request, pk)
