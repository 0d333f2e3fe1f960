"""The standing cast: two districts with their people, a bureau, and an open cycle."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, User
from reporting.models import Cycle, Submission
from tests import factories
from tests.standing import Standing

# How long an example takes is the machine's matter: no property is judged by it.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")


@dataclass(frozen=True)
class Cast:
    """`north` is what a test is about; `south` is the other tenant, whose data must never leak."""

    north: District
    south: District
    head: User
    officer: User
    observer: User
    south_head: User
    south_officer: User
    south_observer: User
    administrator: User
    approver: User
    reviewer: User
    """Reviews north only."""
    south_reviewer: User
    outsider: User
    """Signed in, without a role."""


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A test's requests leave the language of the browser active in its thread, as those of a web server do."""
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def cast(db: None) -> Cast:
    return STANDING.again() if connection.in_atomic_block else make_cast()


def make_cast() -> Cast:
    north, south = factories.make_district("north", name="Northgate"), factories.make_district("south", name="Southgate")
    return Cast(
        north=north,
        south=south,
        head=factories.make_member("north-head", north, DistrictRole.HEAD),
        officer=factories.make_member("north-officer", north, DistrictRole.OFFICER),
        observer=factories.make_member("north-observer", north, DistrictRole.OBSERVER),
        south_head=factories.make_member("south-head", south, DistrictRole.HEAD),
        south_officer=factories.make_member("south-officer", south, DistrictRole.OFFICER),
        south_observer=factories.make_member("south-observer", south, DistrictRole.OBSERVER),
        administrator=factories.make_bureau("administrator", BureauRoleName.ADMINISTRATOR),
        approver=factories.make_bureau("approver", BureauRoleName.APPROVER),
        reviewer=factories.make_bureau("reviewer", BureauRoleName.REVIEWER, [north]),
        south_reviewer=factories.make_bureau("south-reviewer", BureauRoleName.REVIEWER, [south]),
        outsider=factories.make_user("outsider"),
    )


STANDING = Standing(make_cast)


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(factories.make_version(), opened_by=cast.administrator)


@pytest.fixture
def submission(cycle: Cycle, cast: Cast) -> Submission:
    return cycle.submissions.get(district=cast.north)


@pytest.fixture
def south_submission(cycle: Cycle, cast: Cast) -> Submission:
    return cycle.submissions.get(district=cast.south)
