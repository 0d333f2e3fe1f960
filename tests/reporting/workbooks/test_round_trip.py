"""Every kind of answer through the workbook and back; and over HTTP through the page, the workbook and the definition's file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting.domain.answers import AnswerChange, save_answers
from reporting.enums import QuestionKind
from reporting.models import Answer, Cycle, DefinitionVersion, EvidenceFile, Submission
from reporting.workbooks.preview import apply_preview
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.files import Upload, pdf
from tests.reporting.views.browser import answer, as_user, parse, select, text_of
from tests.reporting.workbooks.every_kind import GIVEN, Edited, changes, edited, make_every_kind, read, workbook

TYPED: dict[str, Any] = {
    "N": -12.5,
    "RATE": 7.8,
    "PCT": 12.5,
    "CNY": 1234.5,
    "WHOLE": 12,
    "line": "A line",
    "prose": "First.\nSecond.",
    "topic": "Data",
    "topics": "Data\nChips, boards",
    "day": date(2026, 6, 30),
    "agreed": "Yes",
}


def test_answers_of_every_kind_are_in_the_workbook_and_nothing_of_it_is_a_change(cast: Cast, report: Submission) -> None:
    factories.fill(report, cast.officer, GIVEN)
    content = workbook(report)
    book = Edited(content)
    shown = {key: book.cell(key).value for key in GIVEN}
    assert shown == TYPED | {"day": datetime.combine(TYPED["day"], time())}
    assert (read(report, content).changes, read(report, content).problems) == ((), ())
    assert (read(report, book.saved()).changes, read(report, book.saved()).problems) == ((), ())


def test_answers_of_every_kind_come_back_as_the_page_would_have_sent_them(cast: Cast, report: Submission) -> None:
    preview = read(report, edited(workbook(report), TYPED))
    assert (changes(preview), preview.problems) == (GIVEN | {"PCT": "12.5", "CNY": "1234.5"}, ())
    assert report.working_revision is None or not report.working_revision.answers.exists()
    apply_preview(preview=preview, submission=report, actor=cast.officer, now=NOW)
    stored = {key: answer(report, key) for key in GIVEN}
    assert {key: one.status for key, one in stored.items()} == dict.fromkeys(GIVEN, "reported")
    assert [stored[key].number for key in ("N", "RATE", "PCT", "CNY", "WHOLE")] == [
        Decimal(text) for text in ("-12.5", "7.8", "12.5", "1234.5", "12")
    ]
    assert (stored["day"].date, stored["agreed"].boolean, stored["topics"].choices) == (
        date(2026, 6, 30),
        True,
        ["Data", "Chips, boards"],
    )
    assert read(report, workbook(report)).changes == ()


GIVEN_LATER = {
    "N": "7",
    "RATE": "8.9",
    "PCT": "20.25",
    "CNY": "-3.75",
    "WHOLE": "130",
    "line": "Another line",
    "prose": "One.\n\nThree 字.",
    "topic": "Other; or none",
    "topics": "Chips, boards\nOther; or none",
    "day": "2024-02-29",
    "agreed": "no",
}
TYPED_LATER: dict[str, Any] = TYPED | {
    "N": 7,
    "RATE": 8.9,
    "PCT": 20.25,
    "CNY": -3.75,
    "WHOLE": 130,
    "line": "Another line",
    "prose": "One.\n\nThree 字.",
    "topic": "Other; or none",
    "topics": "Chips, boards\nOther; or none",
    "day": date(2024, 2, 29),
    "agreed": "No",
}
"""The same in a workbook."""
WHY = "Because it is so."


@dataclass(frozen=True)
class Way:
    """A report of every kind of question, files too, with nothing in it: the officer's browser and the administrator's."""

    officer: Client
    administrator: Client
    submission: Submission

    def address(self, rest: str = "") -> str:
        return f"/reports/{self.submission.pk}/{rest}"

    def fields(self) -> dict[str, list[str]]:
        """What the page's form would send as it stands, in a browser without scripts."""
        (form,) = select(parse(self.officer.get(self.address())), "form#report-form")
        sent: dict[str, list[str]] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value.removeprefix("\n"))
        return sent

    def shown(self) -> dict[str, str]:
        """The answers as they stand in the page's fields."""
        fields = self.fields()
        return {key: "\n".join(fields.get(f"answer-{key}", [])) for key in GIVEN}

    def type(self, answers: Mapping[str, str], explanations: Mapping[str, str]) -> Any:
        """Into the form as it stands; of what is chosen, only what the page offers."""
        page, fields = parse(self.officer.get(self.address())), self.fields()
        for key, raw in answers.items():
            controls = select(page, f"[name=answer-{key}]")
            values = raw.split("\n") if key == "topics" else [raw.replace("\n", "\r\n")]
            if controls[0].get("type") in {"radio", "checkbox"}:
                assert set(values) <= {control.get("value") for control in controls}
            fields[f"answer-{key}"] = values
        assert all(f"explanation-{key}" in fields for key in explanations)
        fields |= {f"explanation-{key}": [words] for key, words in explanations.items()}
        return self.officer.post(self.address(), fields)

    def workbook(self) -> bytes:
        return bytes(self.officer.get(self.address("workbook.xlsx")).content)

    def upload(self, content: bytes) -> str:
        """The address of the preview."""
        response = self.officer.post(self.address("workbook/"), {"workbook": Upload("报表.xlsx", content)})
        assert response.status_code == 302, text_of(response)
        return str(response["Location"])

    def changes(self, preview: str) -> list[str]:
        """The questions that the preview's form would change."""
        page = parse(self.officer.get(preview))
        return [box.get("value") for box in select(page, "#workbook-form input[name=change]")]

    def definition(self) -> bytes:
        version = Cycle.objects.get(pk=self.submission.cycle_id).definition_version_id
        return bytes(self.administrator.get(reverse("admin:reporting_definitionversion_export", args=[version])).content)


