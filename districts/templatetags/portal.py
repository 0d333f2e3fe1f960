"""Pieces that every page uses."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from django import forms, template
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside words, and therefore hidden from screen readers; the names are those of `portal/icons.svg`."""
    sprite = static("portal/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
@cache
def favicon() -> str:
    """The drawing itself, as an address: one request less on the first visit."""
    return "data:image/svg+xml," + quote(Path(str(finders.find("portal/favicon.svg"))).read_text(encoding="utf-8"))


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)
