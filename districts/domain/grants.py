"""Guardian rows, made from memberships and bureau roles: the only writer."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import Permission

from districts.enums import BUREAU_ROLE_PERMISSIONS, DISTRICT_ROLE_PERMISSIONS, DistrictPermission, Scope
from districts.models import BureauRole, District, DistrictUserGrant, Membership

Grant = tuple[int, str]
"""(district id, permission codename)."""


def expected_grants(user_id: int) -> set[Grant]:
    """What a person's memberships and bureau role give."""
    grants = {
        (membership.district_id, perm.value)
        for membership in Membership.objects.filter(user_id=user_id)
        for perm in DISTRICT_ROLE_PERMISSIONS[membership.role]
    }
    for role in BureauRole.objects.filter(user_id=user_id):
        districts = District.objects.all() if role.scope == Scope.ALL else role.districts.all()
        perms = BUREAU_ROLE_PERMISSIONS[role.role]
        grants |= {(pk, perm.value) for pk in districts.values_list("pk", flat=True) for perm in perms}
    return grants


def actual_grants(user_id: int) -> set[Grant]:
    rows = DistrictUserGrant.objects.filter(user_id=user_id)
    return set(rows.values_list("content_object_id", "permission__codename"))


def refresh_grants(*, user_id: int) -> None:
    """Make the person's grant rows follow from memberships and bureau role. Call inside the transaction that changed them."""
    expected, actual = expected_grants(user_id), actual_grants(user_id)
    surplus = actual - expected
    for perm in DistrictPermission.values:
        districts = [district for district, codename in surplus if codename == perm]
        if districts:
            DistrictUserGrant.objects.filter(user_id=user_id, permission__codename=perm, content_object_id__in=districts).delete()
    _write((user_id, district, codename) for district, codename in expected - actual)


def fan_out_to_new_district(*, district: District) -> None:
    """Give everybody whose scope is all districts the new one too."""
    _write(
        (role.user_id, district.pk, perm.value)
        for role in BureauRole.objects.filter(scope=Scope.ALL)
        for perm in BUREAU_ROLE_PERMISSIONS[role.role]
    )


def grant_disagreements() -> Iterator[tuple[int, set[Grant], set[Grant]]]:
    """(user id, missing, surplus) for everyone whose rows do not follow from memberships and bureau role."""
    users: Iterable[int] = sorted(
        set(Membership.objects.values_list("user_id", flat=True))
        | set(BureauRole.objects.values_list("user_id", flat=True))
        | set(DistrictUserGrant.objects.values_list("user_id", flat=True))
    )
    for user_id in users:
        expected, actual = expected_grants(user_id), actual_grants(user_id)
        if expected != actual:
            yield user_id, expected - actual, actual - expected


def _write(grants: Iterable[tuple[int, int, str]]) -> None:
    permissions = dict(
        Permission.objects.filter(content_type__app_label="districts", codename__in=DistrictPermission.values).values_list(
            "codename", "pk"
        )
    )
    DistrictUserGrant.objects.bulk_create(
        (
            DistrictUserGrant(user_id=user_id, content_object_id=district_id, permission_id=permissions[codename])
            for user_id, district_id, codename in grants
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
