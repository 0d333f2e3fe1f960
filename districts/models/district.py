"""The tenant: a district, or another unit that reports like one."""

from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.enums import DistrictPermission
from districts.languages import DistrictName


class PeerGroup(models.TextChoices):
    CORE = "core", _("Capital core")
    URBAN = "urban", _("Urban")
    NEW = "new", _("Plain and new towns")
    ECOLOGY = "ecology", _("Ecological conservation")


class DistrictQuerySet(models.QuerySet["District"]):
    def existing(self, day: date) -> "DistrictQuerySet":
        """Those that there are on the day."""
        return self.exclude(begins_on__gt=day).exclude(ends_on__lte=day)


@pghistory.track(exclude=["former_names"])
class District(models.Model):
    """`name` is the latest one, perhaps still to come; which one holds is read by date, and nothing has to run."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    named_from = models.DateField(_("called so from"), null=True, blank=True, editable=False)
    former_names = models.JSONField(default=list, editable=False)
    grid_row = models.PositiveSmallIntegerField(_("row on the tile map"))
    grid_column = models.PositiveSmallIntegerField(_("column on the tile map"))
    peer_group = models.CharField(_("peer group"), max_length=10, choices=PeerGroup)
    specialty = models.CharField(_("specialty"), max_length=200, blank=True)
    specialty_zh = models.CharField(_("specialty in Chinese"), max_length=200, blank=True)
    begins_on = models.DateField(
        _("reports from"),
        null=True,
        blank=True,
        help_text=_("Its first day: periods that end before it are not asked for. Blank: it was always there."),
    )
    ends_on = models.DateField(_("closed from"), null=True, blank=True, editable=False)

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["code"]
        default_permissions = ()
        permissions = [(p.value, p.label) for p in DistrictPermission]
        constraints = [
            models.UniqueConstraint(fields=["grid_row", "grid_column"], condition=Q(ends_on=None), name="district_tile_unique"),
            models.CheckConstraint(condition=Q(begins_on__lt=F("ends_on")), name="district_begins_before_it_ends"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> list[DistrictName]:
        """Every name, the oldest first."""
        former = [
            DistrictName(one["name"], one["name_zh"], date.fromisoformat(one["first_day"]) if one["first_day"] else None)
            for one in self.former_names
        ]
        return [*former, DistrictName(self.name, self.name_zh, self.named_from)]

    def name_on(self, day: date) -> DistrictName:
        """The name in force on the day."""
        names = self.names
        return next((one for one in reversed(names) if one.first_day is None or one.first_day <= day), names[0])

    @property
    def label(self) -> str:
        """Today's name in the reader's language."""
        return self.name_on(timezone.localdate()).label
