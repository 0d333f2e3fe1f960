"""The bureau's page that asks before a cycle is opened."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from reporting.models import Cycle
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


def test_cycle_planned_for_a_far_year_is_refused_where_it_is_typed(cast: Cast) -> None:
    version, client, year = factories.make_version(), signed_in(cast.administrator), timezone.now().year
    page = reverse("admin:reporting_cycle_add")
    typed = {
        "definition_version": version.pk,
        "period": f"{year}-S1",
        "due_at_0": f"{year + 1}-07-31",
        "due_at_1": "18:00",
        "locks_at_0": f"{year + 10}-08-31",
        "locks_at_1": "18:00",
        "reminder_policy": factories.make_policy().pk,
    }
    answer = client.post(page, typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {"locks_at": ["The time lies more than two years ahead. Check the year."]}
    assert not Cycle.objects.exists()
    assert client.post(page, {**typed, "locks_at_0": f"{year + 1}-08-31"}).status_code == 302
    assert Cycle.objects.get().period == f"{year}-S1"
