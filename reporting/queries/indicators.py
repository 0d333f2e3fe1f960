"""Indicators and the definitions that use them."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from reporting.enums import VersionState
from reporting.models import Indicator, Question


def is_in_use(indicator: Indicator) -> bool:
    """Whether a published or retired definition version asks for it: from then on its meaning is frozen."""
    versions = Question.objects.filter(indicator=indicator).exclude(section__version__state=VersionState.DRAFT)
    return versions.exists()


def known_codes() -> set[str]:
    return set(Indicator.objects.values_list("code", flat=True))


def catalogue(words: str = "") -> QuerySet[Indicator]:
    """By code; those that have the words in their code, a name or their definition, in either language."""
    found = Indicator.objects.select_related("weight_indicator").order_by("code")
    if not words:
        return found
    fields = ("code", "name", "name_zh", "definition", "definition_zh")
    return found.filter(reduce(or_, (Q(**{f"{field}__icontains": words}) for field in fields)))


def codes_in_use() -> set[str]:
    """Of all that `is_in_use` holds for."""
    asked = Question.objects.filter(indicator__isnull=False).exclude(section__version__state=VersionState.DRAFT)
    return set(asked.values_list("indicator__code", flat=True))
