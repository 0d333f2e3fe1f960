"""A definition version as a file: what it asks, and every indicator that it uses. The same version is always the same bytes."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model

from reporting.models import Check, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.queries.definitions import Questionnaire, questionnaire
from reporting.rules import ExpressionError, parse_formula

FORMAT = 1
Names = Mapping[str, str]
"""The names in a file, in their order, and the model's fields. What is added here and in the schema is exported, imported, and
compared with the catalogue."""

DEFINITION: Names = {name: name for name in ("slug", "name", "name_zh", "frequency", "needs_two_people")}
VERSION: Names = {name: name for name in ("statement", "statement_zh", "year_on_year_bound")}
SECTION: Names = {"key": "key", "title": "title", "title_zh": "title_zh", "help": "help_text", "help_zh": "help_text_zh"}
QUESTION: Names = {
    "key": "key",
    "kind": "kind",
    "indicator": "indicator",
    "label": "label",
    "label_zh": "label_zh",
    "help": "help_text",
    "help_zh": "help_text_zh",
    "choices": "choices",
    "choices_zh": "choices_zh",
    "required": "required",
    "checks": "tuning",
}
CHECK: Names = {"kind": "kind", "codes": "codes"}
RULE: Names = {
    **{name: name for name in ("key", "expression", "severity", "message", "message_zh")},
    "questions": "question_keys",
}
INDICATOR: Names = {
    name: name
    for name in (
        "code", "name", "name_zh", "unit", "unit_zh", "decimals", "minimum", "maximum", "measure", "direction", "price_basis",
        "base_indicator", "formula", "city_aggregation", "weight_indicator", "units_indicator", "definition", "definition_zh",
        "scope", "scope_zh", "source", "source_zh", "comparability", "comparability_zh",
    )
}  # fmt: skip


def exported(version_id: int) -> dict[str, Any]:
    asked = questionnaire(version_id)
    return {
        "format": FORMAT,
        **said(asked.version.definition, DEFINITION),
        **said(asked.version, VERSION),
        "sections": [_section(section, asked) for section in asked.sections],
        "checks": [said(check, CHECK) for check in asked.checks],
        "rules": [said(rule, RULE) for rule in asked.rules],
        "indicators": [indicator_item(indicator) for indicator in _used(asked)],
    }


def as_file(item: Mapping[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, indent=2) + "\n"


def said(row: Model, names: Names) -> dict[str, Any]:
    """What the row says by the names in a file; what is blank is left out."""
    values = {name: _plain(getattr(row, attribute)) for name, attribute in names.items()}
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Indicator):
        return value.code
    return value


def section_item(section: Section) -> dict[str, Any]:
    return said(section, SECTION)


def question_item(question: Question) -> dict[str, Any]:
    return said(question, QUESTION)


def check_item(check: Check) -> dict[str, Any]:
    return said(check, CHECK)


def rule_item(rule: Rule) -> dict[str, Any]:
    return said(rule, RULE)


def version_item(version: DefinitionVersion) -> dict[str, Any]:
    return said(version, VERSION)


def _section(section: Section, asked: Questionnaire) -> dict[str, Any]:
    questions = [question_item(question) for question in asked.questions if question.section_id == section.pk]
    return section_item(section) | {"questions": questions}


def indicator_item(indicator: Indicator) -> dict[str, Any]:
    inclusions = sorted(
        (
            {"contained": one.contained.code, "containers": sorted(district.code for district in one.containers.all())}
            for one in indicator.inclusions.all()
        ),
        key=lambda one: str(one["contained"]),
    )
    return said(indicator, INDICATOR) | ({"inclusions": inclusions} if inclusions else {})


def _used(asked: Questionnaire) -> list[Indicator]:
    """What is asked, and what that refers to: bases, weights, operands of formulas; by code."""
    codes = {question.indicator.code for question in asked.questions if question.indicator}
    found: dict[str, Indicator] = {}
    while missing := codes - found.keys():
        read = indicators_whole(missing)
        found |= {indicator.code: indicator for indicator in read}
        codes = {code for indicator in read for code in _referred(indicator)} | set(found)
        codes &= set(Indicator.objects.filter(code__in=codes).values_list("code", flat=True))
    return [found[code] for code in sorted(found)]


def indicators_whole(codes: Iterable[str]) -> list[Indicator]:
    """By code, with what an item of a file needs of them."""
    return list(
        Indicator.objects.filter(code__in=codes)
        .select_related("base_indicator", "weight_indicator", "units_indicator")
        .prefetch_related("inclusions__contained", "inclusions__containers")
    )


def _referred(indicator: Indicator) -> set[str]:
    others = {other.code for other in (indicator.base_indicator, indicator.weight_indicator, indicator.units_indicator) if other}
    try:
        return others | (parse_formula(indicator.formula).codes if indicator.formula else set())
    except ExpressionError:
        return others
