"""Giving districts to other reviewers, many at a time: all in one transaction, or nothing."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from districts.domain.grants import refresh_grants
from districts.errors import Conflict, NotAllowed, Refused
from districts.models import BureauRole, District, User
from districts.queries.access import is_bureau_administrator
from districts.queries.portfolios import Change, Clash, Plan, Wish, listed_roles, plan_of


class PortfoliosMoved(Conflict):
    """Somebody else gave districts of the wishes to others since the table was shown."""

    def __init__(self, clashes: Sequence[Clash] = ()) -> None:
        self.clashes = clashes
        super().__init__(
            _("Somebody changed the same districts since you opened the table. Nothing was saved.")
            if clashes
            else _("The table has changed: a person or a district in it is not there any more. Nothing was saved.")
        )


def planned(*, wishes: Sequence[Wish], actor: User) -> Plan:
    """What `reassign_districts` would do now; raises what it raises."""
    if not is_bureau_administrator(actor):
        raise NotAllowed(_("Only a bureau administrator gives districts to reviewers."))
    plan = plan_of(wishes)
    if plan.is_outdated or plan.clashes:
        raise PortfoliosMoved(plan.clashes)
    for change in plan.changes:
        gone = next((role for role in change.given_to if not role.user.is_active), None)
        if gone is not None:
            raise Refused(
                _("The access of %(person)s was ended: %(district)s cannot go there.")
                % {"person": gone.user, "district": change.district}
            )
    return plan


def reassign_districts(*, wishes: Sequence[Wish], actor: User) -> list[Change]:
    """Make the portfolios as wished; rights and queues follow in the same transaction. Gives what was changed.

    Raises NotAllowed, PortfoliosMoved (nothing is written over what somebody else did meanwhile) or Refused.
    """
    with transaction.atomic():
        # All of them, in one order: two administrators take turns, and the second one sees what the first one did.
        roles = {role.pk: role for role in listed_roles().select_for_update(of=("self",)).order_by("pk")}
        plan = planned(wishes=wishes, actor=actor)
        given, taken = _by_role(plan.changes)
        for pk in sorted(given.keys() | taken.keys()):
            roles[pk].districts.remove(*taken[pk])
            roles[pk].districts.add(*given[pk])
            refresh_grants(user_id=roles[pk].user_id)
        return plan.changes


def _by_role(changes: Sequence[Change]) -> tuple[dict[int, list[District]], dict[int, list[District]]]:
    given: dict[int, list[District]] = defaultdict(list)
    taken: dict[int, list[District]] = defaultdict(list)
    for change in changes:
        _note(given, change.given_to, change.district)
        _note(taken, change.taken_from, change.district)
    return given, taken


def _note(found: dict[int, list[District]], roles: Sequence[BureauRole], district: District) -> None:
    for role in roles:
        found[role.pk].append(district)
