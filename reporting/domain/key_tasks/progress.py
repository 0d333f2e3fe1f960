"""Telling how far a key task is: between reports, and in a report, where it is part of what is signed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from reporting.domain.answers import editable_revision
from reporting.domain.key_tasks.records import locked_task, need_open
from reporting.domain.texts import within_limit
from reporting.models import KeyTaskParty, KeyTaskUpdate, Revision, Submission
from reporting.models.key_task import MAX_PROGRESS
from reporting.queries.key_tasks import latest_updates, open_parties, updates_on


def tell_progress(*, party: KeyTaskParty, progress: int | None, text: str, actor: User, now: datetime) -> KeyTaskUpdate:
    """Between reports: it counts at once. The same again by the same person (double click) is the one that is there."""
    with transaction.atomic():
        task = locked_task(party.task_id)
        if not updates_on(actor, party.district_id):
            raise NotAllowed(_("Only the officers and the head of the district tell its progress."))
        need_open(task)
        told, words = _progress(progress), within_limit(text)
        if not words:
            raise Refused(_("Say what was done."))
        latest = latest_updates([party.pk]).get(party.pk)
        if latest and (latest.revision_id, latest.actor_id, latest.progress, latest.text) == (None, actor.pk, told, words):
            return latest
        return KeyTaskUpdate.objects.create(
            party=party, district_id=party.district_id, progress=told, text=words, actor=actor, at=now
        )


def save_report_progress(
    *, submission: Submission, party_id: int, seen_version: int, progress: int | None, text: str, actor: User, now: datetime
) -> KeyTaskUpdate:
    """In the report: it counts once that is signed. Raises Conflict where somebody saved it since `seen_version` was shown, with
    what stands there now, and Refused where the report or the task is closed."""
    with transaction.atomic():
        revision = editable_revision(submission, actor, now)
        party = open_parties(revision.district_id).filter(pk=party_id).first()
        if party is None:
            raise Refused(_("This task is not one of the district's open tasks any more. Reload the page."))
        told, words = _progress(progress), within_limit(text)
        current = revision.task_updates.filter(party=party).first()
        if current is None:
            return KeyTaskUpdate.objects.create(
                party=party, district_id=party.district_id, revision=revision, progress=told, text=words, actor=actor, at=now
            )
        if (current.progress, current.text) == (told, words):
            return current
        if current.version != seen_version:
            raise Conflict(
                _("Meanwhile %(person)s saved: %(progress)d %%, “%(text)s”. Yours is not saved: compare, and save again.")
                % {"person": current.actor, "progress": current.progress, "text": current.text[:200]}
            )
        current.progress, current.text, current.actor, current.at = told, words, actor, now
        current.version += 1
        current.save(update_fields=["progress", "text", "actor", "at", "version"])
        return current


def carry_tasks(*, revision: Revision, now: datetime) -> None:
    """Before signing: each open task of which the report says nothing stands in it as it stood before, or as not begun."""
    if revision.is_nil:
        revision.task_updates.all().delete()
        return
    said = set(revision.task_updates.values_list("party", flat=True))
    left = [party for party in open_parties(revision.district_id) if party.pk not in said]
    before = latest_updates((party.pk for party in left), before=revision)
    rows = []
    for party in left:
        known = before.get(party.pk)
        rows.append(
            KeyTaskUpdate(
                party=party,
                district_id=party.district_id,
                revision=revision,
                progress=known.progress if known else 0,
                text=known.text if known else "",
                at=known.at if known else now,
            )
        )
    KeyTaskUpdate.objects.bulk_create(rows)


def _progress(progress: int | None) -> int:
    if progress is None or not 0 <= progress <= MAX_PROGRESS:
        raise Refused(_("Give the progress in per cent, from 0 to 100."))
    return progress
