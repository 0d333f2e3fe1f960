"""Who works where, whom to write to, and whom to ask."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from districts.enums import HEAD_ROLES, BureauRoleName, DistrictPermission, DistrictRole
from districts.models import ActingHead, BureauRole, Deputy, District, Membership, User
from districts.queries.access import AnyUser, districts_for, holders_of, works_at_bureau
from districts.queries.deputies import deputies_in_force

_ASKED_IN_TURN = (BureauRoleName.REVIEWER, BureauRoleName.APPROVER, BureauRoleName.ADMINISTRATOR)

People = dict[int, list[User]]
"""Active people by district id."""


def memberships_of(user: AnyUser) -> list[Membership]:
    """The person's own memberships with their districts; none for who is not signed in."""
    if not user.is_authenticated:
        return []
    return list(_memberships().filter(user=user).select_related("district").order_by("district__code", "pk"))


def _memberships() -> QuerySet[Membership]:
    """With `acting_until` of those who act as head now."""
    acting = ActingHead.objects.in_force().filter(membership=OuterRef("pk")).exclude(membership__role=DistrictRole.HEAD)
    return Membership.objects.annotate(acting_until=Subquery(acting.values("ends_at")[:1]))


def members_of(district_ids: Collection[int], roles: Iterable[DistrictRole]) -> People:
    """The districts' active people in these roles, the role that is in force for a period among them."""
    found: People = defaultdict(list)
    wanted = list(roles)
    acting = Exists(ActingHead.objects.in_force().filter(membership=OuterRef("pk")))
    has_role = Q(role__in=wanted) | acting if DistrictRole.ACTING_HEAD in wanted else Q(role__in=wanted)
    rows = Membership.objects.filter(has_role, district__in=district_ids, user__is_active=True)
    for membership in rows.select_related("user").order_by("user__full_name", "user_id"):
        found[membership.district_id].append(membership.user)
    return found


def reviewers_of(district_ids: Collection[int], perm: DistrictPermission = DistrictPermission.REVIEW) -> People:
    """Each district's contacts at the bureau: its reviewers; where it has none, its approvers; else the administrators. For a
    permission that reviewers do not hold it begins with the approvers. Who deputises for one of them now is a contact too."""
    return _reviewers(district_ids, deputies_in_force(), perm)


def _reviewers(
    district_ids: Collection[int], deputies: Iterable[Deputy], perm: DistrictPermission = DistrictPermission.REVIEW
) -> People:
    by_role: dict[str, People] = {role: defaultdict(list) for role in _ASKED_IN_TURN}
    roles = dict(BureauRole.objects.values_list("user_id", "role"))
    held = holders_of(district_ids, perm).filter(begins_at=None)
    for grant in held.order_by("user__full_name", "user_id"):
        if grant.user_id in roles:
            by_role[roles[grant.user_id]][grant.content_object_id].append(grant.user)
    asked = {pk: next((by_role[role][pk] for role in _ASKED_IN_TURN if by_role[role].get(pk)), []) for pk in district_ids}
    return {pk: _with_deputies(people, deputies) for pk, people in asked.items()}


def _with_deputies(people: list[User], deputies: Iterable[Deputy]) -> list[User]:
    """Each person once."""
    return list(dict.fromkeys([*people, *(row.deputy.user for row in deputies if row.absent.user in people)]))


def contacts_of(district: District) -> list[User]:
    """Whom a district asks at the bureau."""
    return reviewers_of([district.pk])[district.pk]


@dataclass(frozen=True)
class Contacts:
    """Whom a district's people can call: those who review its reports, with who of them is away now, and one another."""

    district: District
    reviewers: list[User]
    deputies: list[Deputy]
    members: list[Membership]


def contacts_for(user: AnyUser) -> tuple[list[Contacts], list[User]]:
    """The contacts of each district that the person works for, and the bureau's desk: its administrators. Who works for none
    and not at the bureau has neither."""
    own = [membership.district_id for membership in memberships_of(user)]
    if not own and not works_at_bureau(user):
        return [], []
    districts = people_of(districts_for(user, DistrictPermission.VIEW).filter(pk__in=own).order_by("code"))
    deputies = list(deputies_in_force())
    reviewers = _reviewers([district.pk for district in districts], deputies)
    desk = User.objects.filter(is_active=True, bureau_role__role=BureauRoleName.ADMINISTRATOR).order_by("full_name", "pk")
    return [
        Contacts(
            district,
            reviewers[district.pk],
            [row for row in deputies if row.absent.user in reviewers[district.pk]],
            [membership for membership in members if membership.user.is_active],
        )
        for district, members in districts.items()
    ], list(desk)


def people_of(districts: QuerySet[District]) -> dict[District, list[Membership]]:
    """Each district's memberships, heads first; two queries."""
    rank = {role: index for index, role in enumerate([*HEAD_ROLES, DistrictRole.OFFICER, DistrictRole.OBSERVER])}
    found: dict[District, list[Membership]] = {district: [] for district in districts}
    by_id = {district.pk: district for district in found}
    rows = _memberships().filter(district__in=by_id).select_related("user").order_by("user__full_name", "pk")
    for membership in sorted(rows, key=lambda row: rank[row.role_in_force]):
        membership.district = by_id[membership.district_id]
        found[membership.district].append(membership)
    return found


def memberships_seen_by(user: AnyUser) -> QuerySet[Membership]:
    """The memberships of the districts that the person may see."""
    return Membership.objects.filter(district__in=districts_for(user, DistrictPermission.VIEW)).select_related("district", "user")


def is_head_of(user: AnyUser, district_id: int) -> bool:
    """Whether the person is the district's head for good, and not one who acts as head."""
    heads = Membership.objects.filter(district=district_id, role=DistrictRole.HEAD)
    return isinstance(user, User) and user.is_active and heads.filter(user=user).exists()


def acting_heads_of(district_ids: Collection[int]) -> dict[int, list[ActingHead]]:
    """Who acts as head of each district now, or is going to; the earliest first."""
    found: dict[int, list[ActingHead]] = defaultdict(list)
    rows = ActingHead.objects.open().filter(district__in=district_ids).exclude(membership__role=DistrictRole.HEAD)
    for acting in rows.select_related("membership__user").order_by("begins_at", "pk"):
        found[acting.district_id].append(acting)
    return found


def acting_heads_seen_by(user: AnyUser) -> QuerySet[ActingHead]:
    """Those of the districts that the person may see."""
    seen = ActingHead.objects.filter(district__in=districts_for(user, DistrictPermission.VIEW))
    return seen.select_related("membership__user", "district")
