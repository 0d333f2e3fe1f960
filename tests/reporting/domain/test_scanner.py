"""What the operator's virus scanner says, and what becomes of the file: real commands, none of them a scanner."""

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from districts.errors import Refused
from reporting.domain.evidence import add_file
from reporting.domain.scanner import refuse_infected
from reporting.domain.scans import attach_scan
from reporting.models import EvidenceFile, Scan, Submission
from tests.conftest import Cast
from tests.factories import NOW, make_cycle, make_version
from tests.files import pdf
from tests.reporting.domain.states import bring_to, reread

INFECTED, UNCHECKED = "virus scanner found something", "cannot be checked for viruses now"
Scanner = Callable[[str], Path]


@pytest.fixture
def scanner(tmp_path: Path, settings: Any) -> Scanner:
    """Makes the lines of a shell script the scanner; `$1` is the file."""

    def make(lines: str) -> Path:
        script = tmp_path / "scan me.sh"
        script.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        script.chmod(0o700)
        settings.FILE_SCANNER = [str(script)]
        return tmp_path

    return make


def test_without_a_scanner_every_file_passes(settings: Any) -> None:
    assert settings.FILE_SCANNER == []
    refuse_infected(b"anything")


def test_scanner_sees_the_whole_file_which_is_gone_afterwards(scanner: Scanner) -> None:
    folder = scanner('here=$(dirname "$0"); cp "$1" "$here/seen"; echo "$1" > "$here/name"; ls -l "$1" > "$here/mode"')
    refuse_infected(b"content" * 1000)
    assert (folder / "seen").read_bytes() == b"content" * 1000
    assert not Path((folder / "name").read_text().strip()).exists()
    assert (folder / "mode").read_text().startswith("-rw-------")


def test_scanner_is_told_no_secret(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    folder = scanner('env > "$(dirname "$0")/env"')
    refuse_infected(b"x")
    told = (folder / "env").read_text()
    assert ("canary" in told, "DATABASE_URL" in told, f"PATH={os.environ['PATH']}" in told) == (False, False, True)


@pytest.mark.parametrize(
    ("lines", "words", "said"),
    [
        ("echo 'stream: Eicar FOUND'; exit 1", INFECTED, "stream: Eicar FOUND"),
        ("echo 'no daemon' >&2; exit 2", UNCHECKED, "(2): no daemon"),
        ("exit 3", UNCHECKED, "(3)"),
        ("exit 127", UNCHECKED, "(127)"),
        ("kill -9 $$", UNCHECKED, "(-9)"),
        ("head -c 100000 /dev/zero | tr '\\0' x; exit 2", UNCHECKED, "xxxx"),
    ],
)
def test_file_is_refused_and_what_was_said_is_logged(
    scanner: Scanner, caplog: pytest.LogCaptureFixture, lines: str, words: str, said: str
) -> None:
    scanner(lines)
    with caplog.at_level(logging.WARNING, "reporting.domain.scanner"), pytest.raises(Refused, match=words):
        refuse_infected(b"12345")
    (record,) = caplog.records
    assert (said in record.getMessage(), "5 bytes" in record.getMessage(), len(record.getMessage()) < 2200) == (True, True, True)


@pytest.mark.parametrize("command", [["/nowhere/scan"], ["/"], [""]])
def test_scanner_that_does_not_start_lets_nothing_pass(settings: Any, command: list[str]) -> None:
    settings.FILE_SCANNER = command
    with pytest.raises(Refused, match=UNCHECKED):
        refuse_infected(b"x")


def test_disk_without_room_for_the_scanner_lets_nothing_pass(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = scanner("exit 0")
    monkeypatch.setattr("tempfile.tempdir", str(folder / "nowhere"))
    with pytest.raises(Refused, match=UNCHECKED):
        refuse_infected(b"x")


def test_scanner_that_takes_too_long_is_ended_with_what_it_began(scanner: Scanner, settings: Any) -> None:
    settings.FILE_SCANNER_SECONDS = 0.5
    folder = scanner('sleep 300 & echo $! > "$(dirname "$0")/child"; wait')
    begun = time.monotonic()
    with pytest.raises(Refused, match=UNCHECKED):
        refuse_infected(b"x")
    assert time.monotonic() - begun < 30
    child = (folder / "child").read_text().strip()
    while is_running(child):
        assert time.monotonic() - begun < 30


def is_running(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@pytest.fixture
def draft(cast: Cast) -> Submission:
    cycle = make_cycle(make_version(files=True), opened_by=cast.administrator)
    bring_to("draft", cycle.submissions.get(district=cast.north), cast)
    return cycle.submissions.get(district=cast.north)


@pytest.mark.parametrize(("code", "words"), [(1, INFECTED), (2, UNCHECKED)])
def test_nothing_is_kept_of_evidence_that_did_not_pass(
    cast: Cast, draft: Submission, scanner: Scanner, code: int, words: str
) -> None:
    scanner(f"exit {code}")
    with pytest.raises(Refused, match=words):
        add_file(submission=draft, question_key="papers", name="a.pdf", content=pdf(), actor=cast.officer, now=NOW)
    assert not EvidenceFile.objects.exists()
    assert not default_storage.exists(f"evidence/{cast.north.pk}")


def test_evidence_that_passes_is_kept(cast: Cast, draft: Submission, scanner: Scanner) -> None:
    scanner('grep -q "%%EOF" "$1"')
    add_file(submission=draft, question_key="papers", name="a.pdf", content=pdf(), actor=cast.officer, now=NOW)
    assert EvidenceFile.objects.count() == 1


@pytest.mark.parametrize(("code", "words"), [(1, INFECTED), (2, UNCHECKED)])
def test_nothing_is_kept_of_a_stamped_scan_that_did_not_pass(
    cast: Cast, submission: Submission, scanner: Scanner, code: int, words: str
) -> None:
    bring_to("submitted", submission, cast)
    revision = reread(submission).working_revision
    assert revision is not None
    scanner(f"exit {code}")
    with pytest.raises(Refused, match=words):
        attach_scan(revision=revision, name="a.pdf", content=pdf(), actor=cast.officer, now=NOW)
    assert not Scan.objects.exists()
    scanner("exit 0")
    attach_scan(revision=revision, name="a.pdf", content=pdf(), actor=cast.officer, now=NOW)
    assert Scan.objects.count() == 1


def test_scanner_is_not_asked_for_who_may_not_add(cast: Cast, draft: Submission, scanner: Scanner) -> None:
    folder = scanner('touch "$(dirname "$0")/asked"; exit 0')
    for actor, content in ((cast.observer, pdf()), (cast.south_officer, pdf()), (cast.officer, b"<html>")):
        with pytest.raises(Exception, match=r"not fill it in|no PDF"):
            add_file(submission=draft, question_key="papers", name="a.pdf", content=content, actor=actor, now=NOW)
    assert not (folder / "asked").exists()
