"""Storing figures, marking them stale, and both at once."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from reporting.domain.figures import mark_stale, refresh_figures, refresh_stale_figures
from reporting.models import Cycle, CycleFigure
from reporting.tasks import figures as tasks
from tests.factories import NOW
from tests.reporting.figures.build import World, flow_world

LATER = NOW + timedelta(hours=1)
D = Decimal


def reported() -> tuple[World, Cycle]:
    world = flow_world()
    last, this = world.cycle("2025-S1"), world.cycle()
    world.report(last, "east", {"V": "100"})
    world.report(this, "east", {"V": "110"})
    return world, this


def stored(cycle: Cycle) -> list[tuple[object, ...]]:
    return list(CycleFigure.objects.filter(cycle=cycle).values_list("indicator__code", "value", "base", "growth", "computed_at"))


@pytest.mark.django_db
def test_refresh_stores_each_figure_and_touches_only_what_changed() -> None:
    world, cycle = reported()
    assert refresh_figures(cycle_id=cycle.pk, now=NOW) == 1
    assert stored(cycle) == [("V", D(110), D(100), D(10), NOW)]
    assert refresh_figures(cycle_id=cycle.pk, now=LATER) == 0
    assert stored(cycle) == [("V", D(110), D(100), D(10), NOW)]
    print_before = CycleFigure.objects.get(cycle=cycle).fingerprint
    world.report(cycle, "west", {"V": "5"})
    assert refresh_figures(cycle_id=cycle.pk, now=LATER) == 1
    assert stored(cycle) == [("V", D(115), D(100), D(10), LATER)]
    assert CycleFigure.objects.get(cycle=cycle).fingerprint != print_before


@pytest.mark.django_db
def test_fingerprint_moves_with_a_report_that_leaves_the_sum_and_with_last_years() -> None:
    world, cycle = reported()
    prints = []
    for change in (
        lambda: None,
        lambda: world.report(cycle, "east", {"V": "110"}),
        lambda: world.report(Cycle.objects.get(period="2025-S1"), "west", {"V": "1"}),
        lambda: world.adjust(cycle, "V", "1", "0"),
    ):
        change()
        refresh_figures(cycle_id=cycle.pk, now=NOW)
        prints.append(CycleFigure.objects.get(cycle=cycle).fingerprint)
    assert len(set(prints)) == 4


@pytest.mark.django_db
def test_approving_marks_the_cycle_next_years_and_the_years_next_one() -> None:
    world = flow_world()
    periods = ("2024-S1", "2024-A1", "2025-S1", "2025-A1", "2026-S1")
    cycles = {period: world.cycle(period) for period in periods}
    planned = world.cycle("2026-A1", due_at=NOW)
    Cycle.objects.filter(pk=planned.pk).update(opened_at=None)
    mark_stale(cycle=cycles["2024-S1"], now=NOW)
    assert set(Cycle.objects.stale().values_list("period", flat=True)) == {"2024-S1", "2024-A1", "2025-S1"}
    Cycle.objects.update(figures_stale_since=None)
    mark_stale(cycle=cycles["2025-A1"], now=NOW)
    assert set(Cycle.objects.stale().values_list("period", flat=True)) == {"2025-A1"}


@pytest.mark.django_db
def test_mark_keeps_the_age_and_still_moves() -> None:
    _world, cycle = reported()
    mark_stale(cycle=cycle, now=NOW)
    mark_stale(cycle=cycle, now=LATER)
    cycle.refresh_from_db()
    assert cycle.figures_stale_since == NOW + timedelta(microseconds=1)


@pytest.mark.django_db
def test_sweep_refreshes_what_is_stale_and_nothing_else() -> None:
    world, cycle = reported()
    mark_stale(cycle=cycle, now=NOW)
    assert refresh_stale_figures(now=LATER) == 1
    assert refresh_stale_figures(now=LATER) == 0
    assert not CycleFigure.objects.exclude(cycle=cycle).exists()
    world.report(cycle, "west", {"V": "5"})
    mark_stale(cycle=cycle, now=NOW)
    tasks.sweep_figures()
    assert CycleFigure.objects.get(cycle=cycle).value == D(115)
    world.report(cycle, "north", {"V": "5"})
    tasks.refresh_figures(cycle.pk)
    assert CycleFigure.objects.get(cycle=cycle).value == D(120)


@pytest.mark.django_db
def test_command_refreshes_stale_cycles_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    _world, cycle = reported()
    call_command("refresh_figures")
    assert not stored(cycle)
    call_command("refresh_figures", "--all")
    assert {row[0] for row in stored(cycle)} == {"V"}
    assert capsys.readouterr().out.splitlines() == ["0 cycles refreshed", "2 cycles refreshed"]


@pytest.mark.django_db
def test_refresh_takes_the_same_queries_for_one_district_and_for_three() -> None:
    world, cycle = reported()
    for district in (None, "north", "west"):
        if district:
            world.report(cycle, district, {"V": "1"})
        with CaptureQueriesContext(connection) as queries:
            refresh_figures(cycle_id=cycle.pk, now=NOW)
        assert len(queries) == 13


def _in_threads(*jobs: Callable[[], None]) -> None:
    def run(job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_refreshes_at_the_same_time_give_one_row_an_indicator() -> None:
    _world, cycle = reported()
    barrier = Barrier(4)
    written: list[int] = []

    def refresh() -> None:
        barrier.wait(timeout=20)
        written.append(refresh_figures(cycle_id=cycle.pk, now=NOW))

    _in_threads(*[refresh] * 4)
    assert sorted(written) == [0, 0, 0, 1]
    assert stored(cycle) == [("V", D(110), D(100), D(10), NOW)]


@pytest.mark.django_db(transaction=True)
def test_mark_set_while_a_refresh_runs_stays() -> None:
    """An approval that is not committed when the sums are taken: the refresh must not take its mark off."""
    world, cycle = reported()
    mark_stale(cycle=cycle, now=NOW)
    approved, commit = Barrier(2), Barrier(2)

    def approve() -> None:
        with transaction.atomic():
            world.report(cycle, "west", {"V": "5"})
            mark_stale(cycle=cycle, now=NOW)
            approved.wait(timeout=20)
            commit.wait(timeout=20)

    def refresh() -> None:
        approved.wait(timeout=20)
        with connection.execute_wrapper(_after_the_sums(lambda: commit.wait(timeout=20))):
            refresh_figures(cycle_id=cycle.pk, now=NOW)

    _in_threads(approve, refresh)
    cycle.refresh_from_db()
    assert CycleFigure.objects.get(cycle=cycle).value == D(110)
    assert cycle.figures_stale_since == NOW + timedelta(microseconds=1)
    assert refresh_stale_figures(now=LATER) == 1
    assert CycleFigure.objects.get(cycle=cycle).value == D(115)


def _after_the_sums(call: Callable[[], object]) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        result = execute(sql, *args)
        if sql.lstrip().startswith("WITH reports"):
            call()
        return result

    return wrapper
