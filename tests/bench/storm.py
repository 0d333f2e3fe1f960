"""Heads sign at once: POST over HTTP to gunicorn on two cores, against the same SQL statements over one connection."""

import os
import queue
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.domain.grants import refresh_grants
from districts.enums import DistrictRole
from districts.models import Membership, User
from reporting.domain.submissions import current_digest
from reporting.models import Submission
from tests import factories
from tests.bench import data
from tests.bench.harness import Figure
from tests.bench.ports import free_port, wait_for_port

ANSWERS, ROUNDS, HTTP_BATCH, SQL_BATCH, THREADS = 250, 6, 48, 16, 6
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Signature:
    """One prepared request: a signed-in head and what the page showed."""

    path: str
    body: str
    headers: dict[str, str]
    head: User


def measure() -> Figure:
    """Submissions a second; `ratio` compares the time of one submission."""
    prepared = prepare(ROUNDS * (HTTP_BATCH + SQL_BATCH))
    port = free_port()
    server = _serve(port)
    http: list[float] = []
    sql: list[float] = []
    latencies: list[float] = []
    try:
        wait_for_port(port)
        for _round in range(ROUNDS):
            batch = [prepared.pop() for _ in range(HTTP_BATCH)]
            start = time.perf_counter()
            latencies += storm(port, batch)
            http.append((time.perf_counter() - start) / HTTP_BATCH)
            sql.append(statistics.median(replay(prepared.pop()) for _ in range(SQL_BATCH)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
    one, base = statistics.median(http), statistics.median(sql)
    p95 = statistics.quantiles(latencies, n=20)[18] * 1000
    note = f"{THREADS} clients, {ANSWERS} answers a report, errors 0, p95 {p95:.0f} ms; baseline: its SQL alone; ratio of time"
    return Figure("submit_storm", round(1 / one, 1), "1/s", round(1 / base, 1), round(one / base, 3), note)


def prepare(number: int) -> list[Signature]:
    """As many reports of 250 answers, handed over, each with a signed-in head."""
    districts = data.make_districts(number)
    indicators = [factories.make_indicator(f"S{n:03}") for n in range(ANSWERS - 10)]
    cycle = data.make_cycle(data.make_version("storm", indicators, 10), "2026-S1", locked=False)
    now = timezone.now()
    type(cycle).objects.filter(pk=cycle.pk).update(due_at=now + timedelta(days=9), locks_at=now + timedelta(days=16))
    data.fill(cycle, factor=Decimal("1.00"), upto="awaiting_signature")
    data.run("VACUUM (ANALYZE)")
    heads = [factories.make_user(f"storm-{n}") for n in range(number)]
    Membership.objects.bulk_create(
        Membership(user=head, district=district, role=DistrictRole.HEAD) for head, district in zip(heads, districts, strict=True)
    )
    for head in heads:
        refresh_grants(user_id=head.pk)
    submissions = Submission.objects.filter(cycle=cycle).select_related(
        "cycle__definition", "district", "working_revision__definition_version"
    )
    by_district = {submission.district_id: submission for submission in submissions}
    return [_signature(by_district[district.pk], head) for head, district in zip(heads, districts, strict=True)]


def _signature(submission: Submission, head: User) -> Signature:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY], session[HASH_SESSION_KEY] = (
        str(head.pk),
        _BACKEND,
        head.get_session_auth_hash(),
    )
    session.create()
    request = RequestFactory().get("/")
    token = get_token(request)
    secret = request.META["CSRF_COOKIE"]
    body = urlencode({"csrfmiddlewaretoken": token, "statement": "yes", "digest": current_digest(submission)})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"sessionid={session.session_key}; csrftoken={secret}",
    }
    return Signature(f"/reports/{submission.pk}/sign/", body, headers, head)


def _serve(port: int) -> subprocess.Popen:
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path="/" + str(connection.settings_dict["NAME"])))
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "portal.wsgi",
            "--workers",
            "2",
            "--bind",
            f"127.0.0.1:{port}",
            "--log-level",
            "error",
        ],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"},
    )


def storm(port: int, batch: list[Signature]) -> list[float]:
    """Send the batch from several threads; gives each request's seconds. Raises unless all redirect to a receipt."""
    waiting: queue.SimpleQueue[Signature] = queue.SimpleQueue()
    for item in batch:
        waiting.put(item)
    latencies: list[float] = []
    errors: list[str] = []

    def client() -> None:
        while True:
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            start = time.perf_counter()
            problem = _post(port, item)
            latencies.append(time.perf_counter() - start)
            if problem:
                errors.append(problem)

    threads = [threading.Thread(target=client) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(f"{len(errors)} of {len(batch)} signatures failed: {errors[0]}")
    return latencies


def _post(port: int, item: Signature) -> str:
    link = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("POST", item.path, item.body, item.headers)
        response = link.getresponse()
        response.read()
        return "" if response.status == 302 else f"{item.path} answered {response.status}"
    finally:
        link.close()


def replay(item: Signature) -> float:
    """Seconds that the request's own SQL statements take over this one connection."""
    client = Client()
    client.force_login(item.head, backend=_BACKEND)
    body = dict(pair.split("=", 1) for pair in item.body.split("&"))
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        response = client.post(item.path, body)
        transaction.set_rollback(True)
    if response.status_code != 302:
        raise RuntimeError(f"{item.path} answered {response.status_code}")
    statements = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_CONTROL)]
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    return time.perf_counter() - start
