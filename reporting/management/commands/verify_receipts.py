"""`manage.py verify_receipts`: recompute every digest and its chain; exit status 1 where one does not match."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reporting.domain.verification import Verification


class Command(BaseCommand):
    help = "Recompute the digest of every signed report and the chain of digests. Exits with 1 where one does not match."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="Read every signed file of evidence, too.")

    def handle(self, *_args: Any, **options: Any) -> None:
        verification, found = Verification(with_files=options["files"]), 0
        for mismatch in verification.mismatches():
            found += 1
            self.stdout.write(
                f"submission {mismatch.submission_id} ({mismatch.submission}), receipt {mismatch.receipt}: {mismatch.problem}"
            )
        self.stdout.write(f"{verification.checked} receipts checked, {found} mismatches")
        if found:
            sys.exit(1)
