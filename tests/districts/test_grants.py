"""Grant rows follow from memberships and bureau roles, and from nothing else."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from districts.domain.districts import add_district, load_districts
from districts.domain.grants import Grant, actual_grants, expected_grants, grant_disagreements, refresh_grants
from districts.enums import STANDING_ROLES, BureauRoleName, DistrictPermission, DistrictRole, Scope
from districts.models import BureauRole, District, DistrictGroupGrant, DistrictUserGrant, Membership, User
from tests.conftest import Cast
from tests.factories import make_district, make_user


def _permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename, content_type__app_label="districts")


def _held(user: User) -> set[tuple[str, str]]:
    rows = DistrictUserGrant.objects.filter(user=user).values_list("content_object__code", "permission__codename")
    assert len(rows) == len(set(rows))
    return set(rows)


def test_district_has_exactly_the_permissions_of_the_enumeration(db: None) -> None:
    found = Permission.objects.filter(content_type__app_label="districts", content_type__model="district")
    assert set(found.values_list("codename", flat=True)) == set(DistrictPermission.values)


def test_cast_agrees(cast: Cast) -> None:
    assert list(grant_disagreements()) == []
    assert DistrictGroupGrant.objects.count() == 0


def test_new_district_reaches_everybody_whose_scope_is_all_and_nobody_else(cast: Cast) -> None:
    before = {user: _held(user) for user in User.objects.all()}
    make_district("west")
    gained = {user.email: _held(user) - before[user] for user in User.objects.all()}
    approver = {("west", "view_district"), ("west", "review_report"), ("west", "approve_report")}
    assert {email: grants for email, grants in gained.items() if grants} == {
        cast.approver.email: approver,
        cast.administrator.email: approver,
    }
    assert list(grant_disagreements()) == []


def test_reviewer_of_all_districts_gets_a_new_one_as_a_reviewer(cast: Cast) -> None:
    BureauRole.objects.filter(user=cast.reviewer).update(scope=Scope.ALL)
    refresh_grants(user_id=cast.reviewer.pk)
    make_district("west")
    assert _held(cast.reviewer) == {
        (code, perm) for code in ("north", "south", "west") for perm in ("view_district", "review_report")
    }


def test_refresh_adds_what_is_missing_and_removes_what_is_too_much(cast: Cast) -> None:
    DistrictUserGrant.objects.filter(user=cast.head, permission__codename="sign_report").delete()
    stray = DistrictUserGrant(user=cast.head, content_object=cast.south, permission=_permission("approve_report"))
    DistrictUserGrant.objects.bulk_create([stray])
    DistrictUserGrant.objects.bulk_create(
        [DistrictUserGrant(user=cast.outsider, content_object=cast.north, permission=_permission("view_district"))]
    )
    assert list(grant_disagreements()) == [
        (cast.head.pk, {Grant(cast.north.pk, "sign_report")}, {Grant(cast.south.pk, "approve_report")}),
        (cast.outsider.pk, set(), {Grant(cast.north.pk, "view_district")}),
    ]
    for user in (cast.head, cast.outsider):
        refresh_grants(user_id=user.pk)
        assert actual_grants(user.pk) == expected_grants(user.pk)
    assert list(grant_disagreements()) == []
    assert _held(cast.outsider) == set()


def test_refresh_keeps_rows_that_are_right(cast: Cast) -> None:
    before = set(DistrictUserGrant.objects.values_list("pk", flat=True))
    for user in User.objects.all():
        refresh_grants(user_id=user.pk)
    assert set(DistrictUserGrant.objects.values_list("pk", flat=True)) == before


def test_refresh_of_one_leaves_others_alone(cast: Cast) -> None:
    others = DistrictUserGrant.objects.exclude(user=cast.head)
    before = set(others.values_list("pk", flat=True))
    Membership.objects.filter(user=cast.head).delete()
    refresh_grants(user_id=cast.head.pk)
    assert _held(cast.head) == set()
    assert set(others.values_list("pk", flat=True)) == before


def test_membership_and_bureau_role_add_up(cast: Cast) -> None:
    BureauRole.objects.create(user=cast.officer, role=BureauRoleName.REVIEWER, scope=Scope.LISTED).districts.set([cast.south])
    refresh_grants(user_id=cast.officer.pk)
    assert _held(cast.officer) == {
        ("north", "view_district"),
        ("north", "file_report"),
        ("south", "view_district"),
        ("south", "review_report"),
    }


@pytest.mark.parametrize("role", STANDING_ROLES)
def test_missing_membership_rows_are_reported_for_every_role(role: DistrictRole, cast: Cast) -> None:
    user = make_user("new")
    Membership.objects.create(user=user, district=cast.south, role=role)
    ((user_id, missing, surplus),) = grant_disagreements()
    assert (user_id, missing, surplus) == (user.pk, expected_grants(user.pk), set())
    assert missing


def test_units_of_the_file_are_loaded_once_with_everybodys_grants(cast: Cast) -> None:
    path = settings.BASE_DIR / "districts" / "data" / "districts.csv"
    District.objects.update(grid_row=90)
    assert load_districts(path=path) == 17
    assert load_districts(path=path) == 0
    assert District.objects.count() == 19
    assert len(_held(cast.approver)) == 19 * 3
    assert list(grant_disagreements()) == []


def test_district_added_has_no_end_and_is_named(db: None) -> None:
    district = add_district(code="x", name="X", name_zh="某区", grid_row=1, grid_column=1, peer_group="urban")
    assert (district.begins_on, district.ends_on, str(district)) == (None, None, "X")
