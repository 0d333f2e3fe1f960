"""Which district goes on for one that was merged into it."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from districts.models.district import District


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Succession(models.Model):
    """From the day on the predecessor is closed, and its series goes on in the successor's."""

    predecessor = models.OneToOneField(
        District, on_delete=models.PROTECT, related_name="succession", verbose_name=_("merged district")
    )
    successor = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="predecessors", verbose_name=_("district that goes on")
    )
    begins_on = models.DateField(_("merged from"))

    class Meta:
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        ordering = ["begins_on", "pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another")]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
