"""Percentages, amounts and whole numbers from the definition to the page: what fits an indicator, and what an answer says."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from districts.errors import DomainError, Refused
from reporting.domain.answers import AnswerChange, save_answers
from reporting.domain.definitions import publish_version
from reporting.domain.drafts import draft_from
from reporting.domain.importing import load_definition
from reporting.enums import NUMERIC_KINDS, QuestionKind
from reporting.models import Answer, Definition, Question, Submission
from tests.conftest import Cast
from tests.factories import NOW, fill, make_cycle, make_indicator, make_indicators, make_version
from tests.reporting.domain.states import do
from tests.reporting.views.browser import as_user, parse, select

pytestmark = pytest.mark.django_db

KINDS = {"RATE": "percent", "P1": "money", "STOCK": "whole"}


def made(kinds: dict[str, str], **more: Any) -> Any:
    """A draft whose questions are of the given kinds, by indicator code; all others are numbers."""
    indicators = make_indicators() | {"RATE": make_indicator("RATE", unit="%", unit_zh="%", measure="rate", price_basis="")}
    version = make_version(indicators | more, published=False)
    for code, kind in kinds.items():
        Question.objects.filter(section__version=version, key=code).update(kind=kind)
    return version


@pytest.fixture
def draft(cast: Cast) -> Submission:
    version = made(KINDS)
    publish_version(version=version, now=NOW)
    now = timezone.now()
    cycle = make_cycle(version, opened_by=cast.administrator, now=now - timedelta(hours=1))
    fill(cycle.submissions.get(district=cast.south), cast.south_officer, {"P1": "¥77 亿元", "STOCK": "7"}, now)
    return do(cycle.submissions.get(district=cast.north), "start", cast.officer, now=now)


def typed(submission: Submission, cast: Cast, key: str, raw: str) -> Answer:
    seen = Answer.objects.filter(revision__submission=submission, question_key=key).values_list("version", flat=True).first()
    change = AnswerChange(key, seen or 0, raw=raw)
    return save_answers(submission=submission, changes=[change], actor=cast.officer, now=timezone.now())[0]


@pytest.mark.parametrize(
    ("key", "raw", "number"),
    [("RATE", "12.5 ％", "12.5"), ("P1", "￥1,234.5亿元", "1234.5"), ("P1", "60 100m CNY", "60"), ("STOCK", "1,234.00", "1234")],
)
def test_answer_is_read_after_its_kind_and_kept_as_typed(key: str, raw: str, number: str, cast: Cast, draft: Submission) -> None:
    answer = typed(draft, cast, key, raw)
    assert (answer.raw, answer.number, answer.status) == (raw, Decimal(number), "reported")


@pytest.mark.parametrize(
    ("key", "raw", "expected"),
    [
        ("RATE", "12.5 pp", "Expected a percentage such as 12.5; found “12.5 pp”."),
        ("P1", "12万元", "Expected an amount in 100m CNY such as 1,234.5, without another unit; found “12万元”."),
        ("STOCK", "12.5", "Expected a whole number such as 1,234; found “12.5”."),
        ("STOCK", "12 %", "Expected a whole number such as 1,234; found “12 %”."),
        ("P2", "12亿元", "Expected a number such as 1,234.5; found “12亿元”."),
    ],
)
def test_answer_that_does_not_fit_its_kind_is_kept_and_named_on_the_page(
    key: str, raw: str, expected: str, cast: Cast, draft: Submission
) -> None:
    answer = typed(draft, cast, key, raw)
    assert (answer.raw, answer.number, answer.status) == (raw, None, "missing")
    page = parse(as_user(cast.officer).get(f"/reports/{draft.pk}/"))
    assert " ".join(select(page, f"#notes-{key}")[0].text_content().split()) == f"{expected} It is kept as typed: correct it."


def test_message_names_the_unit_in_the_readers_language(cast: Cast, draft: Submission) -> None:
    typed(draft, cast, "P1", "12万元")
    cast.officer.language = "zh-hans"
    cast.officer.save()
    body = as_user(cast.officer).get(f"/reports/{draft.pk}/").content.decode()
    assert "以亿元为单位的金额，例如 1,234.5，不带其他单位" in body


def test_page_tells_its_script_how_a_field_is_read(cast: Cast, draft: Submission) -> None:
    page = parse(as_user(cast.officer).get(f"/reports/{draft.pk}/"))
    fields = {key: select(page, f"#answer-{key}")[0] for key in (*KINDS, "P2")}
    assert {key: (field.get("data-kind"), field.get("inputmode")) for key, field in fields.items()} == {
        "RATE": ("percent", "decimal"),
        "P1": ("money", "decimal"),
        "STOCK": ("whole", "numeric"),
        "P2": ("number", "decimal"),
    }
    assert [fields[key].get("data-units") for key in ("RATE", "P1")] == ["%", "100m CNY|亿元"]


def test_read_only_page_shows_the_reading(cast: Cast, draft: Submission) -> None:
    for key, raw in (("RATE", "12.5%"), ("P1", "¥1234.5"), ("STOCK", "1234.0")):
        typed(draft, cast, key, raw)
    page = parse(as_user(cast.observer).get(f"/reports/{draft.pk}/"))
    shown = {key: select(page, f"#q-{key} td.this")[0].text_content().strip() for key in KINDS}
    assert shown == {"RATE": "12.50", "P1": "1,234.50", "STOCK": "1,234"}


def test_publishing_says_which_kinds_do_not_fit_their_indicators(cast: Cast) -> None:
    version = made({"P1": "percent", "RATE": "money", "P2": "whole", "STOCK": "money", "GRP": "money"})
    with pytest.raises(Refused) as caught:
        publish_version(version=version, now=NOW)
    assert caught.value.messages == (
        "P1 asks for a percentage, and P1 is measured in 100m CNY: choose another kind.",
        "P2 asks for a whole number, and P2 has decimals (2): choose another kind.",
        "STOCK asks for an amount of money, and STOCK has no price basis: choose another kind.",
        "RATE asks for an amount of money, and RATE has no price basis: choose another kind.",
    )
    version.refresh_from_db()
    assert version.state == "draft"


@pytest.mark.parametrize("kind", QuestionKind)
def test_numeric_kinds_have_an_indicator_and_no_other_has(kind: QuestionKind) -> None:
    section = made({}).sections.get(key="statistics")
    fields = {"section": section, "kind": kind, "label": "Asked", "position": 9}
    with pytest.raises(IntegrityError, match="number_has_indicator"), transaction.atomic():
        Question.objects.create(key="x", indicator=None if kind in NUMERIC_KINDS else make_indicator("X1"), **fields)
    assert Question.objects.create(key="y", indicator=make_indicator("X2") if kind in NUMERIC_KINDS else None, **fields).pk


def test_file_names_the_kinds_and_a_draft_copies_them(cast: Cast, tmp_path: Path) -> None:
    made({})
    questions = [{"indicator": code, "kind": kind} for code, kind in KINDS.items()] + [{"indicator": "P2"}]
    data = {
        "format": 1,
        "slug": "kinds",
        "name": "Kinds",
        "frequency": "yearly",
        "statement": "True.",
        "year_on_year_bound": "30",
    }
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(data | {"sections": [{"key": "all", "title": "All", "questions": questions}]}), encoding="utf-8")
    version = load_definition(path=path, now=NOW)
    draft = draft_from(version=version, actor=cast.administrator)
    for one in (version, draft):
        found = Question.objects.filter(section__version=one).values_list("key", "kind")
        assert dict(found) == KINDS | {"P2": "number"}


def test_file_whose_kind_does_not_fit_is_refused_whole(cast: Cast, tmp_path: Path) -> None:
    made({})
    data = {
        "format": 1,
        "slug": "kinds",
        "name": "Kinds",
        "frequency": "yearly",
        "statement": "True.",
        "year_on_year_bound": "30",
    }
    section = {"key": "all", "title": "All", "questions": [{"indicator": "P1", "kind": "percent"}]}
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(data | {"sections": [section]}), encoding="utf-8")
    with pytest.raises(Refused, match="P1 asks for a percentage"):
        load_definition(path=path, now=NOW)
    assert not Definition.objects.filter(slug="kinds").exists()


def test_question_of_files_takes_no_typed_answer(cast: Cast) -> None:
    version = made({})
    section = version.sections.get(key="narrative")
    Question.objects.create(section=section, key="papers", kind="file", label="Papers", required=False, position=3)
    publish_version(version=version, now=NOW)
    cycle = make_cycle(version, opened_by=cast.administrator)
    started = do(cycle.submissions.get(district=cast.north), "start", cast.officer)
    with pytest.raises(DomainError, match="“Papers” is answered with files"):
        save_answers(submission=started, changes=[AnswerChange("papers", 0, raw="a.pdf")], actor=cast.officer, now=NOW)
    assert not Answer.objects.filter(question_key="papers").exists()
