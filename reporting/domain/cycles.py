"""Opening, extending and locking cycles, and opening their figures: the bureau's steps."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, User
from districts.queries.access import is_bureau_administrator
from reporting.domain.capacity import Capacity, need_review
from reporting.domain.due_times import need_due_time, need_near
from reporting.domain.events import record_event
from reporting.domain.figures import mark_stale
from reporting.domain.settling import grant_waiting
from reporting.enums import EventKind, PetitionKind, SubmissionState, VersionState
from reporting.models import Cycle, Submission
from reporting.queries.petitions import lock_reports_that_ask
from reporting.queries.submissions import locked_submission


def _locked(cycle: Cycle, actor: User) -> Cycle:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes cycles."))
    return Cycle.objects.select_for_update(of=("self",)).select_related("definition", "definition_version").get(pk=cycle.pk)


def open_cycle(*, cycle: Cycle, actor: User, now: datetime) -> int:
    """Open the cycle and make a submission for each district that there is at the end of the period; gives how many. A second
    call changes nothing."""
    with transaction.atomic():
        locked = _locked(cycle, actor)
        if locked.opened_at is not None:
            return locked.submissions.count()
        if locked.definition_version.state != VersionState.PUBLISHED:
            raise Refused(_("Publish the definition version first."))
        if locked.due_at <= now:
            raise Refused(_("The due time lies in the past: set a later one first."))
        need_near(locked.locks_at, now)  # which is never before the due time
        locked.opened_at = now
        locked.save(update_fields=["opened_at"])
        made = Submission.objects.bulk_create(
            (
                new_submission(cycle=locked, district=district)
                for district in District.objects.existing(locked.period_value.ends_on)
            ),
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
    """Set a new due time and lock for all districts that have none of their own. Extension requests whose time is reached by it
    are granted."""
    with transaction.atomic():
        asking = lock_reports_that_ask(cycle)  # before the cycle, as every step on a report does
        locked = _locked(cycle, actor)
        need_due_time(due_at, now)
        if locks_at < due_at:
            raise Refused(_("A cycle cannot lock before it is due."))
        need_near(locks_at, now)
        locked.due_at, locked.locks_at = due_at, locks_at
        locked.save(update_fields=["due_at", "locks_at"])
        for submission in asking:
            submission.cycle = locked
            _grant_if_reached(submission, actor, now)
        return locked


def _grant_if_reached(submission: Submission, actor: User, now: datetime) -> None:
    due_at = submission.due_in_force
    given: dict[str, Any] = {"due_at": due_at, "answer": "", "actor": actor, "now": now}
    settled = grant_waiting(submission=submission, kind=PetitionKind.EXTENSION, up_to=due_at, **given)
    if settled:
        _append_extension(submission, due_at, "", actor, now, settled)


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
    """Give one district its own due time; its lock moves to no earlier than it. A later time grants the extension request
    that waits."""
    with transaction.atomic():
        locked = locked_submission(submission.pk)
        capacity = need_review(actor, locked.district_id, _("Your role does not include changing this report's due time."))
        need_due_time(due_at, now)
        if locked.state == SubmissionState.RELEASED:
            raise Conflict(_("This report is not expected. Expect it again first."))
        if locked.due_at == due_at:
            return locked
        is_later = due_at > locked.due_in_force
        locked.due_at = locked.locks_at = due_at
        locked.save(update_fields=["due_at", "locks_at"])
        given: dict[str, Any] = {"due_at": due_at, "answer": note.strip(), "actor": actor, "now": now}
        settled = grant_waiting(submission=locked, kind=PetitionKind.EXTENSION, **given) if is_later else {}
        _append_extension(locked, due_at, note.strip(), actor, now, settled | capacity)
        return locked


def _append_extension(submission: Submission, due_at: datetime, note: str, actor: User, now: datetime, said: Capacity) -> None:
    record_event(submission=submission, kind=EventKind.EXTEND, actor=actor, now=now, note=note, data={"due_at": due_at} | said)
