"""Days of a period, in the browser's own field, which sends 2026-11-27 in every language."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from districts.domain.periods import MAX_DAYS

_ISO = "%Y-%m-%d"


def day_input(classes: Sequence[str] = ()) -> forms.DateInput:
    return forms.DateInput(format=_ISO, attrs={"type": "date", "class": " ".join(classes)})


class DayField(forms.DateField):
    def __init__(self, *, classes: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(widget=day_input(classes), input_formats=[_ISO], **kwargs)


def first_day(classes: Sequence[str] = ()) -> DayField:
    return DayField(label=_("First day"), classes=classes)


def last_day(classes: Sequence[str] = ()) -> DayField:
    help_text = format_lazy(_("To its end, in the portal's time; {days} days at most."), days=MAX_DAYS)
    return DayField(label=_("Last day"), help_text=help_text, classes=classes)
