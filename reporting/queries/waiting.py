"""How long reports stay in each state, for the bureau's own view."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import Lead

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser
from reporting.enums import SubmissionState
from reporting.models import Cycle, Event

_WAITING = (
    SubmissionState.DRAFT,
    SubmissionState.AWAITING_SIGNATURE,
    SubmissionState.SUBMITTED,
    SubmissionState.IN_REVIEW,
    SubmissionState.RETURNED,
)
"""Not started has no beginning of its own, and approved no end that anybody waits for."""


@dataclass(frozen=True)
class Wait:
    """`passages` counts the times that a report was in the state, `still` those of them that last at this moment."""

    state: str
    label: str
    passages: int
    still: int
    median: timedelta
    longest: timedelta


def waits(user: AnyUser, cycle: Cycle, now: datetime) -> list[Wait]:
    """Of the portfolio's reports, in the order of a report's life; a state that none was in is left out. One query."""
    steps = (
        Event.objects.for_user(user, DistrictPermission.REVIEW)
        .filter(submission__cycle=cycle, at__lte=now)
        .exclude(from_state=F("to_state"))
        .order_by()
        .annotate(left_at=Window(Lead("at"), partition_by="submission", order_by=["at", "pk"]))
        .values("to_state", "at", "left_at")
    )
    inner, parameters = steps.query.sql_with_params()
    statement = f"""
        SELECT to_state, count(*), count(*) FILTER (WHERE left_at IS NULL),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(left_at, %s) - at), max(coalesce(left_at, %s) - at)
        FROM ({inner}) AS steps GROUP BY to_state
    """  # noqa: S608 (Django's own SQL, with its parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, now, *parameters])
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [Wait(state.value, str(state.label), *found[state.value]) for state in _WAITING if state.value in found]
