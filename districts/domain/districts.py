"""Adding districts, one or a file of them."""

import csv
from pathlib import Path

from django.db import transaction

from districts.domain.grants import fan_out_to_new_district
from districts.models import District


def add_district(*, code: str, **fields: object) -> District:
    """A new district; everybody whose scope is all districts gets it too."""
    with transaction.atomic():
        district = District.objects.create(code=code, **fields)
        fan_out_to_new_district(district=district)
        return district


def load_districts(*, path: Path) -> int:
    """Add the districts of a CSV file that are not there yet, by code; gives how many."""
    known = set(District.objects.values_list("code", flat=True))
    added = 0
    with path.open(encoding="utf-8") as file, transaction.atomic():
        for row in csv.DictReader(file):
            if row["code"] in known:
                continue
            add_district(
                code=row["code"],
                name=row["name_en"],
                name_zh=row["name_zh"],
                grid_row=int(row["grid_row"]),
                grid_column=int(row["grid_col"]),
                peer_group=row["peer_group"],
                specialty=row["specialty_en"],
                specialty_zh=row["specialty_zh"],
            )
            added += 1
    return added
