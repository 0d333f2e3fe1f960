"""The version of a file, written part by part. Where something is wrong with a part, a row stands in for it, so that one reading
finds everything; whoever calls takes all of it back then."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reporting.domain.importing.rows import as_decimals, judge
from reporting.enums import QuestionKind, Severity
from reporting.models import Check, Definition, DefinitionVersion, Indicator, Question, Rule, Section
from reporting.queries.definitions import questionnaire
from reporting.queries.exchange import CHECK, QUESTION, RULE, SECTION, VERSION
from reporting.queries.problems import problems_of
from reporting.validators.json_files import clean
from reporting.validators.places import Found, Path
from reporting.validators.tuning import as_said, read_tuning, refused_of

Item = Mapping[str, Any]
Places = dict[tuple[str, int], Path]
"""By kind and number of a row, where in the file it stands."""
MAX_QUESTIONS = 1000


def take_version(definition: Definition, data: Item, found: Found) -> DefinitionVersion:
    """A draft with everything in the file."""
    numbers = definition.versions.order_by("-number").values_list("number", flat=True)
    fields = as_decimals(found.sound(data, (), VERSION))
    version = DefinitionVersion(definition=definition, number=(numbers.first() or 0) + 1, **fields)
    judge(version, (), VERSION, found)
    version.save()
    places: Places = {}
    if _is_bounded(data, found):
        _take_sections(version, data, found, places)
        _take_checks(version, data, found, places)
        _take_rules(version, data, found, places)
        _judge_whole(version, found, places)
    return version


def _is_bounded(data: Item, found: Found) -> bool:
    questions = sum(1 for path, item in found.entries(data, "sections") for _one in found.entries(item, "questions", path))
    if questions > MAX_QUESTIONS:
        numbers = {"number": questions, "limit": MAX_QUESTIONS}
        found.add(("sections",), _("The file has %(number)d questions; %(limit)d are possible.") % numbers)
    return questions <= MAX_QUESTIONS


def _take_sections(version: DefinitionVersion, data: Item, found: Found, places: Places) -> None:
    indicators = {one.code: one for one in Indicator.objects.all()}
    sections: set[str] = set()
    questions: set[str] = set()
    for position, (path, item) in enumerate(found.entries(data, "sections"), start=1):
        fields = {"key": f"section-{position}", "title": "–"} | found.sound(item, path, SECTION)
        if fields["key"] in sections:
            found.add((*path, "key"), _("The key %(key)s stands twice.") % {"key": fields["key"]})
            fields["key"] = f"section-{position}-again"
        sections.add(fields["key"])
        section = Section(version=version, position=position, **fields)
        judge(section, path, SECTION, found)
        section.save()
        places["section", section.pk] = path
        for place, (where, one) in enumerate(found.entries(item, "questions", path), start=1):
            _take_question(section, place, where, one, found, (indicators, questions, places))


def _take_question(
    section: Section, position: int, path: Path, item: Item, found: Found, seen: tuple[dict[str, Indicator], set[str], Places]
) -> None:
    indicators, keys, places = seen
    fields = found.sound(item, path, QUESTION)
    if not list(refused_of(fields.get("tuning", {}))):
        fields["tuning"] = as_said(read_tuning(fields.get("tuning", {})))
    code = fields.pop("indicator", None)
    key = fields.setdefault("key", code)
    if code is not None and code not in indicators:
        found.add((*path, "indicator"), _("There is no indicator %(code)s, here or in the file.") % {"code": code})
    if key is None or key in keys:
        if key in keys:
            place = (*path, "key" if "key" in item else "indicator")
            found.add(place, _("The key %(key)s stands twice.") % {"key": key})
        return
    keys.add(key)
    indicator = indicators.get(code or "")
    question = Question(section=section, position=position, indicator=indicator, **{"kind": QuestionKind.NUMBER} | fields)
    if code is None or indicator is not None:
        judge(question, path, QUESTION, found)
    if not found.is_sound(path):
        stand_in = QuestionKind.NUMBER if indicator else QuestionKind.TEXT
        question = Question(section=section, position=position, indicator=indicator, key=key, kind=stand_in)
    question.save()
    places["question", question.pk] = path


def _take_checks(version: DefinitionVersion, data: Item, found: Found, places: Places) -> None:
    for position, (path, item) in enumerate(found.entries(data, "checks"), start=1):
        if found.is_sound(path):
            check = Check(version=version, position=position, **found.sound(item, path, CHECK))
            judge(check, path, CHECK, found)
            check.save()
            places["check", check.pk] = path


def _take_rules(version: DefinitionVersion, data: Item, found: Found, places: Places) -> None:
    keys: set[str] = set()
    for position, (path, item) in enumerate(found.entries(data, "rules"), start=1):
        fields = found.sound(item, path, RULE)
        if not {"expression", "question_keys"} <= fields.keys():
            continue
        stand_in = {"key": f"rule-{position}", "severity": Severity.SOFT, "message": "–"}
        rule = Rule(version=version, position=position, **stand_in | fields)
        if rule.key in keys:
            found.add((*path, "key"), _("The key %(key)s stands twice.") % {"key": rule.key})
            rule.key = f"{rule.key[:30]}-{position}"
        keys.add(rule.key)
        judge(rule, path, RULE, found)
        rule.save()
        places["rule", rule.pk] = path


def _judge_whole(version: DefinitionVersion, found: Found, places: Places) -> None:
    """What publishing would refuse."""
    for problem in problems_of(questionnaire(version.pk)):
        path = places.get((problem.kind, problem.pk or 0), ("statement",) if problem.kind == "statement" else ())
        if problem.kind == "statement" and not found.is_sound(path):
            continue
        if not path and "sections" in {part for one in found.problems for part in one.path[:1]}:
            continue
        found.add(path, clean(problem.text, 500))
