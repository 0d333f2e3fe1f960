"""What the command finds in its environment, for whoever joins it from a second terminal."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_NAMES = (
    *("PORTAL_VAR", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY"),
    *("PORTAL_URL", "ALLOWED_HOSTS", "EMAIL_URL", "PORTAL_DEMO"),
)


@contextmanager
def published(folder: Path, values: Mapping[str, str]) -> Iterator[None]:
    """Keep the values in a file for its owner as long as they are true: `. var/environment` reads them."""
    path = folder / "environment"
    path.unlink(missing_ok=True)
    lines = [f"export {name}={shlex.quote(values[name])}\n" for name in _NAMES if name in values]
    path.touch(mode=0o600)
    path.write_text("".join(lines))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
