"""Guardian's permission rows with a real foreign key to the district. Written by `districts.domain.grants` alone."""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from districts.models.district import District


class DistrictUserGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
        indexes = [models.Index(fields=["content_object", "permission", "user"], name="grant_by_district")]


class DistrictGroupGrant(GroupObjectPermissionBase):
    """Guardian asks for the pair; the portal grants to people only."""

    content_object = models.ForeignKey(District, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()
