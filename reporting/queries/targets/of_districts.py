"""The targets of the districts that a person works for."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, IntegerField, OuterRef
from django.db.models.functions import Cast, Substr

from districts.enums import DistrictPermission
from districts.models import District, User
from districts.queries.access import districts_for
from reporting.models import Cycle, Submission, Target, TargetAcknowledgement, TargetIssue
from reporting.queries.targets.acknowledgements import unacknowledged
from reporting.queries.targets.standings import TargetStanding, standings_of
from reporting.queries.targets.words import target_words

HISTORY_SHOWN = 200


@dataclass(frozen=True)
class IssuedTarget:
    """One target as it was issued, and whether it holds."""

    row: Target
    in_force: bool

    @property
    def words(self) -> str:
        return target_words(self.row)


@dataclass(frozen=True)
class DistrictTargets:
    """`standings` are of the latest cycle with targets."""

    district: District
    standings: Sequence[TargetStanding]
    issued: Sequence[IssuedTarget]
    waiting: Sequence[TargetIssue]
    acknowledged: Sequence[TargetAcknowledgement]
    may_acknowledge: bool

    @property
    def seen(self) -> int:
        """The last issue that the page shows and that waits for the head."""
        return max((issue.pk for issue in self.waiting), default=0)


def targets_for(person: User, district_ids: Collection[int]) -> tuple[Cycle | None, list[DistrictTargets]]:
    """Of each of the person's districts, by code, and the cycle whose figures the standings are of."""
    found = list(districts_for(person, DistrictPermission.VIEW).filter(pk__in=district_ids).order_by("code"))
    signs = set(districts_for(person, DistrictPermission.SIGN).values_list("pk", flat=True))
    cycle, standings = own_standings([district.pk for district in found])
    by_district: dict[int | None, list[TargetStanding]] = defaultdict(list)
    for standing in standings:
        by_district[standing.row.district_id].append(standing)
    return cycle, [_of(one, by_district[one.pk], may_acknowledge=one.pk in signs) for one in found]


def own_standings(district_ids: Collection[int]) -> tuple[Cycle | None, list[TargetStanding]]:
    """How the districts stand in the latest cycle with an approved report of theirs in a year with targets; where none is
    approved yet, in the latest of such a year."""
    year = Cast(Substr("period", 1, 4), IntegerField())
    targets = Target.objects.filter(district__in=district_ids, year=OuterRef("told_year"))
    reports = Submission.objects.filter(cycle=OuterRef("pk"), district__in=district_ids)
    cycles = Cycle.objects.opened().annotate(told_year=year, is_told=Exists(reports.filter(approved_revision__isnull=False)))
    wanted = cycles.filter(Exists(targets), Exists(reports)).select_related("definition")
    cycle = wanted.order_by("-is_told", "-due_at", "-pk").first()
    return cycle, standings_of(cycle, district_ids, city=False) if cycle else []


def _of(district: District, standings: Sequence[TargetStanding], *, may_acknowledge: bool) -> DistrictTargets:
    own = Target.objects.filter(district=district)
    in_force = set(own.in_force().values_list("pk", flat=True))
    rows = own.select_related("indicator", "issue").order_by("-issue__issued_at", "-year", "indicator__code", "-pk")
    made = TargetAcknowledgement.objects.filter(district=district).select_related("actor", "issue")
    return DistrictTargets(
        district=district,
        standings=standings,
        issued=[IssuedTarget(row, row.pk in in_force) for row in rows[:HISTORY_SHOWN]],
        waiting=list(unacknowledged(district.pk).select_related("issued_by")),
        acknowledged=list(made),
        may_acknowledge=may_acknowledge,
    )
