"""The settings of the demonstration."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from portal.demo.address import Address


def demo_environment(given: Mapping[str, str], address: Address, var: Path) -> dict[str, str]:
    """The whole environment: what was given stays, except what makes it a demonstration."""
    url = given.get("PORTAL_URL") or address.url
    hosts = ["localhost", "127.0.0.1", "[::1]", address.host, urlsplit(url).hostname or ""]
    defaults = {
        "PORTAL_URL": url,
        "ALLOWED_HOSTS": ",".join(sorted({host for host in hosts if host})),
        "EMAIL_URL": f"file://{quote(str(var / 'mail'))}",
        "LOG_LEVEL": "WARNING",
    }
    fixed = {
        "DEBUG": "0",
        "PORTAL_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore::UserWarning:celery.platforms",  # that root runs it, which is fine for a demonstration
    }
    return {**defaults, **{name: value for name, value in given.items() if value}, **fixed}


def services(address: Address, var: Path) -> dict[str, list[str]]:
    """The processes of the portal, by name."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--quiet", "--app", "portal"]
    calm = ["--loglevel", "WARNING"]
    return {
        "web": [*python, "gunicorn", "portal.wsgi", "--bind", f"{address.host}:{address.port}", "--log-level", "warning"],
        "worker": [
            *celery,
            "worker",
            *calm,
            "--concurrency",
            str(min(os.cpu_count() or 1, 2)),
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", *calm, "--schedule", str(var / "beat-schedule")],
    }
