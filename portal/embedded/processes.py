"""Ending processes that are not, or no longer, our own children."""

import signal
import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

_PATIENCE = 10  # seconds


def end(processes: Iterable[psutil.Process], ask: int = signal.SIGTERM) -> None:
    """Ask, wait, insist."""
    left = list(processes)
    for number in (ask, signal.SIGKILL):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        deadline = time.monotonic() + _PATIENCE
        while left and time.monotonic() < deadline:
            left = [process for process in left if _runs(process)]
            time.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    """A zombie has ended, even if nobody ever takes notice of it (as in a container without an init)."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
