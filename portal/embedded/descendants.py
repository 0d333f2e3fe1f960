"""The processes that the command started, and theirs."""

import os
from contextlib import suppress

import psutil

from portal.embedded import processes


def end(*, spared: set[int]) -> None:
    """End every descendant but the spared ones and theirs; orphans are found too where the kernel gives them to us."""
    found = []
    for child in psutil.Process().children():
        if child.pid not in spared:
            with suppress(psutil.NoSuchProcess):
                found += [child, *child.children(recursive=True)]
    processes.end(found)


def reap(*, spared: set[int]) -> None:
    """Take leave of adopted orphans that have ended."""
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess, ChildProcessError):
            if child.pid not in spared and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)
