"""The bureau's page that asks before a cycle is opened."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.conftest import Cast
from tests.reporting.admin.helpers import signed_in


def test_opening_before_the_period_has_ended_is_warned_of_and_possible(cast: Cast) -> None:
    version, client, now = factories.make_version(), signed_in(cast.administrator), timezone.now()
    pages = {}
    for period in ("2020-S1", f"{now.year + 1}-A1"):
        cycle = factories.make_cycle(version, period, due_at=now + timedelta(days=1), locks_at=now + timedelta(days=2))
        url = reverse("admin:reporting_cycle_step", args=[cycle.pk, "open"])
        pages[period] = "before that the districts cannot know its figures" in client.get(url).content.decode()
        assert client.post(url, {"confirm": "yes"}).status_code == 302
    assert pages == {"2020-S1": False, f"{now.year + 1}-A1": True}
