"""Run beside embedded servers: heads sign at once, PostgreSQL is killed in the middle, and what was acknowledged is looked for.

Prints one JSON object: how many signatures were acknowledged before and after the kill, and what the database holds at the end.
"""

import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
django.setup()

from django.core.management import call_command  # noqa: E402 (Django comes first)
from django.db import Error, connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from districts.enums import BureauRoleName, DistrictRole  # noqa: E402
from districts.models import OutgoingMail, User  # noqa: E402
from reporting.domain.submissions import apply_transition  # noqa: E402
from reporting.enums import TransitionName  # noqa: E402
from reporting.models import Event, Revision, Submission  # noqa: E402
from tests import factories  # noqa: E402

REPORTS = 24
KILL_AFTER = 5


def prepare() -> list[tuple[int, int]]:
    """(submission, head) of reports that wait for their signature."""
    call_command("migrate", verbosity=0)
    administrator = factories.make_bureau("administrator", BureauRoleName.ADMINISTRATOR)
    districts = [factories.make_district(f"d{n}") for n in range(REPORTS)]
    cycle = factories.make_cycle(factories.make_version(), opened_by=administrator)
    prepared = []
    for district in districts:
        head = factories.make_member(f"head-{district.code}", district, DistrictRole.HEAD)
        submission = cycle.submissions.get(district=district)
        factories.fill(submission, head)
        apply_transition(submission=submission, name=TransitionName.HAND_OVER, actor=head, now=factories.NOW)
        prepared.append((submission.pk, head.pk))
    return prepared


def kill_postgresql() -> None:
    pid = int(Path(os.environ["PORTAL_VAR"], "postgres", "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def sign_all(prepared: list[tuple[int, int]], *, kill_after: int | None) -> list[int]:
    """Every head signs, four at a time; the submissions whose signature was acknowledged."""
    acknowledged: list[int] = []
    lock = threading.Lock()

    def attempt(item: tuple[int, int]) -> None:
        try:
            factories.sign(Submission.objects.get(pk=item[0]), User.objects.get(pk=item[1]))
        except Error:
            return
        finally:
            connection.close()
        with lock:
            acknowledged.append(item[0])
            if len(acknowledged) == kill_after:
                kill_postgresql()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, prepared))
    return acknowledged


def wait_for_postgresql() -> None:
    end = time.monotonic() + 30
    while True:
        try:
            connection.close()
            connection.ensure_connection()
        except Error:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def main() -> None:
    prepared = prepare()
    connection.close()
    before = sign_all(prepared, kill_after=KILL_AFTER)
    wait_for_postgresql()
    kept = set(Revision.objects.filter(signed_at__isnull=False).values_list("submission_id", flat=True))
    after = sign_all(prepared, kill_after=None)
    json.dump(
        {
            "reports": REPORTS,
            "acknowledged_before": len(before),
            "acknowledged_and_lost": len(set(before) - kept),
            "acknowledged_after": len(after),
            "signed": Revision.objects.filter(signed_at__isnull=False).count(),
            "sign_events": Event.objects.filter(kind="sign").count(),
            "mails_written": OutgoingMail.objects.count(),
            "mails_twice": OutgoingMail.objects.values("kind", "recipient", "district")
            .annotate(n=Count("pk"))
            .filter(n__gt=1)
            .count(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
