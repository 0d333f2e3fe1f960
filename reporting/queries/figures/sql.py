"""The SQL that all figures share, so that a city's total and a district's row cannot follow different rules.

Every statement takes the instant `as_of`; the present is 'infinity'. Signed revisions never change, so the revisions in force
at an instant say everything about the reports.
"""

REPORTS = """
    SELECT s.district_id, s.district_name, s.district_name_zh, s.state, s.cycle_id <> %(cycle)s AS is_prior, r.id AS revision_id,
        r.nil_reason <> '' AS is_nil, r.digest
    FROM reporting_submission s
    LEFT JOIN reporting_revision r ON r.submission_id = s.id
        AND r.approved_at <= %(as_of)s::timestamptz
        AND (r.superseded_at IS NULL OR r.superseded_at > %(as_of)s::timestamptz)
    WHERE s.cycle_id IN (%(cycle)s, %(last_year)s) AND (s.state <> 'released' OR r.id IS NOT NULL)
        AND (s.cycle_id = %(cycle)s OR s.district_id <> ALL(%(merged_ids)s))
"""
"""One row a unit and cycle (this one, and the same period of last year), with the revision in force, if any.

Last year's reports of districts that were merged since are not here: what their successor has of them comes in as `inherited`.
A report that is not expected is no unit, unless one of its revisions was approved: that one goes on to count."""

SOURCES = """
    SELECT * FROM unnest(%(source_ids)s::bigint[], %(served_ids)s::bigint[], %(kinds)s::int[])
        AS source (indicator_id, serves_id, kind)
"""
"""Which answer serves which indicator, and as what: 1 its value, 2 its revised base, 3 its approved value of last year."""

CELLS = """
    SELECT read.district_id, source.serves_id AS indicator_id,
        max(read.number) FILTER (WHERE source.kind = 1) AS value,
        max(read.number) FILTER (WHERE source.kind = 2) AS revised,
        max(read.number) FILTER (WHERE source.kind = 3) AS last_year,
        max(read.status) FILTER (WHERE source.kind = 1) AS status
    FROM (
        (SELECT report.district_id, report.is_prior, a.indicator_id, a.number, a.status
        FROM reports report
        JOIN reporting_answer a ON a.revision_id = report.revision_id
        WHERE NOT report.is_nil AND a.indicator_id = ANY(%(source_ids)s) AND a.row_key = ''
        OFFSET 0)
        UNION ALL
        SELECT district_id, true, indicator_id, number, 'reported'
        FROM unnest(%(heir_ids)s::bigint[], %(inherited_ids)s::bigint[], %(inherited)s::numeric[])
            AS heir (district_id, indicator_id, number)
    ) AS read
    JOIN sources source ON source.indicator_id = read.indicator_id AND (source.kind = 3) = read.is_prior
    GROUP BY read.district_id, source.serves_id
"""
"""One row a unit and indicator. Grouped instead of joined to itself: one pass over the answers, whatever the planner thinks.

`OFFSET 0` keeps the planner from joining every answer to what it could serve before looking whose it is."""

UNITS = """
    SELECT district_id, indicator_id, value, last_year, revised IS NOT NULL AS is_revised, status,
        CASE WHEN indicator_id <> ALL(%(holder_ids)s) THEN coalesce(revised, last_year) END AS base
    FROM cells
"""
"""The base: as the district revised it, else as approved last year, else none. What holds another's base has none itself."""

SKIPPED = """
    SELECT unit.figure_id, unit.part_id, unit.district_id,
        bool_and(coalesce(container.has_value, false)) AS in_level,
        bool_and(coalesce(container.has_pair, false)) AS in_growth
    FROM parts unit
    JOIN reporting_inclusion inclusion
        ON inclusion.contained_id = unit.district_id AND inclusion.indicator_id = unit.counted_by
    JOIN reporting_inclusion_containers k ON k.inclusion_id = inclusion.id
    LEFT JOIN parts container ON container.district_id = k.district_id
        AND container.figure_id = unit.figure_id AND container.part_id = unit.part_id
    GROUP BY unit.figure_id, unit.part_id, unit.district_id
"""
"""Units whose figure is contained in others': left out of a sum in which all those that contain them stand.

`counted_by` is the indicator whose inclusions apply: the part's own, and for both sums of a weighted mean the weight's."""

PLAIN_PARTS = """
    SELECT indicator_id AS figure_id, indicator_id AS part_id, indicator_id AS counted_by, district_id, value, base,
        value IS NOT NULL AS has_value, value IS NOT NULL AND base IS NOT NULL AS has_pair,
        status = 'not_applicable' AS is_inapplicable
    FROM units WHERE indicator_id = ANY(%(plain_ids)s)
"""
"""A figure that is made of the indicator's own values."""

FORMULA_PARTS = """
    SELECT part.figure_id, part.part_id, part.part_id, unit.district_id, unit.value, unit.last_year,
        count(unit.value) OVER one = part.needed,
        count(unit.last_year) FILTER (WHERE unit.value IS NOT NULL) OVER one = part.needed,
        bool_or(unit.status = 'not_applicable') OVER one
    FROM units unit
    JOIN unnest(%(formula_ids)s::bigint[], %(part_ids)s::bigint[], %(needed)s::int[]) AS part (figure_id, part_id, needed)
        ON part.part_id = unit.indicator_id
    WINDOW one AS (PARTITION BY part.figure_id, unit.district_id)
"""
"""A formula's parts are summed over the units that have all of them: a ratio of sums over different units means nothing.

Its base is the formula over last year's approved values, the parts' own revised bases left aside: revised and unrevised parts do
not mix in one ratio.
"""

WEIGHTED_PARTS = """
    SELECT mean.figure_id, part.id, mean.weight_id, unit.district_id,
        CASE WHEN part.id = mean.figure_id THEN unit.value * weight.value ELSE weight.value END,
        CASE WHEN part.id = mean.figure_id THEN unit.base * weight.base ELSE weight.base END,
        unit.value IS NOT NULL AND weight.value IS NOT NULL,
        unit.value IS NOT NULL AND weight.value IS NOT NULL AND unit.base IS NOT NULL AND weight.base IS NOT NULL,
        unit.status = 'not_applicable'
    FROM unnest(%(mean_ids)s::bigint[], %(weight_ids)s::bigint[]) AS mean (figure_id, weight_id)
    JOIN units unit ON unit.indicator_id = mean.figure_id
    LEFT JOIN units weight ON weight.indicator_id = mean.weight_id AND weight.district_id = unit.district_id
    CROSS JOIN LATERAL (VALUES (mean.figure_id), (mean.weight_id)) AS part (id)
"""
"""A weighted mean is a ratio of two sums: of value times weight, and of weight."""


def common(*, more: str = "") -> str:
    """The WITH clause up to `units`; `more` adds further ones."""
    return f"WITH reports AS ({REPORTS}), sources AS ({SOURCES}), cells AS ({CELLS}), units AS ({UNITS}){more}"
