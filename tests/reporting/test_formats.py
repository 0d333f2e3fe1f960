"""Numbers, times and names in each language's habit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from reporting.enums import QuestionKind
from reporting.formats import change_of, grouped, in_words
from reporting.models import Cycle, Definition, Indicator, Question
from reporting.templatetags.reports import due_words, duration, instant, period_words, report_words, short_instant

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
RATE = Indicator(measure="rate", unit="%", unit_zh="%", decimals=2)
LEVEL = Indicator(measure="flow_ytd", unit="100m CNY", unit_zh="亿元", decimals=2)
CHOICE = Question(kind=QuestionKind.CHOICES, choices=["Data", "Other"], choices_zh=["数据要素"])
CYCLE = Cycle(definition=Definition(name="Half-yearly report", name_zh="半年报"), period="2026-S1")
DATE = Question(kind=QuestionKind.DATE)
YES_NO = Question(kind=QuestionKind.YES_NO)


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("Monday 30 November 2026, 18:00", "2026年11月30日（星期一）18:00", lambda: instant(DUE)),
        ("30 Nov 2026, 18:00", "2026年11月30日 18:00", lambda: short_instant(DUE)),
        ("in 6 days", "还有6天", lambda: due_words(DUE, NOW)),
        ("tomorrow at 18:00", "明天18:00", lambda: due_words(DUE, DUE - timedelta(days=1))),
        ("1 day 4 hours overdue", "已逾期1天4小时", lambda: due_words(NOW, NOW + timedelta(hours=28))),
        ("35 minutes", "35分钟", lambda: duration(timedelta(minutes=35))),
        ("January–June 2026", "2026年1—6月", lambda: period_words("2026-S1")),
        ("January–December 2026", "2026年全年", lambda: period_words("2026-A1")),
        ("Half-yearly report, January–June 2026", "半年报，2026年1—6月", lambda: report_words(CYCLE)),
        ("19,180.5", "19,180.5", lambda: grouped(Decimal("19180.5"), 1)),
        ("+7.8 %", "+7.8%", lambda: change_of(Decimal("7.8"), LEVEL)),
        ("−1.20 pp", "−1.20 个百分点", lambda: change_of(Decimal("-1.2"), RATE)),
        ("n/a", "无数据", lambda: change_of(None, RATE)),
        ("100m CNY", "亿元", lambda: LEVEL.unit_label),
        ("Data\nOther\nStray", "数据要素\nOther\nStray", lambda: in_words("Data\nOther\nStray", CHOICE)),
        ("Yes", "是", lambda: in_words("yes", YES_NO)),
        ("perhaps", "perhaps", lambda: in_words("perhaps", YES_NO)),
        ("30 June 2026", "2026年6月30日", lambda: in_words("2026-06-30", DATE)),
        ("31/13/2026", "31/13/2026", lambda: in_words("31/13/2026", DATE)),
        ("", "", lambda: in_words("", DATE)),
    ],
)
def test_wording_follows_the_readers_language(english: str, chinese: str, said: Callable[[], str]) -> None:
    with translation.override("en"):
        assert said() == english
    with translation.override("zh-hans"):
        assert said() == chinese
