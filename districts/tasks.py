"""Celery tasks of mail."""

from celery import shared_task
from django.utils import timezone

from districts.domain.sending import send_due_mail


@shared_task(name="districts.sweep_mail")
def sweep_mail() -> None:
    send_due_mail(now=timezone.now())
