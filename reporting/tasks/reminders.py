"""Writing reminders and digests."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import morning, reminders
from reporting.domain.key_tasks.reminders import sweep_task_reminders


@shared_task(name="reporting.sweep_reminders")
def sweep_reminders() -> None:
    reminders.sweep_reminders(now=timezone.now())
    sweep_task_reminders(now=timezone.now())


@shared_task(name="reporting.sweep_digests")
def sweep_digests() -> None:
    morning.sweep_digests(now=timezone.now())
