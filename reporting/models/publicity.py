"""The publicity plan: what is to be told, when, and by which outlets."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from districts.languages import localised
from districts.models import District
from reporting.enums.publicity import PUBLICITY_MOVES, OutletKind, PublicityKind, PublicityState
from reporting.models.submission import TenantQuerySet


@pghistory.track()
class Outlet(models.Model):
    """Where something is told: a conference, a news agency, a television channel."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=150)
    kind = models.CharField(_("kind"), max_length=15, choices=OutletKind)
    is_active = models.BooleanField(_("offered for new plans"), default=True)

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        ordering = ["name", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return localised(self.name, self.name_zh)


@pghistory.track(exclude=["version"])
class PublicityItem(models.Model):
    """One event or story. Without a district it is the bureau's own, and every district reads it once it is approved.

    `version` counts its changes, for conflicts. `decided_by` is who approved, declined or withdrew it.
    """

    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("district")
    )
    kind = models.CharField(_("what"), max_length=10, choices=PublicityKind)
    title = models.CharField(pgettext_lazy("publicity", "title"), max_length=200)
    summary = models.TextField(_("what is told"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    first_day = models.DateField(_("day"))
    last_day = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=PublicityState, default=PublicityState.PROPOSED)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity")
        verbose_name_plural = _("publicity plan")
        ordering = ["first_day", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["first_day"], name="publicity_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["id", "district"], name="publicity_tenant"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="publicity_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state=PublicityState.PROPOSED, decided_at=None)
                | (~Q(state=PublicityState.PROPOSED) & Q(decided_at__isnull=False)),
                name="publicity_decided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PublicityState.DECLINED, PublicityState.WITHDRAWN]) | ~Q(reason=""),
                name="publicity_ended_has_reason",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="publicity_moves", field="state", transitions=[(old.value, new.value) for old, new in PUBLICITY_MOVES]
            ),
            pgtrigger.ReadOnly(name="publicity_owner_frozen", fields=["district", "proposed_by", "proposed_at"]),
            pgtrigger.Protect(name="publicity_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_proposed(self) -> bool:
        return self.state == PublicityState.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.state == PublicityState.APPROVED


class Placement(models.Model):
    """One of the item's outlets; `link` and `out_on` stand there once it has told it."""

    item = models.ForeignKey(PublicityItem, on_delete=models.CASCADE, related_name="placements", verbose_name=_("publicity"))
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("district"))
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="placements", verbose_name=_("outlet"))
    link = models.URLField(_("address"), max_length=500, blank=True)
    out_on = models.DateField(_("out on"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), null=True)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["outlet__name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "outlet"], name="placement_unique"),
            models.CheckConstraint(
                condition=Q(out_on=None, link="", noted_at=None)
                | (Q(out_on__isnull=False, noted_at__isnull=False) & ~Q(link="")),
                name="placement_out_has_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.outlet}"
