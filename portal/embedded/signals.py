"""Signals as something to wait for, so that none of them can cut a start or a stop in half."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Self

from portal.embedded.errors import Interrupted

STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class Signals:
    """Collects the stopping signals and SIGCHLD while it is open; whoever waits decides what they mean."""

    def __enter__(self) -> Self:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._previous = {number: signal.getsignal(number) for number in (*STOPPING, signal.SIGCHLD)}
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number, handler in self._previous.items():
            if number != signal.SIGHUP or handler is not signal.SIG_IGN:  # nohup is respected
                signal.signal(number, _leave_to_wakeup_fd)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        os.close(self._reader)
        os.close(self._writer)

    def wait(self, seconds: float | None = None) -> set[int]:
        """The signals that have arrived, as soon as there is one or the time is over."""
        select.select([self._reader], [], [], seconds)
        try:
            return set(os.read(self._reader, 4096))
        except BlockingIOError:
            return set()

    def pause(self, seconds: float) -> None:
        """Wait, and raise `Interrupted` when a stopping signal has come."""
        for number in self.wait(seconds) & STOPPING:
            raise Interrupted(number)


def _leave_to_wakeup_fd(number: int, frame: FrameType | None) -> None:
    """Does nothing: the interpreter has written the number to the pipe."""
