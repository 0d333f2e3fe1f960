"""The process that reads: what it may not, what becomes of it, and that nothing it says is believed."""

import logging
import os
import shutil
import sys
import threading
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from reporting.workbooks import limits, process
from reporting.workbooks.process import Busy, reading_child
from reporting.workbooks.reading import read_book
from tests.reporting.workbooks import files
from tests.reporting.workbooks.conftest import Refuser
from tests.running import until

SLOW = "Reading the workbook took too long. Remove what the report does not need, or try again in a few minutes."
COMPLICATED = (
    "The workbook is too complicated to be read. Copy what the report needs to a new workbook, as values, and send that."
)
DAMAGED = "The workbook is damaged. Open it in Excel or WPS, save it under another name, and send that file."
BUSY = "Other workbooks are being read at this moment. Try again in a minute."
BOUND = "import sys; sys.path.append(sys.argv[1]); from reporting.workbooks.child import main; main.bound()\n"


class Instead:
    """Has another script run where a file is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, script: str) -> None:
        self._monkeypatch.setattr(process, "_COMMAND", script)

    def said(self, script: str, content: bytes = b"") -> str:
        self(script)
        with reading_child(content) as child:
            return b"".join(child.pieces()).decode()


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Instead:
    return Instead(monkeypatch)


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid)


def is_dead(pid: int) -> bool:
    """Gone, or waiting for whoever has to be told of orphans here."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_process_gets_nothing_of_ours(instead: Instead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    said = instead.said(
        "import os, sys\n"
        "print(*sorted(os.environ), sep=',')\n"
        "print(*os.listdir('/proc/self/fd'), sep=',')\n"
        "print(os.getcwd(), os.getsid(0) == os.getpid(), any('site-packages' in path for path in sys.path))"
    )
    names, descriptors, rest = said.splitlines()
    assert set(names.split(",")) <= {"", "LC_CTYPE", "LD_LIBRARY_PATH"}
    assert descriptors == "0,1,2,3"  # the last is the listing's own
    assert rest == "/ True False"


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("open('/etc/passwd')", "OSError"),
        ("open('/tmp/left-by-a-workbook', 'w')", "OSError"),
        ("__import__('socket')", "OSError"),
        ("bytes(200_000_000)", "MemoryError"),
    ],
)
def test_bound_process_may_not(instead: Instead, attempt: str, error: str) -> None:
    script = f"{BOUND}\ntry:\n    {attempt}\n    print('done')\nexcept Exception as error:\n    print(type(error).__mro__)"
    assert f"<class '{error}'>" in instead.said(script)
    assert not Path("/tmp/left-by-a-workbook").exists()


def test_process_that_is_left_is_killed_with_what_it_started(instead: Instead) -> None:
    instead("import os, time\nchild = os.fork()\nif child:\n    os.write(1, b'%d %d' % (os.getpid(), child))\ntime.sleep(600)\n")
    with reading_child(b"content") as child:
        pids = [int(word) for word in next(child.pieces()).split()]
        assert (pids[0], len(pids), is_dead(pids[1])) == (child.pid, 2, False)
    assert is_gone(pids[0])
    until(lambda: is_dead(pids[1]), what="the end of what it started")


def test_time_that_is_up_is_said(instead: Instead, monkeypatch: pytest.MonkeyPatch, refused: Refuser) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    instead("import time; time.sleep(600)")
    assert refused(files.workbook()) == SLOW


def test_time_of_the_processor_that_is_up_is_said(instead: Instead, refused: Refuser) -> None:
    instead(BOUND.replace("main.bound", "main.limits.CPU_SECONDS = 1; main.bound") + "while True: pass")
    assert refused(files.workbook()) == SLOW


def test_process_that_says_too_much_is_stopped(instead: Instead, monkeypatch: pytest.MonkeyPatch, refused: Refuser) -> None:
    monkeypatch.setattr(limits, "ANSWER_BYTES", 1_000_000)
    instead("import os\nos.write(1, b'W\\x1f\\x1e')\nwhile True: os.write(1, b'x' * 10_000)")
    assert refused(files.workbook()) == COMPLICATED


@pytest.mark.parametrize("end", ["import os; os.abort()", "raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)", "pass"])
def test_process_that_dies_is_a_refusal_and_an_error_in_the_log(
    instead: Instead, refused: Refuser, caplog: pytest.LogCaptureFixture, end: str
) -> None:
    instead(end)
    assert refused(files.workbook()) == COMPLICATED
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_error_of_the_reader_itself_is_logged_without_a_word_of_the_workbook(
    instead: Instead, refused: Refuser, caplog: pytest.LogCaptureFixture
) -> None:
    instead(
        "import sys; sys.path.append(sys.argv[1]); from reporting.workbooks.child import main\n"
        "def read(*_): raise RuntimeError('secret of the workbook')\nmain.read = read; main.main()"
    )
    assert refused(files.workbook()) == DAMAGED
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


