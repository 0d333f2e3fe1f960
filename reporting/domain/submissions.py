"""The one function that takes every step in a submission's life."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from districts.enums import DistrictPermission
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import User
from districts.queries.access import held_on
from reporting.domain.capacity import Capacity, capacity_of
from reporting.domain.due_times import due_problems
from reporting.domain.figures import mark_stale
from reporting.domain.key_tasks.progress import carry_tasks
from reporting.domain.notices import notify
from reporting.domain.receipts import content_digest, receipt_digest, receipt_number
from reporting.domain.revisions import miscomputed, open_revision, write_computed
from reporting.domain.settling import grant_waiting, lapse_waiting
from reporting.enums import CommentState, EventKind, PetitionKind, SubmissionState, TransitionName
from reporting.models import Event, Revision, Submission
from reporting.queries.approval import approval_problems, has_comments
from reporting.queries.content import Finding
from reporting.queries.reports import blocking_findings
from reporting.queries.submissions import locked_submission
from reporting.transitions import TRANSITIONS, UNDOES, Transition


@dataclass(frozen=True)
class Terms:
    """What some steps need beside a note: a due time (return, reopen); what the signer saw and confirmed (sign); the closing or
    merger of the district that a report is let go with, instead of a note (release); the name of the workbook with which the
    bureau begins it for the district (start)."""

    due_at: datetime | None = None
    seen_digest: str = ""
    statement_accepted: bool = False
    closing: Mapping[str, Any] | None = None
    workbook: str = ""


@dataclass(frozen=True)
class _Step:
    """One step being taken: the locked submission and what was asked."""

    submission: Submission
    transition: Transition
    actor: User
    now: datetime
    note: str
    terms: Terms
    capacity: Capacity
    """Where the actor's right to the step is one for a period: as acting head, or as whose deputy."""

    @property
    def revision(self) -> Revision:
        if self.submission.working_revision is None:
            raise Conflict(_("This report has not been started."))
        return self.submission.working_revision


def apply_transition(
    *,
    submission: Submission,
    name: str,
    actor: User,
    now: datetime,
    note: str = "",
    terms: Terms | None = None,
    announce: bool = True,
) -> Submission:
    """Take the step in one transaction: state, event, revision, outbox rows. Gives the submission as it stands after it.

    Without `announce` no mail is written: for steps of the past that are loaded, of which nobody needs to hear now.

    The same step asked again (double click, replay) changes nothing and answers with the state as it is. Raises NotAllowed,
    Conflict (the report is not in a state for it) or Refused (a need is not met, with every reason).
    """
    with transaction.atomic():
        locked = locked_submission(submission.pk)
        transition, held = TRANSITIONS[name], held_on(actor, locked.district_id)
        rights = (transition.permissions | _for_the_district(name, terms)) & held.keys()
        if not rights:
            raise NotAllowed(_("Your role does not include this step on this report."))
        capacity = capacity_of(actor, locked.district_id, rights, held)
        step = _Step(locked, transition, actor, now, note.strip(), terms or Terms(), capacity)
        if locked.state not in step.transition.sources:
            if _is_repeated(step):
                return locked
            raise Conflict(
                _("The report is “%(state)s” now; this step is not possible. Reload the page.")
                % {"state": locked.get_state_display()}
            )
        _take(step)
        if announce:
            notify(submission=locked, name=step.transition.name, actor=actor, now=now)
        return locked


def _for_the_district(name: str, terms: Terms | None) -> frozenset[DistrictPermission]:
    """Who reviews a district begins its report with a workbook that it sent, and takes no other step of the district's."""
    is_begun_so = name == TransitionName.START and terms is not None and bool(terms.workbook)
    return frozenset({DistrictPermission.REVIEW}) if is_begun_so else frozenset()


def _is_repeated(step: _Step) -> bool:
    """Whether the latest step was this one, with the same words and the same due time: what differs is never dropped as done."""
    latest = step.submission.events.filter(kind__in=TransitionName.values).first()
    if latest is None or (latest.kind, latest.note) != (step.transition.name, step.note):
        return False
    kept, due_at = latest.data.get("due_at"), step.terms.due_at
    return kept is None or (due_at is not None and DjangoJSONEncoder().default(due_at) == kept)


