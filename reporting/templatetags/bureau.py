"""Marks and numbers on the bureau's pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.timesince import timesince

from reporting.enums import SubmissionState
from reporting.models import Indicator
from reporting.validators.numbers import round_half_up

register = template.Library()

STATE_ICONS = {
    SubmissionState.NOT_STARTED: "radio_button_unchecked",
    SubmissionState.DRAFT: "edit",
    SubmissionState.AWAITING_SIGNATURE: "draw",
    SubmissionState.SUBMITTED: "inbox",
    SubmissionState.IN_REVIEW: "visibility",
    SubmissionState.RETURNED: "undo",
    SubmissionState.APPROVED: "check_circle",
}
"""A shape for each state, so that no state is told by its colour alone."""
_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


@register.filter
def state_icon(state: str) -> str:
    return STATE_ICONS[SubmissionState(state)]


@register.filter
def duration(delta: timedelta) -> str:
    """`3 days, 4 hours`."""
    return timesince(_INSTANT, _INSTANT + delta)


@register.filter
def instant(text: str) -> datetime | None:
    """An instant that an event keeps as text."""
    return parse_datetime(text)


@register.filter
def as_value_of(number: Decimal | None, indicator: Indicator) -> str:
    """Rounded half up to the indicator's decimals; a dash where there is none."""
    return "–" if number is None else _grouped(number, indicator.decimals)


@register.filter
def signed_number(number: Decimal | None, decimals: int = 1) -> str:
    """`+7.8`, `−1.2`; `n/a` where there is none."""
    if number is None:
        return "n/a"
    rounded = round_half_up(number, decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return sign + _grouped(abs(rounded), decimals)


def _grouped(number: Decimal, decimals: int) -> str:
    return number_format(round_half_up(number, decimals), decimals, use_l10n=True, force_grouping=True)
