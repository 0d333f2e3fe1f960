"""Saying that one has checked a report: the first of the two pairs of eyes that a definition may ask for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import User
from reporting.domain.capacity import need_review
from reporting.domain.events import record_event
from reporting.domain.review import Read, need_same_revision
from reporting.enums import EventKind, SubmissionState
from reporting.models import Event
from reporting.queries.submissions import locked_submission

MAX_NOTE = 2_000


def mark_checked(*, read: Read, note: str, actor: User, now: datetime) -> Event:
    """Mark the revision that was read, once a person: asked again, it gives the event that is there.

    The note is the bureau's own. Raises NotAllowed, Conflict (not in review, or a newer revision came in) or Refused (the note is
    too long).
    """
    said = note.strip()
    if len(said) > MAX_NOTE:
        raise Refused(_("The note is too long: %(limit)d characters are possible.") % {"limit": MAX_NOTE})
    with transaction.atomic():
        locked = locked_submission(read.submission.pk)
        capacity = need_review(actor, locked.district_id, _("Your role does not include reviewing this report."))
        made = locked.events.filter(kind=EventKind.CHECK, revision=read.revision_id, actor=actor).first()
        if made is not None:
            return made
        if locked.state != SubmissionState.IN_REVIEW:
            raise Conflict(
                _("The report is “%(state)s”: it is checked while it is in review.") % {"state": locked.get_state_display()}
            )
        need_same_revision(locked, read)
        return record_event(submission=locked, kind=EventKind.CHECK, actor=actor, now=now, note=said, data=capacity)
