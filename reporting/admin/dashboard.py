"""The bureau's first page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reporting.queries.dashboard import dashboard


def add_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    wanted = request.GET.get("cycle", "")
    cycle_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18 else None
    now = timezone.now()
    return context | {"board": dashboard(request.user, now, cycle_id=cycle_id), "now": now}
