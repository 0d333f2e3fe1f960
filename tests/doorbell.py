"""A Redis of a test's own for the doorbell of this process, running, hanging or stopped."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import current_app
from django.test import override_settings

from districts import doorbell
from portal.embedded.redis import Redis
from tests.running import own_redis


@contextmanager
def ringing_at(folder: Path) -> Iterator[Redis]:
    """The doorbell and the monitor look for a fresh Redis in the folder, and nowhere else."""
    with own_redis(folder) as server, override_settings(REDIS_URL=server.url):
        before = current_app.conf.broker_url
        try:
            _look_for(server.url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="))
            yield server
        finally:
            hang(server, hangs=False)
            _look_for(before)


def _look_for(url: Any) -> None:
    current_app.conf.broker_url = url
    current_app.amqp._producer_pool = None
    heal()


def heal() -> None:
    """Forget that the doorbell rang in vain."""
    doorbell._Bell.silent_until = 0.0


def hang(server: Redis, *, hangs: bool = True) -> None:
    """A server that takes connections and never answers."""
    if server.process is not None and server.process.poll() is None:
        server.process.send_signal(signal.SIGSTOP if hangs else signal.SIGCONT)


class _Ear:
    """Hears every connection that Python code of this process tries; libpq's are not among them."""

    heard: list[Any] | None = None
    """Addresses, while somebody counts."""
    is_there = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _Ear.heard is not None:
        _Ear.heard.append(arguments[1])


@contextmanager
def tries() -> Iterator[list[Any]]:
    """The addresses to which connections are tried meanwhile. A person waits for each of them in turn, so their number is what is
    looked at, and not the time, which is the machine's."""
    if not _Ear.is_there:
        sys.addaudithook(_hear)
        _Ear.is_there = True
    heard: list[Any] = []
    _Ear.heard = heard
    try:
        yield heard
    finally:
        _Ear.heard = None
