"""Opening, extending and locking cycles, and opening their figures: the bureau's steps."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from reporting.domain.capacity import need_review
from reporting.domain.figures import mark_stale
from reporting.enums import EventKind, VersionState
from reporting.models import Cycle, Event, Submission
from reporting.queries.submissions import locked_submission


def _locked(cycle: Cycle, actor: User) -> Cycle:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes cycles."))
    return Cycle.objects.select_for_update(of=("self",)).select_related("definition", "definition_version").get(pk=cycle.pk)


def open_cycle(*, cycle: Cycle, actor: User, now: datetime) -> int:
    """Open the cycle and make a submission for each active district; gives how many. A second call changes nothing."""
    with transaction.atomic():
        locked = _locked(cycle, actor)
        if locked.opened_at is not None:
            return locked.submissions.count()
        if locked.definition_version.state != VersionState.PUBLISHED:
            raise Refused(_("Publish the definition version first."))
        if locked.due_at <= now:
            raise Refused(_("The due time lies in the past: set a later one first."))
        locked.opened_at = now
        locked.save(update_fields=["opened_at"])
        made = Submission.objects.bulk_create(
            (new_submission(cycle=locked, district=district) for district in District.objects.active()),
            batch_size=1000,
            ignore_conflicts=True,
        )
        mark_stale(cycle=locked, now=now)
        return len(made)


def new_submission(*, cycle: Cycle, district: District) -> Submission:
    """A district's report, not stored yet, under the name in force at the end of the period."""
    name = district.name_on(cycle.period_value.ends_on)
    return Submission(cycle=cycle, district=district, district_name=name.name, district_name_zh=name.name_zh)


def extend_cycle(*, cycle: Cycle, due_at: datetime, locks_at: datetime, actor: User, now: datetime) -> Cycle:
    """Set a new due time and lock for all districts that have none of their own."""
    with transaction.atomic():
        locked = _locked(cycle, actor)
        if due_at <= now:
            raise Refused(_("The new due time lies in the past."))
        if locks_at < due_at:
            raise Refused(_("A cycle cannot lock before it is due."))
        locked.due_at, locked.locks_at = due_at, locks_at
        locked.save(update_fields=["due_at", "locks_at"])
        return locked


def lock_cycle(*, cycle: Cycle, actor: User, now: datetime) -> Cycle:
    """Lock the cycle at once. Reports with a later due time of their own stay open until then."""
    with transaction.atomic():
        locked = _locked(cycle, actor)
        if locked.opened_at is None:
            raise Conflict(_("This cycle is not open yet."))
        if locked.is_locked(now):
            return locked
        if locked.due_at > now:
            raise Refused(_("The cycle is not due yet. Move its due time first."))
        locked.locks_at = now
        locked.save(update_fields=["locks_at"])
        return locked


def open_figures(*, cycle: Cycle, actor: User, now: datetime) -> Cycle:
    """Show the city's totals, ranks and all districts' figures to the districts from now on."""
    with transaction.atomic():
        locked = _locked(cycle, actor)
        if locked.opened_at is None:
            raise Conflict(_("This cycle is not open yet."))
        if locked.figures_opened_at is None or locked.figures_opened_at > now:
            locked.figures_opened_at = now
            locked.save(update_fields=["figures_opened_at"])
        return locked


def extend_submission(*, submission: Submission, due_at: datetime, note: str, actor: User, now: datetime) -> Submission:
    """Give one district its own due time; its lock moves to no earlier than it."""
    with transaction.atomic():
        locked = locked_submission(submission.pk)
        capacity = need_review(actor, locked.district_id, _("Your role does not include changing this report's due time."))
        if due_at <= now:
            raise Refused(_("The new due time lies in the past."))
        if locked.due_at == due_at:
            return locked
        locked.due_at = locked.locks_at = due_at
        locked.save(update_fields=["due_at", "locks_at"])
        Event.objects.create(
            submission=locked,
            district_id=locked.district_id,
            revision=locked.working_revision,
            kind=EventKind.EXTEND,
            actor=actor,
            from_state=locked.state,
            to_state=locked.state,
            note=note.strip(),
            data={"due_at": due_at} | capacity,
            at=now,
        )
        return locked
