"""Cells of the bureau's lists."""

from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reporting.models import Cycle
from reporting.templatetags.reports import short_instant


def minute(instant: datetime) -> SafeString:
    """To the minute, in the portal's zone."""
    return format_html('<span class="bureau-nowrap">{}</span>', short_instant(instant))


def cycle_cell(cycle: Cycle) -> SafeString:
    return format_html('<div class="bureau-cell">{}<small>{}</small></div>', cycle.period, cycle.definition)
