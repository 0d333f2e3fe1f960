"""The city's figures of 3,000 districts and 50 indicators, against SQL written by hand and against a loop over instances."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection, transaction

from reporting.domain.figures import refresh_figures
from reporting.models import Answer, CycleFigure, Submission
from reporting.queries.figures import district_figures
from tests.bench import data
from tests.bench.harness import Figure, in_turns

_WRITE = """
INSERT INTO reporting_cyclefigure (cycle_id, indicator_id, value, base, growth, change, value_reported, base_reported, expected,
    unallocated_value, unallocated_base, computed_at, fingerprint)
SELECT %(cycle)s, v.indicator_id, sum(v.number), sum(b.number) FILTER (WHERE v.number IS NOT NULL),
    (sum(v.number) FILTER (WHERE b.number >= 0) / nullif(sum(b.number) FILTER (WHERE v.number IS NOT NULL), 0) - 1) * 100,
    sum(v.number) FILTER (WHERE b.number IS NOT NULL) - sum(b.number) FILTER (WHERE v.number IS NOT NULL),
    count(v.number), count(b.number) FILTER (WHERE v.number IS NOT NULL),
    (SELECT count(*) FROM reporting_submission WHERE cycle_id = %(cycle)s), 0, 0, now(),
    (SELECT encode(sha256(convert_to(string_agg(r.digest, ',' ORDER BY a.cycle_id, a.district_id), 'UTF8')), 'hex')
        FROM reporting_submission a JOIN reporting_revision r ON r.id = a.approved_revision_id
        WHERE a.cycle_id IN (%(cycle)s, %(last_year)s))
FROM reporting_submission s
JOIN reporting_answer v ON v.revision_id = s.approved_revision_id AND v.indicator_id IS NOT NULL AND v.row_key = ''
LEFT JOIN reporting_submission l ON l.cycle_id = %(last_year)s AND l.district_id = s.district_id
LEFT JOIN reporting_answer b ON b.revision_id = l.approved_revision_id AND b.indicator_id = v.indicator_id AND b.row_key = ''
WHERE s.cycle_id = %(cycle)s
GROUP BY v.indicator_id
ON CONFLICT (cycle_id, indicator_id) DO UPDATE SET value = excluded.value, base = excluded.base, growth = excluded.growth,
    change = excluded.change, fingerprint = excluded.fingerprint
"""
_DISTRICTS = """
WITH cells AS (
    SELECT s.district_id, d.code, d.name, d.name_zh, d.peer_group, s.state, v.status, v.number AS value, b.number AS base
    FROM reporting_submission s
    JOIN districts_district d ON d.id = s.district_id
    LEFT JOIN reporting_answer v
        ON v.revision_id = s.approved_revision_id AND v.indicator_id = %(indicator)s AND v.row_key = ''
    LEFT JOIN reporting_submission l ON l.cycle_id = %(last_year)s AND l.district_id = s.district_id
    LEFT JOIN reporting_answer b
        ON b.revision_id = l.approved_revision_id AND b.indicator_id = %(indicator)s AND b.row_key = ''
    WHERE s.cycle_id = %(cycle)s
), measured AS (
    SELECT *, round((100 * (value - base))::numeric(60, 24) / base, 18) AS growth, value - base AS change,
        round((100 * value)::numeric(60, 24) / sum(value) OVER (), 18) AS share,
        round((100 * (value - base))::numeric(60, 24) / sum(base) OVER (), 18) AS contribution
    FROM cells
)
SELECT district_id, code, name, name_zh, peer_group, state, status, value, base, false, false, growth, change, share,
    contribution,
    rank() OVER (ORDER BY value DESC), rank() OVER (ORDER BY growth DESC), max(abs(contribution)) OVER (),
    min(contribution) OVER () < 0, count(*) OVER ()
FROM measured ORDER BY code
"""


def measure(world: data.World) -> list[Figure]:
    cycle = world.cycle
    ids = {"cycle": cycle.pk, "last_year": world.last_year.pk}

    def clear() -> None:
        CycleFigure.objects.filter(cycle=cycle).delete()

    def refresh() -> None:
        refresh_figures(cycle_id=cycle.pk, now=data.NOW)

    def by_hand() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(_WRITE, ids)

    def bare() -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(_DISTRICTS, ids | {"indicator": world.indicators[0].pk})
            return cursor.fetchall()

    figures = [
        in_turns(
            "rollup_3000", refresh, by_hand, before=clear, note="refresh_figures against SQL by hand, the same rows written"
        ),
        in_turns(
            "rollup_loop",
            refresh,
            lambda: loop(world),
            rounds=3,
            before=clear,
            note="refresh_figures against a loop over instances",
        ),
    ]
    _compare(world, by_hand, refresh, clear)
    if bare() != [tuple(row) for row in district_figures(cycle, world.indicators[0])]:
        raise RuntimeError("The baseline and district_figures differ.")
    figures.append(
        in_turns(
            "district_figures",
            lambda: district_figures(cycle, world.indicators[0]),
            bare,
            note="one indicator's table against SQL by hand, the same rows",
        )
    )
    return figures


def _compare(world: data.World, by_hand: object, refresh: object, clear: object) -> None:
    """The baseline gives what the portal gives (but for the text that the fingerprint is of), or the figures say nothing."""
    seen = []
    for action in (by_hand, refresh):
        clear()  # type: ignore[operator]
        action()  # type: ignore[operator]
        rows = CycleFigure.objects.filter(cycle=world.cycle).order_by("indicator_id")
        seen.append(
            list(
                rows.values_list(
                    "indicator_id", "value", "base", "growth", "change", "value_reported", "base_reported", "expected"
                )
            )
        )
    if seen[0] != seen[1]:
        raise RuntimeError(f"The baseline and refresh_figures differ: {seen[0][0]} and {seen[1][0]}")


def loop(world: data.World) -> None:
    """The same by instances: read every answer, add up in Python, write row by row."""
    values: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    bases: dict[tuple[int, int], Decimal] = {}
    for cycle, is_base in ((world.last_year, True), (world.cycle, False)):
        revisions = Submission.objects.filter(cycle=cycle).values("approved_revision_id")
        for answer in Answer.objects.filter(revision__in=revisions, indicator__isnull=False).select_related(
            "indicator", "district"
        ):
            if answer.number is None or answer.indicator is None:
                continue
            if is_base:
                bases[answer.district.pk, answer.indicator.pk] = answer.number
            else:
                values[answer.indicator.pk].append((answer.district.pk, answer.number))
    expected = Submission.objects.filter(cycle=world.cycle).count()
    for indicator_id, rows in values.items():
        with_base = [(number, bases[district, indicator_id]) for district, number in rows if (district, indicator_id) in bases]
        base = sum((base for _number, base in with_base), Decimal(0))
        CycleFigure.objects.create(
            cycle=world.cycle,
            indicator_id=indicator_id,
            value=sum((number for _district, number in rows), Decimal(0)),
            base=base,
            growth=(sum((number for number, _base in with_base), Decimal(0)) / base - 1) * 100 if base else None,
            value_reported=len(rows),
            base_reported=len(with_base),
            expected=expected,
            computed_at=data.NOW,
            fingerprint="0" * 64,
        )
