"""A process with N districts that answers "page name" on its standard input with "milliseconds queries" on its output.

Two of them, one with 17 districts and one with 3,000, are asked in turns.
"""

import json
import sys
import time

import django
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment

django.setup()

from django.utils import timezone  # noqa: E402 (Django comes first)

from reporting.domain.figures import refresh_figures  # noqa: E402
from reporting.domain.releases import ReleaseText, prepare_release, schedule_release, show_internally  # noqa: E402
from reporting.enums.publication import Detail  # noqa: E402
from reporting.models import Release  # noqa: E402
from tests.bench import data  # noqa: E402 (Django comes first)
from tests.bench.database import throw_away  # noqa: E402


def pages(world: data.World) -> dict[str, tuple[Client, str]]:
    head, administrator = Client(), Client()
    head.force_login(world.head, backend="allauth.account.auth_backends.AuthenticationBackend")
    administrator.force_login(world.administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    release, nobody = released(world), Client()
    submission = world.cycle.submissions.get(district__memberships__user=world.head)
    return {
        "empty": (head, "/bench-empty/"),
        "home": (head, "/"),
        "report_page": (head, f"/reports/{submission.pk}/"),
        "review_list": (administrator, "/admin/reporting/submission/"),
        "public_page": (nobody, f"/public/figures/{release.pk}/"),
        "api": (nobody, "/api/v1/observations?limit=100"),
        "empty_public": (nobody, "/bench-empty/"),
        "figures_page": (administrator, f"/figures/{world.cycle.pk}/?indicator=N00"),
    }


def released(world: data.World) -> Release:
    """Three indicators of every district, public."""
    now = timezone.now()
    refresh_figures(cycle_id=world.cycle.pk, now=now)
    release = prepare_release(
        cycle=world.cycle,
        text=ReleaseText("First half-year"),
        indicators=world.indicators[:3],
        detail=Detail.DISTRICTS,
        actor=world.administrator,
        now=now,
    )
    show_internally(item=release, actor=world.administrator)
    return schedule_release(item=release, at=now, actor=world.administrator, now=now)


def answer(client: Client, path: str) -> dict[str, float]:
    reset_queries()
    start = time.perf_counter()
    response = client.get(path)
    taken = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return {"milliseconds": taken}


def main() -> None:
    setup_test_environment(debug=False)
    with throw_away(f"pages_{sys.argv[1]}"):
        asked = pages(data.make_world(int(sys.argv[1])))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            command, name = line.split()
            if command == "count":
                with CaptureQueriesContext(connection) as queries:
                    answer(*asked[name])
                result = {"queries": float(len(queries))}
            else:
                result = answer(*asked[name])
            sys.stdout.write(json.dumps(result) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
