"""The monitor's page: what is bad, what is only degraded, and nothing secret."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from districts.models import OutgoingMail
from reporting.models import Cycle
from tests.conftest import Cast


def ask() -> tuple[int, dict[str, Any]]:
    response = Client().get("/healthz")
    return response.status_code, json.loads(response.content)


def test_healthy_portal_answers_200(db: None) -> None:
    status, answer = ask()
    assert status == 200
    assert answer == {
        "status": "ok",
        "database": {"status": "ok"},
        "migrations": {"status": "ok", "missing": 0},
        "oldest_due_mail": {"status": "ok", "age_seconds": 0},
        "oldest_stale_figure": {"status": "ok", "age_seconds": 0},
        "broker": {"status": "ok"},
    }


def test_missing_broker_is_degraded_and_still_200(db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, answer = ask()
    assert (status, answer["status"], answer["broker"]) == (200, "degraded", {"status": "degraded"})


def test_mail_that_waits_too_long_is_bad(cast: Cast) -> None:
    since = timezone.now() - timedelta(hours=1)
    OutgoingMail.objects.create(
        kind="receipt",
        dedupe_key="k",
        recipient=cast.head,
        due_at=since,
        next_try_at=timezone.now() + timedelta(hours=1),
        created_at=since,
    )
    status, answer = ask()
    assert (status, answer["status"], answer["oldest_due_mail"]["status"]) == (503, "bad", "bad")
    assert 3600 <= answer["oldest_due_mail"]["age_seconds"] < 3660


def test_figures_that_stay_stale_are_bad(cycle: Cycle) -> None:
    Cycle.objects.update(figures_stale_since=timezone.now() - timedelta(minutes=16))
    status, answer = ask()
    assert (status, answer["oldest_stale_figure"]["status"]) == (503, "bad")


def test_only_reading_is_answered(db: None) -> None:
    assert Client().post("/healthz").status_code == 405
