import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import psutil
import psycopg
import pytest
import redis

from portal.embedded.postgres import Postgres
from portal.embedded.signals import Signals
from tests.portal import embedded_runs as runs


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a space in its path, its servers made once."""
    folder = tmp_path_factory.mktemp("var with Space")
    assert runs.run(folder, "true") == (0, "", "")
    return folder


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_runner_imports_no_django() -> None:
    program = "import sys, portal.embedded.__main__; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], cwd=runs.PROJECT, check=False).returncode == 0


def test_exit_code_is_passed_through_and_nothing_is_left(var: Path) -> None:
    assert runs.run(var, "sh", "-c", "echo out; echo err >&2; exit 7") == (7, "out\n", "err\n")
    assert runs.run(var, "sh", "-c", "kill -KILL $$")[0] == 128 + signal.SIGKILL
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


def test_command_that_does_not_exist_is_named(var: Path) -> None:
    code, _, errors = runs.run(var, "no-such-command")
    assert (code, errors) == (1, "no-such-command: No such file or directory\n")
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


def test_roles_are_no_superusers_and_the_app_may_use_what_the_owner_makes(var: Path) -> None:
    program = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
    owner.execute("CREATE TABLE note (id bigserial PRIMARY KEY, line text)")
    abilities = "rolsuper, rolcreatedb, rolcreaterole, rolbypassrls"
    print(owner.execute(f"SELECT rolname, {abilities} FROM pg_roles WHERE rolname LIKE 'portal%' ORDER BY 1").fetchall())
    owner.execute("CREATE DATABASE made_by_owner")
    owner.execute("DROP DATABASE made_by_owner")
with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as app:
    app.execute("INSERT INTO note (line) VALUES ('a'), ('b')")
    app.execute("UPDATE note SET line = 'c' WHERE line = 'a'")
    app.execute("DELETE FROM note WHERE line = 'b'")
    print(app.execute("SELECT line FROM note").fetchall())
    for statement in ("DROP TABLE note", "TRUNCATE note", "CREATE TABLE my ()", "CREATE DATABASE my", "SET ROLE portal_owner"):
        try:
            app.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            print("refused")
"""
    code, output, errors = runs.run(var, sys.executable, "-c", program)
    assert (code, errors) == (0, "")
    assert output.splitlines() == [
        "[('portal_app', False, False, False, False), ('portal_owner', False, True, False, False)]",
        "[('c',)]",
        *["refused"] * 5,
    ]


def test_servers_keep_to_a_folder_of_their_owner(var: Path) -> None:
    found = runs.variables(var)
    assert unquote(found["DATABASE_URL"]) == f"postgresql://portal_app@/portal?host={var}/postgres"
    assert unquote(found["DATABASE_OWNER_URL"]) == f"postgresql://portal_owner@/portal?host={var}/postgres"
    assert unquote(found["REDIS_URL"]) == f"unix://{var}/redis/redis.sock?db=0"
    assert {stat.S_IMODE((var / name).stat().st_mode) for name in ("postgres", "redis")} == {0o700}


def test_secret_key_is_made_once_for_its_owner_only(var: Path) -> None:
    first, second = runs.variables(var)["SECRET_KEY"], runs.variables(var)["SECRET_KEY"]
    assert first == second == (var / "secret_key").read_text()
    assert len(first) >= 50
    assert stat.S_IMODE((var / "secret_key").stat().st_mode) == 0o600
    assert runs.variables(var, SECRET_KEY="given")["SECRET_KEY"] == "given"


def test_given_urls_are_used_and_their_servers_not_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://somewhere/else", "REDIS_URL": "redis://somewhere:1/0"}
    found = runs.variables(tmp_path, **given)
    assert {name: found[name] for name in given} == given
    assert found["DATABASE_OWNER_URL"] == given["DATABASE_URL"]
    assert {path.name for path in tmp_path.iterdir()} == {"secret_key"}
    found = runs.variables(tmp_path, DATABASE_URL="postgresql://a/b", DATABASE_OWNER_URL="postgresql://c/b")
    assert (found["DATABASE_URL"], found["DATABASE_OWNER_URL"]) == ("postgresql://a/b", "postgresql://c/b")
    assert not (tmp_path / "postgres").exists()
    assert (tmp_path / "redis").exists()


def test_owner_url_alone_is_refused(tmp_path: Path) -> None:
    code, _, errors = runs.run(tmp_path, "true", given={"DATABASE_OWNER_URL": "postgresql://c/b"})
    assert code == 1
    assert "DATABASE_URL is not" in errors


