"""Writing reminders and digests."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import morning, reminders


@shared_task(name="reporting.sweep_reminders")
def sweep_reminders() -> None:
    reminders.sweep_reminders(now=timezone.now())


@shared_task(name="reporting.sweep_digests")
def sweep_digests() -> None:
    morning.sweep_digests(now=timezone.now())
