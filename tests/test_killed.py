"""What is killed with -9 in the middle of its work, workers and Redis, loses nothing: the rows in PostgreSQL are the work."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis
from aiosmtpd.controller import Controller
from celery import Celery
from django.utils import timezone

from districts.domain.mail import NewMail, queue_mails
from districts.domain.sending import send_due_mail
from districts.enums import DistrictRole, MailState
from districts.models import OutgoingMail
from portal.embedded.redis import Redis
from portal.embedded.signals import Signals
from reporting.domain.jobs import take_workbooks
from reporting.jobs.claiming import LEASE
from reporting.jobs.running import sweep_jobs
from reporting.jobs.works import WORKS
from reporting.models import Cycle, CycleFigure, Job, Submission
from reporting.tasks.figures import sweep_figures
from tests import factories
from tests.conftest import Cast
from tests.reporting.jobs.helpers import answers, download, filled
from tests.running import Machine, celery_url, kill, own_redis, until
from tests.smtp import Post, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Redis]:
    with own_redis(tmp_path) as server:
        yield server


@pytest.fixture
def server(broker: Redis, post: Post, settings: Any) -> Iterator[Controller]:
    """For the worker and, with the settings, for this process too."""
    controller = start(post)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield controller
    controller.stop()


@pytest.fixture
def machine(transactional_db: None, broker: Redis, server: Controller, tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path, REDIS_URL=broker.url, EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
    yield made
    made.stop()


@pytest.fixture
def clock(broker: Redis) -> Celery:
    return Celery(broker=celery_url(broker.url), set_as_current=False)


def write_mails(cast: Cast, submission: Submission, number: int = 3) -> None:
    now = timezone.now()
    mails = [NewMail("approved", cast.officer, f"x{n}", now, context=_about(submission)) for n in range(number)]
    queue_mails(mails, now=now)


def _about(submission: Submission) -> dict[str, int]:
    revision = submission.working_revision
    assert revision is not None
    return {"submission": submission.pk, "revision": revision.pk}


def message_ids() -> list[str]:
    return [f"<{found}@localhost>" for found in OutgoingMail.objects.order_by("pk").values_list("message_id", flat=True)]


def states() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def signed(cast: Cast, submission: Submission) -> Submission:
    """A signed report, whose own mails are gone already."""
    factories.submit(submission, cast.head)
    OutgoingMail.objects.all().delete()
    return Submission.objects.select_related("working_revision").get(pk=submission.pk)


@pytest.mark.parametrize(("reply", "arrivals"), [("451 not yet", 1), ("250 OK", 2)])
def test_worker_killed_between_claim_and_sent_loses_nothing_and_repeats_the_message_id(
    cast: Cast, signed: Submission, post: Post, machine: Machine, clock: Celery, reply: str, arrivals: int
) -> None:
    """Before the server accepted, and in the moment after it did: the mail in hand, and those claimed with it."""
    worker = machine.worker()

    def kill_and_answer(_recipient: str) -> str:
        os.killpg(worker.pid, signal.SIGKILL)
        return reply

    post.answer = kill_and_answer
    write_mails(cast, signed)
    clock.send_task("districts.sweep_mail", ignore_result=True)
    until(lambda: worker.poll() == -signal.SIGKILL and not _alive(worker.pid), what="the worker's end")
    assert states() == [MailState.SENDING] * 3
    post.answer = lambda _recipient: "250 OK"
    leased_until = OutgoingMail.objects.values_list("leased_until", flat=True).distinct().get()
    assert leased_until is not None
    assert send_due_mail(now=leased_until) == 0
    assert send_due_mail(now=leased_until + timedelta(microseconds=1)) == 3
    assert states() == [MailState.SENT] * 3
    first, *others = message_ids()
    assert sorted(mail["Message-ID"] for mail in post.received) == sorted([first] * arrivals + others)


def _alive(group: int) -> bool:
    """Whether a process of the worker's is left that could still write "sent"."""
    return any(os.getpgid(found.pid) == group for found in psutil.process_iter() if found.status() != psutil.STATUS_ZOMBIE)


