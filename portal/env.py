"""Strict parsing of environment variables: a bad value stops the start, by name, with what is expected."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})
_MAIL_BACKENDS = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
    "smtp+tls": "django.core.mail.backends.smtp.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
_DATABASE = re.compile(r"[0-9]{0,3}")
_FOLDER_URL = re.compile(r"/(?:[A-Za-z0-9_-]+/)+")
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
_MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


def _bad(name: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}: expected {expected}.")


def _split(name: str, value: str, expected: str) -> tuple[SplitResult, int | None]:
    """The parts of a URL and its port; urlsplit reads a port only when asked for it."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise _bad(name, expected) from error
    return parts, port


@dataclass(frozen=True)
class Environment:
    """Typed reads of a mapping of environment variables. Every error is an `ImproperlyConfigured` that names the variable."""

    values: Mapping[str, str]

    def text(self, name: str, *, default: str | None = None, expected: str = "a text") -> str:
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise _bad(name, f"{expected}, but it is not set")
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None:
            return default
        if value.strip().lower() in _TRUE:
            return True
        if value.strip().lower() in _FALSE:
            return False
        raise _bad(name, f"1 or 0 (true or false), got {value!r}")

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        value = self.text(name, default=str(default))
        expected = f"a whole number from {minimum} to {maximum}, got {value!r}"
        if not (value.isascii() and value.isdigit() and minimum <= int(value) <= maximum):
            raise _bad(name, expected)
        return int(value)

    def words(self, name: str, *, default: str = "") -> list[str]:
        """A comma-separated list; blanks are dropped."""
        return [word.strip() for word in self.text(name, default=default).split(",") if word.strip()]

    def command(self, name: str) -> list[str]:
        """A command with its arguments, as a shell splits them; empty where there is none."""
        value = self.text(name, default="")
        try:
            return shlex.split(value)
        except ValueError as error:
            raise _bad(name, f"a command such as clamdscan --fdpass --no-summary, got {value!r}") from error

    def folder_url(self, name: str) -> str:
        """A path of the web server's that begins and ends with a slash; empty where there is none."""
        value = self.text(name, default="")
        if value and not _FOLDER_URL.fullmatch(value):
            raise _bad(name, f"a path such as /files-of-reports/, got {value!r}")
        return value

    def secret(self, name: str, *, minimum: int = 50) -> str:
        expected = f"a random text of at least {minimum} characters"
        value = self.text(name, expected=expected)
        if len(value) < minimum:
            raise _bad(name, f"{expected}, got {len(value)}")
        return value

    def level(self, name: str, *, default: str) -> str:
        """How much is logged."""
        value = self.text(name, default=default).upper()
        if value not in _LEVELS:
            raise _bad(name, f"one of {', '.join(_LEVELS)}, got {value!r}")
        return value

    def sender(self, name: str, *, default: str) -> str:
        """The address that mail comes from, with or without a name before it."""
        value = self.text(name, default=default)
        _name, address = parseaddr(value)
        if not _ADDRESS.fullmatch(address) or not value.isprintable() or len(getaddresses([value])) > 1:
            raise _bad(name, f"one e-mail address, such as Portal <portal@example.org>, got {value!r}")
        return value

    def zone(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in available_timezones():
            raise _bad(name, f"a time zone such as Asia/Shanghai, got {value!r}")
        return ZoneInfo(value).key

    def base_url(self, name: str) -> str:
        expected = "the portal's own address, such as https://reports.example.org"
        value = self.text(name, expected=expected).rstrip("/")
        parts, _port = _split(name, value, expected)
        if (
            parts.scheme not in {"http", "https"}
            or not _HOST.fullmatch(parts.netloc)
            or value != f"{parts.scheme}://{parts.netloc}"
        ):
            raise _bad(name, expected)
        return value

    def database(self, name: str) -> dict:
        expected = "postgresql://user:password@host:port/name"
        value = self.text(name, expected=expected)
        if _split(name, value, expected)[0].scheme not in {"postgres", "postgresql"}:
            raise _bad(name, f"{expected} (PostgreSQL only)")
        try:
            parsed = dj_database_url.parse(value, conn_max_age=60, conn_health_checks=True)
        except ValueError as error:
            raise _bad(name, expected) from error
        if not parsed.get("NAME"):
            raise _bad(name, f"{expected}, with a database name")
        return dict(parsed)

    def redis(self, name: str) -> tuple[str, str]:
        """A Redis URL as redis-py reads it and as Celery reads it (they spell a UNIX socket differently)."""
        expected = "redis://host:port/0 or unix:///path/to/redis.sock?db=0"
        value = self.text(name, expected=expected)
        parts, _port = _split(name, value, expected)
        if parts.scheme in {"redis", "rediss"} and parts.hostname and _DATABASE.fullmatch(parts.path.lstrip("/")):
            return value, value
        database = parse_qs(parts.query).get("db", ["0"])[0]
        if parts.scheme == "unix" and parts.path and _DATABASE.fullmatch(database):
            return value, f"redis+socket://{parts.path}?virtual_host={database}"
        raise _bad(name, expected)

    def mail(self, name: str, *, default: str | None = None) -> dict[str, object]:
        """Django's mail settings from one URL."""
        expected = "smtp://, smtps:// or smtp+tls://user:password@host:port, file:///folder, or console://"
        value = self.text(name, default=default, expected=expected)
        parts, port = _split(name, value, expected)
        if parts.scheme not in _MAIL_BACKENDS or (parts.scheme in _MAIL_PORTS and not parts.hostname):
            raise _bad(name, expected)
        if parts.scheme == "file" and not Path(unquote(parts.path)).is_absolute():
            raise _bad(name, expected)
        return {
            "EMAIL_BACKEND": _MAIL_BACKENDS[parts.scheme],
            "EMAIL_HOST": parts.hostname or "",
            "EMAIL_PORT": port or _MAIL_PORTS.get(parts.scheme, 0),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_FILE_PATH": unquote(parts.path) if parts.scheme == "file" else None,
            "EMAIL_TIMEOUT": 20,
        }


def current() -> Environment:
    return Environment(os.environ)
