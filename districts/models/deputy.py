"""Who deputises for a colleague at the bureau who is away, and from when until when."""

from datetime import datetime
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.enums import DEPUTISED_ROLES
from districts.models.membership import BureauRole
from districts.models.period import StandIn, StandInQuerySet, no_two_at_once


class DeputyQuerySet(StandInQuerySet):
    def giving(self) -> Self:
        """Those of people who have rights to give: nobody gets from a person what that person has not."""
        return self.filter(ended_at=None, absent__role__in=DEPUTISED_ROLES, absent__user__is_active=True)

    def meeting(self, begins_at: datetime, ends_at: datetime) -> Self:
        """Those of which some time is within the period, but for the ones that were ended early."""
        return self.filter(ended_at=None, begins_at__lt=ends_at, ends_at__gt=begins_at)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Deputy(StandIn):
    """One period for which somebody at the bureau has the rights of a colleague's role too."""

    absent = models.ForeignKey(BureauRole, on_delete=models.CASCADE, related_name="deputies", verbose_name=_("who is away"))
    deputy = models.ForeignKey(BureauRole, on_delete=models.CASCADE, related_name="deputising", verbose_name=_("deputy"))

    objects = DeputyQuerySet.as_manager()

    class Meta(StandIn.Meta):
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            *StandIn.Meta.constraints,
            no_two_at_once("absent"),
            models.CheckConstraint(
                condition=~Q(absent=F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message=_("Nobody deputises for the own person: choose a colleague."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absent.user} → {self.deputy.user}"
