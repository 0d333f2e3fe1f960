"""`manage.py load_demo [--now ISO]`: the demonstration's synthetic data, once."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from districts.errors import Refused
from reporting.demo.loader import load_demo


class Command(BaseCommand):
    help = "Load the demonstration's synthetic data into an empty database; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", type=_instant, help="what the demonstration takes as now, such as 2026-11-23T10:00")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("Set PORTAL_DEMO=1 first: only then does every page say that the data is synthetic.")
        try:
            loaded = load_demo(now=options["now"] or timezone.now(), say=self._say)
        except Refused as error:
            raise CommandError("\n".join(str(message) for message in error.messages)) from error
        self._say("The demonstration is loaded." if loaded else "The demonstration is loaded already; nothing was changed.")

    def _say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()


def _instant(text: str) -> datetime:
    """An ISO date and time; in the portal's zone where it names none."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)
