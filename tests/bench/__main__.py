"""`python -m tests.bench [name ...]`: measure all, or the named groups; print a table and write var/bench.json."""

import os
import sys
from collections.abc import Callable
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.conf import settings  # noqa: E402 (Django comes first)

from tests.bench import (  # noqa: E402
    briefing,
    consolidate,
    data,
    export,
    harness,
    mail,
    pages,
    rollup,
    rules,
    storm,
    weight,
    workbook_reading,
    workbook_writing,
)
from tests.bench.database import throw_away  # noqa: E402


def measure_rollup() -> list[harness.Figure]:
    with throw_away("rollup"):
        return rollup.measure(data.make_world(3000))


def measure_storm() -> list[harness.Figure]:
    with throw_away("storm"):
        return [storm.measure()]


def measure_mail() -> list[harness.Figure]:
    with throw_away("mail"):
        return [mail.measure()]


def measure_weight() -> list[harness.Figure]:
    with throw_away("weight"):
        return weight.measure()


def measure_export() -> list[harness.Figure]:
    with throw_away("export"):
        return export.measure()


def measure_consolidate() -> list[harness.Figure]:
    with throw_away("consolidate"):
        return consolidate.measure()


def measure_briefing() -> list[harness.Figure]:
    with throw_away("briefing"):
        return briefing.measure()


def measure_workbook_read() -> list[harness.Figure]:
    with throw_away("workbook"):
        return workbook_reading.measure()


def measure_workbook_write() -> list[harness.Figure]:
    with throw_away("workbook_write"):
        return workbook_writing.measure()


GROUPS: dict[str, Callable[[], list[harness.Figure]]] = {
    "rollup": measure_rollup,
    "pages": pages.measure,
    "public_page": partial(pages.measure_public, "public_page"),
    "api": partial(pages.measure_public, "api"),
    "storm": measure_storm,
    "mail": measure_mail,
    "page_weight": measure_weight,
    "rules": rules.measure,
    "export": measure_export,
    "consolidate": measure_consolidate,
    "briefing": measure_briefing,
    "workbook_read": measure_workbook_read,
    "workbook_write": measure_workbook_write,
}


def main() -> None:
    wanted = sys.argv[1:] or list(GROUPS)
    figures = [figure for name in wanted for figure in GROUPS[name]()]
    harness.write(figures, settings.VAR_DIR / "bench.json")
    sys.stdout.write(harness.table(figures) + "\n")


if __name__ == "__main__":
    main()
