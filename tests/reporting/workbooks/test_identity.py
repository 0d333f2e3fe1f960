"""Whose workbook it is: another district's, cycle's, version's or revision's is refused, and so is one that was forged."""

from typing import Any

import pytest
from django.test import override_settings

from districts.errors import DomainError
from reporting.domain.answers import set_nil_return
from reporting.models import DefinitionVersion, Submission
from reporting.workbooks.identity import MARK
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.reporting.domain.states import bring_to
from tests.reporting.workbooks.every_kind import Edited, edited, read, workbook


def refusal(submission: Submission, content: bytes) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        read(submission, content)
    return refused.value.status, " ".join(str(message) for message in refused.value.messages)


def test_other_districts_workbook_is_refused(cast: Cast, report: Submission) -> None:
    south = report.cycle.submissions.get(district=cast.south)
    status, words = refusal(report, edited(workbook(south), {"line": "Mine"}))
    assert (status, "another district than Northgate" in words, "Southgate" in words) == (422, True, False)


def test_workbook_of_another_cycle_is_refused(cast: Cast, report: Submission) -> None:
    cycle = factories.make_cycle(report.cycle.definition_version, "2025-S1", opened_by=cast.administrator)
    other = cycle.submissions.get(district=cast.north)
    factories.fill(other, cast.officer, {})
    assert "another report than Report every-kind 2026-S1" in refusal(report, workbook(other))[1]


def test_workbook_of_another_version_is_refused(report: Submission) -> None:
    content = workbook(report)
    newer = DefinitionVersion.objects.create(definition=report.cycle.definition, number=9, statement="x")
    revision = report.working_revision or Submission.objects.get(pk=report.pk).working_revision
    assert revision is not None
    type(revision).objects.filter(pk=revision.pk).update(definition_version=newer)
    assert refusal(report, content)[0] == 409


def test_workbook_of_an_older_revision_is_refused_with_what_to_do(cast: Cast, submission: Submission) -> None:
    factories.fill(submission, cast.officer)
    content = workbook(submission)
    returned = bring_to("returned", submission, cast)
    status, words = refusal(returned, content)
    assert (status, "revision 1" in words, "revision 2 now" in words, "Download a new workbook" in words) == (
        409,
        True,
        True,
        True,
    )
    assert read(returned, workbook(returned)).changes == ()


def test_workbook_from_before_the_start_is_that_of_the_first_revision(cast: Cast, submission: Submission) -> None:
    content = edited(workbook(submission), {"P1": 61})
    factories.fill(submission, cast.officer, {})
    assert [change.question_key for change in read(submission, content).changes] == ["P1"]


def test_workbook_for_a_nil_return_is_refused(cast: Cast, report: Submission) -> None:
    set_nil_return(submission=report, reason="Nothing happened.", actor=cast.officer, now=NOW)
    assert "nil return" in refusal(report, workbook(report))[1]


def _sheet(book: Edited) -> Any:
    return book.book["portal"]


def _signed_cell(book: Edited) -> Any:
    (row,) = [row for row in _sheet(book).iter_rows(max_col=2) if row[0].value == MARK]
    return row[1]


def test_changed_or_missing_hidden_sheet_is_refused(report: Submission) -> None:
    changed, gone, keyless = (Edited(workbook(report)) for _one in range(3))
    cell = _signed_cell(changed)
    cell.value = f"{cell.value[:20]}A{cell.value[21:]}" if cell.value[20] != "A" else f"{cell.value[:20]}B{cell.value[21:]}"
    assert "was changed" in refusal(report, changed.saved())[1]
    gone.book.remove(_sheet(gone))
    assert "hidden sheet was deleted" in refusal(report, gone.saved())[1]
    keyless.sheet.delete_cols(1)
    assert "hidden row and column" in refusal(report, keyless.saved())[1]


def test_readable_lines_beside_the_signature_are_believed_by_nobody(cast: Cast, report: Submission) -> None:
    south = Edited(workbook(report.cycle.submissions.get(district=cast.south)))
    for row in _sheet(south).iter_rows(max_col=2):
        if row[0].value == "district":
            row[1].value = "north"
    assert "another district" in refusal(report, south.saved())[1]


def test_workbook_of_another_portal_is_refused(report: Submission) -> None:
    with override_settings(SECRET_KEY="another-portal-" + "y" * 50):
        content = workbook(report)
    assert "was changed" in refusal(report, content)[1]


def test_hundreds_of_questions_fit_and_come_back(cast: Cast, report: Submission) -> None:
    """The signed text is longer than a cell holds."""
    indicators = {f"Q{number:03}": factories.make_indicator(f"Q{number:03}") for number in range(700)}
    version = factories.make_version(indicators, slug="long")
    long = factories.make_cycle(version, opened_by=cast.administrator).submissions.get(district=cast.north)
    factories.fill(long, cast.officer, {code: str(number) for number, code in enumerate(indicators)})
    preview = read(long, edited(workbook(long), {"Q699": 1}))
    assert [change.question_key for change in preview.changes] == ["Q699"]
