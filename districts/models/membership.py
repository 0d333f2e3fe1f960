"""Who works for a district, and who at the bureau reviews which."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from districts.enums import BureauRoleName, DistrictRole, Scope
from districts.models.district import District


@pghistory.track()
class Membership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("district"))
    role = models.CharField(_("role"), max_length=20, choices=DistrictRole)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["district__code", "user__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "district"],
                name="membership_unique",
                violation_error_message=_("This person works for this district already; change the role instead."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.district} · {self.get_role_display()}"


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
