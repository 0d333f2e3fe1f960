"""Keeping the city's stored figures fresh."""

from datetime import datetime

from districts.doorbell import ring
from reporting.models import Cycle


def mark_stale(*, cycle: Cycle, now: datetime) -> None:
    """Say that the cycle's figures no longer follow from what is approved, and ring for a refresh."""
    Cycle.objects.filter(pk=cycle.pk).update(figures_stale_since=now)
    ring("reporting.refresh_figures", cycle.pk)
