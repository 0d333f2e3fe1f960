"""Issuing targets: who may, what is refused, what changes, and that nothing that was issued does."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, OutgoingMail
from reporting.domain.targets.acknowledging import acknowledge_targets
from reporting.domain.targets.issuing import NewTarget, issue_targets, newest_issue
from reporting.enums.targets import TargetKind
from reporting.models import Indicator, Target, TargetAcknowledgement, TargetIssue
from reporting.queries.targets.acknowledgements import unacknowledged
from tests.conftest import Cast
from tests.factories import NOW, make_indicators

LATER = NOW + timedelta(hours=1)
K = TargetKind


@pytest.fixture
def indicators(db: None) -> dict[str, Indicator]:
    return make_indicators()


def target(
    district: District | None, indicator: Indicator, value: str | None = "9", kind: TargetKind = K.GROWTH, year: int = 2026
) -> NewTarget:
    return NewTarget(district, indicator, year, kind, None if value is None else Decimal(value))


def in_force() -> set[tuple[str, str, str, Decimal | None]]:
    rows = Target.objects.in_force().select_related("district", "indicator")
    return {(row.district.code if row.district else "city", row.indicator.code, row.kind, row.value) for row in rows}


def test_issue_by_the_administrator_is_one_mail_to_each_person_concerned(cast: Cast, indicators: dict[str, Indicator]) -> None:
    targets = [
        target(None, indicators["TOTAL"]),
        target(cast.north, indicators["TOTAL"]),
        target(cast.north, indicators["STOCK"], "50", K.STOCK),
    ]
    issue = issue_targets(targets=targets, note="  Plan of 2026 ", actor=cast.administrator, now=NOW)
    assert (issue.note, issue.issued_by, issue.issued_at) == ("Plan of 2026", cast.administrator, NOW)
    assert in_force() == {
        ("city", "TOTAL", "growth", Decimal(9)),
        ("north", "TOTAL", "growth", Decimal(9)),
        ("north", "STOCK", "stock", Decimal(50)),
    }
    mails = OutgoingMail.objects.filter(kind="targets_issued")
    assert {mail.recipient for mail in mails} == {cast.head, cast.officer}
    assert len(mails) == 2


def test_only_what_differs_is_issued_again(cast: Cast, indicators: dict[str, Indicator]) -> None:
    both = [target(cast.north, indicators["TOTAL"]), target(cast.south, indicators["TOTAL"])]
    issue_targets(targets=both, note="Plan", actor=cast.administrator, now=NOW)
    changed = [both[0], target(cast.south, indicators["TOTAL"], "10")]
    issue = issue_targets(targets=changed, note="South may do more", actor=cast.administrator, now=LATER)
    assert [(row.district, row.value) for row in issue.targets.all()] == [(cast.south, Decimal(10))]
    told = OutgoingMail.objects.filter(kind="targets_issued", context={"issue": issue.pk})
    assert {mail.recipient for mail in told} == {cast.south_head, cast.south_officer}
    with pytest.raises(Refused, match="Nothing would change"):
        issue_targets(targets=changed, note="Again", actor=cast.administrator, now=LATER)


def test_target_is_withdrawn_by_a_row_without_a_value(cast: Cast, indicators: dict[str, Indicator]) -> None:
    issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="Plan", actor=cast.administrator, now=NOW)
    gone = target(cast.north, indicators["TOTAL"], None)
    issue_targets(targets=[gone], note="The district was divided", actor=cast.administrator, now=LATER)
    assert in_force() == set()
    assert Target.objects.count() == 2
    with pytest.raises(Refused, match="no target that could be withdrawn"):
        issue_targets(targets=[gone], note="Again", actor=cast.administrator, now=LATER)


def test_all_problems_are_told_at_once_and_nothing_is_issued(cast: Cast, indicators: dict[str, Indicator]) -> None:
    wrong = [
        target(cast.north, indicators["TOTAL"]),
        target(cast.north, indicators["TOTAL"], "8"),
        target(cast.north, indicators["SHARE"], "20", K.GROWTH),
        target(cast.south, indicators["SHARE"], "120", K.SHARE),
        target(cast.south, indicators["P1"], "-1", K.LEVEL),
        target(None, indicators["P2"], year=1999),
    ]
    with pytest.raises(Refused) as refusal:
        issue_targets(targets=wrong, note="Plan", actor=cast.administrator, now=NOW)
    assert [str(message).partition(": ")[2] for message in refusal.value.messages] == [
        "It is there twice.",
        "“Growth (%)” is no target of this indicator; possible: Share or rate.",
        "The target is above 100, the most that is possible.",
        "The target is below 0, the least that is possible.",
        "The year is to be between 2000 and 2100.",
    ]
    assert TargetIssue.objects.count() == 0


@pytest.mark.parametrize("who", ["head", "officer", "reviewer", "approver", "outsider"])
def test_nobody_else_issues(who: str, cast: Cast, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(NotAllowed):
        issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="Plan", actor=getattr(cast, who), now=NOW)
    assert Target.objects.count() == 0


def test_issue_needs_a_reason(cast: Cast, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(Refused, match="Say why"):
        issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note=" ", actor=cast.administrator, now=NOW)


def test_issue_after_another_one_is_a_conflict(cast: Cast, indicators: dict[str, Indicator]) -> None:
    seen = newest_issue()
    issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="One", actor=cast.administrator, now=NOW, seen=seen)
    with pytest.raises(Conflict):
        issue_targets(
            targets=[target(cast.north, indicators["TOTAL"], "5")], note="Two", actor=cast.administrator, now=NOW, seen=seen
        )
    assert in_force() == {("north", "TOTAL", "growth", Decimal(9))}


@pytest.mark.parametrize("table", ["reporting_target", "reporting_targetissue", "reporting_targetacknowledgement"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_issued_does_not_change_even_by_sql(
    table: str, statement: str, cast: Cast, indicators: dict[str, Indicator]
) -> None:
    issue = issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="Plan", actor=cast.administrator, now=NOW)
    acknowledge_targets(district=cast.north, seen=issue.pk, actor=cast.head, now=LATER)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_head_acknowledges_every_issue_that_was_shown(cast: Cast, indicators: dict[str, Indicator]) -> None:
    first = issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="One", actor=cast.administrator, now=NOW)
    foreign = issue_targets(targets=[target(cast.south, indicators["TOTAL"])], note="Two", actor=cast.administrator, now=NOW)
    assert list(unacknowledged(cast.north.pk)) == [first]
    acknowledge_targets(district=cast.north, seen=first.pk, actor=cast.head, now=LATER)
    assert acknowledge_targets(district=cast.north, seen=first.pk, actor=cast.head, now=LATER) == []
    made = TargetAcknowledgement.objects.get()
    assert (made.issue, made.district, made.actor, made.at) == (first, cast.north, cast.head, LATER)
    assert list(unacknowledged(cast.south.pk)) == [foreign]


def test_acknowledging_what_was_not_shown_is_a_conflict(cast: Cast, indicators: dict[str, Indicator]) -> None:
    first = issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="One", actor=cast.administrator, now=NOW)
    issue_targets(targets=[target(cast.north, indicators["TOTAL"], "10")], note="Two", actor=cast.administrator, now=NOW)
    with pytest.raises(Conflict):
        acknowledge_targets(district=cast.north, seen=first.pk, actor=cast.head, now=LATER)
    assert TargetAcknowledgement.objects.count() == 0


@pytest.mark.parametrize("who", ["officer", "observer", "south_head", "administrator", "approver", "outsider"])
def test_nobody_but_the_head_acknowledges(who: str, cast: Cast, indicators: dict[str, Indicator]) -> None:
    issue = issue_targets(targets=[target(cast.north, indicators["TOTAL"])], note="Plan", actor=cast.administrator, now=NOW)
    with pytest.raises(NotAllowed):
        acknowledge_targets(district=cast.north, seen=issue.pk, actor=getattr(cast, who), now=NOW)
