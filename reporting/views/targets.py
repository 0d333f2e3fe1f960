"""Targets as the districts' people see them, and their head's acknowledgement."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import DomainError
from districts.queries.access import districts_for
from districts.queries.people import memberships_of
from districts.views.pages import PortalView
from reporting.domain.targets.acknowledging import acknowledge_targets
from reporting.models import Cycle
from reporting.pictures import Picture
from reporting.queries.illustrations import source_of, target_bullets
from reporting.queries.targets.of_districts import DistrictTargets, targets_for


class TargetsView(PortalView):
    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.page()

    def page(self, error: DomainError | None = None) -> HttpResponse:
        memberships = memberships_of(self.person)
        if not memberships:
            raise PermissionDenied
        cycle, districts = targets_for(self.person, [one.district_id for one in memberships])
        context = {
            "cycle": cycle,
            "districts": [(one, self._picture(cycle, one)) for one in districts],
            "refusals": error.messages if error else (),
        }
        return render(self.request, "reporting/targets/list.html", context, status=error.status if error else 200)

    def _picture(self, cycle: Cycle | None, one: DistrictTargets) -> Picture | None:
        if cycle is None:
            return None
        title = _("Results against targets: %(district)s") % {"district": one.district}
        return target_bullets(one.standings, title, source_of(cycle, self.now))


class AcknowledgeView(TargetsView):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        district = get_object_or_404(districts_for(self.person, DistrictPermission.VIEW), pk=pk)
        typed = request.POST.get("seen", "")
        seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
        try:
            made = acknowledge_targets(district=district, seen=seen, actor=self.person, now=self.now)
        except DomainError as error:
            if not memberships_of(self.person):
                raise
            return self.page(error)
        if made:
            messages.success(request, _("Acknowledged."))
        return redirect("targets")
