"""What stops a run before or instead of its command."""

import signal


class EmbeddedError(Exception):
    """Says to a person why the servers cannot run and what to do."""


class Interrupted(Exception):
    """A signal that asked for the end while the servers were still starting."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number
