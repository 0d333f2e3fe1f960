"""Evidence on a real disk: written once and whole, and swept when no report needs it."""

import hashlib
import os
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from districts.errors import Refused
from districts.models import User
from reporting.domain.evidence import add_file, remove_file
from reporting.domain.file_store import districts_with_files, drop_unused_files, drop_unused_files_of, keep_file, sweep_files
from reporting.domain.verification import Verification
from reporting.models import EvidenceFile, Submission
from reporting.tasks.files import sweep_files_of
from tests.conftest import Cast
from tests.doorbell import ringing_at
from tests.factories import NOW, make_cycle, make_version
from tests.files import JPEG, PNG, pdf
from tests.reporting.domain.states import bring_to, do, send_back
from tests.running import Machine, until

OLD = timedelta(days=1, minutes=1)


@pytest.fixture
def draft(cast: Cast, disk: Path) -> Submission:
    """The other district keeps a file of the same content."""
    cycle = make_cycle(make_version(files=True), opened_by=cast.administrator)
    add(do(cycle.submissions.get(district=cast.south), "start", cast.south_officer), cast.south_officer)
    bring_to("draft", cycle.submissions.get(district=cast.north), cast)
    return cycle.submissions.get(district=cast.north)


def add(submission: Submission, actor: User, content: bytes = pdf()) -> EvidenceFile:
    fresh, name = Submission.objects.get(pk=submission.pk), {pdf(): "a.pdf", PNG: "b.png", JPEG: "c.jpg"}[content]
    return add_file(submission=fresh, question_key="papers", name=name, content=content, actor=actor, now=NOW)


def place(disk: Path, file: EvidenceFile) -> Path:
    return disk / "evidence" / str(file.district_id) / file.sha256[:2] / file.sha256


def stored(disk: Path) -> set[str]:
    return {str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file()}


def age(path: Path, by: timedelta = OLD) -> datetime:
    """Makes a file older; gives the present."""
    then = (timezone.now() - by).timestamp()
    os.utime(path, (then, then))
    return timezone.now()


def test_file_stands_under_its_district_and_digest_for_the_portals_group(cast: Cast, draft: Submission, disk: Path) -> None:
    file = add(draft, cast.officer, PNG)
    path = place(disk, file)
    assert (path.read_bytes(), path.name) == (PNG, hashlib.sha256(PNG).hexdigest())
    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent, path.parent.parent)] == ["0o640", "0o750", "0o750"]


def test_same_content_is_stored_once_a_district(cast: Cast, draft: Submission, disk: Path) -> None:
    before = stored(disk)
    file = add(draft, cast.officer)
    written = place(disk, file).stat()
    remove_file(file=file, actor=cast.officer, now=NOW)
    again = add(draft, cast.officer)
    assert place(disk, again).stat().st_mtime_ns == written.st_mtime_ns
    assert len(stored(disk) - before) == 1


@pytest.mark.parametrize("left", [b"", PNG[:10], b"\0" * len(PNG)])
def test_file_that_was_left_half_written_is_written_anew(cast: Cast, draft: Submission, disk: Path, left: bytes) -> None:
    file = add(draft, cast.officer, PNG)
    remove_file(file=file, actor=cast.officer, now=NOW)
    place(disk, file).write_bytes(left)
    add(draft, cast.officer, PNG)
    assert place(disk, file).read_bytes() == PNG
    assert not list(disk.rglob(f"{file.sha256}_*"))


