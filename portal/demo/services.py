"""Keeps a few processes running together until a person asks for the end; one that is killed is started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from portal.embedded import linux
from portal.embedded.signals import STOPPING, Signals

_PATIENCE = 15  # seconds to end in order


def start(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches it through us alone, once; it does not outlive us."""
    return subprocess.Popen(  # noqa: S603 (our own programs)
        arguments,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: linux.signal_at_parents_death(signal.SIGTERM),  # noqa: PLW1509 (there are no threads)
    )


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the leaders, who know how to end their children; then end whatever is left of their sessions."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + _PATIENCE
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def supervise(
    commands: Mapping[str, Sequence[str]],
    environment: Mapping[str, str],
    signals: Signals,
    *,
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
    too_soon: float = 10,
) -> int:
    """Announce once it is ready; return 0 when asked to end, 1 when a process ended by itself within `too_soon` seconds."""
    running: dict[str, subprocess.Popen[bytes]] = {}
    begun: dict[str, float] = {}
    announced = False
    try:
        for name, arguments in commands.items():
            running[name], begun[name] = start(arguments, environment), time.monotonic()
        while not signals.wait(None if announced else 0.1) & STOPPING:
            for name in [name for name, process in running.items() if process.poll() is not None]:
                sys.stderr.write(f"The {name} process ended by itself (exit code {running[name].returncode}).\n")
                if time.monotonic() - begun[name] < too_soon:
                    return 1
                stop([running[name]])
                running[name], begun[name] = start(commands[name], environment), time.monotonic()
            if not announced and is_ready():
                announce()
                announced = True
        return 0
    finally:
        stop(list(running.values()))
