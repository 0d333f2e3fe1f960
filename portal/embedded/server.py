"""What PostgreSQL and Redis have in common: a child in a session of its own that is started, awaited, revived and stopped."""

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from portal.embedded.errors import EmbeddedError
from portal.embedded.identity import Identity
from portal.embedded.signals import Signals

_START = 120  # seconds; recovery after a kill -9 is part of it
_STOP = 30


class Server(ABC):
    """One server on one folder. Ctrl-C in a terminal does not reach it, so that it outlives the command."""

    name: ClassVar[str]
    stop_signals: ClassVar[tuple[int, ...]]  # from polite to final
    litter: ClassVar[tuple[str, ...]]  # files that a killed server leaves in its folder

    def __init__(self, folder: Path, identity: Identity) -> None:
        self.folder = folder
        self.identity = identity
        self.log = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def variables(self) -> dict[str, str]:
        """What a client needs to know, as environment variables."""

    @abstractmethod
    def prepare(self, signals: Signals) -> None:
        """Make the data folder, and clear what an earlier run left in it."""

    @abstractmethod
    def launch(self) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def answers(self) -> bool: ...

    def start(self, signals: Signals) -> None:
        """Prepare, launch and wait for the first answer; raises EmbeddedError with the end of the server's log."""
        self.prepare(signals)
        self.process = self.launch()
        deadline = time.monotonic() + _START
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(self._failure())
            signals.pause(0.05)

    def stop(self) -> None:
        """End the server, if it runs, and take away what says that it does."""
        for number in self.stop_signals:
            if self.process is None or self.process.poll() is not None:
                break
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP)
        self.clear_litter()

    def clear_litter(self) -> None:
        for name in self.litter:
            (self.folder / name).unlink(missing_ok=True)

    def spawn(self, arguments: Sequence[object], *, folder: Path, standard_input: str = "") -> subprocess.Popen[bytes]:
        """Start a program of the server's in a folder, in a session of its own, with its output in the log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 (our own programs)
                [str(argument) for argument in arguments],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self.identity.preparation(self.stop_signals[0]),  # noqa: PLW1509 (there are no threads)
                **self.identity.options,  # type: ignore[call-overload]
            )
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.write(standard_input.encode())
        return process

    def finish(self, process: subprocess.Popen[bytes], signals: Signals) -> None:
        """Wait for a program that prepares something."""
        try:
            while process.poll() is None:
                signals.pause(0.05)
        finally:
            process.kill()
            process.wait()
        if process.returncode != 0:
            raise EmbeddedError(self._failure())

    def _failure(self) -> str:
        last_words = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
        return f"{self.name} did not start. The end of {self.log}:\n{last_words}"
