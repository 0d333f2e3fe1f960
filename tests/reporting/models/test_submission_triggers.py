"""The database itself refuses what a report's life does not allow, whoever asks: raw SQL, bulk updates, deletes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, connection, transaction

from reporting.enums import SubmissionState
from reporting.models import Adjustment, Answer, Comment, Event, Revision, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_cycle, make_indicator, make_version
from tests.reporting.domain.states import bring_to, send_back

# design.md, life of a submission: every move that some transition makes; all others are illegal.
LEGAL = {
    ("not_started", "draft"),
    ("draft", "awaiting_signature"),
    ("returned", "awaiting_signature"),
    ("awaiting_signature", "draft"),
    ("awaiting_signature", "returned"),
    ("awaiting_signature", "submitted"),
    ("submitted", "draft"),
    ("submitted", "in_review"),
    ("in_review", "returned"),
    ("in_review", "approved"),
    ("approved", "returned"),
    *((state, "released") for state in ("not_started", "draft", "awaiting_signature", "returned")),
    *(("released", state) for state in ("not_started", "draft", "awaiting_signature", "returned")),
}


@contextmanager
def refused(message: str) -> Iterator[None]:
    """The database refuses, with the message; the test's transaction goes on."""
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        yield


def run_sql(sql: str, *values: int | str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.mark.parametrize("source", SubmissionState.values)
def test_database_takes_the_legal_moves_and_no_other(source: str, submission: Submission) -> None:
    with pgtrigger.ignore("reporting.Submission:legal_moves"):
        Submission.objects.filter(pk=submission.pk).update(state=source)
    taken = set()
    for target in {*SubmissionState.values, "locked", ""} - {source}:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    run_sql("UPDATE reporting_submission SET state = %s WHERE id = %s", target, submission.pk)
                    taken.add((source, target))
            except DatabaseError as error:
                assert "Invalid transition" in str(error)  # noqa: PT017 (any other error is a fault)
            transaction.set_rollback(True)
    assert taken == {move for move in LEGAL if move[0] == source}


def test_bulk_update_cannot_approve(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    with refused("Invalid transition"):
        Submission.objects.update(state="approved")
    with refused("Invalid transition"):
        Submission.objects.bulk_update([Submission(pk=south_submission.pk, state="submitted")], ["state"])
    assert set(Submission.objects.values_list("state", flat=True)) == {"submitted", "not_started"}


@pytest.mark.parametrize("state", [*sorted(set(SubmissionState.values) - {"not_started"}), "", "locked"])
def test_submission_begins_not_started(state: str, cast: Cast) -> None:
    cycle = make_cycle(make_version())
    with refused("Cannot insert"):
        Submission.objects.create(cycle=cycle, district=cast.north, state=state)
    with refused("Cannot insert"):
        Submission.objects.bulk_create([Submission(cycle=cycle, district=cast.north, state=state)])


def test_submission_stays_in_its_cycle_and_district(cast: Cast, submission: Submission, south_submission: Submission) -> None:
    south_submission.delete()
    other = make_cycle(submission.cycle.definition_version, "2026-A1")
    for change in ({"district": cast.south}, {"cycle": other}):
        with refused("read-only|Cannot update"):
            Submission.objects.filter(pk=submission.pk).update(**change)


_FROZEN: dict[str, Any] = {
    "number": 9,
    "nil_reason": "Nothing",
    "created_at": NOW - timedelta(days=1),
    "signed_at": NOW + timedelta(days=1),
    "signed_name": "Somebody",
    "signed_acting": True,
    "statement": "Other",
    "receipt_number": "other",
    "previous_digest": "0" * 64,
    "digest": "0" * 64,
}


@pytest.mark.parametrize("state", ["submitted", "in_review", "returned", "approved"])
def test_signed_revision_does_not_change(state: str, cast: Cast, submission: Submission, south_submission: Submission) -> None:
    bring_to(state, submission, cast)
    signed = Revision.objects.filter(submission=submission, number=1)
    other = make_version({}, published=False, slug="other")
    before = signed.values().get()
    keys = {
        "signed_by": cast.officer,
        "district": cast.south,
        "submission": south_submission,
        "definition_version": other,
    }
    for field, value in (_FROZEN | keys).items():
        with refused("Cannot update"):
            signed.update(**{field: value})
    with refused("Cannot update"):
        signed.update(signed_at=None, digest="", receipt_number=None)
    with refused("Cannot (update or )?delete"):
        run_sql("DELETE FROM reporting_revision WHERE id = %s", before["id"])
    assert signed.values().get() == before


def test_approval_instant_does_not_change_and_needs_a_signature(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    with refused("approved_is_signed"):
        Revision.objects.filter(number=2).update(approved_at=NOW)
    with refused("superseded_was_approved"):
        Revision.objects.filter(number=1).update(superseded_at=NOW)
    Revision.objects.filter(number=1).update(approved_at=NOW)
    for value in (None, NOW + timedelta(days=1)):
        with refused("Cannot update"):
            Revision.objects.filter(number=1).update(approved_at=value)
    with refused("superseded_was_approved"):
        Revision.objects.filter(number=1).update(superseded_at=NOW - timedelta(days=1))


@pytest.mark.parametrize(
    "change", [{"signed_at": NOW}, {"signed_at": NOW, "digest": "x"}, {"signed_at": NOW, "receipt_number": "x"}, {"digest": "x"}]
)
def test_revision_is_signed_whole_or_not_at_all(change: dict[str, Any], cast: Cast, submission: Submission) -> None:
    bring_to("draft", submission, cast)
    with refused("signed_has_receipt"):
        Revision.objects.update(**change)


def test_answers_of_a_signed_revision_are_not_added_changed_or_deleted(cast: Cast, submission: Submission) -> None:
    send_back(submission, cast)
    signed = Answer.objects.filter(revision__number=1)
    before = list(signed.order_by("pk").values())
    first, working = Revision.objects.get(number=1), Revision.objects.get(number=2)
    for field, value in {"raw": "99", "number": 99, "explanation": "x", "status": "suppressed", "version": 9}.items():
        with refused("a signed revision does not change"):
            signed.update(**{field: value})
    with refused("a signed revision does not change"):
        signed.update(revision=working)
    with refused("a signed revision does not change"):
        Answer.objects.filter(revision=working).update(revision=first)
    with refused("a signed revision does not change"):
        Answer.objects.create(revision=first, district=cast.north, question_key="late", updated_at=NOW)
    with refused("a signed revision does not change"):
        signed.delete()
    with refused("a signed revision does not change"):
        run_sql("DELETE FROM reporting_answer WHERE revision_id = %s AND question_key = 'P1'", first.pk)
    assert list(signed.order_by("pk").values()) == before
    assert Answer.objects.filter(revision=working).update(explanation="x") == 6


def test_events_are_never_changed_or_deleted(cast: Cast, submission: Submission) -> None:
    bring_to("submitted", submission, cast)
    before = list(Event.objects.values())
    for field, value in {
        "note": "x",
        "kind": "approve",
        "actor": cast.officer,
        "at": NOW,
        "to_state": "approved",
        "data": {},
    }.items():
        with refused("Cannot update"):
            Event.objects.update(**{field: value})
    with refused("Cannot (update or )?delete"):
        Event.objects.all().delete()
    with refused("Cannot (update or )?delete"):
        run_sql("DELETE FROM reporting_event")
    assert list(Event.objects.values()) == before


def test_adjustments_are_never_changed_or_deleted(cast: Cast, submission: Submission) -> None:
    adjustment = Adjustment.objects.create(
        cycle=submission.cycle, indicator=make_indicator("X"), value=1, base=2, reason="Other", actor=cast.administrator, at=NOW
    )
    for field, value in {"value": 9, "base": 9, "reason": "x", "actor": cast.approver, "at": NOW + timedelta(1)}.items():
        with refused("Cannot update"):
            Adjustment.objects.filter(pk=adjustment.pk).update(**{field: value})
    with refused("Cannot (update or )?delete"):
        adjustment.delete()


def test_submission_with_a_history_is_kept(cast: Cast, submission: Submission) -> None:
    bring_to("returned", submission, cast)
    with refused("protected"):
        submission.delete()
    for table in ("submission", "revision"):
        with refused("Cannot delete|foreign key"):
            run_sql(f"DELETE FROM reporting_{table}")
            run_sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert Comment.objects.count() == 1
