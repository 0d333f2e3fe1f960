"""Redis is a doorbell: with it stopped or hanging every write answers as before and at once, and its mail and events are there.

That every page can be read is looked at in the permission matrix.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from districts.doorbell import ring
from districts.models import OutgoingMail, User
from portal.embedded.redis import Redis
from reporting.domain.submissions import apply_transition, current_digest
from reporting.enums import TransitionName
from reporting.models import Cycle, Event, Submission
from tests import factories
from tests.conftest import Cast
from tests.doorbell import hang, heal, ringing_at, tries
from tests.reporting.views.browser import answer, as_user, fields_of, of_question

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with ringing_at(tmp_path) as server:
        yield server


@pytest.fixture
def stopped(redis: Redis) -> None:
    redis.stop()


@pytest.fixture
def report(transactional_db: None, cast: Cast) -> Submission:
    """The north's draft in a cycle that is open at the real present."""
    now = timezone.now() - timedelta(hours=1)
    cycle: Cycle = factories.make_cycle(factories.make_version(), opened_by=cast.administrator, now=now)
    submission = cycle.submissions.get(district=cast.north)
    factories.fill(submission, cast.officer, now=now)
    return submission


def tried(act: Callable[[], Any]) -> int:
    """How many connections: 1 is a single wait, bounded by the transport's time-outs."""
    heal()
    with tries() as connections:
        act()
    return len(connections)


def ring_after_commit() -> None:
    with transaction.atomic():
        ring("districts.sweep_mail")


def mails() -> list[tuple[str, str]]:
    """(kind, recipient) of every mail that waits."""
    return sorted(OutgoingMail.objects.filter(state="due").values_list("kind", "recipient__email"))


def test_ring_at_a_stopped_redis_takes_no_time_whenever_it_is_tried(stopped: None) -> None:
    for _attempt in range(3):
        assert tried(ring_after_commit) == 1


def test_ring_at_a_hanging_redis_waits_once_for_many(redis: Redis) -> None:
    hang(redis)
    assert tried(ring_after_commit) == 1
    with tries() as connections:
        for _ring in range(100):
            ring_after_commit()
    assert connections == []


def test_sign_in_without_redis(stopped: None, cast: Cast) -> None:
    client = Client()
    given = {"login": cast.officer.email, "password": factories.PASSWORD}
    assert tried(lambda: client.post(reverse("account_login"), given)) == 0
    assert client.get(reverse("home")).status_code == 200


def test_password_reset_without_redis_leaves_its_mail_to_the_sweep(stopped: None, cast: Cast) -> None:
    client = Client()
    assert tried(lambda: client.post(reverse("account_reset_password"), {"email": cast.officer.email})) == 1
    assert mails() == [("password_reset", cast.officer.email)]


def test_autosave_without_redis_is_kept(stopped: None, cast: Cast, report: Submission) -> None:
    client = as_user(cast.officer)
    typed = of_question(fields_of(client.get(reverse("report", args=[report.pk]))), "plans") | {"answer-plans": "Other plans."}
    with tries() as connections:
        response = client.post(reverse("report_answers", args=[report.pk]), typed, headers={"HX-Request": "true"})
    assert len(connections) == 0
    assert (response.status_code, "Portal-Saved" in response.headers) == (200, True)
    assert answer(report, "plans").raw == "Other plans."


def sign(user: User, report: Submission) -> Any:
    report = Submission.objects.select_related("working_revision").get(pk=report.pk)
    given = {"digest": current_digest(report), "statement": "yes"}
    return as_user(user).post(reverse("report_sign", args=[report.pk]), given, follow=True)


def test_signature_without_redis_has_receipt_event_and_mails(stopped: None, cast: Cast, report: Submission) -> None:
    apply_transition(submission=report, name=TransitionName.HAND_OVER, actor=cast.officer, now=timezone.now())
    heal()
    with tries() as connections:
        response = sign(cast.head, report)
    assert len(connections) == 1
    signed = Submission.objects.select_related("working_revision").get(pk=report.pk).working_revision
    assert signed is not None
    assert signed.receipt_number is not None
    assert response.status_code == 200
    assert signed.receipt_number in response.content.decode()
    assert Event.objects.filter(submission=report, kind="sign", actor=cast.head).count() == 1
    assert mails() == [
        ("receipt", cast.head.email),
        ("receipt", cast.officer.email),
        ("submitted", cast.reviewer.email),
    ]


def in_review(cast: Cast, report: Submission) -> int:
    """Gives the revision that is reviewed; earlier mails are out of the way."""
    now = timezone.now()
    apply_transition(submission=report, name=TransitionName.HAND_OVER, actor=cast.officer, now=now)
    factories.sign(report, cast.head, now)
    apply_transition(submission=report, name=TransitionName.BEGIN_REVIEW, actor=cast.reviewer, now=now)
    OutgoingMail.objects.all().delete()
    revision = Submission.objects.get(pk=report.pk).working_revision_id
    assert revision is not None
    return revision


def approve(cast: Cast, report: Submission, revision: int) -> Any:
    url = reverse("admin:reporting_submission_step", args=[report.pk, "approve"])
    return as_user(cast.approver).post(url, {"revision": revision})


def test_approval_without_redis_has_event_mails_and_stale_figures(stopped: None, cast: Cast, report: Submission) -> None:
    revision = in_review(cast, report)
    heal()
    with tries() as connections:
        response = approve(cast, report, revision)
    assert len(connections) == 1
    assert response.status_code == 302
    assert Event.objects.filter(submission=report, kind="approve", actor=cast.approver).count() == 1
    assert mails() == [("approved", cast.head.email), ("approved", cast.officer.email)]
    assert Cycle.objects.stale().filter(pk=report.cycle_id).exists()


def test_approval_with_a_hanging_redis_waits_for_it_once(
    redis: Redis, cast: Cast, report: Submission, caplog: pytest.LogCaptureFixture
) -> None:
    """It rings for the mails and for the figures, on a connection that is there; each wait in vain leaves a line in the log."""
    revision = in_review(cast, report)
    hang(redis)
    heal()
    caplog.clear()
    response = approve(cast, report, revision)
    assert [name for name, _level, _text in caplog.record_tuples if name == "districts.doorbell"] == ["districts.doorbell"]
    assert (response.status_code, len(mails())) == (302, 2)
