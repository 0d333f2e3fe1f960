"""Keeping the city's stored figures fresh."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from districts.doorbell import ring
from reporting.models import Cycle, CycleFigure
from reporting.models.cycle import CycleQuerySet
from reporting.queries.figures import CityFigure, city_figures

_LOCK = 1_936_287_602
"""The class of the advisory locks under which one cycle is refreshed at a time."""
_WORK_MEMORY = "64MB"
_STORED = (
    "value",
    "base",
    "growth",
    "change",
    "value_reported",
    "base_reported",
    "expected",
    "unallocated_value",
    "unallocated_base",
    "fingerprint",
)
_TYPES = {"value_reported": "int", "base_reported": "int", "expected": "int", "fingerprint": "text"}


def refresh_figures(*, cycle_id: int, now: datetime) -> int:
    """Recompute the cycle's stored figures and write those that changed; gives how many. Raises Cycle.DoesNotExist.

    May run twice and at the same time: refreshes of a cycle queue up, and the mark "stale" is taken off only if nobody set it
    again meanwhile.
    """
    with transaction.atomic():
        _prepare(cycle_id)
        cycle = Cycle.objects.select_related("definition").get(pk=cycle_id)
        written = _write(cycle, city_figures(cycle), now)
        if cycle.figures_stale_since is not None:
            Cycle.objects.filter(pk=cycle_id, figures_stale_since=cycle.figures_stale_since).update(figures_stale_since=None)
        return written


def refresh_stale_figures(*, now: datetime) -> int:
    """What the sweep does: refresh every cycle that a lost ring left stale, the longest waiting first; gives how many."""
    return _refresh_each(Cycle.objects.stale().order_by("figures_stale_since", "pk"), now)


def refresh_all_figures(*, now: datetime) -> int:
    """Refresh every opened cycle; gives how many."""
    return _refresh_each(Cycle.objects.opened().order_by("pk"), now)


def _refresh_each(cycles: CycleQuerySet, now: datetime) -> int:
    pks = list(cycles.values_list("pk", flat=True))
    for pk in pks:
        refresh_figures(cycle_id=pk, now=now)
    return len(pks)


def _prepare(cycle_id: int) -> None:
    """Wait for another refresh of this cycle to end; let this transaction's sums stay in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, cycle_id])
        cursor.execute(f"SET LOCAL work_mem = '{_WORK_MEMORY}'")
        cursor.execute("SET LOCAL jit = off")


def _write(cycle: Cycle, figures: list[CityFigure], now: datetime) -> int:
    """One statement for all rows; a row that stays as it is is not touched."""
    statement = f"""
        INSERT INTO {CycleFigure._meta.db_table} AS figure (cycle_id, computed_at, indicator_id, {_listed("{}")})
        SELECT %(cycle)s, %(now)s, * FROM unnest(%(indicator)s::bigint[], {_listed("%({})s::{type}[]")})
        ON CONFLICT (cycle_id, indicator_id) DO UPDATE SET computed_at = excluded.computed_at, {_listed("{} = excluded.{}")}
        WHERE ({_listed("figure.{}")}) IS DISTINCT FROM ({_listed("excluded.{}")})
    """  # noqa: S608, SLF001 (names of columns from the tuple above; Django's documented _meta)
    values = {name: [getattr(figure, name) for figure in figures] for name in _STORED}
    indicators = [figure.indicator.pk for figure in figures]
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"cycle": cycle.pk, "now": now, "indicator": indicators})
        return cursor.rowcount


def _listed(pattern: str) -> str:
    return ", ".join(pattern.format(name, name, type=_TYPES.get(name, "numeric")) for name in _STORED)


def mark_stale(*, cycle: Cycle, now: datetime) -> None:
    """Say that figures no longer follow from what is approved, and ring for a refresh.

    Of the cycle, of next year's (whose base it is) and of the next period of the year (whose discrete values are differences
    with it). A cycle that is stale already keeps its age but for a microsecond: a refresh in progress sees that the mark moved.
    """
    with transaction.atomic():
        rows = _depending(cycle).select_for_update(of=("self",), no_key=True).order_by("pk")
        marked = [row.pk for row in rows]
        moved = Coalesce(F("figures_stale_since") + Value(timedelta(microseconds=1)), Value(now))
        Cycle.objects.filter(pk__in=marked).update(figures_stale_since=moved)
        for pk in marked:
            ring("reporting.refresh_figures", pk)


def _depending(cycle: Cycle) -> CycleQuerySet:
    period, frequency = cycle.period_value, cycle.definition.frequency
    periods = {str(period), str(period.next_year)}
    following = period.after(frequency)
    if following.year == period.year:
        periods.add(str(following))
    return Cycle.objects.opened().filter(definition_id=cycle.definition_id, period__in=periods)
