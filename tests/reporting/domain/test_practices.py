"""Practices: shared by a district, endorsed by the bureau, adopted by others; each step once, by who may, and told."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from districts.domain.letters import compose
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import OutgoingMail, User
from reporting.domain.practices import (
    Shared,
    adopt_practice,
    change_practice,
    decline_practice,
    drop_adoption,
    endorse_practice,
    propose_practice,
    withdraw_practice,
)
from reporting.enums.practices import PracticeTopic
from reporting.models import Practice, PracticeAdoption, Submission
from reporting.queries.practices import bureau_practices, found, practices_for, waiting_practices
from tests.conftest import Cast
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def shared(**more: Any) -> Shared:
    given = {"topic": PracticeTopic.DATA, "title": "One licence", "summary": "Museums agree.", "contact": "Office, 010"}
    return Shared(**given | more)


@pytest.fixture
def practice(cast: Cast) -> Practice:
    """The other district's waits, too."""
    propose_practice(district=cast.south, shared=shared(title="South's"), actor=cast.south_officer, now=NOW)
    return propose_practice(district=cast.north, shared=shared(), actor=cast.officer, now=NOW)


@pytest.fixture
def endorsed(cast: Cast, practice: Practice) -> Practice:
    return endorse_practice(practice=practice, actor=cast.approver, now=NOW)


def titles(user: User) -> set[str]:
    return set(practices_for(user).values_list("title", flat=True))


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def test_proposal_waits_once_and_tells_the_approver(cast: Cast, practice: Practice) -> None:
    again = propose_practice(district=cast.north, shared=shared(), actor=cast.officer, now=NOW)
    assert (again, Practice.objects.filter(district=cast.north).count()) == (practice, 1)
    assert mails("practice_proposed") == [cast.approver.email] * 2
    mail = OutgoingMail.objects.filter(kind="practice_proposed", district=cast.north).get()
    letter = compose(mail, NOW)
    assert letter is not None
    assert letter.subject == "Practice proposed: Northgate, One licence"
    assert letter.link.endswith(f"/admin/reporting/practice/{practice.pk}/change/")
    endorse_practice(practice=practice, actor=cast.approver, now=NOW)
    assert compose(mail, NOW) is None


