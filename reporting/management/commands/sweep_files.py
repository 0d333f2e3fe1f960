"""`manage.py sweep_files`: delete the files of evidence that no report needs, without Redis or a worker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.domain.file_store import drop_unused_files


class Command(BaseCommand):
    help = "Delete files of evidence that belong to no report and are older than a day."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{drop_unused_files(now=timezone.now())} files deleted")