@pytest.fixture
def way(cast: Cast) -> Way:
    """The pages judge deadlines by the clock. The other district has other answers."""
    now = timezone.now()
    cycle = factories.make_cycle(make_every_kind(files=True), opened_by=cast.administrator, now=now - timedelta(hours=1))
    factories.fill(cycle.submissions.get(district=cast.south), cast.south_officer, GIVEN | {"line": "Southgate's"}, now)
    way = Way(as_user(cast.officer), as_user(cast.administrator), cycle.submissions.get(district=cast.north))
    assert way.officer.post(way.address("start/")).status_code == 302
    return way


def in_cells(content: bytes) -> dict[str, Any]:
    book = Edited(content)
    found = {key: book.cell(key).value for key in GIVEN}
    return found | {"day": found["day"].date()}


def test_every_kind_goes_through_page_workbook_and_definition_over_http(way: Way) -> None:
    assert way.shown() == dict.fromkeys(GIVEN, "")
    assert way.type(GIVEN, {"N": WHY}).status_code == 302
    assert way.officer.post(way.address("evidence/papers/"), {"file": Upload("计划.pdf", pdf())}).status_code == 302
    assert way.shown() == GIVEN
    assert in_cells(way.workbook()) == TYPED
    assert Edited(way.workbook()).cell("N", "explanation").value == WHY
    assert way.changes(way.upload(way.workbook())) == []

    preview = way.upload(Edited(way.workbook()).put(TYPED_LATER).saved())
    assert way.changes(preview) == list(GIVEN)
    assert way.shown() == GIVEN
    assert way.officer.post(preview, {"change": way.changes(preview)}).status_code == 302
    assert way.shown() == GIVEN_LATER
    assert in_cells(way.workbook()) == TYPED_LATER
    assert way.type(way.shown(), {}).status_code == 302
    assert {one.version for one in _answers(way).values()} == {2}

    _import_and_move(way)
    assert way.shown() == GIVEN_LATER
    assert (in_cells(way.workbook()), way.changes(way.upload(way.workbook()))) == (TYPED_LATER, [])
    assert _answers(way)["N"].explanation == WHY
    file = EvidenceFile.objects.filter(revision__submission=way.submission).latest("revision")  # moving made another
    assert b"".join(way.officer.get(way.address(f"files/{file.pk}/"))) == pdf()


def _answers(way: Way) -> dict[str, Answer]:
    revision = Submission.objects.get(pk=way.submission.pk).working_revision
    assert revision is not None
    return {one.question_key: one for one in revision.answers.all()}


def _import_and_move(way: Way) -> None:
    """The definition as a file, back in as a draft, published, and the cycle moved to it: all on the administrator's pages."""
    content, cycle = way.definition(), way.submission.cycle_id
    item = json.loads(content)
    assert {question["kind"] for section in item["sections"] for question in section["questions"]} == set(QuestionKind)
    importing = reverse("admin:reporting_definitionversion_import")
    looked_at = way.administrator.post(importing, {"file": Upload("a.json", content, "application/json")})
    (text,) = select(parse(looked_at), "textarea[name=content]")
    assert way.administrator.post(importing, {"content": text.text.removeprefix("\n")}).status_code == 302
    draft = DefinitionVersion.objects.get(state="draft")
    assert way.administrator.post(reverse("admin:reporting_definitionversion_publish", args=[draft.pk])).status_code == 302
    moving = reverse("admin:reporting_cycle_move", args=[cycle])
    assert way.administrator.post(moving, {"version": draft.pk}).status_code == 302
    assert (Cycle.objects.get(pk=cycle).definition_version, way.definition()) == (draft, content)


def test_answers_of_every_kind_are_the_same_whether_they_are_many_or_few(
    cast: Cast, report: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many at once go by COPY; a line break, a backslash and a tab are what it could read otherwise."""
    given = GIVEN | {"line": "a\tb\\n\\N", "prose": "First.\r\nSecond\\", "CNY": "1e3x"}
    fields = ["question_key", "version", "editor", "raw", "number", "text", "choices", "date", "boolean", "status", "explanation"]
    stored = []
    for most in (99, 0):
        monkeypatch.setattr("reporting.domain.answers._ONE_BY_ONE", most)
        changes = [AnswerChange(key, 0, raw=raw, explanation="\\.", editor="page") for key, raw in given.items()]
        saved = save_answers(submission=report, changes=changes, actor=cast.officer, now=NOW)
        assert [one.version for one in saved] == [1] * len(given)
        revision = Submission.objects.get(pk=report.pk).working_revision
        assert revision
        stored.append(
            list(revision.answers.order_by("question_key").values_list(*fields, "district", "updated_by", "updated_at"))
        )
        revision.answers.all().delete()
    assert stored[0] == stored[1]
    assert len(stored[0]) == len(given)
