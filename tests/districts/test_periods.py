"""Grants for a period: in from the first instant, out at the last one, decided by the database's clock when they are read."""

from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise, product

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction

from districts.domain.grants import Grant, actual_grants, expected_grants, grant_disagreements, merged, refresh_grants
from districts.domain.periods import period_of
from districts.enums import HEAD_ROLES, DistrictPermission, DistrictRole
from districts.errors import Refused
from districts.models import ActingHead, DistrictUserGrant, Membership, User
from districts.queries.access import districts_for, held_on, holders_of, may, permissions_by_district, permissions_on, users_with
from districts.queries.people import members_of, memberships_of
from tests.conftest import Cast
from tests.factories import act

SIGN = DistrictPermission.SIGN
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
HEAD = {DistrictPermission.VIEW, DistrictPermission.FILE, SIGN, DistrictPermission.MANAGE_PEOPLE}


def moment() -> datetime:
    """The clock by which the test's own transaction reads: it stands still."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        return cursor.fetchone()[0]


def signs(user: User, cast: Cast) -> bool:
    """By every reader of the grants, which must agree."""
    user = User.objects.get(pk=user.pk)
    north = cast.north
    answers = {
        may(user, SIGN, north.pk),
        north in districts_for(user, SIGN),
        SIGN in permissions_on(user, north.pk),
        SIGN in permissions_by_district(user, [north.pk])[north.pk],
        user in users_with(north, SIGN),
        user.pk in set(holders_of([north.pk], SIGN).values_list("user", flat=True)),
        user.has_perm("districts.sign_report", north),
        user.has_perm("sign_report", north),
        "districts.sign_report" in user.get_all_permissions(north),
        user in members_of([north.pk], HEAD_ROLES)[north.pk],
        memberships_of(user)[0].role_in_force == DistrictRole.ACTING_HEAD,
    }
    (answer,) = answers
    return answer


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        (timedelta(0), DAY, True),
        (-DAY, TICK, True),
        (TICK, DAY, False),
        (-DAY, timedelta(0), False),
        (-2 * DAY, -DAY, False),
        (DAY, 2 * DAY, False),
    ],
)
def test_period_holds_from_its_first_instant_to_before_its_last(
    begins: timedelta, ends: timedelta, expected: bool, cast: Cast
) -> None:
    act(cast.observer.memberships.get(), begins_at=moment() + begins, ends_at=moment() + ends)
    assert signs(cast.observer, cast) is expected
    assert permissions_on(cast.observer, cast.north.pk) == (HEAD if expected else {DistrictPermission.VIEW})
    assert permissions_on(cast.observer, cast.south.pk) == frozenset()
    assert list(grant_disagreements()) == []


def test_guardian_does_not_tell_of_a_grant_that_is_over(cast: Cast) -> None:
    """Its own checker would; the backend that is configured reads as the portal does."""
    act(cast.officer.memberships.get(), begins_at=moment() - DAY, ends_at=moment())
    assert DistrictUserGrant.objects.filter(user=cast.officer, permission__codename=SIGN).exists()
    assert not cast.officer.has_perm("districts.sign_report", cast.north)
    assert cast.officer.get_all_permissions(cast.north) == {"districts.view_district", "districts.file_report"}
    assert not cast.officer.has_perm("districts.file_report", cast.south)
    assert not cast.officer.has_perm("reporting.file_report", cast.north)
    assert cast.head.has_perm("districts.sign_report", cast.north)
    assert not cast.head.has_perm("districts.sign_report")
    assert cast.head.get_group_permissions(cast.north) == set()


def test_what_is_held_for_good_is_not_granted_for_a_period(cast: Cast) -> None:
    begins_at, ends_at = moment() - DAY, moment() + DAY
    act(cast.officer.memberships.get(), begins_at=begins_at, ends_at=ends_at)
    assert actual_grants(cast.officer.pk) == {
        Grant(cast.north.pk, "view_district"),
        Grant(cast.north.pk, "file_report"),
        Grant(cast.north.pk, "sign_report", begins_at, ends_at),
        Grant(cast.north.pk, "manage_people", begins_at, ends_at),
    }
    assert held_on(cast.officer, cast.north.pk) == {
        DistrictPermission.VIEW: False,
        DistrictPermission.FILE: False,
        SIGN: True,
        DistrictPermission.MANAGE_PEOPLE: True,
    }
    Membership.objects.filter(user=cast.officer).update(role=DistrictRole.HEAD)
    refresh_grants(user_id=cast.officer.pk)
    assert held_on(cast.officer, cast.north.pk) == dict.fromkeys(HEAD, False)
    assert list(grant_disagreements()) == []


def test_right_for_good_wins_where_a_stray_row_stands_beside_it(cast: Cast) -> None:
    permission = Permission.objects.get(codename=SIGN, content_type__app_label="districts")
    stray = DistrictUserGrant(
        user=cast.head, content_object=cast.north, permission=permission, begins_at=moment(), ends_at=moment() + DAY
    )
    DistrictUserGrant.objects.bulk_create([stray])
    assert held_on(cast.head, cast.north.pk)[SIGN] is False
    assert list(grant_disagreements()) == [(cast.head.pk, set(), {Grant(cast.north.pk, SIGN, moment(), moment() + DAY)})]
    refresh_grants(user_id=cast.head.pk)
    assert list(grant_disagreements()) == []


def test_missing_moved_and_surplus_periods_are_reported_and_repaired(cast: Cast) -> None:
    act(cast.observer.memberships.get(), begins_at=moment(), ends_at=moment() + DAY)
    rows = DistrictUserGrant.objects.filter(user=cast.observer)
    rows.filter(permission__codename="file_report").delete()
    rows.filter(permission__codename=SIGN).update(ends_at=moment() + 9 * DAY)
    ((user_id, missing, surplus),) = grant_disagreements()
    held = (cast.north.pk, moment())
    assert (user_id, missing) == (
        cast.observer.pk,
        {Grant(held[0], perm, held[1], held[1] + DAY) for perm in ("file_report", "sign_report")},
    )
    assert surplus == {Grant(held[0], SIGN, held[1], held[1] + 9 * DAY)}
    refresh_grants(user_id=cast.observer.pk)
    assert actual_grants(cast.observer.pk) == expected_grants(cast.observer.pk)


def test_ended_period_gives_no_row(cast: Cast) -> None:
    acting = act(cast.officer.memberships.get())
    ActingHead.objects.filter(pk=acting.pk).update(ended_at=moment(), ended_by=cast.head)
    refresh_grants(user_id=cast.officer.pk)
    assert not signs(cast.officer, cast)
    assert {grant.begins_at for grant in actual_grants(cast.officer.pk)} == {None}


def test_two_periods_that_meet_are_one_row(cast: Cast) -> None:
    membership = cast.observer.memberships.get()
    act(membership, begins_at=moment() - DAY, ends_at=moment())
    act(membership, begins_at=moment(), ends_at=moment() + DAY)
    rows = DistrictUserGrant.objects.filter(user=cast.observer, permission__codename=SIGN)
    assert list(rows.values_list("begins_at", "ends_at")) == [(moment() - DAY, moment() + DAY)]
    assert list(users_with(cast.north, SIGN)).count(cast.observer) == 1


def test_merged_periods_cover_the_same_instants_and_never_meet() -> None:
    """Any three periods within five days."""
    origin = datetime(2026, 1, 1, tzinfo=UTC)
    ends = list(combinations((origin + number * DAY for number in range(6)), 2))
    instants = [origin + number * DAY / 2 for number in range(-1, 12)]
    for periods in product(ends, repeat=3):
        found = merged(periods)
        assert [any(a <= one < b for a, b in found) for one in instants] == [
            any(a <= one < b for a, b in periods) for one in instants
        ]
        assert all(before[1] < after[0] for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"ends_at": datetime(2026, 1, 1, tzinfo=UTC)}, "actinghead_period"),
        ({"ended_at": datetime(2026, 1, 1, tzinfo=UTC)}, "actinghead_ended_by_somebody"),
    ],
)
def test_database_refuses_periods_that_are_none(change: dict[str, datetime], name: str, cast: Cast) -> None:
    acting = act(cast.officer.memberships.get())
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ActingHead.objects.filter(pk=acting.pk).update(**change)


def test_database_refuses_two_periods_of_one_person_at_a_time(cast: Cast) -> None:
    membership = cast.officer.memberships.get()
    first = act(membership, begins_at=moment(), ends_at=moment() + DAY)
    act(cast.observer.memberships.get(), begins_at=moment(), ends_at=moment() + DAY)
    with pytest.raises(IntegrityError, match="actinghead_once_at_a_time"), transaction.atomic():
        act(membership, begins_at=moment() + DAY - TICK, ends_at=moment() + 2 * DAY)
    ActingHead.objects.filter(pk=first.pk).update(ended_at=moment(), ended_by=cast.head)
    act(membership, begins_at=moment() + DAY - TICK, ends_at=moment() + 2 * DAY)


def test_database_refuses_half_a_period_of_a_grant_and_a_second_row_of_one(cast: Cast) -> None:
    rows = DistrictUserGrant.objects.filter(user=cast.officer, permission__codename="file_report")
    for change in ({"begins_at": moment()}, {"ends_at": moment()}, {"begins_at": moment(), "ends_at": moment()}):
        with pytest.raises(IntegrityError, match="grant_period"), transaction.atomic():
            rows.update(**change)
    row = rows.get()
    with pytest.raises(IntegrityError, match="grant_unique"), transaction.atomic():
        DistrictUserGrant.objects.bulk_create(
            [DistrictUserGrant(user=cast.officer, content_object=cast.north, permission=row.permission)]
        )


def test_nobody_is_an_acting_head_for_good(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="membership_role_stands"), transaction.atomic():
        Membership.objects.filter(user=cast.officer).update(role=DistrictRole.ACTING_HEAD)


def beijing(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


NOW = beijing(2026, 11, 25, 1)
"""Still the 24th in London."""


@pytest.mark.parametrize(("first", "last"), [(25, 25), (25, 30), (26, 27)])
def test_days_are_those_of_the_portals_zone_to_their_end(first: int, last: int) -> None:
    found = period_of(date(2026, 11, first), date(2026, 11, last), NOW)
    assert found == (beijing(2026, 11, first), beijing(2026, 11, last) + DAY)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-11-24", "2026-11-30", "has passed"),
        ("2026-11-26", "2026-11-25", "before the first"),
        ("2026-11-25", "2027-02-25", "too long: 92 days"),
        ("9999-12-31", "9999-12-31", "more than a year"),
    ],
)
def test_days_that_are_no_period_are_refused(first: str, last: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        period_of(date.fromisoformat(first), date.fromisoformat(last), NOW)


def test_ninety_two_days_are_possible() -> None:
    begins_at, ends_at = period_of(NOW.date() + DAY, (NOW + 92 * DAY).date(), NOW)
    assert (ends_at - begins_at).days == 92
