"""The people of the demonstration: named, on addresses that cannot exist, one password for all, and no superuser."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from districts.domain.acting import appoint_acting_head
from districts.domain.deputies import name_deputy
from districts.domain.grants import refresh_grants
from districts.enums import BureauRoleName, DistrictRole, Scope
from districts.models import BureauRole, District, Membership, User
from reporting.demo.tables import DATA

PASSWORD = "digital-economy-2026"  # noqa: S105 (the demonstration's, printed at its start)
DOMAIN = "demo.example"
ACTING_IN = "110107"
AWAY_FROM, DEPUTY_FROM = "110111", "110108"
"""Districts of the reviewer who is away, and of the one who deputises."""


@dataclass(frozen=True)
class Account:
    address: str
    name: str
    job_title: str
    role: str
    units: tuple[str, ...]
    """District codes; none for who has all districts."""

    @property
    def is_bureau(self) -> bool:
        return self.role in BureauRoleName.values


@dataclass
class Cast:
    """Who takes the steps. Districts by code."""

    bureau: dict[str, User] = field(default_factory=dict)
    """By bureau role, those who have all districts."""
    reviewers: dict[str, User] = field(default_factory=dict)
    members: dict[tuple[str, str], User] = field(default_factory=dict)
    """By district and role."""


def accounts() -> Iterator[Account]:
    with (DATA / "demo_people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            units = tuple(row["units"].split())
            yield Account(f"{row['address']}@{DOMAIN}", row["name"], row["job_title"], row["role"], units)


def is_loaded() -> bool:
    """Whether the demonstration's people are there: they come and stay with all its data."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}").exists()


def strangers() -> int:
    """How many people are there who do not belong to the demonstration."""
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").count()


def add_people(*, joined: datetime) -> Cast:
    """Everybody of the file, with roles and grants."""
    cast, districts, password = Cast(), {district.code: district for district in District.objects.all()}, make_password(PASSWORD)
    for extension, account in enumerate(accounts(), 1001):
        user = User(
            email=account.address,
            full_name=account.name,
            job_title=account.job_title,
            phone=f"010 5555 {extension}",
            password=password,
            date_joined=joined,
        )
        user.save()
        own = [districts[code] for code in account.units]
        if account.is_bureau:
            _join_bureau(cast, user, account.role, own)
        else:
            _join_district(cast, user, account.role, own[0])
        refresh_grants(user_id=user.pk)
    return cast


def let_somebody_act(*, cast: Cast, now: datetime) -> None:
    """The head of a district whose report waits for a signature is away for a fortnight."""
    first_day = timezone.localdate(now)
    appoint_acting_head(
        membership=cast.members[ACTING_IN, DistrictRole.OFFICER].memberships.get(),
        first_day=first_day,
        last_day=first_day + timedelta(days=13),
        actor=cast.members[ACTING_IN, DistrictRole.HEAD],
        now=now,
    )


def let_somebody_deputise(*, cast: Cast, now: datetime) -> None:
    """One reviewer is away for ten days, and a colleague sees to those districts too."""
    away, first_day = cast.reviewers[AWAY_FROM], timezone.localdate(now)
    days = {"first_day": first_day, "last_day": first_day + timedelta(days=9)}
    name_deputy(absent=away, deputy=cast.reviewers[DEPUTY_FROM], **days, actor=away, now=now)


def _join_bureau(cast: Cast, user: User, role: str, districts: list[District]) -> None:
    bureau_role = BureauRole(user=user, role=BureauRoleName(role), scope=Scope.LISTED if districts else Scope.ALL)
    bureau_role.save()
    bureau_role.districts.set(districts)
    if districts:
        cast.reviewers |= {district.code: user for district in districts}
    else:
        cast.bureau[role] = user


def _join_district(cast: Cast, user: User, role: str, district: District) -> None:
    Membership(user=user, district=district, role=DistrictRole(role)).save()
    cast.members[district.code, role] = user
