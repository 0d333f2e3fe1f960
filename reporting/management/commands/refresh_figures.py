"""`manage.py refresh_figures [--all]`: what the sweep does, without Celery or Redis."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.domain.figures import refresh_all_figures, refresh_stale_figures


class Command(BaseCommand):
    help = "Recompute the city's stored figures of the cycles whose figures are stale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="of every opened cycle")

    def handle(self, *_args: Any, **options: Any) -> None:
        refresh = refresh_all_figures if options["all"] else refresh_stale_figures
        self.stdout.write(f"{refresh(now=timezone.now())} cycles refreshed")
