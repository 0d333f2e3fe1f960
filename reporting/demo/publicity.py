"""The publicity plan of the demonstration: the conference of 2024, what was told of it, and what is planned."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from districts.enums import BureauRoleName, DistrictRole
from districts.models import District, User
from districts.queries.workdays import at_local
from reporting.demo.people import Cast
from reporting.domain.publicity import Plan, approve_publicity, note_placement, propose_publicity
from reporting.enums.publicity import OutletKind, PublicityKind
from reporting.models import Outlet, PublicityItem

_OUTLETS = (
    ("Global Digital Economy Conference", "全球数字经济大会", OutletKind.CONFERENCE),
    ("City news agency (made up)", "市新闻社（虚构）", OutletKind.NEWS_AGENCY),
    ("City television (made up)", "市电视台（虚构）", OutletKind.TELEVISION),
)
_HAIDIAN, _FENGTAI = "110108", "110106"
_CONFERENCE_DAYS = date(2024, 7, 2), date(2024, 7, 5)


def plan_publicity(*, cast: Cast, now: datetime) -> None:
    """Past plans are told by nobody's mail; what waits today is."""
    conference, agency, television = (
        Outlet.objects.create(name=name, name_zh=name_zh, kind=kind) for name, name_zh, kind in _OUTLETS
    )
    if timezone.localdate(now) > _CONFERENCE_DAYS[1]:
        _tell_of_2024(cast, conference, agency, television)
    _wait_for_the_bureau(cast, [agency, television], now)


def _tell_of_2024(cast: Cast, conference: Outlet, agency: Outlet, television: Outlet) -> None:
    administrator, first_day = cast.bureau[BureauRoleName.ADMINISTRATOR], _CONFERENCE_DAYS[0]
    before = at_local(first_day - timedelta(days=30), time(10, 0))
    plan = Plan(
        PublicityKind.EVENT,
        "Global Digital Economy Conference 2024",
        "Results of the first half-year are shown at the city's stand; districts present their benchmark projects.",
        *_CONFERENCE_DAYS,
        place="Beijing",
        outlets=[conference, agency, television],
    )
    item = propose_publicity(district=None, plan=plan, actor=administrator, now=before)
    for number, outlet in enumerate((conference, agency, television)):
        day = first_day + timedelta(days=number)
        _out(item, outlet, f"https://example.org/conference-2024/{number + 1}", day, administrator)
    haidian = District.objects.get(code=_HAIDIAN)
    officer, approver = cast.members[_HAIDIAN, DistrictRole.OFFICER], cast.bureau[BureauRoleName.APPROVER]
    story = Plan(
        PublicityKind.STORY,
        "An open data set for large models",
        "How the district opened training data to small firms.",
        first_day + timedelta(days=14),
        outlets=[agency],
    )
    told = propose_publicity(district=haidian, plan=story, actor=officer, now=before, announce=False)
    told = approve_publicity(item=told, actor=approver, now=before + timedelta(days=2), announce=False)
    _out(told, agency, "https://example.org/stories/open-data", first_day + timedelta(days=15), officer)


def _out(item: PublicityItem, outlet: Outlet, link: str, day: date, actor: User) -> None:
    evening = at_local(day, time(18, 0))
    note_placement(item=item, outlet_id=outlet.pk, link=link, out_on=day, actor=actor, now=evening)


def _wait_for_the_bureau(cast: Cast, outlets: list[Outlet], now: datetime) -> None:
    plan = Plan(
        PublicityKind.EVENT,
        "Open day of the industrial internet park",
        "Firms show how their lines are steered by data; the press is invited.",
        timezone.localdate(now) + timedelta(days=21),
        place="Demonstration park",
        outlets=outlets,
    )
    fengtai = District.objects.get(code=_FENGTAI)
    propose_publicity(district=fengtai, plan=plan, actor=cast.members[_FENGTAI, DistrictRole.OFFICER], now=now)
