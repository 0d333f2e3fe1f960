"""Starts the process that reads a file (child/), gives it the file, and ends it, whatever it does."""

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import struct_rusage
from typing import IO, cast

from reporting.workbooks import limits

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = "import sys; sys.path.append(sys.argv[1]); from reporting.workbooks.child.main import main; main()"
_KEPT = ("LD_LIBRARY_PATH",)
"""Of the environment: some builds of Python do not start without it."""
_PIECE = 64 * 1024
_places = threading.BoundedSemaphore(limits.PROCESSES)


class Busy(Exception):
    """As many files as may be are being read, and stay so."""


class NotStarted(Busy):
    """The machine has no room for another process, or no file for its pipes."""


class TookTooLong(Exception):
    """The process had not said its last word when its time was up."""


class SaidTooMuch(Exception):
    """The process said more than any workbook within the limits holds."""


class Child:
    """One process, for one file. `status` and `usage` are the kernel's account of it, once it has ended."""

    def __init__(self, process: "subprocess.Popen[bytes]", content: bytes) -> None:
        self.status: int | None = None
        self.usage: struct_rusage | None = None
        self.pid = process.pid
        self._process, self._content = process, memoryview(content)
        self._deadline = time.monotonic() + limits.SECONDS

    @property
    def ran_out_of_time(self) -> bool:
        """Whether the kernel ended it for the time of the processor that it used."""
        return self.status is not None and os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGXCPU

    def pieces(self) -> Iterator[bytes]:
        """What it says, as it comes, while it is given the file. Raises TookTooLong or SaidTooMuch."""
        given, taken = cast("IO[bytes]", self._process.stdin), cast("IO[bytes]", self._process.stdout)
        os.set_blocking(given.fileno(), False)
        said = 0
        with selectors.DefaultSelector() as selector:
            selector.register(given, selectors.EVENT_WRITE)
            selector.register(taken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _events in selector.select(self._left())}
                if given in ready and not self._give(given.fileno()):
                    selector.unregister(given)
                    given.close()
                if taken in ready:
                    piece = os.read(taken.fileno(), _PIECE)
                    said += len(piece)
                    if said > limits.ANSWER_BYTES:
                        raise SaidTooMuch
                    if not piece:
                        return
                    yield piece

    def end(self) -> None:
        """Kill it with all that it started, if it started anything, and wait for it: nothing of it is left."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            os.killpg(self.pid, signal.SIGKILL)
            _pid, self.status, self.usage = os.wait4(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            self.status = 0  # whoever embeds the portal waits for all processes of its own accord
        self._process.returncode = os.waitstatus_to_exitcode(self.status)

    def _give(self, descriptor: int) -> bool:
        """Write what fits; whether there is more to write. A process that has ended is given nothing."""
        try:
            written = os.write(descriptor, self._content[:_PIECE])
        except BrokenPipeError:
            return False
        except BlockingIOError:
            return True
        self._content = self._content[written:]
        return bool(self._content)

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TookTooLong
        return left


@contextmanager
def reading_child(content: bytes) -> Iterator[Child]:
    """A process that reads the content, ended when the block is left. Raises Busy if no place comes free, or NotStarted."""
    if not _places.acquire(timeout=limits.SECONDS):
        raise Busy
    try:
        try:
            process = _started()
        except OSError as error:
            raise NotStarted from error
        child = Child(process, content)
        try:
            yield child
        finally:
            child.end()
    finally:
        _places.release()


def _started() -> "subprocess.Popen[bytes]":
    """In a group of its own, and with nothing of ours: no environment, no open file, no folder, no site packages."""
    return subprocess.Popen(  # noqa: S603 (our own Python and our own words)
        [sys.executable, "-I", "-S", "-c", _COMMAND, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT if name in os.environ},
        cwd="/",
        bufsize=0,
        start_new_session=True,
    )
