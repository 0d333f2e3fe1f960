"""Numbers, times and marks on the pages of a report."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.enums import CityAggregation, SubmissionState
from reporting.formats import change_of, duration, grouped, in_words, instant, period_words, short_instant, value_of
from reporting.forms.answers import shown
from reporting.models import Answer, Cycle, Indicator, Question
from reporting.queries.enquiries import Thread
from reporting.queries.figures.plan import aggregation_of
from reporting.queries.reports import ReportPage
from reporting.validators.numbers import decimals_of

register = template.Library()
register.filter(value_of)
register.filter(change_of)
register.filter(in_words)
register.filter(duration)
register.filter(period_words)
register.filter(short_instant)
register.filter(instant)

STATE_ICONS = {
    SubmissionState.NOT_STARTED: "circle",
    SubmissionState.DRAFT: "pencil",
    SubmissionState.AWAITING_SIGNATURE: "signature",
    SubmissionState.SUBMITTED: "up",
    SubmissionState.IN_REVIEW: "eye",
    SubmissionState.RETURNED: "back",
    SubmissionState.APPROVED: "check-circle",
    SubmissionState.RELEASED: "minus",
}
"""A shape for each state, so that none is told by its colour alone."""


@register.filter
def at_key(threads: Iterable[Thread], key: str) -> list[Thread]:
    """The threads at one question; at a blank key, those on the whole report."""
    return [thread for thread in threads or () if thread.key == key]


@register.filter
def state_icon(state: str) -> str:
    return STATE_ICONS[SubmissionState(state)]


@register.filter
def city_rule(indicator: Indicator) -> str:
    """How the city's figure comes about, in words."""
    return str(CityAggregation(aggregation_of(indicator)).label)


@register.filter
def as_entered(number: Decimal, indicator: Indicator) -> str:
    """An answer as it was read: grouped, with all the decimals that were given."""
    return grouped(number, max(indicator.decimals, decimals_of(number)))


@register.filter
def answer_text(answer: Answer | None, question: Question) -> str:
    """An answer in one text: the reason for giving none, else what was typed or chosen."""
    if answer is None:
        return ""
    return str(answer.get_status_display()) if withheld(answer) else in_words(answer.raw, question)


@register.filter
def previous_period(page: ReportPage, indicator: Indicator) -> str:
    """The period that the previous value belongs to."""
    return str(page.priors.previous_period(indicator) or "")


@register.filter
def withheld(answer: Answer) -> str:
    """Why there is no value, blank where there is one or may be one."""
    return shown(answer)[2]


@register.filter
def report_words(cycle: Cycle) -> str:
    """`Half-yearly report, January–June 2026`, with the comma of the reader's language."""
    return _("%(report)s, %(period)s") % {"report": cycle.definition, "period": period_words(cycle.period)}


@register.filter
def clock(at: datetime | None) -> str:
    """`10:42`."""
    return "" if at is None else date_format(timezone.localtime(at), "H:i")


@register.filter
def due_words(due: datetime, now: datetime) -> str:
    """`in 3 days`, `tomorrow at 18:00`, `today at 18:00`; after it how long ago. Days are the portal's calendar days."""
    if now > due:
        return _("%(duration)s overdue") % {"duration": duration(now - due)}
    days = (timezone.localtime(due).date() - timezone.localtime(now).date()).days
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    clock = {"time": date_format(timezone.localtime(due), "H:i")}
    return (_("tomorrow at %(time)s") if days else _("today at %(time)s")) % clock


@register.filter
def since(instant: datetime, now: datetime) -> str:
    """How long ago it was."""
    return duration(now - instant)
