"""The processes that the command started, and theirs."""

import os
import signal
from contextlib import suppress

import psutil

_PATIENCE = 10  # seconds


def end(*, spared: set[int]) -> None:
    """End every descendant but the spared ones and theirs; orphans are found too where the kernel gives them to us."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = _descendants(spared)
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        psutil.wait_procs(left, timeout=_PATIENCE)


def reap(*, spared: set[int]) -> None:
    """Take leave of adopted orphans that have ended."""
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess, ChildProcessError):
            if child.pid not in spared and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)


def _descendants(spared: set[int]) -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        if child.pid not in spared:
            with suppress(psutil.NoSuchProcess):
                found += [child, *child.children(recursive=True)]
    return found
