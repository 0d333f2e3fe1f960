"""Who works where."""

from districts.models import Membership
from districts.queries.access import AnyUser


def memberships_of(user: AnyUser) -> list[Membership]:
    """The person's own memberships with their districts; none for who is not signed in."""
    if not user.is_authenticated:
        return []
    return list(Membership.objects.filter(user=user).select_related("district").order_by("district__code", "pk"))
