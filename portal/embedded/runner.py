"""Starts what the environment does not name, runs the command, stops what was started."""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from portal.embedded import environment, folder, leftovers, lock
from portal.embedded.command import Command
from portal.embedded.errors import EmbeddedError
from portal.embedded.postgres import Postgres
from portal.embedded.redis import Redis
from portal.embedded.server import Server
from portal.embedded.signals import Signals


def run(arguments: Sequence[str], *, fresh: bool, durable: bool) -> int:
    """The command's exit code. Raises EmbeddedError or Interrupted when it did not come to run it."""
    given = {name: value for name, value in os.environ.items() if value}
    if "DATABASE_OWNER_URL" in given and "DATABASE_URL" not in given:
        raise EmbeddedError("DATABASE_OWNER_URL is set but DATABASE_URL is not: set both or neither.")
    var = folder.var_folder()
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        if "DATABASE_URL" in given and "REDIS_URL" in given:
            return Command(arguments, _environment(var, given, []), []).finish(signals)
        stack.enter_context(lock.held(var))
        leftovers.clear_commands(var)
        if fresh:
            folder.empty(var)
        servers = _servers(var, given, durable=durable)
        for server in servers:
            stack.callback(server.stop)
            server.start(signals)
        values = _environment(var, given, servers)
        stack.enter_context(environment.published(var, values))
        return Command(arguments, values, servers).finish(signals)


def _servers(var: Path, given: Mapping[str, str], *, durable: bool) -> list[Server]:
    servers: list[Server] = []
    if "DATABASE_URL" not in given:
        servers.append(Postgres(var, durable=durable))
    if "REDIS_URL" not in given:
        servers.append(Redis(var))
    return servers


def _environment(var: Path, given: Mapping[str, str], servers: Sequence[Server]) -> dict[str, str]:
    """The command's whole environment; what was given stays as it was."""
    values = {**given, "PORTAL_VAR": str(var), leftovers.MARK: str(var)}
    for server in servers:
        values |= server.variables
    values.setdefault("DATABASE_OWNER_URL", values["DATABASE_URL"])
    if "SECRET_KEY" not in values:
        values["SECRET_KEY"] = folder.secret_key(var)
    return values
