"""Who may do what on which district: fails closed, follows the grants, and nothing else gives anything."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from guardian.shortcuts import get_objects_for_user

from districts.domain.grants import refresh_grants
from districts.enums import BUREAU_ROLE_PERMISSIONS, DISTRICT_ROLE_PERMISSIONS, BureauRoleName, DistrictPermission, DistrictRole
from districts.models import BureauRole, District, DistrictUserGrant, Membership, User
from districts.queries.access import (
    AnyUser,
    districts_for,
    is_bureau_administrator,
    is_operator,
    may,
    permissions_on,
    users_with,
    works_at_bureau,
)
from reporting.models import Answer, Comment, Event, Revision, Submission
from tests.conftest import Cast
from tests.factories import make_member, make_user
from tests.reporting.domain.states import send_back

VIEW, FILE, SIGN, PEOPLE, REVIEW, APPROVE = [
    "view_district",
    "file_report",
    "sign_report",
    "manage_people",
    "review_report",
    "approve_report",
]
HEAD = {VIEW, FILE, SIGN, PEOPLE}
APPROVER = {VIEW, REVIEW, APPROVE}
# design.md's table of roles: what each of the cast holds on its own district and on the other one.
HELD: dict[str, tuple[set[str], set[str]]] = {
    "head": (HEAD, set()),
    "officer": ({VIEW, FILE}, set()),
    "observer": ({VIEW}, set()),
    "south_head": (set(), HEAD),
    "south_officer": (set(), {VIEW, FILE}),
    "south_observer": (set(), {VIEW}),
    "administrator": (APPROVER, APPROVER),
    "approver": (APPROVER, APPROVER),
    "reviewer": ({VIEW, REVIEW}, set()),
    "south_reviewer": (set(), {VIEW, REVIEW}),
    "outsider": (set(), set()),
}


def held(user: AnyUser, district: District) -> set[str]:
    """By all three readers, which must agree."""
    one_by_one = {perm.value for perm in DistrictPermission if may(user, perm, district.pk)}
    listed = {perm.value for perm in DistrictPermission if district in districts_for(user, perm)}
    whole = {perm.value for perm in permissions_on(user, district.pk)}
    assert one_by_one == listed == whole
    return whole


def test_roles_give_exactly_the_permissions_of_the_design() -> None:
    assert {role: set(map(str, perms)) for role, perms in DISTRICT_ROLE_PERMISSIONS.items()} == {
        "observer": {VIEW},
        "officer": {VIEW, FILE},
        "head": HEAD,
        "acting_head": HEAD,
    }
    assert {role: set(map(str, perms)) for role, perms in BUREAU_ROLE_PERMISSIONS.items()} == {
        "reviewer": {VIEW, REVIEW},
        "approver": APPROVER,
        "administrator": APPROVER,
    }
    assert set(DISTRICT_ROLE_PERMISSIONS) == set(DistrictRole)
    assert set(BUREAU_ROLE_PERMISSIONS) == set(BureauRoleName)


def test_everybody_holds_exactly_the_roles_permissions(cast: Cast) -> None:
    people = {name: value for name, value in vars(cast).items() if isinstance(value, User)}
    assert {name: (held(user, cast.north), held(user, cast.south)) for name, user in people.items()} == HELD


def test_district_that_does_not_exist_is_nobodys(cast: Cast) -> None:
    for user in (cast.head, cast.administrator):
        assert permissions_on(user, 0) == frozenset()
        assert not any(may(user, perm, 0) for perm in DistrictPermission)


def test_anonymous_and_deactivated_hold_nothing(cast: Cast) -> None:
    User.objects.filter(pk__in=[cast.head.pk, cast.administrator.pk]).update(is_active=False)
    for user in (AnonymousUser(), User.objects.get(pk=cast.head.pk), User.objects.get(pk=cast.administrator.pk)):
        assert held(user, cast.north) == set()
        assert not works_at_bureau(user)
        assert not is_bureau_administrator(user)
    assert get_objects_for_user(cast.head, "districts.view_district").count() == 1  # guardian alone would still tell


def test_superuser_holds_the_bureaus_permissions_and_never_a_districts(cast: Cast) -> None:
    operator = User.objects.create_superuser("operator@example.org", "x", full_name="Operator")
    assert held(operator, cast.north) == held(operator, cast.south) == APPROVER
    assert (is_operator(operator), works_at_bureau(operator), is_bureau_administrator(operator)) == (True, True, True)
    Membership.objects.create(user=operator, district=cast.north, role=DistrictRole.HEAD)
    refresh_grants(user_id=operator.pk)
    assert held(operator, cast.north) == APPROVER
    assert operator not in users_with(cast.north, DistrictPermission.SIGN)
    User.objects.filter(pk=operator.pk).update(is_active=False)
    assert held(User.objects.get(pk=operator.pk), cast.north) == set()


def test_model_permissions_staff_groups_and_flags_give_nothing(cast: Cast) -> None:
    """The trap of `accept_global_perms`: who holds a permission on the model would gain every object."""
    everything = Permission.objects.all()
    group = Group.objects.create(name="Everything")
    group.permissions.set(everything)
    for user in (cast.outsider, cast.reviewer):
        user.user_permissions.set(everything)
        user.groups.add(group)
    outsider, reviewer = User.objects.get(pk=cast.outsider.pk), User.objects.get(pk=cast.reviewer.pk)
    assert outsider.has_perm("districts.view_district")
    assert held(outsider, cast.north) == held(outsider, cast.south) == held(reviewer, cast.south) == set()
    assert held(reviewer, cast.north) == {VIEW, REVIEW}
    assert not outsider.is_staff
    assert not works_at_bureau(outsider)
    assert set(users_with(cast.south, DistrictPermission.VIEW)) == {
        *(cast.south_head, cast.south_officer, cast.south_observer, cast.south_reviewer),
        *(cast.approver, cast.administrator),
    }


def test_revoked_role_is_gone_at_the_next_question(cast: Cast) -> None:
    Membership.objects.filter(user=cast.head).delete()
    refresh_grants(user_id=cast.head.pk)
    assert held(cast.head, cast.north) == set()
    cast.reviewer.bureau_role.districts.set([cast.south])
    refresh_grants(user_id=cast.reviewer.pk)
    assert (held(cast.reviewer, cast.north), held(cast.reviewer, cast.south)) == (set(), {VIEW, REVIEW})
    BureauRole.objects.filter(user=cast.approver).delete()
    refresh_grants(user_id=cast.approver.pk)
    again = User.objects.get(pk=cast.approver.pk)
    assert (held(again, cast.north), works_at_bureau(again)) == (set(), False)


def test_lowered_role_leaves_no_surplus(cast: Cast) -> None:
    Membership.objects.filter(user=cast.head).update(role=DistrictRole.OBSERVER)
    refresh_grants(user_id=cast.head.pk)
    assert held(cast.head, cast.north) == {VIEW}


@pytest.mark.parametrize("perm", DistrictPermission)
def test_people_with_a_permission_are_the_active_ones_who_hold_it(perm: DistrictPermission, cast: Cast) -> None:
    former = make_member("north-former", cast.north, DistrictRole.HEAD)
    User.objects.filter(pk=former.pk).update(is_active=False)
    expected = {getattr(cast, name).email for name, (north, _south) in HELD.items() if perm in north}
    found = [user.email for user in users_with(cast.north, perm)]
    assert sorted(found) == sorted(expected)


def test_person_with_two_roles_holds_both_and_is_listed_once(cast: Cast) -> None:
    Membership.objects.create(user=cast.reviewer, district=cast.north, role=DistrictRole.OFFICER)
    refresh_grants(user_id=cast.reviewer.pk)
    assert held(cast.reviewer, cast.north) == {VIEW, FILE, REVIEW}
    assert list(users_with(cast.north, DistrictPermission.VIEW)).count(cast.reviewer) == 1
    assert list(districts_for(cast.reviewer, DistrictPermission.VIEW)) == [cast.north]


def test_tenant_rows_are_narrowed_to_what_the_person_holds(
    cast: Cast, submission: Submission, south_submission: Submission
) -> None:
    send_back(submission, cast)
    models = (Submission, Revision, Answer, Comment, Event)
    inactive = make_member("north-former", cast.north, DistrictRole.HEAD)
    inactive.is_active = False
    for user in (AnonymousUser(), cast.outsider, make_user("nobody"), inactive):
        assert [model.objects.for_user(user).count() for model in models] == [0] * 5
    assert list(Submission.objects.for_user(cast.south_observer)) == [south_submission]
    assert [model.objects.for_user(cast.south_head).count() for model in models[1:]] == [0] * 4
    assert list(Submission.objects.for_user(cast.observer)) == [submission]
    assert not Submission.objects.for_user(cast.observer, DistrictPermission.FILE).exists()
    assert set(Submission.objects.for_user(cast.approver, DistrictPermission.APPROVE)) == {submission, south_submission}
    assert [model.objects.for_user(cast.observer).count() for model in models] == [
        model.objects.filter(district=cast.north).count() for model in models
    ]


def test_grants_are_read_by_name_and_application(cast: Cast) -> None:
    """A permission of the same name on another model must not open a district."""
    other = Permission.objects.create(
        codename=APPROVE,
        name="x",
        content_type=Permission.objects.exclude(content_type__app_label="districts").first().content_type,  # type: ignore[union-attr]
    )
    DistrictUserGrant.objects.bulk_create([DistrictUserGrant(user=cast.outsider, content_object=cast.north, permission=other)])
    assert held(cast.outsider, cast.north) == set()
    assert cast.outsider not in users_with(cast.north, DistrictPermission.APPROVE)


def test_access_costs_one_query_however_many_districts(cast: Cast, django_assert_num_queries: object) -> None:
    for perm, user in product((DistrictPermission.VIEW, DistrictPermission.APPROVE), (cast.head, cast.approver)):
        with django_assert_num_queries(1):  # type: ignore[operator]
            list(districts_for(user, perm))
