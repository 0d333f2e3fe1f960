"""How the districts of a person at the bureau stand to the year's targets, at a glance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from districts.enums import DistrictPermission
from districts.queries.access import AnyUser, districts_for
from reporting.enums.targets import Light
from reporting.models import Cycle, Indicator
from reporting.pictures import Picture
from reporting.queries.illustrations import light_map, source_of, target_bullets
from reporting.queries.targets.standings import TargetStanding, standings_of


@dataclass(frozen=True)
class TargetBoard:
    """`districts` are those of the portfolio, `city` the city's own."""

    cycle: Cycle
    city: Sequence[TargetStanding]
    districts: Sequence[TargetStanding]
    as_of: datetime

    @property
    def counts(self) -> list[tuple[Light, int]]:
        """Of the districts' targets, the worst light first."""
        counted = Counter(one.light for one in self.districts)
        return [(light, counted[light]) for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.NONE)]

    @property
    def behind(self) -> list[TargetStanding]:
        """The red ones by district."""
        return [one for one in self.districts if one.light == Light.RED]

    @property
    def indicators(self) -> list[Indicator]:
        """Those that districts have targets of, by code."""
        return sorted({one.indicator for one in self.districts}, key=lambda one: one.code)

    def of(self, indicator: Indicator) -> list[TargetStanding]:
        return [one for one in self.districts if one.indicator == indicator]

    def map_of(self, indicator: Indicator) -> Picture | None:
        return light_map(self.districts, indicator, source_of(self.cycle, self.as_of))

    def bars_of(self, indicator: Indicator, title: str) -> Picture | None:
        """The city's above the districts', where it is of the same kind."""
        own = self.of(indicator)
        kinds = {one.kind for one in own}
        whole = [one for one in self.city if one.indicator == indicator and kinds == {one.kind} and one.kind != "level"]
        return target_bullets([*whole, *own], title, source_of(self.cycle, self.as_of))


def target_board(user: AnyUser, cycle: Cycle, now: datetime) -> TargetBoard | None:
    """None where the cycle's year has no target that the person sees. Eleven queries at most."""
    seen = list(districts_for(user, DistrictPermission.REVIEW).order_by().values_list("pk", flat=True))
    found = standings_of(cycle, seen)
    if not found:
        return None
    city = [one for one in found if one.district is None]
    return TargetBoard(cycle, city, [one for one in found if one.district is not None], now)


def latest_with_targets(year: int) -> Cycle | None:
    """The last opened cycle of the year that has an approved report, else its last opened one."""
    cycles = Cycle.objects.opened().filter(period__startswith=f"{year}-").select_related("definition")
    reported = cycles.filter(submissions__approved_revision__isnull=False).distinct()
    return reported.order_by("-due_at", "-pk").first() or cycles.order_by("-due_at", "-pk").first()
