"""Targets and how a figure stands to them, as people read them."""

from decimal import Decimal

from django.utils.translation import gettext as _

from reporting.enums.targets import ScheduleKind, TargetKind
from reporting.formats import grouped, signed
from reporting.models import Indicator, Target
from reporting.validators.targets import Pace, Schedule


def per_cent(value: Decimal) -> str:
    return _("%(number)s %%") % {"number": grouped(value, 1)}


def amount_words(value: Decimal | None, indicator: Indicator, kind: str) -> str:
    """`9.0 %`, `1,200.00 100m CNY`; growth is in per cent whatever the indicator's unit."""
    if value is None:
        return _("n/a")
    if kind == TargetKind.GROWTH:
        return per_cent(value)
    return f"{grouped(value, indicator.decimals)} {indicator.unit_label}".strip()


def target_words(row: Target) -> str:
    """With its kind; of a row that withdraws, that there is none."""
    if row.value is None:
        return _("withdrawn")
    return f"{amount_words(row.value, row.indicator, row.kind)} ({row.get_kind_display()})"


def gap_words(gap: Decimal | None, indicator: Indicator, kind: str) -> str:
    """`−1.2 percentage points`; a stock's in its unit; points of a schedule are points of a rate, too."""
    if gap is None:
        return _("n/a")
    if kind == TargetKind.STOCK or (kind == TargetKind.SHARE and indicator.unit != "%"):
        return f"{signed(gap, indicator.decimals)} {indicator.unit_label}".strip()
    return _("%(number)s percentage points") % {"number": signed(gap, 1)}


def schedule_words(schedule: Schedule) -> str:
    """How much is expected by now, and by which schedule."""
    names = {"share": per_cent(schedule.share), "years": schedule.years}
    if schedule.kind == ScheduleKind.SEASONAL:
        return _("%(share)s expected by now (mean of %(years)d past years)") % names
    return _("%(share)s expected by now (share of the year that has passed)") % names


def pace_words(pace: Pace, indicator: Indicator) -> str:
    """What each period that is left has to bring."""
    needed = {"needed": grouped(pace.needed, indicator.decimals), "unit": indicator.unit_label}
    if pace.needed == 0:
        return _("The target is reached.")
    if pace.times is None:
        return _("Needed in each period left: %(needed)s %(unit)s") % needed
    times = {"times": grouped(pace.times, 2)}
    return _("Needed in each period left: %(needed)s %(unit)s, %(times)s times the pace so far") % (needed | times)
