"""Targets of the demonstration: the city's growth of the headline, districts' targets that add up to it, and some totals.
Synthetic, as the districts' figures are."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F, QuerySet

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, User
from districts.queries.workdays import at_local
from reporting.demo.people import Cast
from reporting.domain.targets.acknowledging import acknowledge_targets
from reporting.domain.targets.issuing import NewTarget, issue_targets
from reporting.enums.targets import TargetKind
from reporting.models import Answer, Indicator, TargetIssue

_HEADLINE, _CITY_GROWTH = "A01", Decimal(9)
_OFFSETS = (Decimal("0.5"), Decimal("-0.5"), Decimal(1), Decimal(-1), Decimal(0))
_CORE, _LEVELS = "A02", {"BDA": Decimal("1.18"), "110113": Decimal("1.06"), "110112": Decimal("1.25")}
"""How many times last year's value the core industries of these districts are to reach: a total, which has a schedule."""
_TEN = Decimal(10)
_NOTE = "Targets of {year}, as the work plan has them (synthetic)."
_NOT_NOTED = 3
"""How many heads have not acknowledged yet."""


def set_targets(*, cast: Cast, first_year: int, last_year: int, now: datetime) -> None:
    """For each year whose year before is approved. Past ones are told by nobody's mail."""
    headline = Indicator.objects.get(code=_HEADLINE)
    administrator = cast.bureau[BureauRoleName.ADMINISTRATOR]
    for year in range(first_year, last_year + 1):
        at = at_local(date(year, 1, 22), time(10, 0))
        growths = _growths(headline, year)
        if at > now or not growths:
            continue
        targets = [NewTarget(None, headline, year, TargetKind.GROWTH, _CITY_GROWTH)]
        targets += [NewTarget(one, headline, year, TargetKind.GROWTH, growth) for one, growth in growths.items()]
        targets += _levels(year)
        issue = issue_targets(targets=targets, note=_NOTE.format(year=year), actor=administrator, now=at, announce=False)
        _acknowledge(cast, list(growths)[_NOT_NOTED:], issue, min(at + timedelta(days=2), now))


def _levels(year: int) -> list[NewTarget]:
    """In whole tens, as plans have them."""
    core = Indicator.objects.get(code=_CORE)
    return [
        NewTarget(row.district, core, year, TargetKind.LEVEL, _TEN * round(row.number * _LEVELS[row.district.code] / _TEN))
        for row in _approved(core, year - 1).filter(district__code__in=_LEVELS).order_by("district__code")
        if row.district and row.number is not None
    ]


def _approved(indicator: Indicator, year: int) -> QuerySet[Answer]:
    """The districts' values of a whole year."""
    return Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__cycle__period=f"{year}-A1",
        indicator=indicator,
        number__gt=0,
    ).select_related("district")


def _growths(headline: Indicator, year: int) -> dict[District, Decimal]:
    """Around the city's, by last year's figures; the largest district closes the sum."""
    ordered = _approved(headline, year - 1).order_by("number", "district__code")
    bases = {row.district: row.number for row in ordered if row.district and row.number is not None}
    found, missing, last = {}, Decimal(0), None
    for place, (district, base) in enumerate(bases.items()):
        offset = _OFFSETS[place % len(_OFFSETS)]
        found[district] = _CITY_GROWTH + offset
        missing += offset * base
        last = district
    if last is not None:
        missing -= (found[last] - _CITY_GROWTH) * bases[last]
        found[last] = _CITY_GROWTH - round(missing / bases[last], 4)
    return found


def _acknowledge(cast: Cast, districts: list[District], issue: TargetIssue, at: datetime) -> None:
    for district in districts:
        head: User | None = cast.members.get((district.code, DistrictRole.HEAD))
        if head is not None:
            acknowledge_targets(district=district, seen=issue.pk, actor=head, now=at)
