"""Receipts that no longer match what is stored, written past the triggers."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection

from reporting.models import Answer, Cycle, Revision, Submission
from tests.conftest import Cast
from tests.factories import submit


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[[], tuple[int, list[str]]]:
    def run() -> tuple[int, list[str]]:
        try:
            call_command("verify_receipts")
        except SystemExit as left:
            return int(str(left.code)), capsys.readouterr().out.splitlines()
        return 0, capsys.readouterr().out.splitlines()

    return run


def tamper(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def receipts(cast: Cast, submission: Submission, south_submission: Submission) -> tuple[Revision, Revision]:
    submit(submission, cast.head)
    submit(south_submission, cast.south_head)
    return Revision.objects.get(submission=submission), Revision.objects.get(submission=south_submission)


def test_untouched_receipts_all_match(receipts: tuple[Revision, Revision], verify: Callable[[], tuple[int, list[str]]]) -> None:
    assert verify() == (0, ["2 receipts checked, 0 mismatches"])


def test_changed_answer_names_the_submission_and_its_receipt(
    receipts: tuple[Revision, Revision], verify: Callable[[], tuple[int, list[str]]]
) -> None:
    north, _south = receipts
    answer = Answer.objects.get(revision=north, question_key="P1")
    tamper("reporting_answer", f"UPDATE reporting_answer SET number = 61 WHERE id = {answer.pk}")
    said = f"submission {north.submission_id} ({north.submission}), receipt {north.receipt_number}"
    expected = [f"{said}: the digest is not that of what is stored", "2 receipts checked, 1 mismatches"]
    assert verify() == (1, expected)


def test_removed_answer_is_found(receipts: tuple[Revision, Revision], verify: Callable[[], tuple[int, list[str]]]) -> None:
    north, _south = receipts
    tamper("reporting_answer", f"DELETE FROM reporting_answer WHERE revision_id = {north.pk} AND question_key = 'STOCK'")
    assert verify()[0] == 1


def test_digest_of_another_chain_is_found_even_where_it_is_consistent_in_itself(
    cast: Cast, cycle: Cycle, receipts: tuple[Revision, Revision], verify: Callable[[], tuple[int, list[str]]]
) -> None:
    north, south = receipts
    tamper("reporting_revision", f"UPDATE reporting_revision SET previous_digest = '{south.digest}' WHERE id = {north.pk}")
    said = f"submission {north.submission_id} ({north.submission}), receipt {north.receipt_number}"
    assert verify() == (
        1,
        [
            f"{said}: the chain is broken: the digest of the receipt before is another one",
            f"{said}: the digest is not that of what is stored",
            "2 receipts checked, 2 mismatches",
        ],
    )
