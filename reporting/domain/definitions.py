"""Loading indicators and definitions from files, and publishing a version."""

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Refused
from districts.models import District
from reporting.enums import CheckKind, Frequency, QuestionKind, Severity, VersionState
from reporting.models import Check, Definition, DefinitionVersion, Inclusion, Indicator, Question, Rule, Section
from reporting.queries.definitions import questionnaire
from reporting.queries.problems import problems_of


def load_indicators(*, path: Path) -> int:
    """Add the indicators of a CSV file that are not there yet, by code; gives how many. Reads the columns of indicators.csv."""
    with path.open(encoding="utf-8") as file, transaction.atomic():
        rows = [row for row in csv.DictReader(file) if not Indicator.objects.filter(code=row["code"]).exists()]
        added = {row["code"]: Indicator.objects.create(**_indicator_fields(row)) for row in rows}
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


def load_definition(*, path: Path, now: datetime) -> DefinitionVersion:
    """Make a new, published version of a definition from a JSON file; raises Refused with every problem.

    Whether two people approve stays as it is set where the file does not say it.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    with transaction.atomic():
        definition, _created = Definition.objects.update_or_create(
            slug=data["slug"],
            defaults={
                "name": data["name"],
                "name_zh": data.get("name_zh", ""),
                "frequency": Frequency(data["frequency"]),
                **{name: data[name] for name in ("needs_two_people",) if name in data},
            },
        )
        version = _draft_from(definition, data)
        publish_version(version=version, now=now)
        return version


def _draft_from(definition: Definition, data: Mapping[str, Any]) -> DefinitionVersion:
    latest = definition.versions.order_by("-number").first()
    version = DefinitionVersion.objects.create(
        definition=definition,
        number=latest.number + 1 if latest else 1,
        statement=data["statement"],
        statement_zh=data.get("statement_zh", ""),
        year_on_year_bound=Decimal(data["year_on_year_bound"]),
    )
    for position, item in enumerate(data["sections"], start=1):
        _add_section(version, position, item)
    for position, item in enumerate(data.get("checks", ()), start=1):
        Check.objects.create(version=version, kind=CheckKind(item["kind"]), codes=item["codes"], position=position)
    for position, item in enumerate(data.get("rules", ()), start=1):
        _save(Rule(version=version, position=position, **_rule_fields(item)))
    return version


def _add_section(version: DefinitionVersion, position: int, data: Mapping[str, Any]) -> None:
    section = Section.objects.create(
        version=version,
        key=data["key"],
        title=data["title"],
        title_zh=data.get("title_zh", ""),
        help_text=data.get("help", ""),
        help_text_zh=data.get("help_zh", ""),
        position=position,
    )
    for place, item in enumerate(data["questions"], start=1):
        _save(Question(section=section, position=place, **_question_fields(item)))


def _save(row: Question | Rule) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(*(f"{row.key}: {message}" for message in error.messages)) from error
    row.save()


def _rule_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": data["key"],
        "expression": data["expression"],
        "severity": Severity(data["severity"]),
        "message": data["message"],
        "message_zh": data.get("message_zh", ""),
        "question_keys": data["questions"],
    }


def _question_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    code = data.get("indicator")
    indicator = Indicator.objects.filter(code=code).first() if code else None
    if code and indicator is None:
        raise Refused(_("There is no indicator %(code)s.") % {"code": code})
    return {
        "key": data.get("key", code),
        "kind": QuestionKind(data["kind"]) if "kind" in data else QuestionKind.NUMBER,
        "indicator": indicator,
        "label": data.get("label", ""),
        "label_zh": data.get("label_zh", ""),
        "help_text": data.get("help", ""),
        "help_text_zh": data.get("help_zh", ""),
        "choices": data.get("choices", []),
        "choices_zh": data.get("choices_zh", []),
        "required": data.get("required", True),
    }


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
