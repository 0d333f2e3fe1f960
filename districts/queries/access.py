"""Who may do what on which district: the only reader of the grants.

Superusers (the operator's repairs) hold the bureau's permissions everywhere and never a district's.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import QuerySet, Subquery

from districts.enums import BUREAU_PERMISSIONS, BUREAU_ROLE_PERMISSIONS, BureauRoleName, DistrictPermission
from districts.models import BureauRole, District, DistrictUserGrant, User

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
    return DistrictUserGrant.objects.filter(user=user, permission_id=Subquery(permission.values("pk"))).values(
        "content_object_id"
    )


def may(user: AnyUser, perm: DistrictPermission, district_id: int) -> bool:
    return districts_for(user, perm).filter(pk=district_id).exists()


def permissions_on(user: AnyUser, district_id: int) -> frozenset[DistrictPermission]:
    """All the person's permissions on one district, in one query."""
    if not (isinstance(user, User) and user.is_active):
        return frozenset()
    if user.is_superuser:
        return BUREAU_PERMISSIONS
    grants = DistrictUserGrant.objects.filter(
        user=user, content_object_id=district_id, permission__content_type__app_label="districts"
    )
    return frozenset(DistrictPermission(codename) for codename in grants.values_list("permission__codename", flat=True))


def users_with(district: District, perm: DistrictPermission) -> QuerySet[User]:
    """The active people who hold the permission on the district."""
    people = User.objects.filter(
        is_active=True,
        districtusergrant__content_object=district,
        districtusergrant__permission__codename=perm.value,
        districtusergrant__permission__content_type__app_label="districts",
    )
    return people if perm in BUREAU_PERMISSIONS else people.filter(is_superuser=False)


def bureau_role_of(user: AnyUser) -> BureauRole | None:
    return getattr(user, "bureau_role", None) if isinstance(user, User) and user.is_active else None


def bureau_may(user: AnyUser, perm: DistrictPermission) -> bool:
    """Whether the person's role at the bureau includes it; on which districts, each row says by itself."""
    role = bureau_role_of(user)
    return is_operator(user) or (role is not None and perm in BUREAU_ROLE_PERMISSIONS[role.role])


def works_at_bureau(user: AnyUser) -> bool:
    return bureau_role_of(user) is not None or is_operator(user)


def is_operator(user: AnyUser) -> bool:
    return isinstance(user, User) and user.is_active and user.is_superuser


def is_bureau_administrator(user: AnyUser) -> bool:
    """Whether the person may change the bureau's configuration."""
    role = bureau_role_of(user)
    return is_operator(user) or (role is not None and role.role == BureauRoleName.ADMINISTRATOR)
