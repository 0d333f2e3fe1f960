"""The library of practices as each person may read it."""

from collections.abc import Collection

from django.db.models import Count, Prefetch, Q, QuerySet

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser, bureau_may, district_ids_for, may, permissions_on, works_at_bureau
from reporting.enums.practices import PracticeState
from reporting.models import Practice, PracticeAdoption
from reporting.queries.enquiries import ASKERS

_RELATED = ("district", "submission__cycle__definition", "proposed_by", "decided_by")
MAX_WORDS = 8
"""Of a search; what is typed beyond is left out."""


def practices_for(user: AnyUser) -> QuerySet[Practice]:
    """What is endorsed is everybody's; of what is not, the own districts' people see theirs, and the bureau its portfolio's."""
    if works_at_bureau(user):
        own = district_ids_for(user, DistrictPermission.REVIEW)
    else:
        own = district_ids_for(user, DistrictPermission.VIEW)
        if not own.exists():
            return Practice.objects.none()
    seen = Practice.objects.filter(Q(state=PracticeState.ENDORSED) | Q(district__in=own))
    adoptions = Prefetch("adoptions", PracticeAdoption.objects.select_related("adopter", "adopted_by"))
    return seen.select_related(*_RELATED).prefetch_related(adoptions).order_by("-proposed_at", "-pk")


def bureau_practices(user: AnyUser) -> QuerySet[Practice]:
    """Of the portfolio."""
    own = Practice.objects.filter(district__in=district_ids_for(user, DistrictPermission.REVIEW))
    return own.select_related(*_RELATED).annotate(adoption_count=Count("adoptions")).order_by("-proposed_at", "-pk")


def found(practices: QuerySet[Practice], *, words: str = "", topic: str = "", district: str = "") -> QuerySet[Practice]:
    """Those in which every word stands somewhere, of this topic and of the district with this code."""
    for word in words.split()[:MAX_WORDS]:
        practices = practices.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(result__icontains=word))
    if topic:
        practices = practices.filter(topic=topic)
    return practices.filter(district__code=district) if district else practices


def endorsed_of(districts: Collection[int]) -> QuerySet[Practice]:
    rows = Practice.objects.filter(district__in=districts, state=PracticeState.ENDORSED)
    return rows.annotate(adoption_count=Count("adoptions")).order_by("district__code", "-proposed_at", "-pk")


def shares_for(user: AnyUser, district_id: int) -> bool:
    """Whether the person shares and adopts practices for the district."""
    return bool(ASKERS & permissions_on(user, district_id))


def decides_on(user: AnyUser, practice: Practice) -> bool:
    return may(user, DistrictPermission.APPROVE, practice.district_id)


def waiting_practices(user: AnyUser) -> QuerySet[Practice]:
    """What waits for the person's decision."""
    if not bureau_may(user, DistrictPermission.APPROVE):
        return Practice.objects.none()
    own = district_ids_for(user, DistrictPermission.APPROVE)
    return Practice.objects.filter(district__in=own, state=PracticeState.PROPOSED)
