"""What every template needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from districts.enums import DISTRICT_ROLE_PERMISSIONS, DistrictPermission
from districts.queries.people import memberships_of


def portal(request: HttpRequest) -> dict[str, object]:
    """Asks the database only where a template shows it."""
    memberships = SimpleLazyObject(lambda: memberships_of(request.user))
    return {
        "portal_demo": settings.PORTAL_DEMO,
        "portal_memberships": memberships,
        "portal_manages_people": SimpleLazyObject(
            lambda: any(DistrictPermission.MANAGE_PEOPLE in DISTRICT_ROLE_PERMISSIONS[one.role_in_force] for one in memberships)
        ),
    }
