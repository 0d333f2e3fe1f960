"""The targets that hold."""

from collections.abc import Collection
from datetime import datetime

from reporting.models import Target


def targets_by_key(years: Collection[int], as_of: datetime | None = None) -> dict[tuple[int | None, int, int], Target]:
    """By district (None: the city), indicator and year, by their numbers. One query."""
    rows = Target.objects.filter(year__in=years).in_force(as_of).select_related("district", "indicator", "issue")
    return {(row.district_id, row.indicator_id, row.year): row for row in rows}