def _take(step: _Step) -> None:
    name = step.transition.name
    _NEEDS.get(name, _nothing)(step)
    submission, from_state = step.submission, step.submission.state
    revision = submission.working_revision
    submission.state = step.transition.target or _state_before(step)
    _EFFECTS.get(name, _nothing)(step)
    submission.save()
    settled = _SETTLES.get(name, _settle_nothing)(step)
    Event.objects.create(
        submission=submission,
        district_id=submission.district_id,
        revision=revision or submission.working_revision,
        kind=name.value,
        actor=step.actor,
        from_state=from_state,
        to_state=submission.state,
        note=step.note,
        data=({"due_at": step.terms.due_at} if step.terms.due_at else {})
        | ({"closing": dict(step.terms.closing)} if step.terms.closing else {})
        | ({"workbook": step.terms.workbook} if step.terms.workbook else {})
        | step.capacity
        | settled,
        at=step.now,
    )


def _nothing(_step: _Step) -> None:
    pass


def _state_before(step: _Step) -> str:
    """The state that the latest taking of the step that is undone came from."""
    events = step.submission.events
    before = events.filter(kind=UNDOES[step.transition.name]).latest("at", "pk").from_state
    if before != SubmissionState.AWAITING_SIGNATURE:
        return before
    # What was handed over before the report went over to a newer version is not what would be signed now.
    handed_over = events.filter(kind=TransitionName.HAND_OVER).latest("at", "pk")
    return handed_over.from_state if events.filter(kind=EventKind.MOVE, pk__gt=handed_over.pk).exists() else before


# Needs: each raises Refused with every reason.


def _need_open(step: _Step) -> None:
    opened, submission = step.submission.cycle.opened_at, step.submission
    if opened is None or step.now < opened:
        raise Refused(_("This cycle is not open yet."))
    _need_unlocked(submission, step.now)


def _need_unlocked(submission: Submission, now: datetime) -> None:
    if submission.is_locked(now):
        raise Refused(_("This report was locked at its closing time. Ask your reviewer at the bureau for more time."))


def _need_complete(step: _Step) -> None:
    _need_unlocked(step.submission, step.now)
    reasons = [_sentence(finding) for finding in blocking_findings(step.submission, step.revision)]
    reasons += [
        _("The reviewer's comment “%(text)s” has no answer yet.") % {"text": comment.text[:80]}
        for comment in step.submission.comments.filter(state=CommentState.OPEN)
    ]
    if reasons:
        raise Refused(*reasons)


def _need_signature(step: _Step) -> None:
    if not step.terms.statement_accepted:
        raise Refused(_("Tick the statement to sign."))
    answers = list(step.revision.answers.all())
    files, tasks = step.revision.files.all(), step.revision.task_updates.all()
    if step.terms.seen_digest != content_digest(step.submission, step.revision, answers, files, tasks):
        raise Conflict(_("The report has changed since you opened this page. Read it again before you sign."))
    if wrong := miscomputed(step.revision, answers):
        names = ", ".join(question.text for question in wrong)
        raise Conflict(
            _("These values are not what their formulas give: %(names)s. Take the report back and hand it over again.")
            % {"names": names}
        )
    hard = [_sentence(finding) for finding in blocking_findings(step.submission, step.revision, answers) if finding.is_hard]
    if hard:
        raise Refused(*hard)


def _need_comment_and_due(step: _Step) -> None:
    reasons = _due_problems(step)
    if not has_comments(step.submission):
        reasons.insert(0, _("Write at least one comment that says what the district should change."))
    if reasons:
        raise Refused(*reasons)


def _need_reason_and_due(step: _Step) -> None:
    reasons = _due_problems(step)
    if not step.note:
        reasons.insert(0, _("Give a reason for reopening the report."))
    if reasons:
        raise Refused(*reasons)


def _need_reason(step: _Step) -> None:
    if not step.note and not step.terms.closing:
        raise Refused(_("Give a reason: the district reads it in the report's history."))


def _due_problems(step: _Step) -> list[str]:
    if step.terms.due_at is None:
        return [_("Give the new due time.")]
    return due_problems(step.terms.due_at, step.now)


def _need_second_person_and_no_open_comment(step: _Step) -> None:
    reasons = approval_problems([step.submission], step.actor)[step.submission.pk]
    if reasons:
        raise Refused(*reasons)


def _sentence(finding: Finding) -> str:
    return f"{finding.question.text}: {finding.message}"


# Effects.


def _begin(step: _Step) -> None:
    step.submission.working_revision = open_revision(submission=step.submission, now=step.now)


