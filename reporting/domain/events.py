"""What goes into a report's history beside the steps of its life."""

from collections.abc import Mapping
from datetime import datetime

from districts.models import User
from reporting.enums import EventKind
from reporting.models import Event, Submission


def record_event(
    *,
    submission: Submission,
    kind: EventKind,
    actor: User | None,
    now: datetime,
    note: str = "",
    data: Mapping[str, object] | None = None,
    revision_id: int | None = None,
) -> Event:
    """About the working revision, or the one given; the report's state stays. Call with the report locked."""
    return Event.objects.create(
        submission=submission,
        district_id=submission.district_id,
        revision_id=revision_id or submission.working_revision_id,
        kind=kind,
        actor=actor,
        from_state=submission.state,
        to_state=submission.state,
        note=note,
        data=dict(data or {}),
        at=now,
    )
