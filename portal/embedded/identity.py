"""The account that PostgreSQL runs under: it refuses to be root."""

import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import folder, linux
from portal.embedded.errors import EmbeddedError

_OTHER_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    """The runner's own account, the same in a user namespace, or another account by its id."""

    namespace: bool = False
    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> dict[str, object]:
        """What `subprocess` must be told."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def preparation(self, death_signal: int) -> Callable[[], None]:
        """What the child does between fork and exec."""

        def prepare() -> None:
            if self.namespace:
                linux.enter_user_namespace()
            linux.signal_at_parents_death(death_signal)  # last, because a change of account clears it

        return prepare

    def take(self, path: Path) -> None:
        """Give the account a folder of its own inside the data folder, and a way to it."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
            path.parent.chmod(0o711)


def choose(data: Path, program: Path) -> Identity:
    """An identity that may run the program and own the data. Only root needs another one than its own."""
    if os.geteuid() != 0:
        _refuse_foreign(data)
        return Identity()
    for identity in _candidates(data):
        if _works(identity, program, data.parent):
            return identity
    raise EmbeddedError(
        "PostgreSQL does not run as root, and no other account can be used here: user namespaces are switched off, and no other "
        f"account may enter {data.parent}. Run this as an ordinary user, or move the project to a folder that other accounts may "
        "enter (such as /srv/portal), or set DATABASE_URL to a server of yours."
    )


def _refuse_foreign(data: Path) -> None:
    if data.exists() and data.stat().st_uid != os.geteuid():
        raise EmbeddedError(
            f"{data} belongs to another account (id {data.stat().st_uid}). "
            "Run this as that account, or set PORTAL_VAR to a folder of yours."
        )


def _candidates(data: Path) -> Iterator[Identity]:
    """Whoever owns the data already, else the namespace, the project's owner and the usual accounts, in this order."""
    owner = data.stat().st_uid if data.exists() else None
    if owner is None or owner == 0:
        yield Identity(namespace=True)
    if owner == 0:
        return
    project = folder.PROJECT.stat().st_uid
    wanted = [owner] if owner is not None else [project, *_known_accounts()]
    for uid in wanted:
        if uid:
            yield Identity(uid=uid, gid=_group_of(uid))


def _known_accounts() -> list[int]:
    return [account.pw_uid for account in pwd.getpwall() if account.pw_name in _OTHER_ACCOUNTS]


def _group_of(uid: int) -> int:
    try:
        return pwd.getpwuid(uid).pw_gid
    except KeyError:
        return linux.NOBODY


def _works(identity: Identity, program: Path, where: Path) -> bool:
    """Whether the account can be taken, may enter the folder and may run the program."""
    mode = where.stat().st_mode
    try:
        if identity.uid is not None:
            where.chmod(0o711)
        probe = subprocess.run(  # noqa: S603 (fixed words and our own paths)
            ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", where, program],
            cwd="/",
            preexec_fn=identity.preparation(signal.SIGKILL),
            capture_output=True,
            check=False,
            **identity.options,  # type: ignore[call-overload]
        )
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        where.chmod(mode)
    return probe.returncode == 0
