"""`manage.py export_definition SLUG`: a version of a definition as the file that `load_definition` and the admin read."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.enums import VersionState
from reporting.models import DefinitionVersion
from reporting.queries.exchange import as_file, exported


class Command(BaseCommand):
    help = "Write a version of a definition, with its indicators and rules, as one JSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--number", type=int, help="the version; the latest published one without it")
        parser.add_argument("--output", type=Path, help="the file; without it, the standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        versions = DefinitionVersion.objects.filter(definition__slug=options["slug"]).order_by("-number")
        number = options["number"]
        chosen = versions.filter(state=VersionState.PUBLISHED) if number is None else versions.filter(number=number)
        version = chosen.first()
        if version is None:
            raise CommandError(f"There is no such version of “{options['slug']}”.")
        text = as_file(exported(version.pk))
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(str(error)) from error
