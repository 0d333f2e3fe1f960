"""Guardian's permission rows with a real foreign key to the district. Written by `districts.domain.grants` alone.

A row with a period gives its permission within it and nothing outside: `in_force` is what counts. Guardian's own shortcuts do not
know of periods and are not used.
"""

from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from districts.models.district import District
from districts.models.period import running


def in_force(prefix: str = "") -> Q:
    """The rows for good, and those whose period it is; `prefix` is the way to them from another model."""
    return Q(**{f"{prefix}begins_at": None}) | running(prefix)


class DistrictUserGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(District, on_delete=models.CASCADE)
    begins_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["content_object", "permission", "user"], name="grant_by_district")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object", "begins_at", "ends_at"], nulls_distinct=False, name="grant_unique"
            ),
            models.CheckConstraint(
                condition=Q(begins_at=None, ends_at=None)
                | Q(begins_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("begins_at")),
                name="grant_period",
            ),
        ]


class DistrictGroupGrant(GroupObjectPermissionBase):
    """Guardian asks for the pair; the portal grants to people only."""

    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
