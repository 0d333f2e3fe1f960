"""Districts beside one another, the page of each, and its profile as its head writes it."""

from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.domain.profiles import send_profile, take_back_profile, write_profile
from districts.enums import EDITED_PROFILES, DistrictPermission
from districts.errors import DomainError, NotAllowed
from districts.forms.profiles import ProfileForm
from districts.models import District, Profile
from districts.models.district import PeerGroup
from districts.queries.access import may
from districts.queries.profiles import (
    districts_with_profiles,
    history_of_profile,
    open_profile,
    profiles_in_force,
    writes_profile,
)
from districts.views.pages import PortalView
from reporting.models import Cycle, Submission
from reporting.queries.figures import Selection, district_figures
from reporting.queries.figures.access import sight_of, visible_cycles
from reporting.queries.figures.plan import headlines_of
from reporting.queries.illustrations import district_trend, task_timeline
from reporting.queries.key_tasks import open_standings
from reporting.queries.practices import endorsed_of
from reporting.queries.targets import standings_of

_SHOWN = 6


class DistrictsView(PortalView):
    """The districts by peer group, with what each stands for; side by side one indicator's figures, where they may be seen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        districts = list(districts_with_profiles(self.person).existing(self.now.date()))  # type: ignore[attr-defined]
        if not districts:
            raise NotAllowed(_("This page is for the districts and the bureau."))
        profiles = profiles_in_force(districts)
        cycle = next((one for one in visible_cycles(self.person, self.now) if self._compares(one)), None)
        indicators = headlines_of(cycle) if cycle else []
        wanted = request.GET.get("indicator", "")
        indicator = next((one for one in indicators if one.code == wanted), indicators[0] if indicators else None)
        figures = {row.district_id: row for row in district_figures(cycle, indicator)} if cycle and indicator else {}
        rows = [(one, profiles.get(one.pk), figures.get(one.pk)) for one in districts]
        groups = [(PeerGroup(name), [row for row in rows if row[0].peer_group == name]) for name in PeerGroup.values]
        context = {
            "groups": [(group, found) for group, found in groups if found],
            "cycle": cycle if indicator else None,
            "indicator": indicator,
            "indicators": indicators,
        }
        return render(request, "reporting/districts/list.html", context)

    def _compares(self, cycle: Cycle) -> bool:
        sight = sight_of(self.person, cycle, self.now)
        return sight.is_compared and sight.districts is None


class DistrictView(PortalView):
    """One district: its profile for all; its figures and tasks for those who may see them."""

    @cached_property
    def district(self) -> District:
        return get_object_or_404(districts_with_profiles(self.person), code=self.kwargs["code"])

    def back_url(self) -> str:
        return reverse("district", args=[self.kwargs["code"]])

    def get(self, request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG002
        district = self.district
        is_known = may(self.person, DistrictPermission.VIEW, district.pk)
        writes = writes_profile(self.person, district)
        told = Submission.objects.filter(district=district, approved_revision__isnull=False)
        cycle = visible_cycles(self.person, self.now).filter(pk__in=told.values("cycle")).first() if is_known else None
        selection = Selection(districts=frozenset({district.pk}))
        figures = []
        if cycle is not None:
            for indicator in headlines_of(cycle)[:_SHOWN]:
                figures += [(indicator, row) for row in district_figures(cycle, indicator, selection=selection)]
        tasks = open_standings([district.pk], self.now) if is_known else []
        targets = standings_of(cycle, [district.pk], city=False) if cycle else []
        asked = [one.indicator for one in targets] + [indicator for indicator, _row in figures]
        line = district_trend(cycle, district, asked[0], self.now) if cycle and asked else None
        drawn = [line, task_timeline(tasks, self.now)]
        context = {
            "district": district,
            "profile": profiles_in_force([district]).get(district.pk),
            "history": history_of_profile(district),
            "draft": open_profile(district) if writes else None,
            "writes": writes,
            "is_known": is_known,
            "cycle": cycle,
            "figures": figures,
            "targets": targets,
            "pictures": [picture for picture in drawn if picture is not None],
            "tasks": tasks,
            "practices": endorsed_of([district.pk]),
        }
        return render(request, "reporting/districts/district.html", context)


class ProfileView(DistrictView):
    """The head writes, and sends or takes back."""

    @cached_property
    def draft(self) -> Profile | None:
        return open_profile(self.district)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG002
        self._need_head()
        shown = self.draft or profiles_in_force([self.district]).get(self.district.pk)
        return self._page(ProfileForm(profile=shown, version=self.draft.version if self.draft else 0))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        self._need_head()
        if "take_back" in request.POST and self.draft is not None:
            take_back_profile(profile=self.draft, actor=self.person)
            messages.success(request, _("Taken back: it can be changed again."))
            return redirect("district_profile", code)
        form = ProfileForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            version = form.cleaned_data["version"] or 0
            profile = write_profile(district=self.district, version=version, text=form.text, actor=self.person, now=self.now)
            if "send" in request.POST:
                send_profile(profile=profile, actor=self.person, now=self.now)
        except DomainError as error:
            return self._page(form, error=error, status=error.status)
        done = _("Sent. The bureau gets a mail and decides.") if "send" in request.POST else _("Saved.")
        messages.success(request, done)
        return redirect("district", code)

    def _need_head(self) -> None:
        if not writes_profile(self.person, self.district):
            raise NotAllowed(_("Only the head of the district writes its profile."))

    def _page(self, form: ProfileForm, *, error: DomainError | None = None, status: int = 200) -> HttpResponse:
        now = open_profile(self.district)
        is_stale = error is not None and error.status == 409
        context = {
            "district": self.district,
            "form": form,
            "draft": now,
            "standing": now if is_stale else None,
            "may_write": now is None or now.state in EDITED_PROFILES,
            "refusals": error.messages if error else (),
        }
        if is_stale and now is not None:
            typed = self.request.POST.copy()
            typed["version"] = str(now.version)
            form.data = typed
        return render(self.request, "reporting/districts/profile.html", context, status=status)
