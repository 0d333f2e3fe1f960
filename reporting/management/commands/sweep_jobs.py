"""`manage.py sweep_jobs`: what the worker's sweep of long jobs does, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.jobs.running import sweep_jobs
from reporting.jobs.works import WORKS


class Command(BaseCommand):
    help = "Works on the bureau's long jobs that wait, and deletes the files of those whose time is over."

    def handle(self, *_args: Any, **_options: Any) -> None:
        sweep_jobs(works=WORKS, now=timezone.now())
