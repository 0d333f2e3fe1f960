"""The pages judge deadlines by the clock, so here the cycle is open at the real present."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reporting.models import Cycle, Submission
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cycle(cast: Cast, now: datetime) -> Cycle:
    return factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=now - timedelta(hours=1))


@pytest.fixture
def draft(cast: Cast, submission: Submission, now: datetime) -> Submission:
    """Begun by the officer, complete, without warnings."""
    factories.fill(submission, cast.officer, now=now)
    return submission
