"""Who acts as head of a district, and from when until when."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.models.district import District
from districts.models.membership import Membership
from districts.models.period import StandIn, StandInQuerySet, no_two_at_once


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ActingHead(StandIn):
    """One period for which an officer or observer has the head's rights too."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, db_constraint=False, related_name="acting", verbose_name=_("person")
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))

    objects = StandInQuerySet.as_manager()

    class Meta(StandIn.Meta):
        verbose_name = _("acting head")
        verbose_name_plural = _("acting heads")
        constraints = [*StandIn.Meta.constraints, no_two_at_once("membership")]

    def __str__(self) -> str:
        return str(self.membership.user)
