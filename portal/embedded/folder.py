"""The folder that holds everything a run writes, and the secret key in it."""

import os
import secrets
import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile

PROJECT = Path(__file__).resolve().parent.parent.parent


def var_folder() -> Path:
    """PORTAL_VAR, or `var` in the project; made, for its owner only, where it is missing."""
    folder = Path(os.environ.get("PORTAL_VAR") or PROJECT / "var").absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()


def secret_key(folder: Path) -> str:
    """The key kept in the folder, made at first use."""
    path = folder / "secret_key"
    if not path.exists():
        with NamedTemporaryFile("w", dir=folder, prefix="secret_key.", delete=False) as file:  # mode 0600
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(file.name, path)  # never replaces the key of another run
        except FileExistsError:
            pass
        finally:
            Path(file.name).unlink()
    return path.read_text()


def empty(folder: Path) -> None:
    """Remove the servers' data."""
    for name in ("postgres", "postgres.new", "redis"):
        shutil.rmtree(folder / name, ignore_errors=True)