def test_redis_killed_and_emptied_with_work_pending_the_sweeps_do_it_all(
    cast: Cast, cycle: Cycle, submission: Submission, post: Post, broker: Redis, machine: Machine, clock: Celery
) -> None:
    factories.approve(factories.submit(submission, cast.head), cast.approver)
    clock.send_task("districts.sweep_mail", ignore_result=True)
    clock.send_task("reporting.refresh_figures", args=(cycle.pk,), ignore_result=True)
    with redis.Redis.from_url(broker.url) as client:
        assert client.llen("celery") == 2
    assert broker.process is not None
    kill(broker.process)

    machine.command("sweep_mail")
    expected = [
        (cast.reviewer, "Submitted"),
        *((person, kind) for kind in ("Receipt", "Approved") for person in (cast.officer, cast.head)),
    ]
    assert sorted((mail["To"], mail["Subject"].partition(":")[0]) for mail in post.received) == sorted(
        (person.email, kind) for person, kind in expected
    )
    assert set(states()) == {MailState.SENT}
    sweep_figures()
    cycle.refresh_from_db()
    assert cycle.figures_stale_since is None
    assert CycleFigure.objects.get(cycle=cycle, indicator__code="TOTAL").value == 100


def test_worker_outlives_a_killed_and_emptied_redis(
    cast: Cast, signed: Submission, post: Post, broker: Redis, machine: Machine, clock: Celery
) -> None:
    machine.worker()
    write_mails(cast, signed, 1)
    clock.send_task("districts.sweep_mail", ignore_result=True)
    with redis.Redis.from_url(broker.url) as client:
        until(lambda: len(post.received) == 1 and not client.exists("celery", "unacked"), what="the first mail")
    assert broker.process is not None
    kill(broker.process)
    queue_mails([NewMail("approved", cast.head, "y", timezone.now(), context=_about(signed))], now=timezone.now())
    with Signals() as signals:
        broker.start(signals)
    clock.send_task("districts.sweep_mail", ignore_result=True)
    until(lambda: len(post.received) == 2, what="the mail written while Redis was away")
    assert post.recipients == [[cast.officer.email], [cast.head.email]]


def test_worker_killed_in_the_middle_of_many_workbooks_enters_each_once(
    cast: Cast, broker: Redis, machine: Machine, clock: Celery
) -> None:
    members = [
        factories.make_member(f"officer-{n}", factories.make_district(f"w{n:02}"), DistrictRole.OFFICER) for n in range(14)
    ]
    later = timezone.now() + timedelta(days=9)
    cycle = factories.make_cycle(factories.make_version(), opened_by=cast.administrator, due_at=later, locks_at=later)
    files = download(cycle, cast.administrator, timezone.now())
    sent = {f"{code}.xlsx": filled(content) for code, content in files.items() if code.startswith("w")}
    job = take_workbooks(cycle=cycle, name="mail.zip", files=list(sent.items()), actor=cast.administrator, now=timezone.now())
    worker = machine.worker()
    clock.send_task("reporting.run_job", args=(job.pk,), ignore_result=True)
    until(lambda: job.items.exclude(state="waiting").count() >= 2, what="the first workbooks")
    kill(worker)
    done = job.items.exclude(state="waiting").count()
    leased = job.items.filter(state="waiting").exclude(lease=None).count()
    assert 2 <= done < 14
    assert leased <= 1

    sweep_jobs(works=WORKS, now=timezone.now())
    assert job.items.filter(state="waiting").count() == leased
    sweep_jobs(works=WORKS, now=timezone.now() + LEASE)
    assert Job.objects.get(pk=job.pk).state == "done"
    assert list(job.items.values_list("state", flat=True)) == ["done"] * 14
    reports = cycle.submissions.filter(district__code__startswith="w")
    assert [answers(report)["plans"] for report in reports] == ["Build more."] * 14
    assert [report.events.filter(kind="enter").count() for report in reports] == [1] * 14
    mails = OutgoingMail.objects.filter(kind="entered").values_list("recipient", flat=True)
    assert sorted(mails) == sorted(member.pk for member in members)
    assert not cycle.submissions.exclude(district__code__startswith="w").exclude(state="not_started").exists()
