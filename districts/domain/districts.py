"""Districts: added one by one or from a file, and called by another name or closed from a day on."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.domain.district_rules import clean_name, hold_districts, name_problems, need_free_name, need_near, place_problems
from districts.domain.grants import fan_out_to_new_district
from districts.domain.periods import day_in_words
from districts.errors import Conflict, NotAllowed, Refused
from districts.languages import DistrictName
from districts.models import District, User
from districts.queries.access import is_bureau_administrator


def add_district(*, code: str, name: str, name_zh: str, **fields: Any) -> District:
    """A new district; everybody whose scope is all districts gets it too. Refused where code, name or place are taken."""
    with transaction.atomic():
        hold_districts()
        district = District(code=code, name=clean_name(name), name_zh=clean_name(name_zh), **fields)
        problems = name_problems(district, district.names[-1]) | place_problems(District(ends_on=district.ends_on), fields)
        if District.objects.filter(code=code).exists():
            problems["code"] = _("Another district has the code “%(code)s”.") % {"code": code}
        if problems:
            raise Refused(*problems.values())
        district.save(force_insert=True)
        fan_out_to_new_district(district=district)
        return district


def load_districts(*, path: Path) -> int:
    """Add the districts of a CSV file that are not there yet, by code; gives how many."""
    known = set(District.objects.values_list("code", flat=True))
    added = 0
    with path.open(encoding="utf-8") as file, transaction.atomic():
        for row in csv.DictReader(file):
            if row["code"] in known:
                continue
            add_district(
                code=row["code"],
                name=row["name_en"],
                name_zh=row["name_zh"],
                grid_row=int(row["grid_row"]),
                grid_column=int(row["grid_col"]),
                peer_group=row["peer_group"],
                specialty=row["specialty_en"],
                specialty_zh=row["specialty_zh"],
            )
            added += 1
    return added


def describe_district(*, district: District, actor: User, **fields: Any) -> District:
    """Change what holds of the district at all times. Refused where its place is taken or its first day cannot be."""
    with transaction.atomic():
        current = locked_district(district, actor)
        problems = place_problems(current, fields)
        if problems:
            raise Refused(*problems.values())
        for field, value in fields.items():
            setattr(current, field, value)
        current.save(update_fields=list(fields))
        return current


def locked_district(district: District, actor: User) -> District:
    """The row as it stands, held until the transaction ends. NotAllowed for all but bureau administrators."""
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator changes districts."))
    hold_districts()
    return District.objects.select_for_update().get(pk=district.pk)


def give_name(*, district: District, name: DistrictName, actor: User) -> District:
    """Call the district so from the name's first day; without one, the latest name is corrected and its first day stays.

    The same asked again changes nothing. Refused for a day that the latest name does not reach, and for another district's name.
    """
    with transaction.atomic():
        current = locked_district(district, actor)
        if name in (current.names[-1], current.names[-1]._replace(first_day=None)):
            return current
        need_free_name(current, name)
        if name.first_day is not None:
            need_near(name.first_day)
            _put_behind(current, name.first_day)
        current.name, current.name_zh = name.name, name.name_zh
        current.save(update_fields=["name", "name_zh", "named_from", "former_names"])
        return current


def _put_behind(district: District, first_day: date) -> None:
    """Make the latest name a former one, from the day on."""
    latest = district.names[-1]
    if latest.first_day is not None and first_day <= latest.first_day:
        words = {"name": latest.label, "day": day_in_words(latest.first_day)}
        raise Refused(_("“%(name)s” holds from %(day)s. Give a later day, or leave the day blank to correct that name.") % words)
    day = latest.first_day.isoformat() if latest.first_day else None
    district.former_names = [*district.former_names, {"name": latest.name, "name_zh": latest.name_zh, "first_day": day}]
    district.named_from = first_day


def end_district(*, district: District, first_day: date, actor: User) -> District:
    """Close the district from the day on: its people, grants and reports stay. The same asked again changes nothing."""
    with transaction.atomic():
        current = locked_district(district, actor)
        if current.ends_on == first_day:
            return current
        if current.ends_on is not None:
            words = {"district": current, "day": day_in_words(current.ends_on)}
            raise Refused(_("%(district)s is closed from %(day)s already. Call that off first.") % words)
        if current.begins_on is not None and first_day <= current.begins_on:
            raise Refused(_("The district reports from %(day)s. Close it later.") % {"day": day_in_words(current.begins_on)})
        need_near(first_day)
        current.ends_on = first_day
        current.save(update_fields=["ends_on"])
        return current


def keep_open(*, district: District, actor: User) -> District:
    """Call off a closing, past or to come. Conflict where there is none, Refused where another one has its tile."""
    with transaction.atomic():
        current = locked_district(district, actor)
        if current.ends_on is None:
            raise Conflict(_("The district is not closed: there is nothing to call off."))
        tile = District.objects.filter(ends_on=None, grid_row=current.grid_row, grid_column=current.grid_column)
        if tile.exists():
            raise Refused(_("Another district has this one's place on the tile map. Move it first."))
        current.ends_on = None
        current.save(update_fields=["ends_on"])
        return current


def keep_name(*, district: District, actor: User, now: datetime) -> District:
    """Call off the name that is still to come. Conflict where there is none."""
    with transaction.atomic():
        current = locked_district(district, actor)
        if current.named_from is None or current.named_from <= timezone.localdate(now):
            raise Conflict(_("No other name is to come: the present one is in force."))
        *former, kept = current.names[:-1]
        need_free_name(current, kept)
        current.name, current.name_zh, current.named_from = kept
        current.former_names = current.former_names[: len(former)]
        current.save(update_fields=["name", "name_zh", "named_from", "former_names"])
        return current
