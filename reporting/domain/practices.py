"""Practices: a district shares one, the bureau endorses it, other districts adopt it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, User
from reporting.domain.practice_mails import tell_bureau, tell_proposer, tell_sharer
from reporting.domain.texts import need_words, without_margins
from reporting.enums.practices import PracticeState, PracticeTopic
from reporting.models import Practice, PracticeAdoption, Submission
from reporting.queries.practices import decides_on, shares_for

_S = PracticeState
_MAX_TITLE, _MAX_CONTACT = 200, 300


@dataclass(frozen=True)
class Shared:
    """What somebody shares."""

    topic: PracticeTopic
    title: str
    summary: str
    contact: str
    result: str = ""


def propose_practice(
    *,
    district: District,
    shared: Shared,
    actor: User,
    now: datetime,
    submission: Submission | None = None,
    announce: bool = True,
) -> Practice:
    """It waits for the bureau, whose approvers get a mail. The same words of the same person again change nothing."""
    _need_own(actor, district.pk)
    if submission is not None and submission.district_id != district.pk:
        raise Refused(_("The report is another district's."))
    fields = _fields(shared)
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)
        again = Practice.objects.filter(district=district, proposed_by=actor, state=_S.PROPOSED, **fields).first()
        if again is not None:
            return again
        practice = Practice.objects.create(district=district, submission=submission, proposed_by=actor, proposed_at=now, **fields)
        if announce:
            tell_bureau(practice, now)
        return practice


def change_practice(*, practice: Practice, version: int, shared: Shared, actor: User) -> Practice:
    """While it is proposed. Raises Conflict where it has moved since `version` was read."""
    fields = _fields(shared)
    with transaction.atomic():
        current = _locked(practice)
        _need_own(actor, current.district_id)
        if not current.is_proposed:
            raise _ended(current)
        if current.version != version:
            raise Conflict(_("Somebody has changed this practice meanwhile. Compare with what it says now, and save again."))
        for name, value in fields.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*fields, "version"])
        return current


def endorse_practice(*, practice: Practice, actor: User, now: datetime, announce: bool = True) -> Practice:
    """Every district reads it. Who proposed it and the head of the district get a mail."""
    return _end(practice, _S.ENDORSED, "", actor, now, announce=announce)


def decline_practice(*, practice: Practice, reason: str, actor: User, now: datetime, announce: bool = True) -> Practice:
    """Who proposed it and the head of the district get a mail with the reason."""
    return _end(practice, _S.DECLINED, need_words(reason, _("Say why it is declined.")), actor, now, announce=announce)


def withdraw_practice(*, practice: Practice, reason: str, actor: User, now: datetime) -> Practice:
    """The district does not share it any more."""
    words = need_words(reason, _("Say why it is not shared any more."))
    with transaction.atomic():
        current = _locked(practice)
        _need_own(actor, current.district_id)
        if (current.state, current.decided_by_id, current.reason) == (_S.WITHDRAWN, actor.pk, words):
            return current
        if current.state not in {_S.PROPOSED, _S.ENDORSED}:
            raise _ended(current)
        return _decide(current, _S.WITHDRAWN, words, actor, now)


def adopt_practice(
    *, practice: Practice, district: District, note: str, actor: User, now: datetime, announce: bool = True
) -> PracticeAdoption:
    """The district does the same. Once; a second time changes the note. Who shared it gets a mail the first time."""
    _need_own(actor, district.pk)
    with transaction.atomic():
        current = _locked(practice)
        if not current.is_endorsed:
            raise _ended(current)
        if current.district_id == district.pk:
            raise Refused(_("This is your own district's practice."))
        fields = {"note": without_margins(note), "adopted_by": actor}
        made, is_new = PracticeAdoption.objects.get_or_create(
            practice=current, adopter=district, defaults=fields | {"adopted_at": now}
        )
        if is_new and announce:
            tell_sharer(made, now)
        if made.note != fields["note"]:
            made.note, made.adopted_by = without_margins(note), actor
            made.save(update_fields=["note", "adopted_by"])
        return made


def drop_adoption(*, practice: Practice, district: District, actor: User) -> None:
    """The district does not do it any more, or never did."""
    _need_own(actor, district.pk)
    PracticeAdoption.objects.filter(practice=practice, adopter=district).delete()


def _fields(shared: Shared) -> dict[str, object]:
    title, contact = need_words(shared.title, _("Give a title.")), need_words(shared.contact, _("Say whom to ask."))
    if len(title) > _MAX_TITLE or len(contact) > _MAX_CONTACT:
        raise Refused(
            _("A title has %(title)d characters at most, a contact %(contact)d.") % {"title": _MAX_TITLE, "contact": _MAX_CONTACT}
        )
    return {
        "topic": shared.topic,
        "title": " ".join(title.split()),
        "summary": need_words(shared.summary, _("Say what is done.")),
        "result": without_margins(shared.result),
        "contact": " ".join(contact.split()),
    }


def _need_own(actor: User, district_id: int) -> None:
    if not shares_for(actor, district_id):
        raise NotAllowed(_("Only the officers and the head of a district share and adopt practices for it."))


def _ended(practice: Practice) -> Conflict:
    return Conflict(_("This practice is “%(state)s” now.") % {"state": practice.get_state_display()})


def _locked(practice: Practice) -> Practice:
    Practice.objects.select_for_update().values_list("pk").get(pk=practice.pk)
    return Practice.objects.select_related("district", "proposed_by").get(pk=practice.pk)


def _end(practice: Practice, state: PracticeState, reason: str, actor: User, now: datetime, *, announce: bool) -> Practice:
    with transaction.atomic():
        current = _locked(practice)
        if not decides_on(actor, current):
            raise NotAllowed(_("Your role does not include deciding on practices."))
        if (current.state, current.decided_by_id, current.reason) == (state, actor.pk, reason):
            return current
        if not current.is_proposed:
            raise _ended(current)
        decided = _decide(current, state, reason, actor, now)
        if announce:
            tell_proposer(decided, now)
        return decided


def _decide(practice: Practice, state: PracticeState, reason: str, actor: User, now: datetime) -> Practice:
    practice.state, practice.reason, practice.decided_by, practice.decided_at = state, reason, actor, now
    practice.version += 1
    practice.save(update_fields=["state", "reason", "decided_by", "decided_at", "version"])
    return practice
