"""Where a server listens: on a socket in its own folder, or on the loopback where no client could name such a socket."""

import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_LONGEST = 100  # bytes; a socket's address holds 104 to 108, by system


@dataclass(frozen=True)
class Endpoint:
    """A folder with a socket in it, or a port on 127.0.0.1 with a password made for this run."""

    folder: Path
    port: int | None = None
    password: str = ""

    @property
    def quoted_folder(self) -> str:
        return quote(str(self.folder), safe="/")


def endpoint_for(folder: Path, socket_name: str) -> Endpoint:
    """A socket where its whole path fits and means one path to every client (PostgreSQL's splits at commas)."""
    path = str(folder / socket_name)
    if len(path.encode()) <= _LONGEST and "," not in path:
        return Endpoint(folder)
    return Endpoint(folder, port=_free_port(), password=secrets.token_urlsafe(24))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
