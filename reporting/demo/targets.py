"""Targets of the demonstration: the city's growth of the headline, and districts' targets that add up to it. Synthetic, as the
districts' figures are."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import F

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
        issue = issue_targets(targets=targets, note=_NOTE.format(year=year), actor=administrator, now=at, announce=False)
        _acknowledge(cast, list(growths)[_NOT_NOTED:], issue, min(at + timedelta(days=2), now))


def _growths(headline: Indicator, year: int) -> dict[District, Decimal]:
    """Around the city's, by last year's figures; the largest district closes the sum."""
    rows = Answer.objects.filter(
        revision__submission__approved_revision=F("revision"),
        revision__submission__cycle__period=f"{year - 1}-A1",
        indicator=headline,
        number__gt=0,
    ).select_related("district")
    ordered = rows.order_by("number", "district__code")
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
