"""What the demonstration has published: the first half of 2024 with its bulletin, and the latest half-year, internal still."""

from datetime import date, datetime, time

from districts.models import User
from districts.queries.workdays import at_local
from reporting.domain.releases import (
    BulletinText,
    ReleaseText,
    prepare_release,
    schedule_release,
    show_internally,
    write_bulletin,
)
from reporting.enums.publication import Detail
from reporting.models import Cycle, Indicator, Release

_FIRST, _DAY = "2024-S1", date(2024, 9, 6)
_CODES = ("A01", "A02", "A08", "A11", "A13", "C01", "C03", "D03")
_COUNTED = {"C01": "C03"}
_BODY = """In the first half of 2024 the value added of the digital economy grew by 7.8 per cent against the same period \
last year.

Several districts stayed below their targets. The symposium of 30 August 2024 agreed on closer collaboration between \
districts, on clearer strategies and priorities for each of them, and on telling more of what works.

District figures are synthetic: they are made up for this demonstration and add up to the published figures of the city."""
_BODY_ZH = """2024年上半年，数字经济增加值同比增长7.8%。

部分区未达到目标。2024年8月30日的座谈会商定：加强区际协同，明确各区战略与重点，加大宣传交流。

各区数据为演示用合成数据，合计与全市公布数一致。"""


def publish(*, administrator: User, now: datetime) -> None:
    for code, counter in _COUNTED.items():
        Indicator.objects.filter(code=code).update(units_indicator=Indicator.objects.get(code=counter))
    past = Cycle.objects.filter(locks_at__lt=now).order_by("-period")
    first = past.filter(period=_FIRST).first()
    if first is not None:
        _publish_first(first, administrator)
    latest = past.first()
    if latest is not None and latest != first:
        release = _prepared(latest, administrator, now, f"{latest.period}: figures of the city")
        show_internally(item=release, actor=administrator)


def _publish_first(cycle: Cycle, administrator: User) -> None:
    at = at_local(_DAY, time(10, 0))
    release = _prepared(cycle, administrator, at, "The digital economy in the first half of 2024", "2024年上半年数字经济")
    show_internally(item=release, actor=administrator)
    release = schedule_release(item=release, at=at, actor=administrator, now=at)
    text = BulletinText(
        number="2024-3",
        issuer="Bureau of economy and information technology (demonstration)",
        day=_DAY,
        headline="The digital economy grew by 7.8 per cent in the first half of 2024",
        headline_zh="2024年上半年数字经济同比增长7.8%",
        body=_BODY,
        body_zh=_BODY_ZH,
        recipients="Districts, city departments, the public",
    )
    bulletin = write_bulletin(text=text, release=release, actor=administrator, now=at)
    schedule_release(item=show_internally(item=bulletin, actor=administrator), at=at, actor=administrator, now=at)


def _prepared(cycle: Cycle, administrator: User, at: datetime, title: str, title_zh: str = "") -> Release:
    indicators = list(Indicator.objects.filter(code__in=_CODES))
    text = ReleaseText(title, title_zh, summary="District figures are synthetic.", summary_zh="各区数据为合成数据。")
    return prepare_release(cycle=cycle, text=text, indicators=indicators, detail=Detail.DISTRICTS, actor=administrator, now=at)
