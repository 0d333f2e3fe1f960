"""Writing reminders."""

from celery import shared_task
from django.utils import timezone

from reporting.domain import reminders


@shared_task(name="reporting.sweep_reminders")
def sweep_reminders() -> None:
    reminders.sweep_reminders(now=timezone.now())
