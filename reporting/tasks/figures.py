"""Refreshing the city's figures."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import figures


@shared_task(name="reporting.refresh_figures")
def refresh_figures(cycle_id: int) -> None:
    figures.refresh_figures(cycle_id=cycle_id, now=timezone.now())


@shared_task(name="reporting.sweep_figures")
def sweep_figures() -> None:
    figures.refresh_stale_figures(now=timezone.now())
