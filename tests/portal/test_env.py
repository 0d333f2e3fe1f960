"""Reading the environment: good values as they are meant, bad ones refused by name with what is expected."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.env import Environment

Read = Callable[[Environment], Any]
TEXT: Read = lambda env: env.text("X")  # noqa: E731
FLAG: Read = lambda env: env.flag("X")  # noqa: E731
INTEGER: Read = lambda env: env.integer("X", default=5, minimum=1, maximum=10)  # noqa: E731
WORDS: Read = lambda env: env.words("X")  # noqa: E731
SECRET: Read = lambda env: env.secret("X")  # noqa: E731
ZONE: Read = lambda env: env.zone("X", default="Asia/Shanghai")  # noqa: E731
URL: Read = lambda env: env.base_url("X")  # noqa: E731
DATABASE: Read = lambda env: env.database("X")  # noqa: E731
REDIS: Read = lambda env: env.redis("X")  # noqa: E731
MAIL: Read = lambda env: env.mail("X")  # noqa: E731
COMMAND: Read = lambda env: env.command("X")  # noqa: E731
FOLDER_URL: Read = lambda env: env.folder_url("X")  # noqa: E731
LEVEL: Read = lambda env: env.level("X", default="INFO")  # noqa: E731
SENDER: Read = lambda env: env.sender("X", default="Portal <portal@localhost>")  # noqa: E731


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (TEXT, " a b ", "a b"),
        *((FLAG, text, True) for text in ("1", "true", "TRUE", "yes", "on", " 1 ")),
        *((FLAG, text, False) for text in ("0", "false", "No", "off", "")),
        (INTEGER, "1", 1),
        (INTEGER, "10", 10),
        (INTEGER, "", 5),
        (WORDS, "a, b,,c ", ["a", "b", "c"]),
        (WORDS, "", []),
        (SECRET, "x" * 50, "x" * 50),
        (ZONE, "", "Asia/Shanghai"),
        (ZONE, "Europe/Vienna", "Europe/Vienna"),
        (URL, "https://reports.example.org/", "https://reports.example.org"),
        (URL, "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        (REDIS, "redis://h:6379/1", ("redis://h:6379/1", "redis://h:6379/1")),
        (REDIS, "rediss://:secret@h", ("rediss://:secret@h", "rediss://:secret@h")),
        (REDIS, "unix:///run/r.sock?db=2", ("unix:///run/r.sock?db=2", "redis+socket:///run/r.sock?virtual_host=2")),
        (COMMAND, "", []),
        (COMMAND, "clamdscan --fdpass --no-summary", ["clamdscan", "--fdpass", "--no-summary"]),
        (COMMAND, "'/opt/my scanner/scan' -q", ["/opt/my scanner/scan", "-q"]),
        (FOLDER_URL, "", ""),
        (FOLDER_URL, "/files-of-reports/", "/files-of-reports/"),
        (FOLDER_URL, "/a/b_1/", "/a/b_1/"),
        (LEVEL, "", "INFO"),
        (LEVEL, "warning", "WARNING"),
        (SENDER, "Economy <economy@example.org>", "Economy <economy@example.org>"),
        (SENDER, "economy@example.org", "economy@example.org"),
    ],
)
def test_good_value_is_read(read: Read, value: str, expected: object) -> None:
    assert read(Environment({"X": value})) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (TEXT, ""),
        (TEXT, "  "),
        (COMMAND, "scan 'unclosed"),
        *((FOLDER_URL, text) for text in ("files/", "/files", "/", "//", "/a/../b/", "/a b/", "/a//b/", "https://x/", "/a\r\n/")),
        *((FLAG, text) for text in ("2", "maybe", "y", "None")),
        *((INTEGER, text) for text in ("0", "11", "-1", "1.5", "x", "１", "1e1")),
        (SECRET, ""),
        (SECRET, "x" * 49),
        (ZONE, "Beijing"),
        (ZONE, "../etc/passwd"),
        (ZONE, "asia/shanghai"),
        *(
            (URL, text)
            for text in ("", "reports.example.org", "ftp://h", "https://", "https://h/path", "https://h?x=1", "https://h#x")
        ),
        *((URL, text) for text in ("https://h:port", "https://h:99999", "https://[h", "https://user@h", "https://a b")),
        *((DATABASE, text) for text in ("", "sqlite:///db", "mysql://h/db", "postgresql://h", "postgresql://h:port/db")),
        *((DATABASE, text) for text in ("postgresql://[h/db", "host=h dbname=db")),
        *((REDIS, text) for text in ("", "redis://", "amqp://h", "unix://", "redis://h:port/0", "redis://[h", "redis://h/zero")),
        (REDIS, "unix:///run/r.sock?db=zero"),
        *((MAIL, text) for text in ("", "smtp://", "imap://h", "smtp://h:port", "file://relative", "smtp://[h", "h:25")),
        (LEVEL, "LOUD"),
        *((SENDER, text) for text in ("nobody", "A <b>", "a@b.org\nBcc: c@d.org", "a@b.org, c@d.org")),
    ],
)
def test_bad_value_is_refused_by_name_with_what_is_expected(read: Read, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^X: expected .+"):
        read(Environment({"X": value}))


@pytest.mark.parametrize("read", [TEXT, SECRET, URL, DATABASE, REDIS, MAIL])
def test_missing_value_is_refused_by_name(read: Read) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^X: expected .+ not set"):
        read(Environment({}))


@pytest.mark.parametrize(
    ("read", "expected"), [(FLAG, False), (INTEGER, 5), (WORDS, []), (ZONE, "Asia/Shanghai"), (LEVEL, "INFO")]
)
def test_missing_value_with_a_default_is_the_default(read: Read, expected: object) -> None:
    assert read(Environment({})) == expected


def test_secrets_are_not_repeated_in_the_error() -> None:
    for read, value in (
        (SECRET, "hunter2"),
        (DATABASE, "mysql://u:hunter2@h/db"),
        (REDIS, "amqp://:hunter2@h"),
        (MAIL, "imap://u:hunter2@h"),
    ):
        with pytest.raises(ImproperlyConfigured) as caught:
            read(Environment({"X": value}))
        assert "hunter2" not in str(caught.value)


def test_database_is_postgresql_with_its_parts() -> None:
    found = Environment({"X": "postgresql://u:p%40ss@h:5433/portal"}).database("X")
    parts = {name: found[name] for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "CONN_HEALTH_CHECKS")}
    assert parts == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "h",
        "PORT": 5433,
        "CONN_HEALTH_CHECKS": True,
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://h", ("h", 25, "", "", False, False)),
        ("smtp://h:2525", ("h", 2525, "", "", False, False)),
        ("smtps://u:p%40@h", ("h", 465, "u", "p@", True, False)),
        ("smtp+tls://u%40x:p@h", ("h", 587, "u@x", "p", False, True)),
    ],
)
def test_mail_server_is_read_from_one_url(url: str, expected: tuple[object, ...]) -> None:
    found = Environment({"X": url}).mail("X")
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "EMAIL_USE_SSL", "EMAIL_USE_TLS")
    assert tuple(found[name] for name in names) == expected
    assert found["EMAIL_TIMEOUT"]


def test_mail_to_files_and_console() -> None:
    assert Environment({"X": "file:///a%20b/mail"}).mail("X")["EMAIL_FILE_PATH"] == "/a b/mail"
    assert Environment({"X": "console://"}).mail("X")["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
