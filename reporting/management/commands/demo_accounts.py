"""`manage.py demo_accounts [--all]`: who can sign in to the demonstration."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District
from reporting.demo.people import PASSWORD, Account, accounts, is_loaded

_SHOWN = {"110108", "110109"}
"""The two districts with every role."""


class Command(BaseCommand):
    help = "Print the demonstration's accounts: each role in two districts and at the bureau, or everybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="everybody, of all districts")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not is_loaded():
            raise CommandError("The demonstration is not loaded: run load_demo first.")
        names = dict(District.objects.values_list("code", "name"))
        shown = [account for account in accounts() if options["all"] or _is_shown(account)]
        rows = [("Address", "Role", "District", "Password")]
        rows += [(account.address, _role(account), _district(account, names), PASSWORD) for account in shown]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if not options["all"]:
            self.stdout.write("\nEvery other district has its head and officer too; this lists them:")
            self.stdout.write("  . var/environment; .venv/bin/python manage.py demo_accounts --all")


def _is_shown(account: Account) -> bool:
    return not account.units or bool(_SHOWN.intersection(account.units))


def _role(account: Account) -> str:
    return str((BureauRoleName if account.is_bureau else DistrictRole)(account.role).label)


def _district(account: Account, names: dict[str, str]) -> str:
    if not account.units:
        return "all"
    return ", ".join(names[code] for code in account.units)
