"""Mergers of districts."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from districts.models import District, Succession

_DAY = timedelta(days=1)


def successions_until(day: date) -> list[Succession]:
    """Those in force on the day, with both districts; one query."""
    return list(Succession.objects.filter(begins_on__lte=day).select_related("predecessor", "successor"))


def existed(district: District, day: date) -> bool:
    begun = district.begins_on is None or district.begins_on <= day
    return begun and (district.ends_on is None or district.ends_on > day)


def names_before(successions: Sequence[Succession]) -> str:
    """The merged districts, by their last names, in the reader's language."""
    return _(", ").join(one.predecessor.name_on(one.begins_on - _DAY).label for one in successions)


def mergers_of(district: District) -> list[Succession]:
    """Those in which the district goes on for others, or ends, in the order of time."""
    found = Succession.objects.filter(Q(predecessor=district) | Q(successor=district))
    return list(found.select_related("predecessor", "successor").order_by("begins_on", "pk"))
