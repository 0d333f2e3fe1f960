"""The digest of a signed report and its chain, recomputed here from docs/decisions/0003-receipts.md alone."""

import hashlib
import json
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reporting.domain.answers import set_nil_return
from reporting.domain.receipts import content_digest, receipt_digest
from reporting.domain.submissions import Terms, apply_transition, current_digest
from reporting.models import Answer, Revision, Submission
from tests.conftest import Cast
from tests.factories import NOW, fill, sign, submit
from tests.reporting.domain.states import LATER, bring_to, do, reread, resubmit, send_back


def _sha(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _decimal_text(number: Decimal | None) -> str | None:
    if number is None:
        return None
    whole, _point, fraction = f"{number:.6f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _content(revision: Revision) -> str:
    columns = ("question_key", "row_key", "status", "raw", "number", "text", "choices", "date", "boolean", "explanation")
    rows = [list(row) for row in Answer.objects.filter(revision=revision).values_list(*columns)]
    for row in rows:
        row[4] = _decimal_text(row[4])
        row[7] = row[7].isoformat() if row[7] else None
    return _sha(
        {
            "answers": sorted(rows, key=lambda row: (row[0], row[1])),
            "definition": "half-year",
            "definition_version": revision.definition_version.number,
            "district": revision.district.code,
            "format": 1,
            "nil_reason": revision.nil_reason,
            "period": "2026-S1",
            "revision": revision.number,
        }
    )


def _receipt(revision: Revision, previous: str) -> str:
    assert revision.signed_at is not None
    return _sha(
        {
            "content": _content(revision),
            "previous": previous,
            "receipt": f"2026-S1-{revision.district.code}-half-year-{revision.number}",
            "signed_at": revision.signed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            "signed_by": revision.signed_by_id,
            "signed_name": revision.signed_name,
            "statement": "I confirm this.",
            "format": 1,
        }
    )


def test_receipts_of_a_reports_life_chain(cast: Cast, submission: Submission) -> None:
    """Signed, recalled, signed, approved, reopened, signed as nil: three receipts."""
    submit(submission, cast.head, now=NOW + timedelta(microseconds=123456))
    do(submission, "recall", cast.head)
    fill(submission, cast.officer, {"P1": "６５．５０", "plans": "计划\r\n“继续”"})
    resubmit(submission, cast)
    do(submission, "begin_review", cast.approver)
    do(submission, "approve", cast.approver)
    do(submission, "reopen", cast.approver, note="Revised", terms=Terms(due_at=LATER))
    set_nil_return(submission=submission, reason="无", actor=cast.officer, now=NOW)
    resubmit(submission, cast)
    revisions = list(submission.revisions.order_by("number"))
    assert [revision.previous_digest for revision in revisions] == ["", *(revision.digest for revision in revisions[:-1])]
    for revision in revisions:
        assert revision.digest == _receipt(revision, revision.previous_digest)
        assert (revision.signed_by, revision.signed_name) == (cast.head, "North Head")
    assert len({revision.digest for revision in revisions}) == 3


def test_digest_that_a_signer_sees_is_that_of_the_content(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    do(submission, "hand_over", cast.officer)
    found = reread(submission)
    assert found.working_revision is not None
    assert current_digest(found) == _content(found.working_revision)
    assert current_digest(Submission(cycle=submission.cycle, district=cast.north)) == ""


def test_digest_is_the_same_before_and_after_the_database_has_held_the_numbers(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer, {"P1": "1.50", "P2": "-0", "GRP": "100", "STOCK": "1000000"})
    found = reread(submission)
    assert found.working_revision is not None
    stored = list(found.working_revision.answers.all())
    fresh = [
        Answer(**{field.attname: getattr(answer, field.attname) for field in Answer._meta.concrete_fields}) for answer in stored
    ]
    for answer in fresh:
        if answer.number is not None:
            answer.number = answer.number.normalize()
    assert content_digest(found, found.working_revision, fresh, []) == content_digest(found, found.working_revision, stored, [])


_CHANGES: list[dict[str, object]] = [
    {"raw": "61"},
    {"number": Decimal("60.000001")},
    {"text": "x"},
    {"choices": ["x"]},
    {"date": NOW.date()},
    {"boolean": False},
    {"status": "suppressed", "number": None},
    {"explanation": "x"},
    {"row_key": "1"},
    {"question_key": "P3"},
]


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: next(iter(change)))
def test_digest_changes_with_every_part_of_an_answer(change: dict[str, object], cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    before = current_digest(reread(submission))
    changed = Answer.objects.filter(revision__submission=submission, question_key="P1").update(**change)
    assert changed == 1
    assert current_digest(reread(submission)) != before


def test_digest_changes_when_an_answer_goes_or_the_report_becomes_nil(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    seen = {current_digest(reread(submission))}
    set_nil_return(submission=submission, reason="None", actor=cast.officer, now=NOW)
    seen.add(current_digest(reread(submission)))
    set_nil_return(submission=submission, reason="", actor=cast.officer, now=NOW)
    seen.add(current_digest(reread(submission)))
    Answer.objects.filter(revision__submission=submission, question_key="plans").delete()
    seen.add(current_digest(reread(submission)))
    assert len(seen) == 3


@pytest.mark.parametrize(
    "change",
    [{"signed_name": "Somebody"}, {"statement": "x"}, {"receipt_number": "y"}, {"previous_digest": "z"}, {"signed_by_id": 0}],
)
def test_receipt_changes_with_every_part_of_the_signature(change: dict[str, Any], cast: Cast, submission: Submission) -> None:
    revision = submit(submission, cast.head).working_revision
    assert revision is not None
    for field, value in change.items():
        setattr(revision, field, value)
    assert receipt_digest(revision, _content(revision)) != revision.digest


def test_receipt_of_an_unsigned_revision_is_an_error(cast: Cast, submission: Submission) -> None:
    fill(submission, cast.officer)
    revision = reread(submission).working_revision
    assert revision is not None
    with pytest.raises(ValueError, match="signed revision"):
        receipt_digest(revision, "")


def test_signed_name_and_statement_are_those_of_the_day(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    type(cast.head).objects.filter(pk=cast.head.pk).update(full_name="Renamed")
    revision = submission.revisions.get()
    assert (revision.signed_name, revision.digest) == ("North Head", _receipt(revision, ""))


def test_receipt_of_returned_report_survives_its_correction(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    digest = submission.revisions.get(number=1).digest
    fill(submission, cast.officer, {"P1": "70"})
    apply_transition(submission=submission, name="hand_over", actor=cast.head, now=NOW)
    sign(submission, cast.head)
    first, second = submission.revisions.order_by("number")
    assert first.digest == digest == _receipt(first, "") == second.previous_digest
