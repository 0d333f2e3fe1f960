"""Who works for a district, and who at the bureau reviews which."""

from datetime import date, datetime

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.enums import STANDING_ROLES, BureauRoleName, DistrictRole, Scope
from districts.models.district import District
from districts.models.period import last_day_before


@pghistory.track()
class Membership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("district"))
    role = models.CharField(_("role"), max_length=20, choices=[(role.value, role.label) for role in STANDING_ROLES])

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["district__code", "user__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "district"],
                name="membership_unique",
                violation_error_message=_("This person works for this district already; change the role instead."),
            ),
            models.UniqueConstraint(fields=["id", "district"], name="membership_tenant"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in STANDING_ROLES]), name="membership_role_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.district} · {self.get_role_display()}"

    @property
    def role_in_force(self) -> DistrictRole:
        return DistrictRole.ACTING_HEAD if self.last_acting_day else DistrictRole(self.role)

    @property
    def last_acting_day(self) -> date | None:
        """Of who acts as head now, where the row was read with that (`districts.queries.people`)."""
        until: datetime | None = getattr(self, "acting_until", None)
        return last_day_before(until) if until else None


@pghistory.track()
class BureauRole(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="bureau_role",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=20, choices=BureauRoleName)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.LISTED)
    districts = models.ManyToManyField(
        District,
        blank=True,
        related_name="bureau_roles",
        verbose_name=_("listed districts"),
        help_text=_("The portfolio, where the scope is “listed districts”. An administrator has all districts."),
    )

    class Meta:
        verbose_name = _("bureau role")
        verbose_name_plural = _("bureau roles")
        ordering = ["user__full_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=BureauRoleName.ADMINISTRATOR) | models.Q(scope=Scope.ALL),
                name="administrator_has_all_districts",
                violation_error_message=_("A bureau administrator has all districts."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class PortfolioEntry(BureauRole.districts.through):  # type: ignore[name-defined]
    """One district of a portfolio: Django's own row of the list, with a history."""

    class Meta:
        proxy = True
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        default_permissions = ()