def _compute(step: _Step) -> None:
    write_computed(revision=step.revision, now=step.now)
    carry_tasks(revision=step.revision, now=step.now)


def _freeze(step: _Step) -> None:
    """Sign the working revision: receipt number, chained digest; late is judged here, once."""
    submission, revision = step.submission, step.revision
    previous = submission.revisions.filter(signed_at__isnull=False).order_by("-number").first()
    revision.signed_at, revision.signed_by, revision.signed_name = step.now, step.actor, step.actor.full_name
    revision.signed_acting = "acting" in step.capacity
    revision.statement = revision.definition_version.statement_text  # as the signer read it
    revision.previous_digest = previous.digest if previous else ""
    revision.receipt_number = receipt_number(submission, revision)
    revision.digest = receipt_digest(revision, step.terms.seen_digest)
    revision.save()
    if submission.first_signed_at is None:
        submission.first_signed_at, submission.first_due_at = step.now, submission.due_in_force


def _recall(step: _Step) -> None:
    step.submission.working_revision = open_revision(submission=step.submission, now=step.now, copy_of=step.revision)


def _return(step: _Step) -> None:
    step.submission.comments.filter(state=CommentState.DRAFT).update(state=CommentState.OPEN)
    _reopen(step)


def _reopen(step: _Step) -> None:
    submission, due_at = step.submission, step.terms.due_at
    if due_at is None:
        raise ValueError("The needs of this step ask for a due time.")
    submission.due_at = submission.locks_at = due_at
    submission.working_revision = open_revision(submission=submission, now=step.now, copy_of=step.revision)


def _approve(step: _Step) -> None:
    submission, revision = step.submission, step.revision
    submission.comments.filter(state=CommentState.ADDRESSED).update(state=CommentState.CLOSED)
    submission.revisions.filter(approved_at__isnull=False, superseded_at=None).update(superseded_at=step.now)
    submission.revisions.filter(pk=revision.pk).update(approved_at=step.now)
    submission.approved_revision = revision
    mark_stale(cycle=submission.cycle, now=step.now)


def _count_again(step: _Step) -> None:
    mark_stale(cycle=step.submission.cycle, now=step.now)


# What becomes of a request that waits: gives what the step's event says of it.


def _settle_nothing(_step: _Step) -> Capacity:
    return {}


def _lapse_extension(step: _Step) -> Capacity:
    lapse_waiting(submission=step.submission, kind=PetitionKind.EXTENSION, now=step.now)
    return {}


def _grant_correction(step: _Step) -> Capacity:
    """Whoever mails the reopening has told the district."""
    due_at = step.submission.due_in_force
    given: dict[str, Any] = {"due_at": due_at, "answer": step.note, "actor": step.actor, "now": step.now}
    return grant_waiting(submission=step.submission, kind=PetitionKind.CORRECTION, tell=False, **given)


def current_digest(submission: Submission) -> str:
    """What a signer confirms: the digest of the working revision as it stands; empty where there is none."""
    revision = submission.working_revision
    if revision is None:
        return ""
    files, tasks = revision.files.all(), revision.task_updates.all()
    return content_digest(submission, revision, revision.answers.all(), files, tasks)


_NEEDS: dict[TransitionName, Callable[[_Step], None]] = {
    TransitionName.START: _need_open,
    TransitionName.HAND_OVER: _need_complete,
    TransitionName.SIGN: _need_signature,
    TransitionName.RETURN: _need_comment_and_due,
    TransitionName.APPROVE: _need_second_person_and_no_open_comment,
    TransitionName.REOPEN: _need_reason_and_due,
    TransitionName.RELEASE: _need_reason,
}
_EFFECTS: dict[TransitionName, Callable[[_Step], None]] = {
    TransitionName.START: _begin,
    TransitionName.HAND_OVER: _compute,
    TransitionName.SIGN: _freeze,
    TransitionName.RECALL: _recall,
    TransitionName.RETURN: _return,
    TransitionName.APPROVE: _approve,
    TransitionName.REOPEN: _reopen,
    TransitionName.RELEASE: _count_again,
    TransitionName.EXPECT: _count_again,
}
_SETTLES: dict[TransitionName, Callable[[_Step], Capacity]] = {
    TransitionName.SIGN: _lapse_extension,
    TransitionName.RELEASE: _lapse_extension,
    TransitionName.REOPEN: _grant_correction,
}
