"""What an earlier run left behind when it was killed. A process is touched only when its identity is certain."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from portal.embedded import processes

MARK = "PORTAL_EMBEDDED"


def clear_servers(folder: Path, programs: frozenset[str]) -> None:
    """End the servers that run one of the programs inside the folder; only their owner can be in there."""
    processes.end(_processes(lambda process: Path(process.cwd()) == folder and _program(process) in programs), signal.SIGINT)


def clear_commands(var: Path) -> None:
    """End what still runs of the commands of earlier runs on this folder: the caller holds its lock, so no run is alive."""
    family = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    marked = _processes(lambda process: process.pid not in family and process.environ().get(MARK) == str(var))
    processes.end(marked)


def _program(process: psutil.Process) -> str:
    return Path(process.exe()).name.removesuffix(" (deleted)")


def _processes(is_ours: Callable[[psutil.Process], bool]) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if is_ours(process):
                yield process
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or another account's
