"""The SQL of the figures. Every value is a parameter: cycle, last_year (cycle ids), as_of (an instant or null: what stands now),
wanted (indicator ids) and bases (the ids of their base indicators).
"""

INSTANT = "coalesce(%(as_of)s::timestamptz, 'infinity')"
IN_FORCE = f"""r.submission_id = s.id AND r.nil_reason = ''
        AND r.approved_at <= {INSTANT} AND (r.superseded_at IS NULL OR r.superseded_at > {INSTANT})"""

# A nil return gives no values. A unit's base is the revised figure that its report gives, else what was approved last year
# (unrevised). `counted` is false for a unit whose figure is contained in another's.
UNIT = f"""
WITH this AS (
    SELECT s.district_id, r.id AS revision_id FROM reporting_submission s
    JOIN reporting_revision r ON {IN_FORCE} WHERE s.cycle_id = %(cycle)s
), old AS (
    SELECT s.district_id, r.id AS revision_id FROM reporting_submission s
    JOIN reporting_revision r ON {IN_FORCE} WHERE s.cycle_id = %(last_year)s
), fact AS (
    SELECT this.district_id, a.indicator_id, a.number AS value, a.status, NULL::numeric AS revised, NULL::numeric AS approved
    FROM this JOIN reporting_answer a ON a.revision_id = this.revision_id WHERE a.indicator_id = ANY(%(wanted)s)
    UNION ALL
    SELECT this.district_id, i.id, NULL, NULL, a.number, NULL
    FROM this JOIN reporting_answer a ON a.revision_id = this.revision_id AND a.indicator_id = ANY(%(bases)s)
    JOIN reporting_indicator b ON b.id = a.indicator_id
    JOIN reporting_indicator i ON i.base_indicator_id = b.id AND i.price_basis = b.price_basis AND i.id = ANY(%(wanted)s)
    UNION ALL
    SELECT old.district_id, a.indicator_id, NULL, NULL, NULL, a.number
    FROM old JOIN reporting_answer a ON a.revision_id = old.revision_id WHERE a.indicator_id = ANY(%(wanted)s)
), joined AS (
    SELECT district_id, indicator_id, max(status) AS status, max(value) AS value, coalesce(max(revised), max(approved)) AS base,
        max(revised) IS NOT NULL AS base_is_revised
    FROM fact GROUP BY district_id, indicator_id
), unit AS (
    SELECT joined.*, x.id IS NULL AS counted FROM joined
    LEFT JOIN reporting_inclusion x ON x.indicator_id = joined.indicator_id AND x.contained_id = joined.district_id
)
"""
OTHER = f"""
SELECT DISTINCT ON (indicator_id) indicator_id, value, base FROM reporting_adjustment
WHERE cycle_id = %(cycle)s AND at <= {INSTANT} AND indicator_id = ANY(%(wanted)s) ORDER BY indicator_id, at DESC, id DESC
"""
CITY = (
    UNIT
    + """
SELECT indicator_id, sum(value), sum(value) FILTER (WHERE base IS NOT NULL), sum(base) FILTER (WHERE value IS NOT NULL),
    max(value), count(value), count(base) FILTER (WHERE value IS NOT NULL)
FROM unit WHERE counted GROUP BY indicator_id
"""
)
WEIGHTED = (
    UNIT
    + """
SELECT v.indicator_id, sum(v.value * w.value) / nullif(sum(w.value), 0),
    sum(v.base * w.base) FILTER (WHERE w.base IS NOT NULL) / nullif(sum(w.base) FILTER (WHERE v.base IS NOT NULL), 0), count(*)
FROM unit v JOIN reporting_indicator i ON i.id = v.indicator_id
JOIN unit w ON w.district_id = v.district_id AND w.indicator_id = i.weight_indicator_id
WHERE v.value IS NOT NULL AND w.value IS NOT NULL AND v.counted AND i.city_aggregation = 'weighted_mean' GROUP BY v.indicator_id
"""
)
EXPECTED = "SELECT district_id FROM reporting_submission WHERE cycle_id = %(cycle)s"
CONTAINED = "SELECT indicator_id, contained_id FROM reporting_inclusion WHERE indicator_id = ANY(%(wanted)s)"
REVISIONS = UNIT.partition(", fact AS")[0] + "SELECT revision_id FROM this UNION ALL SELECT revision_id FROM old ORDER BY 1"
DISTRICTS = (
    UNIT
    + """, city AS (
    SELECT sum(value) + %(other_value)s AS value, sum(base) FILTER (WHERE value IS NOT NULL) + %(other_base)s AS base
    FROM unit WHERE counted
), shown AS (
    SELECT unit.*, CASE WHEN %(is_rate)s THEN value - base WHEN base > 0 THEN (value / base - 1) * 100 END AS change FROM unit
)
SELECT d.id, d.code, d.name, d.name_zh, d.peer_group, s.state, u.status, u.value, u.base, u.base_is_revised,
    coalesce(u.counted, true), u.change,
    CASE WHEN %(is_sum)s AND u.counted AND city.value > 0 THEN u.value / city.value * 100 END,
    CASE WHEN %(is_sum)s AND u.counted AND city.base > 0 THEN (u.value - u.base) / city.base * 100 END,
    CASE WHEN u.value IS NOT NULL AND %(sign)s <> 0 THEN rank() OVER (ORDER BY u.value * %(sign)s DESC NULLS LAST) END,
    CASE WHEN u.change IS NOT NULL AND %(sign)s <> 0 THEN rank() OVER (ORDER BY u.change * %(sign)s DESC NULLS LAST) END
FROM reporting_submission s JOIN districts_district d ON d.id = s.district_id
LEFT JOIN shown u ON u.district_id = s.district_id CROSS JOIN city
WHERE s.cycle_id = %(cycle)s ORDER BY d.code
"""
)
