"""PostgreSQL killed in the middle of signatures: nothing acknowledged is lost, nothing is half-written, nothing happens twice."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_postgresql_killed_while_heads_sign_loses_and_doubles_nothing(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.endswith(("DATABASE_URL", "OWNER_URL", "REDIS_URL"))
    }
    command = [sys.executable, "-m", "portal.embedded", "--throwaway", "--", sys.executable, "-m", "tests.crash"]
    finished = subprocess.run(
        command, env=environment | {"PORTAL_VAR": str(tmp_path / "var")}, capture_output=True, text=True, timeout=240, check=False
    )
    assert finished.returncode == 0, finished.stderr
    result = json.loads(finished.stdout)
    assert 5 <= result["acknowledged_before"] < result["reports"]
    assert result["acknowledged_and_lost"] == 0
    assert result["acknowledged_after"] == result["signed"] == result["sign_events"] == result["reports"]
    assert result["mails_twice"] == 0
