"""The publicity plan as the districts' people see it: the calendar, one plan, and planning."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError, NotAllowed
from districts.models import District
from districts.queries.access import districts_for, works_at_bureau
from districts.queries.people import memberships_of
from districts.views.pages import PortalView
from reporting.domain.publicity import change_publicity, note_placement, propose_publicity, withdraw_publicity
from reporting.enums.publicity import PublicityState
from reporting.forms.publicity import DistrictPlanForm, PlacementForm, PlanForm, WithdrawalForm
from reporting.models import Placement, PublicityItem
from reporting.queries.publicity import proposes_for, publicity_for, with_places
from reporting.views.proposals import ProposalView

_PAST_SHOWN = 24


class PublicityView(PortalView):
    """The calendar: what is ahead by month, what is past, and what came to nothing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not (works_at_bureau(self.person) or memberships_of(self.person)):
            raise PermissionDenied
        today = timezone.localdate(self.now)
        items = list(publicity_for(self.person))
        live = [item for item in items if item.state in {PublicityState.PROPOSED, PublicityState.APPROVED}]
        context = {
            "ahead": with_places(item for item in live if item.last_day >= today),
            "past": [item for item in live if item.last_day < today][: -_PAST_SHOWN - 1 : -1],
            "ended": [item for item in items if item not in live][: -_PAST_SHOWN - 1 : -1],
            "may_propose": bool(self.own),
        }
        return render(request, "reporting/publicity/list.html", context)

    @cached_property
    def own(self) -> list[District]:
        """The districts for which the person plans."""
        return list(districts_for(self.person, DistrictPermission.FILE))


class PublicityNewView(PublicityView):
    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        self._need_own()
        return self._page(DistrictPlanForm(districts=self.own))

    def post(self, request: HttpRequest) -> HttpResponse:
        self._need_own()
        form = DistrictPlanForm(request.POST, districts=self.own)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            item = propose_publicity(district=form.cleaned_data["district"], plan=form.plan, actor=self.person, now=self.now)
        except DomainError as error:
            return self._page(form, error=error, status=error.status)
        messages.success(request, _("Proposed. The bureau gets a mail and decides."))
        return redirect("publicity_item", item.pk)

    def _need_own(self) -> None:
        if not self.own:
            raise NotAllowed(_("Only the officers and the head of a district plan its publicity."))

    def _page(self, form: PlanForm, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        context = {"form": form, "refusals": error.messages if error else ()}
        return render(self.request, "reporting/publicity/edit.html", context, status=status)


class PublicityItemView(ProposalView[PublicityItem]):
    folder, row_name, url_name = "reporting/publicity", "item", "publicity_item"

    def rows(self) -> QuerySet[PublicityItem]:
        return publicity_for(self.person)

    @property
    def item(self) -> PublicityItem:
        return self.row

    @cached_property
    def is_own(self) -> bool:
        return self.item.district_id is not None and proposes_for(self.person, self.item.district_id)

    def need_own(self) -> None:
        if not self.is_own:
            raise NotAllowed(_("You can read this plan and not change it."))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        """Where and when one of its outlets has told it."""
        self.need_own()

        def note(given: dict[str, Any]) -> Placement:
            place = {"outlet_id": given["outlet"], "link": given["link"], "out_on": given["out_on"]}
            return note_placement(item=self.item, actor=self.person, now=self.now, **place)

        return self.take(PlacementForm(request.POST), note, _("Noted."), self.page)

    def page(self, form: PlacementForm | None = None, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        typed = form.data.get("outlet") if form else None
        places = [
            (place, form if form and str(place.outlet_id) == typed else _form_of(place)) for place in self.item.placements.all()
        ]
        context: dict[str, Any] = {
            "item": self.item,
            "places": places,
            "typed": typed,
            "is_own": self.is_own,
            "is_noted": self.is_own and self.item.is_approved,
            "refusals": error.messages if error else (),
        }
        return render(self.request, "reporting/publicity/item.html", context, status=status)


class PublicityChangeView(PublicityItemView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        if not self.item.is_proposed:
            return redirect("publicity_item", pk)
        return self.edit(PlanForm(item=self.item))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        form = PlanForm(request.POST, item=self.item)

        def change(given: dict[str, Any]) -> PublicityItem:
            return change_publicity(item=self.item, version=given["version"] or 0, plan=form.plan, actor=self.person)

        return self.take(form, change, _("Changed. The bureau sees it as it is now."), self.edit)


class PublicityWithdrawView(PublicityItemView):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()
        if not (self.item.is_proposed or self.item.is_approved):
            return redirect("publicity_item", pk)
        return self.ask(WithdrawalForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG002
        self.need_own()

        def withdraw(given: dict[str, Any]) -> PublicityItem:
            return withdraw_publicity(item=self.item, reason=given["reason"], actor=self.person, now=self.now)

        return self.take(WithdrawalForm(request.POST), withdraw, _("Withdrawn. It stays in the list, with the reason."), self.ask)


def _form_of(place: Placement) -> PlacementForm:
    out_on = place.out_on.isoformat() if place.out_on else ""
    return PlacementForm(initial={"outlet": place.outlet_id, "link": place.link, "out_on": out_on})