def test_store_that_cannot_write_refuses_and_nothing_is_kept(
    cast: Cast, draft: Submission, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add(draft, cast.officer)
    (disk / "evidence" / str(cast.north.pk) / hashlib.sha256(PNG).hexdigest()[:2]).write_bytes(b"in the way")
    with pytest.raises(Refused, match="could not be kept just now"):
        add(draft, cast.officer, PNG)
    assert [file.name for file in EvidenceFile.objects.filter(district=cast.north)] == ["a.pdf"]
    assert "could not be stored as evidence/" in caplog.text


def test_next_revision_needs_the_same_file_and_no_other(cast: Cast, draft: Submission, disk: Path) -> None:
    add(draft, cast.officer)
    before = stored(disk)
    send_back(draft, cast)
    assert (EvidenceFile.objects.filter(district=cast.north).count(), stored(disk)) == (2, before)


def test_sweep_deletes_what_no_row_needs_and_is_older_than_a_day(cast: Cast, draft: Submission, disk: Path) -> None:
    kept, removed, fresh = add(draft, cast.officer), add(draft, cast.officer, PNG), add(draft, cast.officer, JPEG)
    for file in (removed, fresh):
        remove_file(file=file, actor=cast.officer, now=NOW)
    theirs = EvidenceFile.objects.get(district=cast.south)
    for file in (kept, removed, theirs):
        now = age(place(disk, file))
    assert drop_unused_files(now=now) == 1
    assert [place(disk, file).exists() for file in (kept, removed, fresh, theirs)] == [True, False, True, True]
    assert drop_unused_files(now=now) == 0


def test_sweep_keeps_a_file_that_only_an_earlier_revision_has(cast: Cast, draft: Submission, disk: Path) -> None:
    file = add(draft, cast.officer)
    send_back(draft, cast)
    remove_file(file=EvidenceFile.objects.filter(district=cast.north).latest("pk"), actor=cast.officer, now=NOW)
    assert drop_unused_files(now=age(place(disk, file))) == 0
    assert place(disk, file).exists()


def test_sweep_goes_by_district_and_digest(cast: Cast, draft: Submission, disk: Path) -> None:
    """The other district's row of the same content does not keep a file here, and a half-written one is nobody's."""
    file = add(draft, cast.officer)
    remove_file(file=file, actor=cast.officer, now=NOW)
    left = place(disk, file).with_name(f"{file.sha256}_aBcDeFg")
    left.write_bytes(b"x")
    age(left)
    now = age(place(disk, file))
    assert drop_unused_files(now=now) == 2
    assert place(disk, EvidenceFile.objects.get(district=cast.south)).exists()


def test_command_says_how_many(cast: Cast, draft: Submission, disk: Path) -> None:
    file = add(draft, cast.officer, PNG)
    remove_file(file=file, actor=cast.officer, now=NOW)
    age(place(disk, file))
    (disk / "other").mkdir()
    (disk / "other" / "kept").write_bytes(b"x")
    age(disk / "other" / "kept")
    said = StringIO()
    for _again in range(2):
        call_command("sweep_files", stdout=said)
    assert said.getvalue() == "1 files deleted\n0 files deleted\n"
    assert (disk / "other" / "kept").exists()


@pytest.mark.django_db(transaction=True)
def test_clock_sweeps_each_district_by_itself_and_as_often_as_it_likes(
    cast: Cast, draft: Submission, disk: Path, tmp_path: Path
) -> None:
    own, kept = add(draft, cast.officer, PNG), add(draft, cast.officer)
    remove_file(file=own, actor=cast.officer, now=NOW)
    theirs = EvidenceFile.objects.get(district=cast.south)
    left = place(disk, theirs).with_name("0" * 64)
    left.write_bytes(b"x")
    paths = [place(disk, own), place(disk, kept), place(disk, theirs), left]
    for path in paths:
        age(path)
    assert districts_with_files() == sorted([cast.north.pk, cast.south.pk], key=str)
    sweep_files_of(cast.north.pk)
    assert [path.exists() for path in paths] == [False, True, True, True]
    with ringing_at(tmp_path) as redis:
        for _again in range(2):
            sweep_files()
        machine = Machine(tmp_path, REDIS_URL=redis.url, DJANGO_SETTINGS_MODULE="portal.settings")
        machine.worker()  # its files are on the disk, which those of the tests' settings are not
        try:
            until(lambda: not left.exists(), what="the sweep of the other district")
        finally:
            machine.stop()
    assert place(disk, theirs).exists()


def test_sweep_of_a_district_reads_its_rows_once_and_locks_only_where_something_goes(
    cast: Cast, draft: Submission, disk: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = [add(draft, cast.officer, content) for content in (pdf(), PNG, JPEG)]
    now = max(age(place(disk, file)) for file in files)
    with django_assert_num_queries(2):
        assert drop_unused_files_of(district_id=cast.north.pk, now=now) == 0
    remove_file(file=files[0], actor=cast.officer, now=NOW)
    with django_assert_num_queries(7):
        assert drop_unused_files_of(district_id=cast.north.pk, now=now) == 1


def test_signed_files_are_read_where_that_is_asked(cast: Cast, draft: Submission, disk: Path) -> None:
    kept, changed, lost = (add(draft, cast.officer, content) for content in (pdf(), PNG, JPEG))
    bring_to("submitted", draft, cast)
    assert list(Verification(with_files=True).mismatches()) == []
    place(disk, changed).write_bytes(PNG[:-1] + b"x")
    place(disk, lost).unlink()
    assert list(Verification().mismatches()) == []
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_receipts", "--files", stdout=said)
    assert [line.partition(": ")[2] for line in said.getvalue().splitlines()] == [
        "the file “b.png” is not the one that was signed",
        "the file “c.jpg” is not in the file store",
        "",
    ]
    assert place(disk, kept).read_bytes() == pdf()


def test_sweep_of_an_empty_store_finds_nothing(db: None, disk: Path) -> None:
    assert drop_unused_files(now=timezone.now()) == 0


def test_file_written_again_is_left_as_it_is(cast: Cast, draft: Submission, disk: Path) -> None:
    file = add(draft, cast.officer, PNG)
    before = place(disk, file).stat()
    keep_file(file, PNG)
    assert place(disk, file).stat().st_mtime_ns == before.st_mtime_ns
