"""Writing a profile, sending it to the bureau, and the bureau's decision."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.domain.letters import Kind, Letter, register
from districts.domain.mail import queue_mail
from districts.enums import EDITED_PROFILES, HEAD_ROLES, DistrictPermission, ProfileState
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import District, Industry, OutgoingMail, Profile, User
from districts.queries.access import may
from districts.queries.people import members_of, reviewers_of
from districts.queries.profiles import open_profile, writes_profile

SENT, DECIDED = "profile_sent", "profile_decided"
_MAX_LINE, _MAX_TEXT, _MAX_INDUSTRIES = 200, 5_000, 10
_P = ProfileState


@dataclass(frozen=True)
class ProfileText:
    positioning: str
    advantages: str = ""
    brand: str = ""
    path: str = ""
    contacts: str = ""
    industries: Collection[Industry] = ()


def write_profile(*, district: District, version: int, text: ProfileText, actor: User, now: datetime) -> Profile:
    """The open version, made where there is none (`version` 0). Raises Conflict where it moved since `version` was read, or
    waits for the bureau."""
    _need_head(actor, district)
    fields = _fields(text)
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)
        current = open_profile(district)
        if current is None:
            if version:
                raise Conflict(_("The bureau has decided on this version meanwhile. Open the profile again."))
            current = Profile.objects.create(district=district, written_by=actor, written_at=now, **fields)
        else:
            _need_edited(current, version)
            for name, value in fields.items():
                setattr(current, name, value)
            current.version += 1
            current.written_by, current.written_at = actor, now
            current.save(update_fields=[*fields, "version", "written_by", "written_at"])
        current.industries.set(text.industries)
        return current


def send_profile(*, profile: Profile, actor: User, now: datetime, announce: bool = True) -> Profile:
    """To the bureau, whose approvers get a mail. The same again changes nothing."""
    with transaction.atomic():
        current = _locked(profile)
        _need_head(actor, current.district)
        if current.state == _P.SENT:
            return current
        if current.state not in EDITED_PROFILES:
            raise Conflict(_("The bureau has decided on this version meanwhile. Open the profile again."))
        _set(current, _P.SENT)
        if announce:
            people = reviewers_of([current.district_id], DistrictPermission.APPROVE)[current.district_id]
            _mail(SENT, current, people, now)
        return current


def take_back_profile(*, profile: Profile, actor: User) -> Profile:
    with transaction.atomic():
        current = _locked(profile)
        _need_head(actor, current.district)
        if current.state == _P.DRAFT:
            return current
        if current.state != _P.SENT:
            raise Conflict(_("The bureau has decided on this version meanwhile. Open the profile again."))
        _set(current, _P.DRAFT)
        return current


def approve_profile(*, profile: Profile, version: int, actor: User, now: datetime, announce: bool = True) -> Profile:
    """It is the district's from now on. `version` is the one that the approver read."""
    return _decide(profile, _P.APPROVED, "", actor, now, version=version, announce=announce)


def return_profile(*, profile: Profile, version: int, reason: str, actor: User, now: datetime) -> Profile:
    """The head gets a mail with the reason, and changes it."""
    said = reason.replace("\x00", "").strip()
    if not said:
        raise Refused(_("Say what should be changed."))
    return _decide(profile, _P.RETURNED, said[:_MAX_TEXT], actor, now, version=version)


def _decide(
    profile: Profile, state: ProfileState, reason: str, actor: User, now: datetime, *, version: int, announce: bool = True
) -> Profile:
    with transaction.atomic():
        current = _locked(profile)
        if not may(actor, DistrictPermission.APPROVE, current.district_id):
            raise NotAllowed(_("Your role does not include deciding on profiles."))
        if (current.state, current.decided_by_id, current.reason) == (state, actor.pk, reason):
            return current
        if current.state != _P.SENT or current.version != version:
            raise Conflict(_("This version has been changed, taken back or decided on meanwhile. Read it again."))
        _set(current, state, reason=reason, decided_by=actor, decided_at=now)
        if announce:
            heads = members_of([current.district_id], HEAD_ROLES)[current.district_id]
            people = {person.pk: person for person in (current.written_by, *heads)}
            _mail(DECIDED, current, list(people.values()), now)
        return current


