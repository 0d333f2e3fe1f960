"""Profiles: the one in force, the one that is being written, and what waits for the bureau."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from districts.enums import OPEN_PROFILES, DistrictPermission, ProfileState
from districts.models import District, Profile
from districts.queries.access import AnyUser, district_ids_for, may, works_at_bureau

_LABELS = {
    "positioning": gettext_lazy("Positioning"),
    "advantages": gettext_lazy("Resource advantages"),
    "brand": gettext_lazy("Brand"),
    "path": gettext_lazy("Development path"),
    "contacts": gettext_lazy("Contacts"),
}
FIELDS = tuple(_LABELS)
"""What is written in words; beside them stand the industries."""


def districts_with_profiles(user: AnyUser) -> QuerySet[District]:
    """Everybody who belongs to a district or to the bureau reads all approved profiles: the strategy is shared."""
    knows = works_at_bureau(user) or district_ids_for(user, DistrictPermission.VIEW).exists()
    return District.objects.order_by("code") if knows else District.objects.none()


def profiles_in_force(districts: Collection[District]) -> dict[int, Profile]:
    """The latest approved one of each. Two queries."""
    rows = Profile.objects.filter(state=ProfileState.APPROVED, district__in=districts).select_related("decided_by")
    latest = rows.prefetch_related("industries").order_by("district_id", "-decided_at", "-pk").distinct("district_id")
    return {profile.district_id: profile for profile in latest}


def open_profile(district: District) -> Profile | None:
    """The version that is being written, or waits."""
    rows = Profile.objects.filter(district=district, state__in=OPEN_PROFILES)
    return rows.select_related("district", "written_by", "decided_by").prefetch_related("industries").first()


def history_of_profile(district: District) -> list[Profile]:
    """All approved versions, the latest first."""
    rows = Profile.objects.filter(district=district, state=ProfileState.APPROVED).select_related("written_by", "decided_by")
    return list(rows.prefetch_related("industries").order_by("-decided_at", "-pk"))


def writes_profile(user: AnyUser, district: District) -> bool:
    return may(user, DistrictPermission.SIGN, district.pk)


def bureau_profiles(user: AnyUser) -> QuerySet[Profile]:
    """Of the portfolio, what the districts sent and what was decided; their drafts are their own."""
    rows = Profile.objects.filter(district__in=district_ids_for(user, DistrictPermission.REVIEW))
    return rows.exclude(state=ProfileState.DRAFT).select_related("district", "written_by", "decided_by")


def differences(profile: Profile, before: Profile | None) -> list[tuple[str, str, str]]:
    """(name of the field, what it said, what it says), of the fields that differ."""
    found = []
    for name, label in _LABELS.items():
        old, new = getattr(before, name, ""), getattr(profile, name)
        if old != new:
            found.append((str(label), old, new))
    listed = [", ".join(sorted(one.label for one in side.industries.all())) if side else "" for side in (before, profile)]
    if listed[0] != listed[1]:
        found.append((gettext("Leading industries"), listed[0], listed[1]))
    return found
