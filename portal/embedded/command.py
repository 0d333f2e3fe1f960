"""Runs the command beside the servers, passes signals on, revives a server that dies, and leaves no descendant behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from portal.embedded import descendants, linux
from portal.embedded.errors import EmbeddedError
from portal.embedded.server import Server
from portal.embedded.signals import Signals

_PATIENCE = 30  # seconds for the command to end after it was asked to
_REVIVALS = 5


class Command:
    """A command among its servers. In a terminal's foreground it shares our process group, so that it can read keys and be
    suspended, and Ctrl-C reaches it directly; elsewhere it leads a group of its own and gets its signals from us."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], servers: Sequence[Server]) -> None:
        self.servers = servers
        self.in_foreground = _in_foreground()
        self.deadline: float | None = None
        self.revivals = 0
        linux.adopt_orphans()
        try:
            self.process = subprocess.Popen(  # noqa: S603 (to run what it was given is its purpose)
                arguments,
                env=environment,
                process_group=None if self.in_foreground else 0,
                preexec_fn=lambda: linux.signal_at_parents_death(signal.SIGTERM),  # noqa: PLW1509 (there are no threads)
            )
        except OSError as error:
            raise EmbeddedError(f"{arguments[0]}: {error.strerror}") from error

    def finish(self, signals: Signals) -> int:
        """The exit code, as a shell gives it. When it returns, nothing that the command started is running."""
        try:
            while self.process.poll() is None:
                for number in signals.wait(self._time_left()):
                    self._react(number, signals)
        finally:
            descendants.end(spared=self._servers_processes())
        code = self.process.wait()
        return code if code >= 0 else 128 - code

    def _react(self, number: int, signals: Signals) -> None:
        if number == signal.SIGCHLD:
            descendants.reap(spared={self.process.pid, *self._servers_processes()})
            self._revive(signals)
        elif number != signal.SIGINT or not (self.in_foreground and _in_foreground()):
            self._pass_on(number)
            self.deadline = time.monotonic() + _PATIENCE

    def _time_left(self) -> float | None:
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            self._pass_on(signal.SIGKILL)
        return max(left, 1)

    def _pass_on(self, number: int) -> None:
        with suppress(ProcessLookupError):
            if self.in_foreground:
                self.process.send_signal(number)
            else:
                os.killpg(self.process.pid, number)

    def _revive(self, signals: Signals) -> None:
        """A server that was killed comes back on the same address; the portal bears the gap."""
        for server in self.servers:
            if server.process is not None and server.process.poll() is not None:
                self.revivals += 1
                if self.revivals > _REVIVALS:
                    raise EmbeddedError(f"{server.name} keeps ending. See {server.log}.")
                sys.stderr.write(f"{server.name} ended unexpectedly; starting it again.\n")
                server.start(signals)

    def _servers_processes(self) -> set[int]:
        return {server.process.pid for server in self.servers if server.process is not None}


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False
