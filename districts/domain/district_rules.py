"""What holds between districts and within one, checked under one lock that every change of a district takes first."""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.domain.periods import day_in_words
from districts.errors import Refused
from districts.languages import DistrictName
from districts.models import District

_LOCK = 7_301
"""The advisory lock under which one change of districts is made at a time."""
_YEARS_BACK, _YEARS_AHEAD = 20, 10


def hold_districts() -> None:
    """Changes of districts wait for one another. Call inside a transaction, before anything is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def clean_name(text: str) -> str:
    """The name without signs that nobody sees."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(sign for sign in spaced if sign.isprintable()).strip()


def name_problems(district: District, name: DistrictName) -> dict[str, str]:
    """By field: what is missing, and what another district is called, today or later, in whatever case."""
    found = {}
    others = [(one, held) for one in District.objects.exclude(pk=district.pk) for held in _held_names(one)]
    for field in ("name", "name_zh"):
        wanted = getattr(name, field)
        if not wanted:
            found[field] = _("Give the name of the district.")
        elif any(_folded(getattr(held, field)) == _folded(wanted) for _one, held in others):
            found[field] = _("Another district has the name “%(name)s”. Choose a different one.") % {"name": wanted}
    return found


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _held_names(district: District) -> Iterator[DistrictName]:
    """Those in force today or to come."""
    names, today = district.names, timezone.localdate()
    for name, following in zip(names, [*names[1:], None], strict=True):
        if following is None or following.first_day is None or following.first_day > today:
            yield name


def need_free_name(district: District, name: DistrictName) -> None:
    problems = name_problems(district, name)
    if problems:
        raise Refused(*problems.values())


def place_problems(district: District, fields: Mapping[str, Any]) -> dict[str, str]:
    """By field: what stands against the place on the map and the first day that are to be the district's."""
    found = {}
    row, column = fields.get("grid_row"), fields.get("grid_column")
    if district.ends_on is None and row is not None and column is not None:
        taken = District.objects.filter(ends_on=None, grid_row=row, grid_column=column).exclude(pk=district.pk).first()
        if taken is not None:
            found["grid_row"] = _("This place on the map is taken by %(district)s.") % {"district": taken}
    begins_on = fields.get("begins_on")
    if begins_on is not None and begins_on != district.begins_on:
        if district.ends_on is not None and begins_on >= district.ends_on:
            words = {"day": day_in_words(district.ends_on)}
            found["begins_on"] = _("The district is closed from %(day)s. Give an earlier day.") % words
        elif problem := day_problem(begins_on):
            found["begins_on"] = problem
    return found


def day_problem(day: date) -> str:
    """Why no district begins, ends or is renamed on the day: it is out of all proportion, and probably mistyped."""
    this_year = timezone.localdate().year
    first, last = this_year - _YEARS_BACK, this_year + _YEARS_AHEAD
    if first <= day.year <= last:
        return ""
    return _("Give a day between the beginning of %(first)d and the end of %(last)d.") % {"first": first, "last": last}


def need_near(day: date) -> None:
    problem = day_problem(day)
    if problem:
        raise Refused(problem)
