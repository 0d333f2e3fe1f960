"""The page on which a head manages the district's officers and observers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.domain.acting import appoint_acting_head, end_acting
from districts.domain.people import MANAGED_BY_HEADS, change_member_role, invite_member, remove_member
from districts.enums import DistrictPermission, DistrictRole
from districts.errors import NotAllowed, Refused
from districts.forms.people import InviteForm, PeriodForm, RoleForm
from districts.models import ActingHead, District, Membership
from districts.queries.access import districts_for
from districts.queries.people import acting_heads_of, acting_heads_seen_by, is_head_of, memberships_seen_by, people_of
from districts.views.pages import PortalView


class PeopleView(PortalView):
    """All districts whose people the person manages; one form a district to invite somebody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, None, InviteForm())

    def page(self, request: HttpRequest, invited: District | None, form: InviteForm, status: int = 200) -> HttpResponse:
        districts = districts_for(self.person, DistrictPermission.MANAGE_PEOPLE)
        people = people_of(districts)
        if not people:
            raise NotAllowed(_("Only the head of a district manages its people."))
        acting = acting_heads_of([district.pk for district in people])
        context = {
            "districts": [
                {
                    "district": district,
                    "members": members,
                    "form": form if district == invited else InviteForm(),
                    "is_invited": district == invited,
                    "acting": acting[district.pk],
                    "is_head": any(member.user_id == self.person.pk and member.role == DistrictRole.HEAD for member in members),
                }
                for district, members in people.items()
            ],
            "managed_roles": MANAGED_BY_HEADS,
        }
        return render(request, "districts/people.html", context, status=status)

    def back_url(self) -> str:
        return reverse("people") if districts_for(self.person, DistrictPermission.MANAGE_PEOPLE).exists() else reverse("home")


class InviteView(PeopleView):
    def get(self, _request: HttpRequest, code: str) -> HttpResponse:  # type: ignore[override]
        self.district(code)
        return redirect("people")

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        district = self.district(code)
        form = InviteForm(request.POST)
        if not form.is_valid():
            return self.page(request, district, form, status=422)
        data = form.cleaned_data
        try:
            invite_member(
                district=district,
                email=data["email"],
                full_name=data["full_name"],
                role=DistrictRole(data["role"]),
                actor=self.person,
                now=self.now,
            )
        except Refused as error:
            for message in error.messages:
                form.add_error(None, str(message))
            return self.page(request, district, form, status=error.status)
        messages.success(request, _("%(email)s was invited; the mail is on its way.") % {"email": data["email"]})
        return redirect("people")

    def district(self, code: str) -> District:
        return get_object_or_404(districts_for(self.person, DistrictPermission.VIEW), code=code)


class MemberView(PortalView):
    """One membership: a confirmation page, and what it confirms."""

    template = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self.membership(pk)
        return render(request, self.template, self.context(membership))

    def membership(self, pk: int) -> Membership:
        """404 for a foreign one, 403 for one that the person may see and not manage."""
        membership = memberships_seen_by(self.person).filter(pk=pk).first()
        if membership is None:
            raise Http404
        managed = districts_for(self.person, DistrictPermission.MANAGE_PEOPLE).filter(pk=membership.district_id).exists()
        if not managed or membership.role not in MANAGED_BY_HEADS:
            raise NotAllowed(_("You may not change this person's role."))
        return membership

    def context(self, membership: Membership) -> dict[str, object]:
        return {"membership": membership, "back_url": reverse("people"), "action_url": self.request.path}

    def back_url(self) -> str:
        return reverse("home")


class RemoveMemberView(MemberView):
    template = "districts/people_remove.html"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self.membership(pk)
        remove_member(membership=membership, actor=self.person)
        messages.success(request, _("%(person)s no longer works for %(district)s.") % _names(membership))
        return redirect("people")


class ChangeRoleView(MemberView):
    template = "districts/people_role.html"

    def context(self, membership: Membership) -> dict[str, object]:
        return {**super().context(membership), "form": RoleForm(initial={"role": membership.role})}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self.membership(pk)
        form = RoleForm(request.POST)
        if not form.is_valid():
            return render(request, self.template, {**self.context(membership), "form": form}, status=422)
        change_member_role(membership=membership, role=DistrictRole(form.cleaned_data["role"]), actor=self.person)
        messages.success(request, _("The role of %(person)s was changed.") % _names(membership))
        return redirect("people")


class AppointView(MemberView):
    """Letting an officer or observer act as head for some days."""

    template = "districts/people_appoint.html"

    def membership(self, pk: int) -> Membership:
        membership = super().membership(pk)
        if not is_head_of(self.person, membership.district_id):
            raise NotAllowed(_("Only the head of the district appoints somebody to act as head."))
        return membership

    def context(self, membership: Membership) -> dict[str, object]:
        return {**super().context(membership), "form": PeriodForm(initial={"first_day": timezone.localdate(self.now)})}

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = self.membership(pk)
        form = PeriodForm(request.POST)
        if form.is_valid():
            try:
                appoint_acting_head(membership=membership, **form.cleaned_data, actor=self.person, now=self.now)
            except Refused as error:
                for message in error.messages:
                    form.add_error(None, str(message))
            else:
                messages.success(request, _("%(person)s is appointed; both of you get a mail.") % _names(membership))
                return redirect("people")
        return render(request, self.template, {**self.context(membership), "form": form}, status=422)


class EndActingView(PortalView):
    """Ending a period early, or calling it off: a confirmation page, and what it confirms."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {"acting": self.acting(pk), "back_url": reverse("people"), "action_url": request.path}
        return render(request, "districts/people_end_acting.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        acting = self.acting(pk)
        end_acting(acting=acting, actor=self.person, now=self.now)
        messages.success(request, _("%(person)s does not act as head any more.") % _names(acting.membership))
        return redirect("people")

    def acting(self, pk: int) -> ActingHead:
        """404 for a foreign one, 403 for one that the person may see and not end."""
        acting = acting_heads_seen_by(self.person).filter(pk=pk).first()
        if acting is None:
            raise Http404
        if not is_head_of(self.person, acting.district_id):
            raise NotAllowed(_("Only the head of the district appoints somebody to act as head."))
        return acting


def _names(membership: Membership) -> dict[str, object]:
    return {"person": membership.user, "district": membership.district}
