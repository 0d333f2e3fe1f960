"""What the bureau's pages show beside the marks of all pages of reports."""

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

register = template.Library()


@register.filter
def kept_instant(text: str) -> datetime | None:
    """An instant that an event keeps as text."""
    return parse_datetime(text)
