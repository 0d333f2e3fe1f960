"""Guardian rows, made from memberships, bureau roles, and who stands in for whom: the only writer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import Permission

from districts.enums import BUREAU_ROLE_PERMISSIONS, DISTRICT_ROLE_PERMISSIONS, DistrictPermission, DistrictRole, Scope
from districts.models import ActingHead, BureauRole, Deputy, District, DistrictUserGrant, Membership

Period = tuple[datetime, datetime]
"""From its first instant to the first one after it."""


class Grant(NamedTuple):
    """A permission on a district: for good, or from the first instant to before the last one."""

    district_id: int
    permission: str
    begins_at: datetime | None = None
    ends_at: datetime | None = None

    def __str__(self) -> str:
        period = f", {self.begins_at.isoformat()}/{self.ends_at.isoformat()}" if self.begins_at and self.ends_at else ""
        return f"({self.district_id}, {self.permission}{period})"


def expected_grants(user_id: int) -> set[Grant]:
    """What a person's memberships and bureau role give, and the periods in which the person stands in for somebody.

    What somebody holds for good is not granted for a period too, and periods that meet are one: at any instant at most one row
    gives a permission. Periods that are over stay, so that the answer does not depend on when it is asked for.
    """
    lasting = _lasting_grants(user_id)
    passing = _passing_grants(user_id)
    return lasting | {
        Grant(*held, *period) for held, periods in passing.items() if Grant(*held) not in lasting for period in merged(periods)
    }


def _lasting_grants(user_id: int) -> set[Grant]:
    grants = {
        Grant(membership.district_id, perm.value)
        for membership in Membership.objects.filter(user_id=user_id)
        for perm in DISTRICT_ROLE_PERMISSIONS[membership.role]
    }
    for role in BureauRole.objects.filter(user_id=user_id):
        grants |= _grants_of(role)
    return grants


def _grants_of(role: BureauRole) -> set[Grant]:
    districts = District.objects.all() if role.scope == Scope.ALL else role.districts.all()
    perms = BUREAU_ROLE_PERMISSIONS[role.role]
    return {Grant(pk, perm.value) for pk in districts.values_list("pk", flat=True) for perm in perms}


def _passing_grants(user_id: int) -> dict[tuple[int, str], list[Period]]:
    periods: dict[tuple[int, str], list[Period]] = defaultdict(list)
    for acting in ActingHead.objects.filter(membership__user_id=user_id, ended_at=None):
        for perm in DISTRICT_ROLE_PERMISSIONS[DistrictRole.ACTING_HEAD]:
            periods[acting.district_id, perm.value].append((acting.begins_at, acting.ends_at))
    # Of the role itself, not of what its holder has as somebody's deputy: nobody passes that on.
    for row in Deputy.objects.giving().filter(deputy__user_id=user_id).select_related("absent"):
        for held in _grants_of(row.absent):
            periods[held.district_id, held.permission].append((row.begins_at, row.ends_at))
    return periods


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time in the fewest periods."""
    found: list[Period] = []
    for begins_at, ends_at in sorted(periods):
        if found and begins_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((begins_at, ends_at))
    return found


def actual_grants(user_id: int) -> set[Grant]:
    return {grant for grant, _pk in _rows(user_id)}


def _rows(user_id: int) -> list[tuple[Grant, int]]:
    rows = DistrictUserGrant.objects.filter(user_id=user_id)
    values = rows.values_list("content_object_id", "permission__codename", "begins_at", "ends_at", "pk")
    return [(Grant(district, codename, begins_at, ends_at), pk) for district, codename, begins_at, ends_at, pk in values]


def refresh_grants(*, user_id: int) -> None:
    """Make the grant rows of the person, and of whoever deputises for the person, follow from memberships and bureau roles. Call
    inside the transaction that changed them."""
    for each in (user_id, *deputies_of(user_id)):
        _refresh(each)


def deputies_of(user_id: int) -> list[int]:
    """The people whose grants follow the person's bureau role."""
    rows = Deputy.objects.filter(absent__user_id=user_id, ended_at=None)
    return list(rows.order_by("deputy__user_id").values_list("deputy__user_id", flat=True).distinct())


def _refresh(user_id: int) -> None:
    expected, rows = expected_grants(user_id), _rows(user_id)
    surplus = [pk for grant, pk in rows if grant not in expected]
    if surplus:
        DistrictUserGrant.objects.filter(pk__in=surplus).delete()
    _write((user_id, grant) for grant in expected - {grant for grant, _pk in rows})


def fan_out_to_new_district(*, district: District) -> None:
    """Give everybody whose scope is all districts the new one too, and their deputies."""
    _write(
        (role.user_id, Grant(district.pk, perm.value))
        for role in BureauRole.objects.filter(scope=Scope.ALL)
        for perm in BUREAU_ROLE_PERMISSIONS[role.role]
    )
    deputies = Deputy.objects.giving().filter(absent__scope=Scope.ALL).order_by("deputy__user_id")
    for user_id in deputies.values_list("deputy__user_id", flat=True).distinct():
        _refresh(user_id)


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


def _write(grants: Iterable[tuple[int, Grant]]) -> None:
    permissions = dict(
        Permission.objects.filter(content_type__app_label="districts", codename__in=DistrictPermission.values).values_list(
            "codename", "pk"
        )
    )
    DistrictUserGrant.objects.bulk_create(
        (
            DistrictUserGrant(
                user_id=user_id,
                content_object_id=grant.district_id,
                permission_id=permissions[grant.permission],
                begins_at=grant.begins_at,
                ends_at=grant.ends_at,
            )
            for user_id, grant in grants
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
