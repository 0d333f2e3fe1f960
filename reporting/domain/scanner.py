"""Asking the scanner that the environment names whether a file is infected."""

import logging
import os
import signal
import subprocess
import tempfile

from django.conf import settings
from django.utils.translation import gettext as _

from districts.errors import Refused

_log = logging.getLogger(__name__)
_INFECTED = 1
_SAID = 2000
_PASSED_ON = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"})
"""Of the environment: the portal's secrets are none of the scanner's business."""


def refuse_infected(content: bytes) -> None:
    """Raises Refused where the scanner finds something in the file, or cannot say. Without a scanner nothing is looked at.

    The file stands in a folder for temporary files as long as that takes: at most FILE_SCANNER_SECONDS, outside any transaction.
    """
    if not settings.FILE_SCANNER:
        return
    code, said = _scan(content)
    if code == _INFECTED:
        _log.warning("The scanner found something in a file of %d bytes: %s", len(content), said)
        raise Refused(_("A virus scanner found something in the file. It was not kept; tell who looks after your computer."))
    if code != 0:
        _log.error("The scanner could not look at a file of %d bytes (%s): %s", len(content), code, said)
        raise Refused(_("Files cannot be checked for viruses now, so the file was not kept. Try again later."))


def _scan(content: bytes) -> tuple[int | None, str]:
    try:
        with tempfile.NamedTemporaryFile(prefix="portal-") as file:
            file.write(content)
            file.flush()
            return _run([*settings.FILE_SCANNER, file.name])
    except OSError as error:
        return None, str(error)


def _run(command: list[str]) -> tuple[int | None, str]:
    """The exit code and what was said; None for a command that was ended because it took too long.

    Raises OSError where it did not start.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 (the operator's own command)
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(settings.FILE_SCANNER_SECONDS)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        output.seek(0)
        return code, output.read(_SAID).decode(errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
