"""Definitions from files, what is refused at publishing, and drafts made from a version."""

import json
from pathlib import Path
from typing import Any

import pytest

from districts.errors import Refused
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.domain.importing import load_definition
from reporting.models import DefinitionVersion, Rule
from reporting.queries.definitions import questionnaire
from reporting.queries.problems import Problem, problems_of
from tests.conftest import Cast
from tests.factories import NOW, add_rule, make_indicator, make_indicators, make_version

pytestmark = pytest.mark.django_db

RULE: dict[str, Any] = {
    "key": "sizes",
    "expression": "P1 <= P1.last_year + P2",
    "severity": "hard",
    "message": "Look.",
    "message_zh": "请核对。",
    "questions": ["P1", "P2"],
}


def file_of(folder: Path, *rules: dict[str, Any]) -> Path:
    path = folder / "definition.json"
    questions = [{"indicator": "P1"}, {"indicator": "P2"}]
    section = {"key": "statistics", "title": "Statistics", "questions": questions}
    data = {"format": 1, "slug": "kind", "name": "Kind", "frequency": "yearly", "statement": "True.", "year_on_year_bound": "30"}
    path.write_text(json.dumps(data | {"sections": [section], "rules": rules}), encoding="utf-8")
    return path


def fields_of(rule: Rule) -> dict[str, Any]:
    hidden = {"id", "version_id", "position"}
    return {field.attname: getattr(rule, field.attname) for field in Rule._meta.concrete_fields if field.attname not in hidden}


def test_file_gives_the_version_its_rules_in_order(tmp_path: Path) -> None:
    make_indicators()
    version = load_definition(path=file_of(tmp_path, RULE, RULE | {"key": "other", "severity": "soft"}), now=NOW)
    first, second = version.rules.all()
    wanted = {("question_keys" if name == "questions" else name): value for name, value in RULE.items()}
    assert (fields_of(first), fields_of(second)) == (wanted, wanted | {"key": "other", "severity": "soft"})
    assert (version.state, first.position, second.position) == ("published", 1, 2)


def test_file_with_a_rule_that_does_not_read_is_refused_whole(tmp_path: Path) -> None:
    make_indicators()
    with pytest.raises(Refused) as caught:
        load_definition(path=file_of(tmp_path, RULE, RULE | {"key": "other", "expression": "P1 =< P2"}), now=NOW)
    assert str(caught.value) == (
        "rules[1]: other: At 4: “=<” is neither a number, an indicator code, a word nor a sign of the language. "
        "Did you mean “<=”?"
    )
    assert not DefinitionVersion.objects.exists()


def test_publishing_names_everything_that_is_wrong_at_once() -> None:
    indicators = make_indicators() | {"BAD": make_indicator("BAD", formula="P1 + P22")}
    indicators["WORSE"] = make_indicator("WORSE", formula="P1 > 1")
    version = make_version(indicators, published=False)
    rules = {
        "unread": ("P1 >", ["P1"]),
        "number": ("P1 + P2", ["P1"]),
        "unknown": ("P1 <= GPR and Q > 1", ["P1"]),
        "nowhere": ("P1 > 1", []),
        "misplaced": ("P1 > 1", ["P1", "TOTAL", "gone"]),
    }
    for key, (expression, keys) in rules.items():
        add_rule(version, key, expression, keys)
    with pytest.raises(Refused) as caught:
        publish_version(version=version, now=NOW)
    assert caught.value.messages == (
        "BAD: At 6: there is no indicator P22 here. Did you mean “P2”?",
        "WORSE: At 1: yes or no stands where a number is expected; to count it, write if(…, 1, 0).",
        "unread: At 5: it ends where a number, a code, a function or a bracket is expected.",
        "number: At 1: a number stands where yes or no is expected; compare it with something, such as A > 0.",
        "unknown: At 7: there is no indicator GPR here. Did you mean “GRP”?",
        "unknown: At 15: there is no indicator Q here.",
        "nowhere names no question where it is shown.",
        "misplaced is to be shown at TOTAL, which is computed: name a question that is filled in.",
        "misplaced is to be shown at gone, which this version does not ask.",
    )
    version.refresh_from_db()
    assert version.state == "draft"


def test_draft_has_copies_of_the_rules(cast: Cast) -> None:
    indicators = make_indicators()
    published = make_version(indicators, rules={"one": ("P1 > 1", ["P1"]), "two": ("P2 > 1", ["P2", "P1"])})
    make_version(indicators, slug="other", rules={"three": ("P1 > 3", ["P1"])})
    draft = draft_from(version=published, actor=cast.administrator)
    assert [fields_of(rule) for rule in draft.rules.all()] == [fields_of(rule) for rule in published.rules.all()]
    assert not {rule.pk for rule in draft.rules.all()} & {rule.pk for rule in published.rules.all()}
    draft.rules.update(expression="P1 > 2")
    publish_version(version=draft, now=NOW)
    assert [rule.expression for rule in published.rules.all()] == ["P1 > 1", "P2 > 1"]


def test_problems_say_where_each_is_mended() -> None:
    indicators = make_indicators() | {"BAD": make_indicator("BAD", formula="P1 + P22")}
    version = make_version(indicators, published=False)
    rule = add_rule(version, "unread", "P1 >", ["P1"])
    check = version.checks.create(kind="sum", codes=["P1", "P9"], position=2)
    statistics, narrative = version.sections.all()
    plans = narrative.questions.get(key="plans")
    narrative.questions.create(key="P1", kind="number", indicator=indicators["P1"], position=9)
    empty = version.sections.create(key="empty", title="Empty", position=3)
    DefinitionVersion.objects.filter(pk=version.pk).update(statement=" ")
    found = [(problem.text[:40], problem.kind, problem.pk) for problem in problems_of(questionnaire(version.pk))]
    twice = narrative.questions.get(key="P1")
    assert plans.pk != twice.pk
    assert found == [
        ("The head confirms nothing: write the sta", "statement", None),
        ("The key P1 stands twice.", "question", twice.pk),
        ("Two questions ask for P1: one figure wou", "question", twice.pk),
        ("The section “Empty” asks nothing.", "section", empty.pk),
        ("BAD: At 6: there is no indicator P22 her", "question", statistics.questions.get(key="BAD").pk),
        ("the first is the sum of the others: P1, ", "check", check.pk),
        ("unread: At 5: it ends where a number, a ", "rule", rule.pk),
    ]


def test_version_that_asks_nothing_has_no_place_for_it() -> None:
    version = make_version({}, published=False)
    version.sections.all().delete()
    assert problems_of(questionnaire(version.pk)) == [Problem("The version asks nothing.")]


def test_circle_is_placed_at_one_of_the_questions_that_go_round() -> None:
    indicators = make_indicators()
    indicators["C1"] = make_indicator("C1", formula="C2 + 1")
    indicators["C2"] = make_indicator("C2", formula="C1 + P1")
    version = make_version(indicators, published=False)
    (found,) = problems_of(questionnaire(version.pk))
    assert found.text in {"These formulas need one another: C1 → C2 → C1.", "These formulas need one another: C2 → C1 → C2."}
    keys = dict(version.sections.get(key="statistics").questions.values_list("pk", "key"))
    assert keys[found.pk or 0] in {"C1", "C2"}
