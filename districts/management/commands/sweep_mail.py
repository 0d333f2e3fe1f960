"""`manage.py sweep_mail`: send what is due, without Redis or a worker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from districts.domain.sending import send_due_mail


class Command(BaseCommand):
    help = "Send the mails that are due. Safe beside running workers."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{send_due_mail(now=timezone.now(), seconds=3600)} mails sent")
