"""`manage.py sweep_reminders`: write the reminders and digests that are due, without Redis or a worker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.domain.key_tasks.reminders import sweep_task_reminders
from reporting.domain.morning import sweep_digests
from reporting.domain.reminders import sweep_reminders


class Command(BaseCommand):
    help = "Write the reminders and morning digests that are due and missing. Safe beside running workers."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        self.stdout.write(
            f"{sweep_reminders(now=now) + sweep_task_reminders(now=now)} reminders and {sweep_digests(now=now)} digests written"
        )
