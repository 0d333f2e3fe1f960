"""A cycle as one flat table: a row a report and indicator, from the approved revisions, read in constant memory.

The rows are made whole by PostgreSQL, words included, so that they only pass through.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from districts.enums import DistrictPermission
from districts.languages import is_chinese
from districts.queries.access import AnyUser, districts_for
from reporting.enums import FigureStatus
from reporting.models import Cycle, Submission
from reporting.queries.definitions import questionnaire

_REPORTS = """
    SELECT s.district_id, d.code, CASE WHEN %(in_chinese)s THEN s.district_name_zh ELSE s.district_name END AS name,
        r.id AS revision_id, r.nil_reason <> '' AS is_nil
    FROM reporting_submission s
    JOIN districts_district d ON d.id = s.district_id
    LEFT JOIN reporting_revision r ON r.id = s.approved_revision_id
    WHERE s.cycle_id = %(cycle)s AND s.district_id = ANY(%(districts)s::bigint[]) AND (s.state <> 'released' OR r.id IS NOT NULL)
    ORDER BY d.code
"""
_TABLE = f"""
    SELECT report.code, text(report.name), asked.code, text(asked.name), %(period)s, trim_scale(answer.number),
        text(asked.unit), word.label, text(answer.explanation)
    FROM ({_REPORTS}) report
    CROSS JOIN unnest(%(ids)s::bigint[], %(codes)s::text[], %(names)s::text[], %(units)s::text[])
        WITH ORDINALITY AS asked (id, code, name, unit, position)
    LEFT JOIN reporting_answer answer
        ON answer.revision_id = report.revision_id AND answer.indicator_id = asked.id AND answer.row_key = ''
            AND NOT report.is_nil
    JOIN unnest(%(statuses)s::text[], %(words)s::text[]) AS word (status, label)
        ON word.status = CASE WHEN report.revision_id IS NULL THEN 'not_approved' WHEN report.is_nil THEN 'nil'
            ELSE coalesce(answer.status, 'missing') END
    ORDER BY report.code, asked.position
"""  # noqa: S608 (every value is a parameter)
_TEXTS = re.compile(r"text\(([a-z.]+)\)")
_PLAIN = "nullif({}, '')"
_SAFE = r"CASE WHEN left({0}, 1) IN ('=', '+', '-', '@', E'\t', E'\r', E'\n') THEN '''' || {0} ELSE nullif({0}, '') END"
_CHUNK = 64 * 1024
_FETCHED = 2_000


@dataclass(frozen=True)
class CycleTable:
    """What is asked of the database: a statement's parameters, in the reader's language."""

    parameters: dict[str, Any]

    def __len__(self) -> int:
        """How many rows at most."""
        reports = Submission.objects.filter(cycle=self.parameters["cycle"], district__in=self.parameters["districts"])
        return reports.count() * len(self.parameters["ids"])


def cycle_table(user: AnyUser, cycle: Cycle) -> CycleTable:
    """The reports that the person reviews, by every indicator that the cycle's definition asks for."""
    asked = questionnaire(cycle.definition_version_id)
    indicators = [question.indicator for question in asked.questions if question.indicator]
    return CycleTable(
        {
            "cycle": cycle.pk,
            "period": cycle.period,
            "districts": list(districts_for(user, DistrictPermission.REVIEW).values_list("pk", flat=True)),
            "in_chinese": is_chinese(),
            "ids": [indicator.pk for indicator in indicators],
            "codes": [indicator.code for indicator in indicators],
            "names": [indicator.label for indicator in indicators],
            "units": [indicator.unit_label for indicator in indicators],
            "statuses": FigureStatus.values,
            "words": [str(label) for label in FigureStatus.labels],
        }
    )


@contextmanager
def snapshot() -> Iterator[datetime]:
    """A read-only transaction in which everything is seen as it was at one instant, which is given.

    Inside somebody's transaction it is that one's.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("SELECT statement_timestamp()")
        yield cursor.fetchone()[0]


def csv_rows(table: CycleTable) -> Iterator[bytes]:
    """The rows as lines of CSV, in chunks, with text that no spreadsheet takes for a formula.

    Ends the statement when the reader stops. Call within `snapshot`.
    """
    with connection.cursor() as cursor, cursor.copy(f"COPY ({_sql(_SAFE)}) TO STDOUT (FORMAT csv)", table.parameters) as copy:
        chunk = bytearray()
        for line in copy:
            chunk += line
            if len(chunk) >= _CHUNK:
                yield bytes(chunk)
                chunk.clear()
        yield bytes(chunk)


def plain_rows(table: CycleTable) -> Iterator[tuple[Any, ...]]:
    """The rows as values: text, Decimal or None. Call within `snapshot`."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_sql(_PLAIN), table.parameters)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def _sql(text: str) -> str:
    """The statement with its texts written in the one or the other way."""
    return _TEXTS.sub(lambda found: text.format(found[1]), _TABLE)
