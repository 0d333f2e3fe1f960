"""Who may do what on which district: the only reader of the grants.

A grant for a period counts within it, by the clock of the database: nobody passes a time, and nothing has to run for it to begin
or to end.

Superusers (the operator's repairs) hold the bureau's permissions everywhere and never a district's.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import QuerySet, Subquery

from districts.enums import BUREAU_PERMISSIONS, BUREAU_ROLE_PERMISSIONS, BureauRoleName, DistrictPermission
from districts.models import BureauRole, District, DistrictUserGrant, User
from districts.models.grant import in_force

AnyUser = User | AnonymousUser


def districts_for(user: AnyUser, perm: DistrictPermission) -> QuerySet[District]:
    """Every district on which the person holds the permission; none for who is not signed in or not active."""
    return District.objects.filter(pk__in=district_ids_for(user, perm))


def district_ids_for(user: AnyUser, perm: DistrictPermission) -> QuerySet[Any, Any]:
    """The same districts' primary keys, as a subquery that narrows other rows and reads no district."""
    if not (isinstance(user, User) and user.is_active):
        return District.objects.none().values("pk")
    if user.is_superuser:
        return District.objects.values("pk") if perm in BUREAU_PERMISSIONS else District.objects.none().values("pk")
    permission = Permission.objects.filter(codename=perm.value, content_type__app_label="districts").order_by()
    # One value instead of a join: the planner then knows that a bureau's role means every district, not one in a hundred.
    return DistrictUserGrant.objects.filter(in_force(), user=user, permission_id=Subquery(permission.values("pk"))).values(
        "content_object_id"
    )


def may(user: AnyUser, perm: DistrictPermission, district_id: int) -> bool:
    return districts_for(user, perm).filter(pk=district_id).exists()


def permissions_on(user: AnyUser, district_id: int) -> frozenset[DistrictPermission]:
    """All the person's permissions on one district, in one query."""
    return frozenset(held_on(user, district_id))


def held_on(user: AnyUser, district_id: int) -> dict[DistrictPermission, bool]:
    """The same with, for each permission, whether the person holds it for a period alone: as somebody who stands in."""
    if not (isinstance(user, User) and user.is_active):
        return {}
    if user.is_superuser:
        return dict.fromkeys(BUREAU_PERMISSIONS, False)
    # What is held for good comes last and wins, should both be there.
    rows = _grants_of(user, [district_id]).order_by("begins_at").values_list("permission__codename", "begins_at")
    return {DistrictPermission(codename): begins_at is not None for codename, begins_at in rows}


def permissions_by_district(user: User, district_ids: Collection[int]) -> dict[int, frozenset[DistrictPermission]]:
    """A district member's permissions on each of the districts, in one query."""
    found: dict[int, set[DistrictPermission]] = {pk: set() for pk in district_ids}
    rows = _grants_of(user, found)
    for district_id, codename in rows.values_list("content_object_id", "permission__codename"):
        found[district_id].add(DistrictPermission(codename))
    return {pk: frozenset(permissions) for pk, permissions in found.items()}


def _grants_of(user: User, district_ids: Collection[int]) -> QuerySet[DistrictUserGrant]:
    return DistrictUserGrant.objects.filter(
        in_force(), user=user, content_object_id__in=district_ids, permission__content_type__app_label="districts"
    )


def users_with(district: District, perm: DistrictPermission) -> QuerySet[User]:
    """The active people who hold the permission on the district."""
    people = User.objects.filter(
        in_force("districtusergrant__"),
        is_active=True,
        districtusergrant__content_object=district,
        districtusergrant__permission__codename=perm.value,
        districtusergrant__permission__content_type__app_label="districts",
    )
    return people if perm in BUREAU_PERMISSIONS else people.filter(is_superuser=False)


def holders_of(district_ids: Collection[int], perm: DistrictPermission) -> QuerySet[DistrictUserGrant]:
    """The grants of the permission on these districts to active people."""
    return DistrictUserGrant.objects.filter(
        in_force(), content_object__in=district_ids, permission__codename=perm.value, user__is_active=True
    ).select_related("user")


def bureau_role_of(user: AnyUser) -> BureauRole | None:
    return getattr(user, "bureau_role", None) if isinstance(user, User) and user.is_active else None


def bureau_may(user: AnyUser, perm: DistrictPermission) -> bool:
    """Whether the person's role at the bureau includes it, or that of somebody for whom the person deputises; on which districts,
    each row says by itself."""
    role = bureau_role_of(user)
    if is_operator(user) or role is None:
        return is_operator(user)
    return perm in BUREAU_ROLE_PERMISSIONS[role.role] or district_ids_for(user, perm).exists()


def works_at_bureau(user: AnyUser) -> bool:
    return bureau_role_of(user) is not None or is_operator(user)


def is_operator(user: AnyUser) -> bool:
    return isinstance(user, User) and user.is_active and user.is_superuser


def is_bureau_administrator(user: AnyUser) -> bool:
    """Whether the person may change the bureau's configuration."""
    role = bureau_role_of(user)
    return is_operator(user) or (role is not None and role.role == BureauRoleName.ADMINISTRATOR)
