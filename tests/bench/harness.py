"""Measuring a thing and its baseline in turns, and writing what came out."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """`value` and `baseline` in `unit`, medians; `ratio` is value / baseline (of times)."""

    name: str
    value: float
    unit: str
    baseline: float
    ratio: float
    note: str


def milliseconds(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def in_turns(
    name: str,
    thing: Callable[[], object],
    baseline: Callable[[], object],
    *,
    rounds: int = 9,
    before: Callable[[], object] = lambda: None,
    note: str = "",
) -> Figure:
    """Medians of `rounds` interleaved runs after one warm-up of each; `before` is run, not measured, before each."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(rounds + 1):
        for is_thing, action in ((True, thing), (False, baseline)):
            before()
            taken = milliseconds(action)
            if turn:
                times[is_thing].append(taken)
    value, base = statistics.median(times[True]), statistics.median(times[False])
    return Figure(name, round(value, 2), "ms", round(base, 2), round(value / base, 3), note)


def write(figures: list[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> str:
    lines = [f"{'name':<18}{'value':>12}  {'unit':<6}{'baseline':>12}{'ratio':>9}  note"]
    lines += [f"{f.name:<18}{f.value:>12,.2f}  {f.unit:<6}{f.baseline:>12,.2f}{f.ratio:>9.3f}  {f.note}" for f in figures]
    return "\n".join(lines)
