"""The settings as a process reads them: from the environment alone, and stopping at what is wrong with it."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from guardian.backends import ObjectPermissionBackend

from districts.backends import DistrictPermissionBackend

PRODUCTION = {
    "DATABASE_URL": "postgresql://portal_app:secret@db.example.org:5432/portal",
    "REDIS_URL": "rediss://:secret@redis.example.org:6379/0",
    "SECRET_KEY": "9b1f6e0a7c3d48529b1f6e0a7c3d48529b1f6e0a7c3d48529b1f6e0a7c3d4852",
    "PORTAL_URL": "https://reports.example.org",
    "ALLOWED_HOSTS": "reports.example.org",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.org:587",
    "MAIL_FROM": "District Reporting Portal <portal@example.org>",
    "BEHIND_PROXY": "1",
}
_SHOW = """
import json
from django.conf import settings
values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps(values, default=lambda value: type(value).__name__))
"""


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python process in the project's folder that knows of nothing but the environment given."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "portal.settings", "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    found = _run(PRODUCTION, "-c", _SHOW)
    assert found.returncode == 0, found.stderr
    values = json.loads(found.stdout)
    assert isinstance(values, dict)
    return values


def _documented() -> set[str]:
    """The names in the table of docs/operations.md."""
    section = (settings.BASE_DIR / "docs" / "operations.md").read_text().partition("### Environment")[2].partition("\n### ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_documented_environment_is_what_the_settings_read() -> None:
    source = (settings.BASE_DIR / "portal" / "settings.py").read_text()
    assert _documented() == set(re.findall(r'_ENV\.\w+\(\s*"(\w+)"', source)) - {"DEBUG", "PORTAL_DEMO"}


@pytest.mark.parametrize("given", [{}, {"PORTAL_TIME_ZONE": "Asia/Shanghai", "PORTAL_VAR": "var/none", "LOG_LEVEL": "WARNING"}])
def test_deployment_checks_are_clean_in_production(given: dict[str, str]) -> None:
    environment = PRODUCTION | given
    assert environment.keys() <= _documented()
    found = _run(environment, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (found.returncode, found.stdout.strip()) == (0, "System check identified no issues (1 silenced)."), found.stderr
    assert settings.SILENCED_SYSTEM_CHECKS == ["guardian.W001"]
    assert issubclass(DistrictPermissionBackend, ObjectPermissionBackend)


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_URL", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_missing_variable_stops_the_start_by_name(name: str) -> None:
    found = _run({key: value for key, value in PRODUCTION.items() if key != name}, "-c", _SHOW)
    assert found.returncode != 0
    assert found.stderr.strip().splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {name}: expected ")
    assert found.stdout == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("REDIS_URL", "amqp://localhost"),
        ("SECRET_KEY", "short"),
        ("PORTAL_URL", "reports.example.org"),
        ("EMAIL_URL", "mail.example.org"),
        ("MAIL_FROM", "nobody"),
        ("BEHIND_PROXY", "perhaps"),
        ("DEBUG", "perhaps"),
        ("PORTAL_DEMO", "perhaps"),
        ("PORTAL_TIME_ZONE", "Beijing"),
        ("LOG_LEVEL", "LOUD"),
        ("FILE_MAX_MB", "51"),
        ("REPORT_FILES_MAX_MB", "0"),
        ("FILES_ACCEL_PREFIX", "files"),
        ("FILE_SCANNER", "'scan"),
    ],
)
def test_bad_value_stops_the_start_by_name(name: str, value: str) -> None:
    found = _run(PRODUCTION | {name: value}, "-c", _SHOW)
    assert found.returncode != 0
    assert found.stderr.strip().splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {name}: expected ")


def test_queue_settings_are_those_that_were_promised() -> None:
    """Acknowledged late, redelivered on loss, 600 s of visibility in all three places, JSON only, no results, UTC, 120/90 s."""
    found = _run(
        PRODUCTION,
        "-c",
        "import json; from portal.celery import app; c = app.conf; print(json.dumps({"
        "'late': c.task_acks_late, 'lost': c.task_reject_on_worker_lost, 'prefetch': c.worker_prefetch_multiplier,"
        "'visibility': [c.visibility_timeout, c.broker_transport_options['visibility_timeout'],"
        " c.result_backend_transport_options['visibility_timeout']],"
        "'accept': c.accept_content, 'task': c.task_serializer, 'result': c.result_serializer, 'ignore': c.task_ignore_result,"
        "'zone': [c.timezone, c.enable_utc], 'limits': [c.task_time_limit, c.task_soft_time_limit], 'backend': c.result_backend,"
        "'broker': c.broker_url}))",
    )
    assert json.loads(found.stdout) == {
        "late": True,
        "lost": True,
        "prefetch": 1,
        "visibility": [600, 600, 600],
        "accept": ["json"],
        "task": "json",
        "result": "json",
        "ignore": True,
        "zone": ["UTC", True],
        "limits": [120, 90],
        "backend": None,
        "broker": PRODUCTION["REDIS_URL"],
    }, found.stderr


def test_beat_knows_intervals_only_and_every_task_of_it_exists() -> None:
    found = _run(
        PRODUCTION,
        "-c",
        "import django; django.setup(); from portal.celery import app; app.loader.import_default_modules();"
        "print([(e['task'] in app.tasks, type(e['schedule']).__name__, sorted(set(e) - {'task', 'schedule'}))"
        " for e in app.conf.beat_schedule.values()])",
    )
    entries = eval(found.stdout, {"__builtins__": {}})
    assert {kind for _known, kind, _more in entries} == {"float"}
    assert {known for known, _kind, _more in entries} == {True}, found.stderr
    assert all(more == [] for *_first, more in entries)


def test_production_is_closed(production: dict[str, Any]) -> None:
    expected = {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["reports.example.org"],
        "CSRF_TRUSTED_ORIGINS": ["https://reports.example.org"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "X_FRAME_OPTIONS": "DENY",
        "PORTAL_DEMO": False,
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "USE_TZ": True,
        "TIME_ZONE": "Asia/Shanghai",
        "EMAIL_USE_TLS": True,
        "DEFAULT_FROM_EMAIL": PRODUCTION["MAIL_FROM"],
        "ANONYMOUS_USER_NAME": None,
        "AUTH_USER_MODEL": "districts.User",
    }
    assert {name: production[name] for name in expected} == expected
    assert production["CACHES"]["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert production["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    kept = {"location": "PosixPath", "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}
    assert production["STORAGES"]["default"]["OPTIONS"] == kept
    assert (production["FILE_SCANNER"], production["FILES_ACCEL_PREFIX"]) == ([], "")
    assert "MD5" not in " ".join(production["PASSWORD_HASHERS"])


def test_proxy_header_is_believed_only_when_a_proxy_is_declared() -> None:
    without = {key: value for key, value in PRODUCTION.items() if key != "BEHIND_PROXY"}
    assert json.loads(_run(without, "-c", _SHOW).stdout)["SECURE_PROXY_SSL_HEADER"] is None


def test_plain_http_is_for_this_machine_by_default() -> None:
    local = {key: value for key, value in PRODUCTION.items() if key != "ALLOWED_HOSTS"} | {"PORTAL_URL": "http://127.0.0.1:8000"}
    values = json.loads(_run(local, "-c", _SHOW).stdout)
    assert values["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert (values["SECURE_SSL_REDIRECT"], values["SESSION_COOKIE_SECURE"], values["SECURE_HSTS_SECONDS"]) == (False, False, 0)


def test_no_setting_needs_a_server() -> None:
    """Settings are read with nothing running: all servers of PRODUCTION are names that do not exist."""
    assert _run(PRODUCTION, "manage.py", "check").returncode == 0
