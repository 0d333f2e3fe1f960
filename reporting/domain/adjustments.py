"""The bureau's unallocated value and base of an indicator: added, never changed."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from districts.errors import NotAllowed, Refused
from districts.models import User
from districts.queries.access import is_bureau_administrator
from reporting.domain.figures import mark_stale
from reporting.models import Adjustment, Cycle, Indicator


def add_adjustment(
    *, cycle: Cycle, indicator: Indicator, value: Decimal, base: Decimal, reason: str, actor: User, now: datetime
) -> Adjustment:
    """A further adjustment, which counts from now on in place of earlier ones; the cycle's figures become stale."""
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator adjusts the city's figures."))
    if not reason.strip():
        raise Refused(_("Give the reason."))
    with transaction.atomic():
        added = Adjustment.objects.create(
            cycle=cycle, indicator=indicator, value=value, base=base, reason=reason.strip(), actor=actor, at=now
        )
        mark_stale(cycle=cycle, now=now)
        return added
