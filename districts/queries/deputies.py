"""Who at the bureau deputises for whom."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from districts.enums import BUREAU_ROLE_PERMISSIONS, DEPUTISED_ROLES, DistrictPermission, Scope
from districts.models import BureauRole, Deputy, User
from districts.models.deputy import DeputyQuerySet
from districts.queries.access import AnyUser, is_bureau_administrator


def deputies_in_force() -> DeputyQuerySet:
    """Those who deputise for somebody now, with both people; who comes back first is first."""
    rows = Deputy.objects.in_force().giving().filter(deputy__user__is_active=True)
    return rows.select_related("absent__user", "deputy__user").order_by("ends_at", "pk")


def deputising_of(user: AnyUser) -> list[Deputy]:
    """The periods, now, in which the person deputises or is deputised for."""
    return list(deputies_in_force().filter(Q(deputy__user=user.pk) | Q(absent__user=user.pk)))


def deputised_by(user: User, district_id: int, rights: Collection[DistrictPermission]) -> list[User]:
    """For whom the person deputises now with one of the rights on the district."""
    roles = [role for role in DEPUTISED_ROLES if BUREAU_ROLE_PERMISSIONS[role] & set(rights)]
    rows = deputies_in_force().filter(
        Q(absent__scope=Scope.ALL) | Q(absent__districts=district_id), deputy__user=user, absent__role__in=roles
    )
    return [row.absent.user for row in rows]


def deputies_seen_by(user: AnyUser) -> QuerySet[Deputy]:
    """All for an administrator; for the others those that concern them."""
    rows = Deputy.objects.select_related("absent__user", "deputy__user")
    return rows if is_bureau_administrator(user) else rows.filter(Q(absent__user=user.pk) | Q(deputy__user=user.pk))


def names_deputies_for(user: AnyUser, absent_id: int) -> bool:
    """Whether the person decides who deputises for that one: oneself, or an administrator for somebody who is ill."""
    return user.pk == absent_id or is_bureau_administrator(user)


def colleagues() -> QuerySet[BureauRole]:
    """The active people of the bureau, by name."""
    return BureauRole.objects.filter(user__is_active=True).select_related("user").order_by("user__full_name", "pk")