LIES = {
    "no text": b"\xff\xfe\x1e",
    "an unknown record": b"X\x1f1\x1e",
    "a sheet with too few fields": b"W\x1f\x1eS\x1fa\x1e",
    "a cell without a sheet": b"W\x1f\x1eF\x1fGeneral\x1e1\x1f1\x1fn\x1f\x1f0\x1fNaN\x1e",
    "a cell without a format": b"W\x1f\x1eS\x1fa\x1f\x1e1\x1f1\x1fn\x1f\x1f0\x1f1\x1e",
    "a cell of no kind": b"W\x1f\x1eS\x1fa\x1f\x1eF\x1fGeneral\x1e1\x1f1\x1fp\x1f\x1f0\x1f1\x1e",
    "a cell with too many fields": b"W\x1f\x1eS\x1fa\x1f\x1eF\x1fGeneral\x1e1\x1f1\x1fn\x1f\x1f0\x1f1\x1f1\x1e",
    "a column that is none": b"W\x1f\x1eS\x1fa\x1f\x1eF\x1fGeneral\x1e1\x1fA\x1fn\x1f\x1f0\x1f1\x1e",
    "a row of superscripts": "W\x1f\x1eS\x1fa\x1f\x1eF\x1fGeneral\x1e²\x1f1\x1fn\x1f\x1f0\x1f1\x1e".encode(),
    "another number of cells": b"W\x1f\x1eS\x1fa\x1f\x1eE\x1f7\x1e",
}


@pytest.mark.parametrize("name", LIES)
def test_answer_that_no_reader_gives_is_a_refusal(
    instead: Instead, refused: Refuser, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    instead(f"import os; os.write(1, {LIES[name]!r})")
    assert refused(files.workbook()) == DAMAGED
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_answer_that_stops_in_the_middle_is_a_refusal(instead: Instead, refused: Refuser) -> None:
    instead("import os; os.write(1, b'W\\x1f\\x1eS\\x1fa\\x1f\\x1eE\\x1f')")
    assert refused(files.workbook()) == COMPLICATED


def test_process_that_ends_without_reading_its_file_is_no_error_here(instead: Instead) -> None:
    assert instead.said("import os; os.write(1, b'said')", b"x" * 9_000_000) == "said"


def test_no_more_processes_run_at_once_than_may(monkeypatch: pytest.MonkeyPatch, refused: Refuser) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    with reading_child(b""), reading_child(b""):
        assert refused(files.workbook()) == BUSY
        with pytest.raises(Busy), reading_child(b""):
            pass
    monkeypatch.setattr(limits, "SECONDS", 60)
    assert len(read_book(files.workbook()).sheets) == 1


def test_process_that_cannot_be_started_is_a_refusal_and_an_error_in_the_log(
    monkeypatch: pytest.MonkeyPatch, refused: Refuser, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as without:
        without.setattr(sys, "executable", "/no/such/python")
        for _turn in range(limits.PROCESSES + 1):  # no place stays taken
            assert refused(files.workbook()) == BUSY
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * (limits.PROCESSES + 1)
    assert len(read_book(files.workbook()).sheets) == 1


def test_many_threads_read_many_workbooks() -> None:
    content = files.workbook()
    found: list[int] = []

    def read() -> None:
        found.extend(len(read_book(content).sheets[0].cells) for _turn in range(4))

    threads = [threading.Thread(target=read) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * 16


def test_nothing_is_left_open(refused: Refuser) -> None:
    read_book(files.workbook())
    before = _held()
    for _turn in range(3):
        read_book(files.workbook())
        refused(files.workbook()[:200])
        refused(files.workbook("<"))
    assert _held() == before


def _held() -> tuple[list[str], list[psutil.Process]]:
    """Files and processes of this process."""
    return sorted(os.listdir("/proc/self/fd")), psutil.Process().children()


def test_project_may_live_in_a_folder_with_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "a folder; with 'signs' & 中文"
    shutil.copytree(settings.BASE_DIR / "reporting/workbooks", root / "reporting/workbooks")
    shutil.copy(settings.BASE_DIR / "reporting/__init__.py", root / "reporting")
    monkeypatch.setattr(process, "_ROOT", root)
    assert len(read_book(files.workbook()).sheets) == 1
