"""A file with a definition, judged by the published schema: `reporting/data/definition.schema.json`, draft 2020-12."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path as File
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator
from jsonschema import ValidationError as Failure
from jsonschema.validators import extend

from reporting.validators.json_files import clean, read_json
from reporting.validators.places import Path, Problem

SCHEMA = File(__file__).resolve().parent.parent / "data" / "definition.schema.json"
FORMS: Mapping[str, Promise] = {
    "words": gettext_lazy("must not be blank."),
    "slug": gettext_lazy("may have letters without accents, digits, hyphens and underscores."),
    "question_key": gettext_lazy("begins with a letter and has letters without accents, digits and underscores."),
    "code": gettext_lazy("begins with a capital letter and has capital letters, digits and underscores, such as A01."),
    "decimal": gettext_lazy("is a number such as 12.5, with at most 18 digits before the point and 6 behind it."),
    "not_negative": gettext_lazy("is a number from 0, such as 12.5, with at most 18 digits before the point and 6 behind it."),
}
"""What is said where a text has not the form that the schema asks for, by the title that the schema gives the form."""
_TYPES: Mapping[str, Promise] = {
    "string": gettext_lazy("must be text, in quotation marks."),
    "integer": gettext_lazy("must be a whole number."),
    "boolean": gettext_lazy("must be true or false."),
    "array": gettext_lazy("must be a list, in square brackets."),
    "object": gettext_lazy("must be an object, in curly brackets."),
}


def read_definition(content: bytes) -> tuple[Any, list[Problem]]:
    """What the file says, and everything in it that is not as the format asks. Never raises for what stands in it."""
    data, problems = read_json(content)
    if not isinstance(data, dict):
        return None, problems or [Problem((), _("The file must be an object, in curly brackets, that says what a report asks."))]
    return data, problems + [problem for error in _validator().iter_errors(data) for problem in _said(error)]


@cache
def schema_text() -> str:
    return SCHEMA.read_text(encoding="utf-8")


def top_names() -> list[str]:
    """The names of a file's parts in the order in which they are written."""
    return list(json.loads(schema_text())["properties"])


@cache
def _validator() -> Draft202012Validator:
    # The schema's numbers are decimals, as the file's are; its `$` is the end of a text, not of its last line.
    schema = json.loads(schema_text(), parse_float=Decimal)
    return extend(Draft202012Validator, {"pattern": _pattern})(schema)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Failure]:
    if isinstance(value, str) and not re.search(pattern.removesuffix("$") + (r"\Z" if pattern.endswith("$") else ""), value):
        yield Failure("pattern")


def _said(error: Failure) -> Iterator[Problem]:
    path = tuple(clean(part) if isinstance(part, str) else part for part in error.absolute_path)
    say = _SAID.get(str(error.validator))
    if say is None:
        yield Problem(path, clean(error.message, 200))
    else:
        yield from say(path, error)


def _missing(path: Path, error: Failure) -> Iterator[Problem]:
    for name in error.validator_value:
        if name not in error.instance:
            yield Problem((*path, name), _("is missing."))


def _unknown(path: Path, error: Failure) -> Iterator[Problem]:
    known = error.schema["properties"]
    for name in error.instance.keys() - known.keys():
        near = get_close_matches(name, known, 1)
        text = _("is not a name of this format. Did you mean “%(name)s”?") % {"name": near[0]} if near else None
        yield Problem((*path, clean(name)), text or _("is not a name of this format."))


def _type(path: Path, error: Failure) -> Iterator[Problem]:
    wanted = error.validator_value
    yield Problem(path, str(_TYPES[wanted] if isinstance(wanted, str) else FORMS[error.schema["title"]]))


def _form(path: Path, error: Failure) -> Iterator[Problem]:
    yield Problem(path, str(FORMS[error.schema["title"]]))


def _bound(path: Path, error: Failure) -> Iterator[Problem]:
    if "title" in error.schema:
        yield from _form(path, error)
    else:
        bounds = {"minimum": error.schema["minimum"], "maximum": error.schema["maximum"]}
        yield Problem(path, _("must be from %(minimum)d to %(maximum)d.") % bounds)


def _choice(path: Path, error: Failure) -> Iterator[Problem]:
    choices = ", ".join(choice or "“”" for choice in error.validator_value)
    yield Problem(path, _("“%(value)s” is none of: %(choices)s.") % {"value": clean(str(error.instance)), "choices": choices})


def _format(path: Path, error: Failure) -> Iterator[Problem]:
    numbers = {"known": error.validator_value, "given": clean(str(error.instance))}
    yield Problem(path, _("This portal reads format %(known)d, and the file is of format %(given)s.") % numbers)


def _too_long(path: Path, error: Failure) -> Iterator[Problem]:
    numbers = {"length": len(error.instance), "limit": error.validator_value}
    yield Problem(path, _("has %(length)d characters; %(limit)d are possible.") % numbers)


def _too_many(path: Path, error: Failure) -> Iterator[Problem]:
    numbers = {"number": len(error.instance), "limit": error.validator_value}
    yield Problem(path, _("has %(number)d entries; %(limit)d are possible.") % numbers)


def _too_few(path: Path, error: Failure) -> Iterator[Problem]:
    yield Problem(path, _("needs at least %(number)d.") % {"number": error.validator_value})


def _nameless(path: Path, _error: Failure) -> Iterator[Problem]:
    yield Problem(path, _("needs a key, or an indicator whose code is the key."))


_SAID: Mapping[str, Callable[[Path, Failure], Iterator[Problem]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _type,
    "pattern": _form,
    "minimum": _bound,
    "maximum": _bound,
    "enum": _choice,
    "const": _format,
    "maxLength": _too_long,
    "maxItems": _too_many,
    "minItems": _too_few,
    "anyOf": _nameless,
}
