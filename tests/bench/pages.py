"""Pages at 3,000 districts against themselves at 17."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.harness import Figure

NAMES = ("home", "report_page", "review_list", "figures_page")
PUBLIC = ("public_page", "api")
ROUNDS = 15


class PageServer:
    def __init__(self, districts: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.page_server", str(districts)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait(self) -> None:
        if self._read() != "ready":
            raise RuntimeError("The page server did not start.")

    def ask(self, command: str, name: str) -> dict[str, float]:
        if self.process.stdin is None:
            raise RuntimeError("The page server has no input.")
        self.process.stdin.write(f"{command} {name}\n")
        self.process.stdin.flush()
        return json.loads(self._read())

    def _read(self) -> str:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("The page server ended.")
        return line.strip()

    def stop(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=60)


def measure() -> list[Figure]:
    with _servers() as (large, small):
        return [_page(name, large, small) for name in NAMES]


def measure_public(name: str) -> list[Figure]:
    """At 17 and at 3,000 districts, each against an empty Django page of the same process."""
    with _servers() as (large, small):
        return [_against_empty(name, 17, small), _against_empty(name, 3000, large)]


@contextmanager
def _servers() -> Iterator[tuple[PageServer, PageServer]]:
    large, small = PageServer(3000), PageServer(17)
    try:
        large.wait()
        small.wait()
        yield large, small
    finally:
        large.stop()
        small.stop()


def _against_empty(name: str, districts: int, server: PageServer) -> Figure:
    times: dict[str, list[float]] = {name: [], "empty_public": []}
    for turn in range(ROUNDS + 2):
        for asked, taken in times.items():
            milliseconds = server.ask("get", asked)["milliseconds"]
            if turn >= 2:
                taken.append(milliseconds)
    value, empty = (statistics.median(taken) for taken in times.values())
    queries = int(server.ask("count", name)["queries"])
    note = f"{districts:,} districts, against an empty page; whole answer, no 304; {queries} queries"
    return Figure(f"{name}_{districts}", round(value, 2), "ms", round(empty, 2), round(value / empty, 3), note)


def _page(name: str, large: PageServer, small: PageServer) -> Figure:
    times: dict[str, list[float]] = {"large": [], "small": [], "empty": []}
    for turn in range(ROUNDS + 2):
        taken = {
            "large": large.ask("get", name)["milliseconds"],
            "small": small.ask("get", name)["milliseconds"],
            "empty": large.ask("get", "empty")["milliseconds"],
        }
        if turn >= 2:
            for key, value in taken.items():
                times[key].append(value)
    value, base, empty = (statistics.median(times[key]) for key in ("large", "small", "empty"))
    counts = [int(server.ask("count", name)["queries"]) for server in (large, small)]
    equal = "equal" if counts[0] == counts[1] else f"NOT EQUAL: {counts[1]} at 17"
    note = f"3,000 districts against 17; {counts[0]} queries, {equal}; {value / empty:.1f} x an empty page"
    return Figure(name, round(value, 2), "ms", round(base, 2), round(value / base, 3), note)
