"""The portal's own processes on a test's database: Redis, workers, the web, commands; and waiting for what they do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from portal.embedded.redis import Redis
from portal.embedded.signals import Signals
from portal.env import Environment
from tests.smtp import free_port

_WORKER = ("celery", "-A", "portal", "worker", "--without-gossip", "--without-mingle")


def until(condition: Callable[[], bool], seconds: float = 120, what: str = "the condition") -> None:
    """Look again and again, up to a deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about within {seconds} s"
        time.sleep(0.05)


@contextmanager
def own_redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder)
    with Signals() as signals:
        server.start(signals)
    try:
        yield server
    finally:
        server.stop()


def celery_url(url: str) -> str:
    """A URL of Redis as Celery spells it."""
    return Environment({"REDIS_URL": url}).redis("REDIS_URL")[1]


def kill(process: "subprocess.Popen[bytes]") -> None:
    """`kill -9` of the process and of whatever it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


class Machine:
    """Starts the portal's processes with one environment; `log` holds what they said. All end with it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        parts = urlsplit(os.environ["DATABASE_URL"])
        database = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
        given = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database, "PORTAL_VAR": str(folder)}
        self.environment = os.environ | given | environment
        self.log = folder / "processes.log"
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A Python module with its arguments, in a session of its own."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def worker(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A worker, as docs/operations.md starts it."""
        return self.start(*_WORKER, "--concurrency", "2", *arguments)

    def web(self) -> str:
        """The web's processes; gives their address once they answer."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self.environment |= {"PORTAL_URL": address, "WEB_CONCURRENCY": "1"}
        self.start("gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}")
        until(lambda: _answers(f"{address}/healthz"), what="an answer of the web")
        return address

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A management command, run to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                kill(process)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False
