"""What the bureau's pages show beside the marks of all pages of reports."""

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

from reporting.enums import CheckKind
from reporting.formats import checks_in_words
from reporting.models import Check, Question, Rule, Section
from reporting.queries.outline import Outline

register = template.Library()
register.filter(checks_in_words)


@register.filter
def kept_instant(text: str) -> datetime | None:
    """An instant that an event keeps as text."""
    return parse_datetime(text)


@register.filter
def place(part: Section | Question | Check | Rule) -> str:
    """The name of a part's place on the page of its version."""
    return f"{part._meta.model_name}-{part.pk}"  # noqa: SLF001 (Django's name)


@register.filter
def has_problem(part: Section | Question | Check | Rule, outline: Outline) -> bool:
    """Whether something about it stands in the way of publishing."""
    return (str(part._meta.model_name), part.pk) in outline.broken  # noqa: SLF001 (Django's name)


@register.filter
def in_signs(check: Check) -> str:
    """`A ≤ B ≤ C`, or `A = B + C`."""
    if check.kind == CheckKind.ASCENDING:
        return " ≤ ".join(check.codes)
    return f"{check.codes[0]} = {' + '.join(check.codes[1:])}" if check.codes else ""
