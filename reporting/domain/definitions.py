"""Loading indicators from a file, and publishing a version."""

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from districts.errors import Refused
from districts.models import District
from reporting.enums import VersionState
from reporting.models import DefinitionVersion, Inclusion, Indicator
from reporting.queries.definitions import questionnaire
from reporting.queries.problems import problems_of


def load_indicators(*, path: Path, notes: Path | None = None) -> int:
    """Add the indicators of a CSV file that are not there yet, by code; gives how many. Reads the columns of indicators.csv.

    `notes`: a JSON file with what the catalogue says of them in words, by code.
    """
    words: dict[str, dict[str, str]] = json.loads(notes.read_text(encoding="utf-8")) if notes else {}
    with path.open(encoding="utf-8") as file, transaction.atomic():
        rows = [row for row in csv.DictReader(file) if not Indicator.objects.filter(code=row["code"]).exists()]
        added = {row["code"]: Indicator.objects.create(**_indicator_fields(row), **words.get(row["code"], {})) for row in rows}
        for row in rows:
            if row["base_indicator"]:
                added[row["code"]].base_indicator = Indicator.objects.get(code=row["base_indicator"])
                added[row["code"]].save(update_fields=["base_indicator"])
            if row["included_in"]:
                _add_inclusion(added[row["code"]], row["included_in"])
    return len(added)


def _indicator_fields(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name_en"],
        "name_zh": row["name_zh"],
        "unit": row["unit"],
        "unit_zh": row.get("unit_zh", ""),
        "decimals": int(row["decimals"]),
        "minimum": Decimal(row["minimum"]) if row["minimum"] else None,
        "maximum": Decimal(row["maximum"]) if row["maximum"] else None,
        "measure": row["measure"],
        "direction": row["direction"],
        "price_basis": row["price_basis"],
        "formula": row["formula"],
        "city_aggregation": row["city_aggregation"],
    }


def _add_inclusion(indicator: Indicator, text: str) -> None:
    """`BDA in 110115 and 110112`: the first unit's figure is contained in the others'."""
    contained, containers = text.split(" in ")
    inclusion = Inclusion.objects.create(indicator=indicator, contained=District.objects.get(code=contained))
    inclusion.containers.set(District.objects.filter(code__in=containers.split(" and ")))


def publish_version(*, version: DefinitionVersion, now: datetime) -> None:
    """Freeze a draft; raises Refused with everything that is wrong with it. The version published before is left as it is."""
    with transaction.atomic():
        draft = DefinitionVersion.objects.select_for_update().get(pk=version.pk)
        if draft.state != VersionState.DRAFT:
            return
        problems = problems_of(questionnaire(draft.pk))
        if problems:
            raise Refused(*(problem.text for problem in problems))
        draft.state, draft.published_at = VersionState.PUBLISHED, now
        draft.save(update_fields=["state", "published_at"])
        version.state, version.published_at = draft.state, draft.published_at
