"""One row from what a file says of it: checked by its model, every refusal with the place in the file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from reporting.validators.places import Found, Path

JUDGED_ELSEWHERE = frozenset({"expression"})
"""What publishing judges, in better words."""


def as_decimals(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers in quotation marks, and such with a point, as what they are."""
    return {name: Decimal(value) if _is_decimal(name, value) else value for name, value in fields.items()}


def _is_decimal(name: str, value: Any) -> bool:
    return name in {"minimum", "maximum", "year_on_year_bound"} and not isinstance(value, Decimal)


def judge(row: models.Model, path: Path, names: Mapping[str, str], found: Found) -> None:
    """Add what the row's model refuses of the fields that the file gives."""
    given = {attribute: name for name, attribute in names.items()}
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}  # noqa: SLF001 (Django's name)
    # What fields have to do with one another is asked of those alone that are sound by themselves.
    unsound = {attribute for attribute, name in given.items() if not found.is_sound((*path, name))}
    refused: dict[str, list[str]] = {}
    for judged in (
        lambda: row.clean_fields(exclude=relations | JUDGED_ELSEWHERE),
        lambda: row.validate_constraints(exclude=(relations - {"indicator"}) | unsound | refused.keys()),
    ):
        try:
            judged()
        except ValidationError as error:
            refused.update(error.message_dict)
    for attribute, messages in refused.items():
        place = path if attribute == NON_FIELD_ERRORS else (*path, given.get(attribute, attribute))
        if attribute == NON_FIELD_ERRORS or found.is_sound(place):
            for message in messages:
                found.add(place, message)
