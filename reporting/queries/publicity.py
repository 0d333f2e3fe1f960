"""The publicity plan as each person may read it, and how often each outlet is planned and has told something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet

from districts.enums import DistrictPermission
from districts.queries.access import (
    AnyUser,
    bureau_may,
    district_ids_for,
    is_bureau_administrator,
    may,
    permissions_on,
    works_at_bureau,
)
from reporting.enums.publicity import PublicityState
from reporting.models import Outlet, Placement, PublicityItem
from reporting.queries.enquiries import ASKERS

_RELATED = ("district", "proposed_by", "decided_by")


@dataclass(frozen=True)
class OutletCount:
    """In one year: `planned` has what is approved, out or not; `out` what has a link."""

    outlet: Outlet
    planned: int
    out: int


def publicity_for(user: AnyUser) -> QuerySet[PublicityItem]:
    """The own districts' items, and the bureau's own once they are approved; at the bureau those of the portfolio."""
    if works_at_bureau(user):
        return bureau_publicity(user)
    own = district_ids_for(user, DistrictPermission.VIEW)
    shared = Q(district=None, state=PublicityState.APPROVED) if own.exists() else Q(pk=None)
    return _whole(PublicityItem.objects.filter(Q(district__in=own) | shared))


def bureau_publicity(user: AnyUser) -> QuerySet[PublicityItem]:
    """Of the portfolio, and the bureau's own."""
    shared = Q(district=None) if works_at_bureau(user) else Q(pk=None)
    return _whole(PublicityItem.objects.filter(Q(district__in=district_ids_for(user, DistrictPermission.REVIEW)) | shared))


def with_places(items: Iterable[PublicityItem]) -> dict[str, list[PublicityItem]]:
    """By month ("2026-07"), in the order given."""
    found: dict[str, list[PublicityItem]] = {}
    for item in items:
        found.setdefault(f"{item.first_day:%Y-%m}", []).append(item)
    return found


def proposes_for(user: AnyUser, district_id: int) -> bool:
    """Whether the person plans publicity for the district."""
    return bool(ASKERS & permissions_on(user, district_id))


def decides_on(user: AnyUser, item: PublicityItem) -> bool:
    """Whether the person approves and declines it: an approver of its district; an administrator, of the bureau's own."""
    if item.district_id is None:
        return is_bureau_administrator(user)
    return may(user, DistrictPermission.APPROVE, item.district_id)


def waiting_publicity(user: AnyUser) -> QuerySet[PublicityItem]:
    """What waits for the person's decision."""
    if not bureau_may(user, DistrictPermission.APPROVE):
        return PublicityItem.objects.none()
    return PublicityItem.objects.filter(
        district__in=district_ids_for(user, DistrictPermission.APPROVE), state=PublicityState.PROPOSED
    )


def outlet_counts(user: AnyUser, year: int) -> list[OutletCount]:
    """Every outlet that is offered or was used in the year, the busiest first. One query."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    seen = bureau_publicity(user).filter(state=PublicityState.APPROVED, first_day__range=(first, last)).order_by()
    planned = Q(placements__item__in=seen.values("pk"))
    outlets = Outlet.objects.annotate(
        planned=Count("placements", filter=planned), out=Count("placements", filter=planned & Q(placements__out_on__isnull=False))
    )
    used = outlets.filter(Q(is_active=True) | Q(planned__gt=0)).order_by("-planned", "-out", "name", "pk")
    return [OutletCount(outlet, outlet.planned, outlet.out) for outlet in used]


def _whole(items: QuerySet[PublicityItem]) -> QuerySet[PublicityItem]:
    places = Prefetch("placements", Placement.objects.select_related("outlet").order_by(F("out_on").asc(nulls_last=True), "pk"))
    return items.select_related(*_RELATED).prefetch_related(places).order_by("first_day", "pk")
