"""`manage.py load_definition FILE`: a new published version of a definition from a JSON file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from districts.errors import Refused
from reporting.domain.definitions import load_indicators
from reporting.domain.importing import load_definition


class Command(BaseCommand):
    help = "Load a definition from a JSON file as a new published version; --indicators loads a CSV catalogue first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--indicators", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["indicators"]:
                self.stdout.write(f"{load_indicators(path=options['indicators'])} indicators added")
            version = load_definition(path=options["file"], now=timezone.now())
        except (Refused, OSError, ValueError) as error:
            raise CommandError("\n".join(str(part) for part in error.args) or str(error)) from error
        self.stdout.write(str(version))
