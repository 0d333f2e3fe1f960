"""A cycle of a million rows as CSV, through the page that gives it out, against a bare COPY of the same rows."""

import subprocess
import sys
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from reporting.models import Cycle
from tests import factories
from tests.bench import data
from tests.bench.harness import Figure, in_turns

DISTRICTS, INDICATORS = 20_000, 50
TO_REACH, MEGABYTES = 4, 150
_COPY = """
COPY (
    SELECT d.code, s.district_name, i.code, i.name, '2026-S1', a.number, i.unit, a.status, a.explanation
    FROM reporting_submission s
    JOIN districts_district d ON d.id = s.district_id
    CROSS JOIN reporting_indicator i
    LEFT JOIN reporting_answer a ON a.revision_id = s.approved_revision_id AND a.indicator_id = i.id AND a.row_key = ''
    WHERE s.cycle_id = %s
    ORDER BY d.code, i.id
) TO STDOUT (FORMAT csv)
"""


def make_cycle() -> Cycle:
    data.make_districts(DISTRICTS)
    indicators = [factories.make_indicator(f"N{number:02}") for number in range(INDICATORS)]
    cycle = data.make_cycle(data.make_version("bench", indicators, 3), "2026-S1", locked=False)
    data.fill(cycle, factor=data.Decimal("1.07"), upto="approved")
    data.run("VACUUM (ANALYZE)")
    return cycle


def measure() -> list[Figure]:
    cycle, client = make_cycle(), Client()
    client.force_login(data.make_administrator())
    address = reverse("admin:reporting_cycle_table", args=[cycle.pk, "csv"])
    lines: dict[str, int] = {}

    def export() -> None:
        response: Any = client.get(address)
        lines["export"] = sum(chunk.count(b"\n") for chunk in response.streaming_content) - 1

    def copy() -> None:
        with connection.cursor() as cursor, cursor.copy(_COPY, [cycle.pk]) as rows:
            lines["copy"] = sum(1 for _line in rows)

    above = _above_idle(address, client.session["_auth_user_id"])
    figure = in_turns("export", export, copy, rounds=3)
    if lines != dict.fromkeys(("export", "copy"), DISTRICTS * INDICATORS):
        raise RuntimeError(f"The table and COPY have not the same rows: {lines}")
    reached = figure.ratio <= TO_REACH and above <= MEGABYTES
    note = (
        f"{lines['export']:,} rows as CSV against COPY of the same, peak {above:.0f} MB above idle in a fresh process; "
        f"to reach: ratio <= {TO_REACH}, <= {MEGABYTES} MB: {'reached' if reached else 'NOT REACHED'}"
    )
    return [Figure(figure.name, figure.value, figure.unit, figure.baseline, figure.ratio, note)]


def _above_idle(address: str, user: str) -> float:
    """In MB, of a fresh process that has answered one small page before: this one has made the data, and is larger than any that
    serves."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.bench.export_alone", name, address, user]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])
