"""Starts the embedded runner as a person would, and finds whatever it might leave behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
SHOW_ENVIRONMENT = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
SLEEP = ["sh", "-c", "echo ready; exec sleep 300"]
_NOTHING: Mapping[str, str] = {}
_NOT_INHERITED = frozenset(
    {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_VAR", "PORTAL_EMBEDDED"}
    | {"PORTAL_URL", "EMAIL_URL", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE", "DEBUG", "HOST", "PORT"}
)


def environment(var: Path, given: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without the services and settings it may have been given."""
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return inherited | {"PORTAL_VAR": str(var)} | dict(given)


def start(var: Path, *command: str, given: Mapping[str, str] = _NOTHING, throwaway: bool = False) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", *(["--throwaway"] if throwaway else []), "--", *command],
        cwd=PROJECT,
        env=environment(var, given),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(var: Path, *command: str, given: Mapping[str, str] = _NOTHING, throwaway: bool = False) -> tuple[int, str, str]:
    """Exit code, output and errors of a command that ends by itself."""
    process = start(var, *command, given=given, throwaway=throwaway)
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def variables(var: Path, **given: str) -> dict[str, str]:
    """The environment that a command finds."""
    code, output, errors = run(var, *SHOW_ENVIRONMENT, given=given)
    assert (code, errors) == (0, "")
    return json.loads(output)


@contextmanager
def running(var: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A command that has said its first line."""
    process = start(var, *command)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "ready\n", process.communicate()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def left_in(var: Path) -> list[str]:
    """Processes that work in the folder or were started by a run on it."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(var) or process.environ().get("PORTAL_EMBEDDED") == str(var):
                found.append(str(process))
        except psutil.Error:
            continue
    return found


def locks_in(var: Path) -> set[str]:
    """Files that say that something is running."""
    names = {"lock", "environment", "postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock", "redis.sock"}
    return {path.name for path in var.rglob("*") if path.name in names}
