"""Numbers and lengths of time as people read them: rounded half up, thousands grouped, n/a in words."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reporting.enums import BuiltIn, Measure, QuestionKind
from reporting.models import Indicator, Question
from reporting.periods import parse_period
from reporting.validators.numbers import round_half_up


def grouped(number: Decimal, decimals: int) -> str:
    """With a minus sign that a hyphen cannot be taken for."""
    return number_format(round_half_up(number, decimals), decimals, use_l10n=True, force_grouping=True).replace("-", "−")


def signed(number: Decimal, decimals: int) -> str:
    """`+0.53`, `−0.05`, `±0.00`."""
    rounded = round_half_up(number, decimals)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return sign + grouped(abs(rounded), decimals)


def value_of(number: Decimal | None, indicator: Indicator) -> str:
    """Rounded half up to the indicator's decimals, thousands grouped; n/a where there is none."""
    return _("n/a") if number is None else grouped(number, indicator.decimals)


def change_of(change: Decimal | None, indicator: Indicator) -> str:
    """`+7.8 %`; for rates a difference, `−1.20 pp` where the unit is %; n/a without a base."""
    if change is None:
        return _("n/a")
    if indicator.measure != Measure.RATE:
        return _("%(number)s %%") % {"number": signed(change, 1)}
    unit = _("pp") if indicator.unit == "%" else indicator.unit_label
    return f"{signed(change, indicator.decimals)} {unit}"


def in_words(raw: str, question: Question) -> str:
    """An answer as typed; of choices, what the reader sees of them, a line each; a date as people say it."""
    if question.kind == QuestionKind.DATE:
        return _date_in_words(raw)
    if question.kind == QuestionKind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(raw, raw)
    if question.kind not in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
        return raw
    labels = question.choice_labels
    return "\n".join(labels.get(choice, choice) for choice in raw.split("\n"))


def _date_in_words(raw: str) -> str:
    try:
        return date_format(date.fromisoformat(raw), "DATE_FORMAT")
    except ValueError:  # no date: it is shown as it was typed, and the check beside it says what is wrong
        return raw


def checks_in_words(said: Mapping[str, Any]) -> str:
    """What a question says of its built-in checks: `Unit slip: off; Change against last year: 50`."""
    return _("; ").join(_check_in_words(kind, said[kind.value]) for kind in BuiltIn if kind.value in said)


def _check_in_words(kind: BuiltIn, fields: Mapping[str, Any]) -> str:
    given = [str(fields[name]) for name in ("total", "minimum", "maximum", "bound") if name in fields]
    told = given if fields.get("on", True) else [pgettext("of a check", "off"), *given]
    return _("%(check)s: %(settings)s") % {"check": kind.label, "settings": _(", ").join(told)}


def period_words(text: str) -> str:
    """`January–June 2026` for 2026-S1: official flows run from 1 January."""
    period = parse_period(text)
    names = {
        "Q1": _("January–March %(year)d"),
        "S1": _("January–June %(year)d"),
        "Q3": _("January–September %(year)d"),
        "A1": _("January–December %(year)d"),
    }
    return names[period.part] % {"year": period.year}


def instant(at: datetime | None) -> str:
    """`Friday 27 November 2026, 18:00`, in the portal's zone."""
    # Translators: a date format of Django: weekday, day, month, year, clock time.
    return "" if at is None else date_format(timezone.localtime(at), _("l j F Y, H:i"))


def short_instant(at: datetime | None) -> str:
    """`27 Nov 2026, 18:00`, in the portal's zone."""
    # Translators: a date format of Django: day, month, year, clock time.
    return "" if at is None else date_format(timezone.localtime(at), _("j M Y, H:i"))


def duration(delta: timedelta) -> str:
    """The one or two largest units: `2 days`, `1 day 4 hours`, `35 minutes`."""
    minutes = max(1, int(delta.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days > 1:
        return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}
    if days:
        day = ngettext("%(number)d day", "%(number)d days", 1) % {"number": 1}
        return _("%(day)s %(hours)s") % {"day": day, "hours": _hours(hours)} if hours else day
    return _hours(hours) if hours else ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}


def _hours(number: int) -> str:
    return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
