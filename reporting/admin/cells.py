"""Cells of the bureau's lists."""

from datetime import datetime
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from districts.templatetags.portal import icon
from reporting.formats import value_of
from reporting.models import Cycle, Indicator, Submission
from reporting.templatetags.reports import short_instant, state_icon


def minute(instant: datetime) -> SafeString:
    """To the minute, in the portal's zone."""
    return format_html('<span class="bureau-nowrap">{}</span>', short_instant(instant))


def cycle_cell(cycle: Cycle) -> SafeString:
    return format_html('<div class="bureau-cell">{}<small>{}</small></div>', cycle.period, cycle.definition)


def number_cell(number: Decimal, indicator: Indicator) -> SafeString:
    return format_html('<span class="bureau-figure">{} <small>{}</small></span>', value_of(number, indicator), indicator.unit)


def state_cell(submission: Submission) -> SafeString:
    """What `admin/reporting/_state.html` shows, without a template for each row of a list."""
    shown = icon(state_icon(submission.state)), submission.get_state_display()
    return format_html('<span class="bureau-state" data-state="{}">{}{}</span>', submission.state, *shown)
