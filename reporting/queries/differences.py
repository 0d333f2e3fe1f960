"""What differs between two versions of a definition, part by part and field by field. Parts are the same where their key is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from reporting.formats import checks_in_words
from reporting.models import Check, DefinitionVersion, Question, Rule, Section
from reporting.queries.definitions import Questionnaire, questionnaire
from reporting.queries.exchange import CHECK, QUESTION, RULE, SECTION, VERSION, Names

ADDED, REMOVED, MOVED, CHANGED = "added", "removed", "moved", "changed"


@dataclass(frozen=True)
class Change:
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Of one part. What was added or removed has its fields with one side blank."""

    title: str
    key: str
    marks: tuple[str, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Differences:
    before: DefinitionVersion
    after: DefinitionVersion
    version: tuple[Change, ...] = ()
    sections: list[Difference] = field(default_factory=list)
    questions: list[Difference] = field(default_factory=list)
    checks: list[Difference] = field(default_factory=list)
    rules: list[Difference] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.version or self.sections or self.questions or self.checks or self.rules)


def differences(before_id: int, after_id: int) -> Differences:
    before, after = questionnaire(before_id), questionnaire(after_id)
    return Differences(
        before.version,
        after.version,
        tuple(_changes(before.version, after.version, VERSION)),
        _by_key(before.sections, after.sections, SECTION),
        _of_questions(before, after),
        _of_checks(before.checks, after.checks),
        _by_key(before.rules, after.rules, RULE),
    )


def moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Of what stands in both, what left its place: as few as explain the new order."""
    kept_before = [key for key in before if key in set(after)]
    kept_after = [key for key in after if key in set(before)]
    blocks = SequenceMatcher(None, kept_before, kept_after, autojunk=False).get_matching_blocks()
    return set(kept_after) - {key for block in blocks for key in kept_after[block.b : block.b + block.size]}


def _by_key(before: Sequence[Any], after: Sequence[Any], names: Names) -> list[Difference]:
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    places = (
        {key: str(place) for place, key in enumerate(old, start=1)},
        {key: str(place) for place, key in enumerate(new, start=1)},
    )
    gone = moved(list(old), list(new))
    return _differences(old, new, names, {key: Change(_("place"), places[0][key], places[1][key]) for key in gone})


def _of_questions(before: Questionnaire, after: Questionnaire) -> list[Difference]:
    sections = [{section.pk: section for section in asked.sections} for asked in (before, after)]
    keys = [_keys_by_section(asked) for asked in (before, after)]
    moves: dict[str, Change] = {}
    for key in before.by_key.keys() & after.by_key.keys():
        homes = [side[asked.by_key[key].section_id] for side, asked in zip(sections, (before, after), strict=True)]
        if homes[0].key != homes[1].key:
            moves[key] = Change(_("section"), str(homes[0]), str(homes[1]))
    for home in keys[0].keys() & keys[1].keys():
        for key in moved(keys[0][home], keys[1][home]):
            places = [str(side[home].index(key) + 1) for side in keys]
            moves[key] = Change(_("place in its section"), *places)
    return _differences(before.by_key, after.by_key, QUESTION, moves)


def _keys_by_section(asked: Questionnaire) -> dict[str, list[str]]:
    homes = {section.pk: section.key for section in asked.sections}
    found: dict[str, list[str]] = {home: [] for home in homes.values()}
    for question in asked.questions:
        found[homes[question.section_id]].append(question.key)
    return found


def _differences(
    old: Mapping[str, Section | Question | Rule],
    new: Mapping[str, Section | Question | Rule],
    names: Names,
    moves: Mapping[str, Change],
) -> list[Difference]:
    """In the order of the new version; what was removed comes last."""
    found = []
    for key, row in new.items():
        changes = tuple(_changes(old.get(key), row, names))
        marks = (ADDED,) if key not in old else (*[MOVED] * (key in moves), *[CHANGED] * bool(changes))
        if marks:
            found.append(Difference(_title(row), key, marks, (*([moves[key]] if key in moves else ()), *changes)))
    removed = [row for key, row in old.items() if key not in new]
    return found + [Difference(_title(row), row.key, (REMOVED,), tuple(_changes(row, None, names))) for row in removed]


def _title(row: Section | Question | Rule) -> str:
    return row.text if isinstance(row, Rule) else str(row)


def _of_checks(before: Iterable[Check], after: Iterable[Check]) -> list[Difference]:
    """A check has no key: what is equal stays, and of what is left those of one kind are compared in their order."""
    old, new = list(before), []
    for check in after:
        same = next((one for one in old if (one.kind, one.codes) == (check.kind, check.codes)), None)
        if same is None:
            new.append(check)
        else:
            old.remove(same)
    found = []
    for check in new:
        earlier = next((one for one in old if one.kind == check.kind), None)
        if earlier is not None:
            old.remove(earlier)
        mark = ADDED if earlier is None else CHANGED
        found.append(Difference(check.get_kind_display(), "", (mark,), tuple(_changes(earlier, check, CHECK))))
    return found + [Difference(one.get_kind_display(), "", (REMOVED,), tuple(_changes(one, None, CHECK))) for one in old]


def _changes(before: Model | None, after: Model | None, names: Names) -> Iterable[Change]:
    row = after or before
    for attribute in names.values() if row else ():
        values = [getattr(one, attribute) if one else None for one in (before, after)]
        if values[0] != values[1] and any(value not in (None, "", [], {}) for value in values):
            name = str(row._meta.get_field(attribute).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001 (Django's name)
            yield Change(name, *(_shown(one, attribute) for one in (before, after)))


def _shown(row: Model | None, attribute: str) -> str:
    value = getattr(row, attribute) if row else None
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return checks_in_words(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value)
    if attribute == "year_on_year_bound":
        return str(number_format(value.normalize(), use_l10n=True)) if value % 1 else str(int(value))
    display = getattr(row, f"get_{attribute}_display", None)
    return str(display()) if display else str(value)
