"""The targets of one year as the bureau sees them: districts by indicators, their sums beside the city's, who has taken note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from districts.enums import DistrictPermission, Scope
from districts.models import District
from districts.queries.access import AnyUser, bureau_role_of, districts_for, is_operator
from reporting.models import Answer, Inclusion, Indicator, Target, TargetAcknowledgement
from reporting.queries.targets.in_force import targets_by_key
from reporting.queries.targets.words import amount_words, gap_words, target_words
from reporting.validators.target_sums import Part, Sum, summed

_Held = Mapping[tuple[int | None, int, int], Target]


@dataclass(frozen=True)
class SumCheck:
    """What the districts' targets come to beside the city's; `expected` is how many districts have one."""

    indicator: Indicator
    city: Target | None
    districts: Sum
    expected: int

    @property
    def city_text(self) -> str:
        return target_words(self.city) if self.city else ""

    @property
    def implied_text(self) -> str:
        if self.city is None or self.districts.implied is None:
            return ""
        return amount_words(self.districts.implied, self.indicator, self.city.kind)

    @property
    def difference(self) -> Decimal | None:
        """The districts' less the city's."""
        if self.city is None or self.city.value is None or self.districts.implied is None:
            return None
        return self.districts.implied - self.city.value

    @property
    def difference_text(self) -> str:
        if self.city is None or self.difference is None:
            return ""
        kind = "stock" if self.city.kind == "level" else self.city.kind
        return gap_words(self.difference, self.indicator, kind)


@dataclass(frozen=True)
class YearRow:
    """A district's targets in the order of the indicators, blank where there is none; `noted`: the last acknowledgement."""

    district: District
    cells: Sequence[str]
    noted: TargetAcknowledgement | None
    waits: bool


@dataclass(frozen=True)
class YearTable:
    """`checks` is empty for who does not see all districts: a sum would tell of those."""

    year: int
    indicators: Sequence[Indicator]
    rows: Sequence[YearRow]
    checks: Sequence[SumCheck]


def year_table(user: AnyUser, year: int) -> YearTable:
    """Eight queries or fewer, however many districts and indicators there are."""
    held = targets_by_key([year])
    role = bureau_role_of(user)
    sees_all = is_operator(user) or (role is not None and role.scope == Scope.ALL)
    districts = list(districts_for(user, DistrictPermission.REVIEW).order_by("code"))
    seen = {district.pk for district in districts}
    shown = [row for row in held.values() if row.district_id is None or row.district_id in seen]
    indicators = sorted({row.indicator for row in shown}, key=lambda one: one.code)
    waiting, noted = _notes(seen)
    rows = [
        YearRow(
            district,
            [_cell(held.get((district.pk, indicator.pk, year))) for indicator in indicators],
            noted.get(district.pk),
            district.pk in waiting,
        )
        for district in districts
    ]
    return YearTable(year, indicators, rows, sum_checks(held, indicators, year) if sees_all else [])


def sum_checks(held: _Held, indicators: Sequence[Indicator], year: int) -> list[SumCheck]:
    """Of each indicator. Three queries."""
    bases, containers = _bases(indicators, year - 1), _containers(indicators)
    found = []
    for indicator in indicators:
        own = [row for row in held.values() if row.indicator_id == indicator.pk and row.district_id and row.year == year]
        aimed = {row.district_id for row in own}
        counted = [row for row in own if not _is_contained(containers.get((indicator.pk, row.district_id or 0)), aimed)]
        parts = [
            Part(row.kind, row.value, bases.get((row.district_id or 0, row.indicator_id)))
            for row in counted
            if row.value is not None
        ]
        city = held.get((None, indicator.pk, year))
        found.append(SumCheck(indicator, city, summed(city.kind if city else "", parts), len(parts)))
    return found


def _is_contained(containers: frozenset[int] | None, aimed: set[int | None]) -> bool:
    """Whether all units that contain it have targets, in which it is counted."""
    return bool(containers) and containers is not None and containers <= aimed


def _cell(row: Target | None) -> str:
    return "" if row is None else amount_words(row.value, row.indicator, row.kind)


def _notes(districts: set[int]) -> tuple[set[int], dict[int, TargetAcknowledgement]]:
    """The districts with an issue that waits for its head, and the latest acknowledgement of each."""
    issued = set(Target.objects.filter(district__in=districts).values_list("district_id", "issue_id").distinct())
    made = TargetAcknowledgement.objects.filter(district__in=districts).select_related("actor").order_by("at", "pk")
    rows = list(made)
    waiting = {pk for pk, _issue in issued - {(row.district_id, row.issue_id) for row in rows} if pk is not None}
    return waiting, {row.district_id: row for row in rows}


def _bases(indicators: Sequence[Indicator], year: int) -> dict[tuple[int, int], Decimal]:
    """The approved figures of the whole year."""
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__cycle__period=f"{year}-A1",
        revision__nil_reason="",
        row_key="",
        indicator__in=indicators,
        number__isnull=False,
    ).values_list("district_id", "indicator_id", "number")
    return {(district, indicator): number for district, indicator, number in rows if indicator and number is not None}


def _containers(indicators: Sequence[Indicator]) -> dict[tuple[int, int], frozenset[int]]:
    rows = Inclusion.objects.filter(indicator__in=indicators).prefetch_related("containers")
    return {(row.indicator_id, row.contained_id): frozenset(one.pk for one in row.containers.all()) for row in rows}
