"""Reads of cycles."""

from datetime import datetime

from django.db.models import Min

from reporting.models import Cycle


def oldest_stale_since() -> datetime | None:
    """Since when the figures that have waited longest for a refresh are stale; None where all are fresh."""
    return Cycle.objects.aggregate(oldest=Min("figures_stale_since"))["oldest"]


def latest_cycles(number: int = 12) -> list[Cycle]:
    """The opened cycles that were due last."""
    return list(Cycle.objects.opened().select_related("definition").order_by("-due_at", "-pk")[:number])
