"""In which capacity somebody takes a step: in the own right, as acting head, or as the deputy of a colleague at the bureau."""

from collections.abc import Collection, Mapping, Set

from django.utils.functional import Promise

from districts.enums import BUREAU_PERMISSIONS, DistrictPermission
from districts.errors import NotAllowed
from districts.models import User
from districts.queries.access import held_on
from districts.queries.deputies import deputised_by

Capacity = dict[str, object]
"""What an event keeps of it; empty for the own right."""


def capacity_of(
    actor: User, district_id: int, rights: Collection[DistrictPermission], held: Mapping[DistrictPermission, bool]
) -> Capacity:
    """Of who holds these rights on the district; `held` says of each whether for a period alone. Names are those of the time."""
    if not all(held[right] for right in rights):
        return {}
    if BUREAU_PERMISSIONS.issuperset(rights):
        return {"deputy_of": ", ".join(str(person) for person in deputised_by(actor, district_id, rights))}
    return {"acting": True}


def need_review(actor: User, district_id: int, refusal: str | Promise) -> Capacity:
    """The capacity in which the person reviews the district. Raises NotAllowed, with the sentence, for who does not."""
    return need_any(actor, district_id, {DistrictPermission.REVIEW}, refusal)


def need_any(actor: User, district_id: int, rights: Set[DistrictPermission], refusal: str | Promise) -> Capacity:
    """The capacity in which the person has one of the rights on the district. Raises NotAllowed, with the sentence, for who has
    none."""
    held = held_on(actor, district_id)
    if not rights & held.keys():
        raise NotAllowed(refusal)
    return capacity_of(actor, district_id, rights & held.keys(), held)