def test_only_own_people_propose_change_and_withdraw(cast: Cast, practice: Practice) -> None:
    for actor in (cast.south_officer, cast.observer, cast.reviewer, cast.administrator):
        with pytest.raises(NotAllowed):
            propose_practice(district=cast.north, shared=shared(), actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            change_practice(practice=practice, version=1, shared=shared(), actor=actor)
        with pytest.raises(NotAllowed):
            withdraw_practice(practice=practice, reason="Over.", actor=actor, now=NOW)


def test_report_of_another_district_is_refused(cast: Cast, submission: Submission) -> None:
    theirs = Submission.objects.get(district=cast.south, cycle=submission.cycle)
    with pytest.raises(Refused):
        propose_practice(district=cast.north, shared=shared(), submission=theirs, actor=cast.officer, now=NOW)
    mine = propose_practice(district=cast.north, shared=shared(), submission=submission, actor=cast.officer, now=NOW)
    assert mine.submission == submission


@pytest.mark.parametrize("field", ["title", "summary", "contact"])
def test_blank_words_are_refused(cast: Cast, field: str) -> None:
    with pytest.raises(Refused):
        propose_practice(district=cast.north, shared=shared(**{field: "  "}), actor=cast.officer, now=NOW)


def test_words_too_long_are_refused_and_not_cut(cast: Cast) -> None:
    for more in ({"title": "x" * 201}, {"contact": "x" * 301}):
        with pytest.raises(Refused, match="200 characters at most, a contact 300"):
            propose_practice(district=cast.north, shared=shared(**more), actor=cast.officer, now=NOW)
    assert not Practice.objects.exists()


def test_change_of_what_somebody_has_changed_is_a_conflict(cast: Cast, practice: Practice) -> None:
    change_practice(practice=practice, version=1, shared=shared(summary="Two agree."), actor=cast.head)
    with pytest.raises(Conflict):
        change_practice(practice=practice, version=1, shared=shared(summary="Three agree."), actor=cast.officer)
    assert Practice.objects.get(pk=practice.pk).summary == "Two agree."


def test_only_an_approver_of_the_district_decides_and_once(cast: Cast, practice: Practice) -> None:
    for actor in (cast.reviewer, cast.south_reviewer, cast.head):
        with pytest.raises(NotAllowed):
            endorse_practice(practice=practice, actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            decline_practice(practice=practice, reason="No.", actor=actor, now=NOW)
    for _time in range(2):
        endorse_practice(practice=practice, actor=cast.approver, now=NOW)
    assert mails("practice_decided") == sorted([cast.officer.email, cast.head.email])
    with pytest.raises(Conflict, match="“Endorsed” now"):
        decline_practice(practice=practice, reason="No.", actor=cast.approver, now=NOW)
    with pytest.raises(Conflict):
        change_practice(practice=practice, version=2, shared=shared(), actor=cast.officer)


def test_declined_tells_why_and_stays_with_the_district(cast: Cast, practice: Practice) -> None:
    with pytest.raises(Refused, match="Say why it is declined"):
        decline_practice(practice=practice, reason=" ", actor=cast.approver, now=NOW)
    decline_practice(practice=practice, reason="Say what came of it.", actor=cast.approver, now=NOW)
    letter = compose(OutgoingMail.objects.filter(kind="practice_decided")[0], NOW)
    assert letter is not None
    assert letter.quotes == [("Reason", "Say what came of it.")]
    assert titles(cast.south_officer) == {"South's"}
    assert titles(cast.observer) == {"One licence"}


def test_who_reads_what(cast: Cast, practice: Practice) -> None:
    assert titles(cast.officer) == {"One licence"}
    assert titles(cast.south_reviewer) == {"South's"}
    assert titles(cast.approver) == {"One licence", "South's"}
    assert titles(cast.outsider) == set()
    endorse_practice(practice=practice, actor=cast.approver, now=NOW)
    assert titles(cast.south_officer) == titles(cast.south_reviewer) == {"One licence", "South's"}
    assert titles(cast.outsider) == set()
    assert [one.title for one in bureau_practices(cast.south_reviewer)] == ["South's"]
    assert [one.title for one in waiting_practices(cast.approver)] == ["South's"]
    assert not waiting_practices(cast.reviewer).exists()


def test_adoption_is_once_told_once_and_taken_back(cast: Cast, endorsed: Practice) -> None:
    for note in ("In archives.", "In archives and schools."):
        adopt_practice(practice=endorsed, district=cast.south, note=note, actor=cast.south_officer, now=NOW)
    (made,) = PracticeAdoption.objects.all()
    assert (made.adopter, made.note, made.adopted_by) == (cast.south, "In archives and schools.", cast.south_officer)
    assert mails("practice_adopted") == sorted([cast.officer.email, cast.head.email])
    mail = OutgoingMail.objects.filter(kind="practice_adopted")[0]
    letter = compose(mail, NOW)
    assert letter is not None
    assert letter.subject == "Southgate adopts your practice: One licence"
    drop_adoption(practice=endorsed, district=cast.south, actor=cast.south_officer)
    assert (PracticeAdoption.objects.exists(), compose(mail, NOW)) == (False, None)


def test_adoption_by_others_people_of_the_own_or_of_what_is_not_endorsed_is_refused(
    cast: Cast, practice: Practice, endorsed: Practice
) -> None:
    south = Practice.objects.get(district=cast.south)
    for error, one, district, actor in (
        (NotAllowed, endorsed, cast.south, cast.officer),
        (NotAllowed, endorsed, cast.south, cast.administrator),
        (Refused, endorsed, cast.north, cast.officer),
        (Conflict, south, cast.north, cast.officer),
    ):
        with pytest.raises(error):
            adopt_practice(practice=one, district=district, note="", actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        drop_adoption(practice=endorsed, district=cast.south, actor=cast.officer)
    assert not PracticeAdoption.objects.exists()


def test_withdrawn_is_gone_for_others_and_kept(cast: Cast, endorsed: Practice) -> None:
    for _time in range(2):
        withdraw_practice(practice=endorsed, reason="Over.", actor=cast.head, now=NOW)
    assert (titles(cast.south_officer), titles(cast.officer)) == ({"South's"}, {"One licence"})
    for change in (
        lambda: Practice.objects.filter(pk=endorsed.pk).delete(),
        lambda: Practice.objects.filter(pk=endorsed.pk).update(state="proposed", decided_at=None),
        lambda: Practice.objects.filter(pk=endorsed.pk).update(district=cast.south),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("words", "topic", "district", "hits"),
    [
        ("", "", "", {"One licence", "South's"}),
        ("MUSEUMS licence", "", "", {"One licence"}),
        ("museums nothing", "", "", set()),
        ("%", "", "", set()),
        ("", "talent", "", set()),
        ("", "data", "south", {"South's"}),
        ("", "", "nowhere", set()),
    ],
)
def test_search_finds_every_word_somewhere(
    cast: Cast, practice: Practice, words: str, topic: str, district: str, hits: set[str]
) -> None:
    rows = found(practices_for(cast.approver), words=words, topic=topic, district=district)
    assert {one.title for one in rows} == hits