def _set(profile: Profile, state: ProfileState, **fields: Any) -> None:
    profile.state = state
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save(update_fields=["state", *fields])


def _locked(profile: Profile) -> Profile:
    District.objects.select_for_update().get(pk=profile.district_id)
    return Profile.objects.select_related("district", "written_by").get(pk=profile.pk)


def _need_head(actor: User, district: District) -> None:
    if not writes_profile(actor, district):
        raise NotAllowed(_("Only the head of the district writes its profile."))


def _need_edited(profile: Profile, version: int) -> None:
    if profile.state not in EDITED_PROFILES:
        raise Conflict(_("The profile waits for the bureau. Take it back to change it."))
    if profile.version != version:
        raise Conflict(_("Somebody has changed it meanwhile. Compare with what it says now, and save again."))


def _fields(text: ProfileText) -> dict[str, str]:
    words = {name: getattr(text, name).replace("\x00", "").strip() for name in ("advantages", "brand", "path", "contacts")}
    positioning = " ".join(text.positioning.replace("\x00", "").split())
    reasons = []
    if not positioning:
        reasons.append(_("Say in one sentence what the district stands for."))
    if len(positioning) > _MAX_LINE or len(words["brand"]) > _MAX_LINE:
        reasons.append(_("Positioning and brand have %(limit)d characters at most.") % {"limit": _MAX_LINE})
    if any(len(value) > _MAX_TEXT for value in words.values()):
        reasons.append(_("Each text has %(limit)d characters at most.") % {"limit": _MAX_TEXT})
    if len(text.industries) > _MAX_INDUSTRIES:
        reasons.append(_("Choose %(limit)d leading industries at most.") % {"limit": _MAX_INDUSTRIES})
    if reasons:
        raise Refused(*reasons)
    return {"positioning": positioning, **words}


def _mail(kind: str, profile: Profile, people: list[User], now: datetime) -> None:
    queue_mail(
        kind=kind,
        recipients=people,
        about=f"profile:{profile.pk}",
        instant=now,
        district=profile.district,
        context={"profile": profile.pk},
        now=now,
    )


def _profile_of(mail: OutgoingMail) -> Profile | None:
    profile = Profile.objects.select_related("district").filter(pk=mail.context["profile"]).first()
    seen = profile is not None and may(mail.recipient, DistrictPermission.VIEW, profile.district_id)
    return profile if seen else None


def _compose_sent(mail: OutgoingMail, _now: datetime) -> Letter | None:
    """Not wanted any more where somebody has decided, or it was taken back."""
    profile = _profile_of(mail)
    if profile is None or profile.state != _P.SENT:
        return None
    names = {"district": profile.district}
    return Letter(
        subject=_("Profile of %(district)s waits for a decision") % names,
        paragraphs=[_("The head of %(district)s has sent a new version of its profile.") % names],
        quotes=[(str(profile.district), profile.positioning)],
        link=f"{settings.PORTAL_URL}/admin/districts/profile/{profile.pk}/change/",
        link_text=_("Decide on it"),
    )


def _compose_decided(mail: OutgoingMail, _now: datetime) -> Letter | None:
    profile = _profile_of(mail)
    if profile is None or profile.state not in {_P.APPROVED, _P.RETURNED}:
        return None
    names = {"district": profile.district, "state": profile.get_state_display()}
    return Letter(
        subject=_("Profile of %(district)s: %(state)s") % names,
        paragraphs=[_("The bureau has decided on the profile of %(district)s: “%(state)s”.") % names],
        quotes=[(_("Reason"), profile.reason)] if profile.reason else [],
        link=f"{settings.PORTAL_URL}/districts/{profile.district.code}/",
        link_text=_("Open the profile"),
    )


def register_profiles() -> None:
    register(
        Kind(SENT, gettext_lazy("Profile sent to the bureau"), _compose_sent),
        Kind(DECIDED, gettext_lazy("Decision on a profile"), _compose_decided),
    )
