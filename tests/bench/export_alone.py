"""`python -m tests.bench.export_alone DATABASE ADDRESS USER`: what an export takes beyond an idle process, in MB."""

import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.db import connection  # noqa: E402 (Django comes first)
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from districts.models import User  # noqa: E402


def main(database: str, address: str, user: str) -> None:
    connection.settings_dict["NAME"] = database
    client = Client()
    client.force_login(User.objects.get(pk=user))
    if client.get(reverse("admin:index")).status_code != 200:
        raise RuntimeError("the small page was refused")
    idle = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # a new peak begins
    response: Any = client.get(address)
    for _chunk in response.streaming_content:
        pass
    sys.stdout.write(f"{_resident('VmHWM') - idle}\n")


def _resident(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:")) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
