"""Requests of a district about its report, and the bureau's answers: more time before it is due, a correction of what
is approved."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, Refused
from districts.models import User
from reporting.domain.capacity import Capacity, need_any
from reporting.domain.cycles import extend_submission
from reporting.domain.due_times import need_near
from reporting.domain.expected import need_expected
from reporting.domain.notices import when
from reporting.domain.settling import append_event, close, tell_bureau, tell_district
from reporting.domain.submissions import Terms, apply_transition
from reporting.domain.texts import need_words, without_margins
from reporting.enums import UNSUBMITTED_STATES, EventKind, PetitionKind, PetitionState, SubmissionState, TransitionName
from reporting.models import Petition, Submission
from reporting.queries.enquiries import ASKERS
from reporting.queries.petitions import ANSWERED_WITH, waiting_petition
from reporting.queries.submissions import locked_submission

_E = EventKind
_ASK = {PetitionKind.EXTENSION: _E.ASK_EXTENSION, PetitionKind.CORRECTION: _E.ASK_CORRECTION}
_REFUSE = {PetitionKind.EXTENSION: _E.REFUSE_EXTENSION, PetitionKind.CORRECTION: _E.REFUSE_CORRECTION}
_WITHDRAW = {PetitionKind.EXTENSION: _E.WITHDRAW_EXTENSION, PetitionKind.CORRECTION: _E.WITHDRAW_CORRECTION}


def ask_extension(*, submission: Submission, due_at: datetime | None, why: str, actor: User, now: datetime) -> Petition:
    """Ask for a later due time, before the one in force. The reviewers get a mail. The same request again changes nothing."""
    with transaction.atomic():
        locked, capacity = _of_the_district(submission.pk, actor)
        need_expected(locked)
        if locked.state not in UNSUBMITTED_STATES:
            raise Conflict(
                _("The report is “%(state)s”: more time can be asked for until it is submitted.")
                % {"state": locked.get_state_display()}
            )
        need_before_due(locked, now)
        if due_at is None:
            raise Refused(_("Say until when you need."))
        if due_at <= locked.due_in_force:
            raise Refused(_("Ask for a time after the one in force, %(due)s.") % {"due": when(locked.due_in_force)})
        need_near(due_at, now)
        reason = need_words(why, _("Say why you need more time."))
        return _ask(locked, PetitionKind.EXTENSION, {"wanted_due_at": due_at, "why": reason}, actor, now, capacity=capacity)


def ask_correction(*, submission: Submission, what: str, why: str, actor: User, now: datetime) -> Petition:
    """Ask for an approved report to be reopened. The approvers get a mail. The same request again changes nothing."""
    with transaction.atomic():
        locked, capacity = _of_the_district(submission.pk, actor)
        if locked.state != SubmissionState.APPROVED:
            raise Conflict(
                _("The report is “%(state)s”: a correction can be asked for once it is approved.")
                % {"state": locked.get_state_display()}
            )
        asked = {
            "what": need_words(what, _("Say what is to be corrected.")),
            "why": need_words(why, _("Say why it is to be corrected.")),
        }
        return _ask(locked, PetitionKind.CORRECTION, asked, actor, now, capacity=capacity)


def withdraw_petition(*, petition: Petition, actor: User, now: datetime) -> Petition:
    """Take a request back while it waits: whoever may ask for the district."""
    with transaction.atomic():
        submission, capacity = _of_the_district(petition.submission_id, actor)
        current = _reread(petition, submission)
        if _is_open(current, PetitionState.WITHDRAWN, actor, is_same=True):
            close(current, PetitionState.WITHDRAWN, answer="", actor=actor, now=now)
            append_event(current, _WITHDRAW[PetitionKind(current.kind)], actor=actor, now=now, capacity=capacity)
        return current


def grant_petition(*, petition: Petition, due_at: datetime | None, note: str, actor: User, now: datetime) -> Petition:
    """Do what was asked: set the report's own due time, or reopen it until `due_at`. Raises what these raise, and Conflict where
    the request was closed meanwhile."""
    with transaction.atomic():
        submission, _capacity = _to_answer(petition, actor)
        current = _reread(petition, submission)
        is_same = (current.granted_due_at, current.answer) == (due_at, note.strip())
        if not _is_open(current, PetitionState.GRANTED, actor, is_same=is_same):
            return current
        if not current.is_extension:
            terms = Terms(due_at=due_at)
            apply_transition(submission=submission, name=TransitionName.REOPEN, actor=actor, now=now, note=note, terms=terms)
            return _reread(petition, submission)
        if due_at is None:
            raise Refused(_("Give the new due time."))
        if due_at <= submission.due_in_force:
            raise Refused(_("Give a time after the one in force, %(due)s.") % {"due": when(submission.due_in_force)})
        extend_submission(submission=submission, due_at=due_at, note=note, actor=actor, now=now)
        return _reread(petition, submission)


def refuse_petition(*, petition: Petition, reason: str, actor: User, now: datetime) -> Petition:
    """Leave the report as it is, and say why; who asked and the head get a mail."""
    with transaction.atomic():
        submission, capacity = _to_answer(petition, actor)
        current = _reread(petition, submission)
        if _is_open(current, PetitionState.REFUSED, actor, is_same=current.answer == without_margins(reason)):
            words = need_words(reason, _("Say why the request is refused."))
            close(current, PetitionState.REFUSED, answer=words, actor=actor, now=now)
            append_event(current, _REFUSE[PetitionKind(current.kind)], actor=actor, now=now, note=words, capacity=capacity)
            tell_district(current, now)
        return current


def need_before_due(submission: Submission, now: datetime) -> None:
    """Raises Refused where it is too late to ask for more time; at the due instant itself it is not."""
    if now > submission.due_in_force:
        raise Refused(
            _("The report was due on %(due)s. More time can be asked for here only before that: write to your reviewer instead.")
            % {"due": when(submission.due_in_force)}
        )


def _of_the_district(submission_pk: int, actor: User) -> tuple[Submission, Capacity]:
    """The report, locked, and the capacity in which the actor asks."""
    locked = locked_submission(submission_pk)
    refusal = _("Only the officers and the head of the district ask the bureau about its report.")
    return locked, need_any(actor, locked.district_id, ASKERS, refusal)


def _to_answer(petition: Petition, actor: User) -> tuple[Submission, Capacity]:
    locked = locked_submission(petition.submission_id)
    right = ANSWERED_WITH[PetitionKind(petition.kind)]
    return locked, need_any(actor, locked.district_id, {right}, _("Your role does not include answering this request."))


def _reread(petition: Petition, submission: Submission) -> Petition:
    """As it stands now that its report is locked, which every change of a request does first."""
    found = Petition.objects.select_related("asked_by", "closed_by").get(pk=petition.pk)
    found.submission = submission
    return found


def _is_open(petition: Petition, end: PetitionState, actor: User, *, is_same: bool) -> bool:
    """False where the same person has ended it in the same way, `is_same` for the same answer (double click). Raises Conflict
    where it ended otherwise."""
    if petition.is_waiting:
        return True
    if is_same and (petition.state, petition.closed_by) == (end, actor):
        return False
    words = _("This request has been closed meanwhile: “%(state)s”.")
    raise Conflict(words % {"state": petition.get_state_display()})


def _ask(
    submission: Submission, kind: PetitionKind, asked: Mapping[str, object], actor: User, now: datetime, *, capacity: Capacity
) -> Petition:
    waiting = waiting_petition(submission, kind)
    if waiting is not None:
        if waiting.asked_by == actor and all(getattr(waiting, name) == value for name, value in asked.items()):
            return waiting
        raise Conflict(_("A request waits for the bureau already. Withdraw it to ask in another way."))
    petition = Petition.objects.create(
        submission=submission, district=submission.district, kind=kind, asked_by=actor, asked_at=now, **asked
    )
    note = "\n".join(text for text in (petition.what, petition.why) if text)
    append_event(petition, _ASK[kind], actor=actor, now=now, note=note, capacity=capacity)
    tell_bureau(petition, now)
    return petition
