"""`manage.py check_grants [--repair]`: do the grant rows follow from memberships and bureau roles?"""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.domain.grants import Grant, grant_disagreements, refresh_grants


class Command(BaseCommand):
    help = "Compare every person's grant rows with memberships and bureau roles; with --repair, make them agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = 0
        for user_id, missing, surplus in grant_disagreements():
            found += 1
            self.stdout.write(f"person {user_id}: missing {_listed(missing)}, surplus {_listed(surplus)}")
            if options["repair"]:
                refresh_grants(user_id=user_id)
        if found and not options["repair"]:
            raise CommandError(f"{found} people's grants disagree with their roles; --repair makes them agree.")
        self.stdout.write("All grants agree." if not found else f"{found} people repaired.")


def _listed(grants: Iterable[Grant]) -> str:
    return f"[{', '.join(sorted(map(str, grants)))}]"
