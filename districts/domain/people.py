"""Who works for a district and at the bureau: invite, change role, remove. The admin and the head's page both come here.

A head manages the district's officers and observers; heads and the bureau's people are a bureau administrator's matter.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from districts.domain.grants import deputies_of, refresh_grants
from districts.domain.mail import queue_mail
from districts.enums import BureauRoleName, DistrictPermission, DistrictRole, Scope
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import BureauRole, District, Membership, User
from districts.queries.access import is_bureau_administrator, may

MANAGED_BY_HEADS = frozenset({DistrictRole.OFFICER, DistrictRole.OBSERVER})


def invite_member(
    *, district: District, email: str, full_name: str, role: DistrictRole, actor: User, now: datetime
) -> Membership:
    """Let somebody work for the district, and tell them by mail: an invitation for who is new, a notice for who is known."""
    _need_manager(actor, district.pk, role)
    with transaction.atomic():
        user = _known_or_new(email, full_name, actor)
        if hasattr(user, "bureau_role"):
            raise Refused(_("This person works at the bureau and cannot work for a district too."))
        membership, created = Membership.objects.get_or_create(user=user, district=district, defaults={"role": role})
        if not created:
            raise Refused(_("This person works for this district already; change the role instead."))
        refresh_grants(user_id=user.pk)
        _tell(user, about=f"membership:{membership.pk}", district=district, actor=actor, now=now)
        return membership


def change_member_role(*, membership: Membership, role: DistrictRole, actor: User) -> Membership:
    with transaction.atomic():
        current = locked_membership(membership)
        _need_manager(actor, current.district_id, current.role, role)
        current.role = role
        current.save(update_fields=["role"])
        refresh_grants(user_id=current.user_id)
        return current


def remove_member(*, membership: Membership, actor: User) -> None:
    """End somebody's work for a district at once; the account and everything the person did stay."""
    with transaction.atomic():
        current = locked_membership(membership)
        _need_manager(actor, current.district_id, current.role)
        user_id = current.user_id
        current.delete()
        refresh_grants(user_id=user_id)


def invite_to_bureau(
    *, email: str, full_name: str, role: BureauRoleName, scope: Scope, districts: Collection[District], actor: User, now: datetime
) -> BureauRole:
    """A new colleague at the bureau, told by mail."""
    with transaction.atomic():
        _need_administrator(actor)
        user = _known_or_new(email, full_name, actor)
        bureau_role = set_bureau_role(user=user, role=role, scope=scope, districts=districts, actor=actor)
        _tell(user, about=f"bureau:{bureau_role.pk}", district=None, actor=actor, now=now)
        return bureau_role


def set_bureau_role(
    *, user: User, role: BureauRoleName, scope: Scope, districts: Collection[District], actor: User
) -> BureauRole:
    """Give or change a bureau role and its portfolio. Refused for who works for a district, and for the last administrator."""
    _need_administrator(actor)
    if role == BureauRoleName.ADMINISTRATOR:
        scope = Scope.ALL
    if scope == Scope.LISTED and not districts:
        raise Refused(_("List at least one district, or choose all districts."))
    with transaction.atomic():
        if Membership.objects.filter(user=user).exists():
            raise Refused(_("This person works for a district and cannot work at the bureau too."))
        current = BureauRole.objects.select_for_update().filter(user=user).first()
        if current and current.role == BureauRoleName.ADMINISTRATOR and role != BureauRoleName.ADMINISTRATOR:
            _need_another_administrator(user)
        bureau_role, _created = BureauRole.objects.update_or_create(user=user, defaults={"role": role, "scope": scope})
        bureau_role.districts.set(districts if scope == Scope.LISTED else [])
        refresh_grants(user_id=user.pk)
        return bureau_role


def remove_bureau_role(*, bureau_role: BureauRole, actor: User) -> None:
    with transaction.atomic():
        _need_administrator(actor)
        if bureau_role.role == BureauRoleName.ADMINISTRATOR:
            _need_another_administrator(bureau_role.user)
        BureauRole.objects.select_for_update().filter(pk=bureau_role.pk).first()  # a deputy may be named at this moment
        affected = [bureau_role.user_id, *deputies_of(bureau_role.user_id)]
        bureau_role.delete()
        for user_id in affected:
            refresh_grants(user_id=user_id)


def set_active(*, user: User, is_active: bool, actor: User) -> None:
    """End somebody's access at once, or give it back. Nothing is deleted; who deputises for the person follows."""
    with transaction.atomic():
        _need_administrator(actor)
        if not is_active and user.pk == actor.pk:
            raise Refused(_("You cannot end your own access."))
        if not is_active:
            _need_another_administrator(user)
        # Locked, since a deputy may be named at this moment.
        BureauRole.objects.select_for_update().filter(user=user).first()
        User.objects.filter(pk=user.pk).update(is_active=is_active)
        user.is_active = is_active
        refresh_grants(user_id=user.pk)


def invite_again(*, user: User, actor: User, now: datetime) -> None:
    """Send a new invitation to somebody who has not signed in yet."""
    _need_administrator(actor)
    if user.last_login is not None:
        raise Refused(_("This person has signed in already and can ask for a new password on the sign-in page."))
    queue_mail(kind="invitation", recipients=[user], about=f"user:{user.pk}", instant=now, now=now, context={"actor": actor.pk})


def _need_manager(actor: User, district_id: int, *roles: str) -> None:
    if is_bureau_administrator(actor):
        return
    if not may(actor, DistrictPermission.MANAGE_PEOPLE, district_id):
        raise NotAllowed(_("You may not manage this district's people."))
    if not MANAGED_BY_HEADS.issuperset(roles):
        raise NotAllowed(_("Heads are appointed by the bureau. Ask your contact there."))


def _need_administrator(actor: User) -> None:
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator manages the bureau's people."))


def _need_another_administrator(user: User) -> None:
    """The bureau keeps at least one active administrator, so that somebody can let people in."""
    administrators = BureauRole.objects.select_for_update().filter(role=BureauRoleName.ADMINISTRATOR, user__is_active=True)
    ids = set(administrators.values_list("user_id", flat=True))
    if ids == {user.pk}:
        raise Refused(_("This is the last bureau administrator. Appoint another one first."))


def locked_membership(membership: Membership) -> Membership:
    """The membership as it stands; Conflict where somebody removed it meanwhile."""
    current = Membership.objects.select_for_update().filter(pk=membership.pk).first()
    if current is None:
        raise Conflict(_("This person does not work for this district any more."))
    return current


def _known_or_new(email: str, full_name: str, actor: User) -> User:
    same_address = User.objects.filter(email__iexact=email.strip())
    user = same_address.first()
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(email, full_name=full_name.strip(), language=actor.language)
        except IntegrityError:  # invited by somebody else at this moment
            user = same_address.get()
    if not user.is_active:
        raise Refused(_("This person's access was ended. A bureau administrator can give it back."))
    return user


def _tell(user: User, *, about: str, district: District | None, actor: User, now: datetime) -> None:
    kind = "notice_of_role" if user.has_usable_password() else "invitation"
    queue_mail(kind=kind, recipients=[user], about=about, instant=now, now=now, district=district, context={"actor": actor.pk})
