"""Files of evidence on a real disk, as in production."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Path:
    options = settings.STORAGES["default"] | {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files", "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    }
    settings.STORAGES = settings.STORAGES | {"default": options}
    return tmp_path / "files"
