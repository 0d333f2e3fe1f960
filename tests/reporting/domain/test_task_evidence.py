"""Evidence for key tasks: who adds and removes it and when, what is refused, and what stays."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.file_store import drop_unused_files_of
from reporting.domain.key_tasks.assigning import Assignment, assign_key_task
from reporting.domain.key_tasks.closing import answer_key_task, close_key_task, drop_key_task, send_back_key_task
from reporting.domain.key_tasks.evidence import MAX_FILES, add_task_file, remove_task_file
from reporting.models import KeyTask, KeyTaskFile, KeyTaskParty
from tests.conftest import Cast
from tests.factories import NOW
from tests.files import JPEG, PNG, pdf
from tests.reporting.domain.test_file_store import age

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast, disk: Path) -> KeyTask:
    given = Assignment("Exchange", cast.north, "A plan", NOW.date() + timedelta(days=60), co_leads=[cast.south])
    return assign_key_task(assignment=given, actor=cast.approver, now=NOW)


@pytest.fixture
def party(task: KeyTask, cast: Cast) -> KeyTaskParty:
    return task.parties.get(district=cast.north)


def add(party: KeyTaskParty, actor: User, content: bytes = PNG, name: str = "photo.png") -> KeyTaskFile:
    return add_task_file(party=party, name=name, content=content, actor=actor, now=NOW)


def place(disk: Path, file: KeyTaskFile) -> Path:
    return disk / "evidence" / str(file.district_id) / file.sha256[:2] / file.sha256


def test_file_is_kept_with_who_added_it_in_the_folder_of_its_district(cast: Cast, party: KeyTaskParty, disk: Path) -> None:
    file = add(party, cast.officer, pdf(), "C:\\plans\\final plan.pdf")
    assert (file.district, file.name, file.kind, file.size) == (cast.north, "final plan.pdf", "pdf", len(pdf()))
    assert (file.added_by, file.added_at, file.sha256) == (cast.officer, NOW, hashlib.sha256(pdf()).hexdigest())
    assert place(disk, file).read_bytes() == pdf()


def test_co_lead_has_its_own_files(cast: Cast, task: KeyTask, party: KeyTaskParty, disk: Path) -> None:
    theirs = add(task.parties.get(district=cast.south), cast.south_head)
    assert (theirs.district, list(party.files.all())) == (cast.south, [])
    with pytest.raises(NotAllowed):
        remove_task_file(file=theirs, actor=cast.head)
    with pytest.raises(NotAllowed):
        add(theirs.party, cast.officer)


def test_same_file_again_is_the_one_that_is_there(cast: Cast, party: KeyTaskParty) -> None:
    assert add(party, cast.officer) == add(party, cast.head, name="again.png")
    assert list(party.files.values_list("name", "added_by")) == [("photo.png", cast.officer.pk)]


@pytest.mark.parametrize("who", ["observer", "approver", "reviewer", "administrator", "south_officer", "outsider"])
def test_only_officers_and_head_of_the_district_add_and_remove(cast: Cast, party: KeyTaskParty, who: str) -> None:
    file = add(party, cast.officer)
    with pytest.raises(NotAllowed, match="Only the officers and the head"):
        add(party, getattr(cast, who), JPEG)
    with pytest.raises(NotAllowed, match="Only the officers and the head"):
        remove_task_file(file=file, actor=getattr(cast, who))
    assert list(party.files.all()) == [file]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"MZ\x90\x00", "The file is no PDF, JPEG, PNG"),
        (PNG[:-8], "The file is incomplete"),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(
    cast: Cast, party: KeyTaskParty, disk: Path, content: bytes, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        add(party, cast.officer, content)
    assert not party.files.exists()
    assert not disk.exists() or not [path for path in disk.rglob("*") if path.is_file()]


def test_files_of_one_district_for_one_task_are_bounded(cast: Cast, task: KeyTask, party: KeyTaskParty) -> None:
    for number in range(MAX_FILES):
        add(party, cast.officer, pdf() + b"\n" * number)
    with pytest.raises(Refused, match="There are 10 files at this task"):
        add(party, cast.officer)
    add(party, cast.officer, pdf())
    add(task.parties.get(district=cast.south), cast.south_officer)
    assert (party.files.count(), KeyTaskFile.objects.count()) == (10, 11)


def test_what_was_reported_stays_while_the_bureau_looks_at_it(cast: Cast, task: KeyTask, party: KeyTaskParty) -> None:
    file = add(party, cast.officer)
    answer_key_task(task=task, note="Done.", actor=cast.head, now=NOW)
    for call in (lambda: add(party, cast.officer, JPEG), lambda: remove_task_file(file=file, actor=cast.officer)):
        with pytest.raises(Conflict, match="its evidence stays as it is"):
            call()
    send_back_key_task(task=task, note="Not yet.", actor=cast.approver, now=NOW)
    add(party, cast.officer, JPEG, "more.jpg")
    remove_task_file(file=file, actor=cast.head)
    assert list(party.files.values_list("name", flat=True)) == ["more.jpg"]


@pytest.mark.parametrize("end", [close_key_task, drop_key_task])
def test_evidence_of_a_task_that_has_ended_is_final(cast: Cast, task: KeyTask, party: KeyTaskParty, end: object) -> None:
    file = add(party, cast.officer)
    end(task=task, note="Seen.", actor=cast.approver, now=NOW)  # type: ignore[operator]
    for call in (lambda: add(party, cast.officer, JPEG), lambda: remove_task_file(file=file, actor=cast.officer)):
        with pytest.raises(Conflict):
            call()
    assert list(party.files.all()) == [file]


def test_database_keeps_what_was_reported_whoever_writes(cast: Cast, task: KeyTask, party: KeyTaskParty) -> None:
    file = add(party, cast.officer)
    fields = {"kind": "png", "name": "x", "size": 1, "added_by": cast.officer, "added_at": NOW}
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskFile.objects.filter(pk=file.pk).update(name="other.png")
    answer_key_task(task=task, note="Done.", actor=cast.head, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskFile.objects.filter(pk=file.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyTaskFile.objects.create(party=party, district=cast.north, sha256="0" * 64, **fields)
    assert list(KeyTaskFile.objects.all()) == [file]


def test_sweep_deletes_the_bytes_of_what_was_removed_and_no_others(
    cast: Cast, task: KeyTask, party: KeyTaskParty, disk: Path
) -> None:
    """The south keeps a file of the same content, in its own folder."""
    kept, gone = add(party, cast.officer, JPEG, "kept.jpg"), add(party, cast.officer)
    theirs = add(task.parties.get(district=cast.south), cast.south_officer)
    remove_task_file(file=gone, actor=cast.officer)
    assert drop_unused_files_of(district_id=cast.north.pk, now=timezone.now()) == 0
    for file in (kept, gone, theirs):
        age(place(disk, file))
    assert drop_unused_files_of(district_id=cast.north.pk, now=timezone.now()) == 1
    assert drop_unused_files_of(district_id=cast.south.pk, now=timezone.now()) == 0
    assert [place(disk, file).exists() for file in (kept, gone, theirs)] == [True, False, True]
