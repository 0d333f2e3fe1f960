"""What of a cycle's figures a person sees."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from districts.enums import DistrictPermission, Scope
from districts.queries.access import AnyUser, bureau_role_of, districts_for, is_operator, works_at_bureau
from reporting.enums import CityAggregation, Direction, Measure
from reporting.models import Cycle, Indicator
from reporting.models.cycle import CycleQuerySet
from reporting.queries.figures.plan import aggregation_of


@dataclass(frozen=True)
class Sight:
    """`districts` None: every row. `is_compared`: the city's total, and what a district is beside the others.

    A total that moves at each approval gives away the last district's figure: until the bureau opens a cycle's figures a
    district sees its own row without anything that the others' figures follow from.
    """

    districts: frozenset[int] | None
    is_compared: bool

    @property
    def is_portfolio(self) -> bool:
        """Some rows beside the whole city's total: a reviewer's."""
        return self.is_compared and self.districts is not None


def visible_cycles(user: AnyUser, now: datetime) -> CycleQuerySet:
    """The cycles of which the person sees any figure: for the bureau all that were opened; latest period first."""
    cycles = Cycle.objects.opened().select_related("definition").order_by("-period", "definition__name", "-pk")
    if works_at_bureau(user):
        return cycles
    own = districts_for(user, DistrictPermission.VIEW)
    if not own.exists():
        return cycles.none()
    is_open = Q(pk__in=Cycle.objects.figures_open(now).values("pk"))
    has_own = Q(pk__in=Cycle.objects.filter(submissions__district__in=own).values("pk"))
    return cycles.filter(is_open | has_own)


def sight_of(user: AnyUser, cycle: Cycle, now: datetime) -> Sight:
    """Of one of the person's visible cycles."""
    role = bureau_role_of(user)
    if is_operator(user) or (role is not None and role.scope == Scope.ALL):
        return Sight(None, is_compared=True)
    own = frozenset(districts_for(user, DistrictPermission.VIEW).values_list("pk", flat=True))
    if role is not None:
        return Sight(own, is_compared=True)
    if cycle.figures_are_open(now):
        return Sight(None, is_compared=True)
    return Sight(own, is_compared=False)


_ALONE = ("name", "value", "base", "growth")
_COMPARED = ("name", "peer_group", "value", "base", "growth", "share", "contribution", "value_rank", "growth_rank")


def columns_for(indicator: Indicator, sight: Sight) -> tuple[str, ...]:
    """The columns of the table and of its downloads; by these, and no others, it may be ordered."""
    if not sight.is_compared:
        return _ALONE
    dropped: set[str] = set()
    if aggregation_of(indicator) != CityAggregation.SUM or indicator.measure == Measure.RATE:
        dropped |= {"share", "contribution"}
    if indicator.direction == Direction.NONE:
        dropped |= {"value_rank", "growth_rank"}
    return tuple(column for column in _COMPARED if column not in dropped)
