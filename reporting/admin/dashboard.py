"""The bureau's first page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reporting.queries.dashboard import dashboard
from reporting.queries.targets.board import target_board


def add_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    wanted = request.GET.get("cycle", "")
    cycle_id = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18 else None
    now = timezone.now()
    board = dashboard(request.user, now, cycle_id=cycle_id)
    targets = target_board(request.user, board.cycle, now) if board.cycle else None
    picture = targets.map_of(targets.indicators[0]) if targets and targets.indicators else None
    return context | {"board": board, "targets": targets, "target_map": picture, "now": now}
