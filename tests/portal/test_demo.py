import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from portal.demo.address import Address, AddressError
from portal.demo.environment import demo_environment
from portal.demo.services import supervise
from portal.embedded.signals import Signals
from portal.env import Environment
from tests.portal import embedded_runs as runs

# The session without its data, which has tests of its own.
SERVE = """
import os, pathlib, subprocess, sys
from portal.demo import session
from portal.demo.address import Address
from portal.demo.environment import demo_environment
from portal.embedded.signals import Signals
address, var = Address.from_environment(os.environ), pathlib.Path(os.environ["PORTAL_VAR"])
environment = demo_environment(os.environ, address, var)
for step in ("migrate", "collectstatic"):
    owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    subprocess.run([sys.executable, "manage.py", step, "--no-input", "--verbosity", "0"], env=owner, check=True)
with Signals() as signals:
    sys.exit(session.serve(address, var, environment, signals))
"""


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_port() -> int:
    with taken_port() as port:
        return port


@pytest.mark.parametrize("value", ["0", "65536", "80a", "-1", "８０００"])
def test_port_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(AddressError, match="PORT: expected a number from 1 to 65535"):
        Address.from_environment({"PORT": value})


def test_address_is_this_machine_only_unless_a_host_is_given() -> None:
    assert Address.from_environment({}) == Address("127.0.0.1", 8000)
    assert Address.from_environment({"PORT": "81"}).url == "http://localhost:81"
    assert Address.from_environment({"HOST": "10.0.0.7"}).url == "http://10.0.0.7:8000"


def test_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with taken_port() as port:
        run = subprocess.run(
            [sys.executable, "-m", "portal.demo"],
            cwd=runs.PROJECT,
            env=runs.environment(var, {"PORT": str(port)}),
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr == f"Port {port} is in use by another program. Choose another one: make demo PORT={port + 1}\n"
    assert not var.exists()


def test_environment_is_the_demonstrations_and_keeps_what_was_given(tmp_path: Path) -> None:
    var = tmp_path / "a folder"
    made = demo_environment({"DEBUG": "1", "SECRET_KEY": "k"}, Address("127.0.0.1", 8000), var)
    assert (made["DEBUG"], made["PORTAL_DEMO"], made["SECRET_KEY"]) == ("0", "1", "k")
    assert made["PORTAL_URL"] == "http://localhost:8000"
    assert made["ALLOWED_HOSTS"] == "127.0.0.1,[::1],localhost"
    assert Environment(made).mail("EMAIL_URL")["EMAIL_FILE_PATH"] == str(var / "mail")
    given = {"PORTAL_URL": "http://portal.test:1", "EMAIL_URL": "console://"}
    made = demo_environment(given, Address("0.0.0.0", 8000), var)
    assert given.items() <= made.items()
    assert made["ALLOWED_HOSTS"] == "0.0.0.0,127.0.0.1,[::1],localhost,portal.test"


def test_services_end_together_when_one_ends_as_it_begins(capfd: pytest.CaptureFixture[str]) -> None:
    commands = {"lasting": ["sh", "-c", "sleep 300 & sleep 300"], "short": ["sh", "-c", "exit 4"]}
    with Signals() as signals:
        assert supervise(commands, os.environ, signals, is_ready=lambda: False, announce=lambda: None) == 1
    assert capfd.readouterr().err == "The short process ended by itself (exit code 4).\n"
    assert [child for child in psutil.Process().children(recursive=True) if child.name() == "sleep"] == []


def test_service_that_is_killed_is_started_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mark = tmp_path / "begun-before"
    once = f"if [ -e '{mark}' ]; then kill -TERM $PPID; exec sleep 300; else touch '{mark}'; kill -KILL $$; fi"
    commands = {"lasting": ["sh", "-c", "exec sleep 300"], "killed": ["sh", "-c", once]}
    with Signals() as signals:
        assert supervise(commands, os.environ, signals, is_ready=lambda: False, announce=lambda: None, too_soon=0) == 0
    assert capfd.readouterr().err == "The killed process ended by itself (exit code -9).\n"
    assert [child for child in psutil.Process().children(recursive=True) if child.name() == "sleep"] == []


def test_ctrl_c_ends_web_worker_beat_and_servers(tmp_path: Path) -> None:
    port = free_port()
    process = runs.start(tmp_path, sys.executable, "-c", SERVE, given={"PORT": str(port)})
    try:
        assert process.stdout is not None
        announced = next(line for line in process.stdout if "portal is at" in line or line.startswith("* Stopped"))
        assert f"http://localhost:{port}" in announced
        with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=10) as response:
            assert response.status == 200
        names = " ".join(runs.left_in(tmp_path))
        assert {word for word in ("postgres", "redis-server", "python") if word in names} == {
            "postgres",
            "redis-server",
            "python",
        }
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert (runs.left_in(tmp_path), runs.locks_in(tmp_path)) == ([], set())
