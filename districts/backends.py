"""Guardian's backend on the portal's own reading of the grants: a grant whose period is over, or still to come, gives nothing."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from guardian.backends import ObjectPermissionBackend

from districts.models import District
from districts.queries.access import permissions_on


class DistrictPermissionBackend(ObjectPermissionBackend):
    """Answers about districts alone: everything else a district owns inherits from it, by `for_user`."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        name = perm if "." in perm else f"districts.{perm}"
        return name in self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> Iterable[str]:  # noqa: ARG002
        """None: the portal grants to people only."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """As `districts.sign_report`."""
        held = permissions_on(user_obj, obj.pk) if isinstance(obj, District) else ()
        return {f"districts.{perm.value}" for perm in held}
