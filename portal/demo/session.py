"""The part of the demonstration that runs beside the servers: `python -m portal.demo.session [--reset]`."""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from portal import messages
from portal.demo.address import Address
from portal.demo.environment import services
from portal.demo.services import start, stop, supervise
from portal.embedded.errors import Interrupted
from portal.embedded.signals import Signals

_MANAGE = [sys.executable, str(Path(__file__).resolve().parent.parent.parent / "manage.py")]


class StepFailed(Exception):
    """A step of the preparation ended with an error, which it has printed itself."""


def main() -> int:
    address = Address.from_environment(os.environ)
    var = Path(os.environ["PORTAL_VAR"])
    if "--reset" in sys.argv[1:]:
        for name in ("mail", "files"):
            shutil.rmtree(var / name, ignore_errors=True)
    with Signals() as signals:
        try:
            prepare(os.environ, signals)
            return serve(address, var, os.environ, signals)
        except Interrupted:
            return 0
        except StepFailed as step:
            sys.stderr.write(f"The demonstration did not start: {step} failed.\n")
            return 1


def prepare(environment: Mapping[str, str], signals: Signals) -> None:
    """Tables, data, messages and static files; each step does nothing where nothing has changed."""
    messages.compile_catalogues()
    owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    _step("Bringing the tables up to date", ["migrate", "--no-input", "--verbosity", "0"], owner, signals)
    _step("Loading the demonstration data, once", ["load_demo"], environment, signals)
    _step("Collecting the static files", ["collectstatic", "--no-input", "--verbosity", "0"], environment, signals)


def serve(address: Address, var: Path, environment: Mapping[str, str], signals: Signals) -> int:
    """Run the portal until a person ends it."""

    def announce() -> None:
        sys.stdout.write(f"\nThe portal is at {environment['PORTAL_URL']} and its mail goes to {var / 'mail'}.\n\n")
        sys.stdout.flush()
        subprocess.run([*_MANAGE, "demo_accounts"], env=environment, check=False, start_new_session=True)  # noqa: S603 (ours)
        sys.stdout.write("\nCtrl-C ends everything; the data stays for the next `make demo`.\n")
        sys.stdout.flush()

    _say("Starting the web server, the worker and the clock")
    code = supervise(services(address, var), environment, signals, is_ready=lambda: _answers(address), announce=announce)
    _say("Stopped the portal")
    return code


def _step(title: str, arguments: list[str], environment: Mapping[str, str], signals: Signals) -> None:
    _say(title)
    process = start([*_MANAGE, *arguments], environment)
    try:
        while process.poll() is None:
            signals.pause(1)
    finally:
        stop([process])
    if process.returncode:
        raise StepFailed(arguments[0])


def _answers(address: Address) -> bool:
    connection = http.client.HTTPConnection(address.local_host, address.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _say(line: str) -> None:
    sys.stdout.write(f"* {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
