"""Keeping the city's stored figures fresh."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from districts.doorbell import ring
from reporting.models import Cycle, CycleFigure
from reporting.queries.figures import CityFigure, city_figures

_LOCK = 7301
"""The first key of the advisory lock that keeps two refreshes of one cycle in order."""
_WRITTEN = (
    "value",
    "base",
    "growth",
    "value_reported",
    "base_reported",
    "expected",
    "unallocated_value",
    "unallocated_base",
    "computed_at",
    "fingerprint",
)


def mark_stale(*, cycle: Cycle, now: datetime) -> None:
    """Say that figures no longer follow from what is approved: the cycle's, and those of next year that take it as base."""
    following = Cycle.objects.filter(definition=cycle.definition_id, period=str(cycle.period_value.next_year))
    for pk in [cycle.pk, *following.values_list("pk", flat=True)]:
        Cycle.objects.filter(pk=pk).update(figures_stale_since=now)
        ring("reporting.refresh_figures", pk)


def refresh_figures(*, cycle_id: int, now: datetime) -> int:
    """Recompute and store the city's figures of a cycle; gives how many. Safe to run twice and side by side.

    What was marked stale after the computation began stays marked.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, cycle_id])
            cursor.execute("SET LOCAL work_mem = '64MB'")  # 3,000 districts group in memory
        cycle = Cycle.objects.select_related("definition").get(pk=cycle_id)
        figures = city_figures(cycle)
        _store(cycle, figures, now)
        Cycle.objects.filter(pk=cycle_id, figures_stale_since=cycle.figures_stale_since).update(figures_stale_since=None)
    return len(figures)


def refresh_stale_figures(*, now: datetime) -> int:
    """What the sweep does: refresh every cycle that a lost ring left stale; gives how many."""
    stale = list(Cycle.objects.stale().order_by("figures_stale_since").values_list("pk", flat=True))
    for pk in stale:
        refresh_figures(cycle_id=pk, now=now)
    return len(stale)


def _store(cycle: Cycle, figures: Iterable[CityFigure], now: datetime) -> None:
    rows = [
        CycleFigure(
            cycle=cycle,
            indicator=figure.indicator,
            value=figure.value,
            base=figure.base,
            growth=figure.change,
            value_reported=figure.value_reported,
            base_reported=figure.base_reported,
            expected=figure.expected,
            unallocated_value=figure.unallocated_value,
            unallocated_base=figure.unallocated_base,
            computed_at=now,
            fingerprint=figure.fingerprint,
        )
        for figure in figures
    ]
    CycleFigure.objects.bulk_create(rows, update_conflicts=True, unique_fields=["cycle", "indicator"], update_fields=_WRITTEN)