def test_path_too_long_for_a_socket_uses_the_loopback_with_passwords(tmp_path: Path) -> None:
    var = tmp_path / ("deep " * 12) / ("er" * 30)
    program = (
        "import os, psycopg, redis;"
        "psycopg.connect(os.environ['DATABASE_URL']); redis.Redis.from_url(os.environ['REDIS_URL']).ping()"
    )
    assert runs.run(var, sys.executable, "-c", program) == (0, "", "")
    found = runs.variables(var)
    assert "@127.0.0.1:" in found["DATABASE_URL"]
    assert "@127.0.0.1:" in found["REDIS_URL"]
    without_password = "import os, psycopg, re; psycopg.connect(re.sub(':[^:@]+@', '@', os.environ['DATABASE_URL']))"
    code, _, errors = runs.run(var, sys.executable, "-c", without_password)
    assert code == 1
    assert "no password supplied" in errors
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_command_with_its_children_and_the_servers(var: Path, number: int) -> None:
    with runs.running(var, "sh", "-c", "setsid sleep 300 & echo ready; sleep 300; exit 0") as runner:
        assert len(runs.left_in(var)) > 5
        runner.send_signal(number)
        runner.communicate(timeout=120)
    assert runner.returncode == 128 + number
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


def test_child_that_outlives_the_command_is_ended(var: Path) -> None:
    assert runs.run(var, "sh", "-c", "setsid sh -c 'trap \"\" HUP; sleep 300' >/dev/null 2>&1 & exit 3")[0] == 3
    assert runs.left_in(var) == []


def test_second_runner_on_the_same_folder_is_refused(var: Path) -> None:
    with runs.running(var, *runs.SLEEP) as first:
        code, _, errors = runs.run(var, "true")
        assert code == 1
        assert f"already running for another command (process {first.pid})" in errors
        assert first.poll() is None


def test_values_can_be_joined_from_a_second_terminal(var: Path) -> None:
    with runs.running(var, *runs.SLEEP):
        path = var / "environment"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        joined = subprocess.run(
            [
                "sh",
                "-c",
                f'. "{path}"; exec "{sys.executable}" -c "import os, psycopg; psycopg.connect(os.environ[\'DATABASE_URL\'])"',
            ],
            check=False,
        )
        assert joined.returncode == 0


def test_start_after_the_runner_was_killed_clears_and_keeps_the_data(var: Path) -> None:
    program = "import os, psycopg; psycopg.connect(os.environ['DATABASE_OWNER_URL'], autocommit=True).execute('{}')"
    with runs.running(var, "sh", "-c", "setsid sleep 300 & echo ready; wait") as runner:
        keep = program.format("CREATE TABLE kept ()")
        assert subprocess.run([sys.executable, "-c", keep], env=_joined(var), check=False).returncode == 0
        runner.kill()
        runner.wait()
        assert runs.left_in(var) != []
        assert runs.run(var, sys.executable, "-c", program.format("DROP TABLE kept")) == (0, "", "")
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


def _joined(var: Path) -> dict[str, str]:
    lines = [line.removeprefix("export ").split("=", 1) for line in (var / "environment").read_text().splitlines()]
    return dict(os.environ) | {name: value.strip("'") for name, value in lines}


def test_orphaned_server_is_replaced_and_a_strangers_process_is_spared(var: Path) -> None:
    orphan = Postgres(var)
    with Signals() as signals:
        orphan.start(signals)
    assert orphan.process is not None
    assert runs.run(var, "true") == (0, "", "")
    assert orphan.process.wait(10) == 0
    (var / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{var}/postgres\n")  # a number that was given out again
    assert runs.run(var, "true") == (0, "", "")


def test_server_that_is_killed_comes_back_under_the_running_command(var: Path) -> None:
    with runs.running(var, *runs.SLEEP) as runner:
        found = _joined(var)
        url = found["DATABASE_URL"]
        for child in psutil.Process(runner.pid).children():
            if Path(child.exe()).name in {"postgres", "redis-server"}:
                child.kill()
        with pytest.raises(psycopg.OperationalError), psycopg.connect(url) as connection:
            connection.execute("SELECT pg_sleep(5)")
        wait_until(lambda: _answers(url))
        assert runner.poll() is None
        wait_until(lambda: _rings(found["REDIS_URL"]))
    assert (runs.left_in(var), runs.locks_in(var)) == ([], set())


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _rings(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def test_throwaway_begins_with_empty_servers(tmp_path: Path) -> None:
    create = (
        "import os, psycopg; psycopg.connect(os.environ['DATABASE_OWNER_URL'], autocommit=True).execute('CREATE TABLE once ()')"
    )
    for _ in range(2):
        assert runs.run(tmp_path, sys.executable, "-c", create, throwaway=True) == (0, "", "")
