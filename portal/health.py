"""`GET /healthz`: what an operator's monitor asks. No sign-in, no secret, quick."""

from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from districts.queries.mail import oldest_due_at
from reporting.queries.cycles import oldest_stale_since

LONGEST_WAIT_OF_MAIL = timedelta(minutes=30)
LONGEST_STALENESS = timedelta(minutes=15)


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """503 where something is bad. A missing broker is "degraded" and still 200: every page works without it."""
    try:
        checks = _database_checks(timezone.now())
    except DatabaseError:
        checks = {"database": {"status": "bad"}}
    checks["broker"] = {"status": "ok" if _broker_answers() else "degraded"}
    found = {check["status"] for check in checks.values()}
    status = next((status for status in ("bad", "degraded") if status in found), "ok")
    return JsonResponse({"status": status, **checks}, status=503 if status == "bad" else 200)


def _database_checks(now: datetime) -> dict[str, dict[str, Any]]:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return {
        "database": {"status": "ok"},
        "migrations": {"status": "bad" if missing else "ok", "missing": missing},
        "oldest_due_mail": _age(oldest_due_at(now), now, LONGEST_WAIT_OF_MAIL),
        "oldest_stale_figure": _age(oldest_stale_since(), now, LONGEST_STALENESS),
    }


def _age(since: datetime | None, now: datetime, longest: timedelta) -> dict[str, Any]:
    age = max(now - since, timedelta(0)) if since else timedelta(0)
    return {"status": "bad" if age > longest else "ok", "age_seconds": int(age.total_seconds())}


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
