"""One run at a time on a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.embedded.errors import EmbeddedError


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel gives back even after a kill -9; leaves no file behind."""
    path = folder / "lock"
    handle = _lock(path)
    try:
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _lock(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(handle, 20).decode() or "unknown"
            os.close(handle)
            raise EmbeddedError(
                f"The servers in {path.parent} are already running for another command (process {holder}). "
                "Stop that one first, or give this one a folder of its own: PORTAL_VAR=/another/folder."
            ) from error
        if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
            os.ftruncate(handle, 0)
            return handle
        os.close(handle)  # its last holder removed the file just before we locked it
