"""Which reviewers and approvers have which districts: the table of all portfolios, and what a change of it comes to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property

from districts.enums import DEPUTISED_ROLES, BureauRoleName, Scope
from districts.models import BureauRole, Deputy, District, PortfolioEntry
from districts.queries.deputies import deputies_in_force

PAGE = 100
"""Districts a page."""

Roles = frozenset[int]
"""Numbers of bureau roles."""


@dataclass(frozen=True)
class Wish:
    """One district's row: who had it when the table was shown, and who is to have it."""

    district_id: int
    seen: Roles
    wanted: Roles


def listed_roles() -> QuerySet[BureauRole]:
    """Those whose portfolio is a list, who are the table's to change."""
    return BureauRole.objects.filter(role__in=DEPUTISED_ROLES, scope=Scope.LISTED)


def portfolio_rows(district_ids: Collection[int]) -> dict[int, Roles]:
    """Who has each of the districts in a list."""
    found: dict[int, set[int]] = {pk: set() for pk in district_ids}
    entries = PortfolioEntry.objects.filter(district__in=found, bureaurole__in=listed_roles())
    for district_id, role_id in entries.values_list("district_id", "bureaurole_id"):
        found[district_id].add(role_id)
    return {pk: frozenset(roles) for pk, roles in found.items()}


@dataclass(frozen=True)
class Column:
    """Somebody of the bureau with a portfolio; `size` is None for who has all districts."""

    role: BureauRole
    size: int | None
    deputy: Deputy | None
    """Of who is away now."""

    @property
    def has_all(self) -> bool:
        return self.size is None


@dataclass(frozen=True)
class Cell:
    column: Column
    is_stored: bool
    is_ticked: bool


@dataclass(frozen=True)
class Row:
    district: District
    cells: tuple[Cell, ...]
    stored: Roles

    @cached_property
    def has_reviewer(self) -> bool:
        """Whether an active reviewer has it, as it is stored."""
        return any(cell.is_stored and _reviews(cell.column.role) for cell in self.cells)


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    page: Page


def portfolio_table(number: int, *, wishes: Sequence[Wish] = ()) -> Table:
    """A page of the table: reviewers, and the approvers who have a list; ticked as wished, else as it is stored. Six queries."""
    page = Paginator(District.objects.order_by("code"), PAGE).get_page(number)
    columns, wanted = _columns(), {wish.district_id: wish.wanted for wish in wishes}
    stored = portfolio_rows([district.pk for district in page])
    rows = (_row(district, columns, stored[district.pk], wanted.get(district.pk)) for district in page)
    return Table(columns, tuple(rows), page)


def _columns() -> tuple[Column, ...]:
    shown = BureauRole.objects.filter(Q(role=BureauRoleName.REVIEWER) | Q(role=BureauRoleName.APPROVER, scope=Scope.LISTED))
    sizes: dict[int, int] = defaultdict(int)
    for role_id in PortfolioEntry.objects.values_list("bureaurole_id", flat=True):
        sizes[role_id] += 1
    away = {deputy.absent_id: deputy for deputy in deputies_in_force()}
    roles = shown.select_related("user").order_by("-role", "user__full_name", "pk")
    return tuple(Column(role, sizes[role.pk] if role.scope == Scope.LISTED else None, away.get(role.pk)) for role in roles)


def _row(district: District, columns: Iterable[Column], stored: Roles, wanted: Roles | None) -> Row:
    ticked = stored if wanted is None else wanted
    cells = (Cell(one, one.has_all or one.role.pk in stored, one.has_all or one.role.pk in ticked) for one in columns)
    return Row(district, tuple(cells), stored)


def _reviews(role: BureauRole) -> bool:
    return role.role == BureauRoleName.REVIEWER and role.user.is_active


@dataclass(frozen=True)
class Change:
    """What is to become of one district."""

    district: District
    taken_from: tuple[BureauRole, ...]
    given_to: tuple[BureauRole, ...]


@dataclass(frozen=True)
class Clash:
    """A district that somebody else gave to others since the table was shown."""

    district: District
    stored: tuple[BureauRole, ...]
    wanted: tuple[BureauRole, ...]


@dataclass(frozen=True)
class Plan:
    """What wishes come to as the portfolios are now. `is_outdated`: they name a person or a district that the table has not."""

    changes: list[Change] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    without_reviewer: list[District] = field(default_factory=list)
    without_district: list[BureauRole] = field(default_factory=list)
    is_outdated: bool = False


def plan_of(wishes: Sequence[Wish]) -> Plan:
    """Rows that nobody touched ask for nothing, whatever happened to them meanwhile."""
    asked = {wish.district_id: wish for wish in wishes if wish.wanted != wish.seen}
    districts = District.objects.in_bulk(asked)
    roles = {role.pk: role for role in listed_roles().select_related("user").order_by("-role", "user__full_name", "pk")}
    stored = portfolio_rows(districts)
    named = {pk for wish in asked.values() for pk in wish.wanted}
    if asked.keys() - districts.keys() or named - roles.keys():
        return Plan(is_outdated=True)
    plan = Plan()
    for pk in sorted(districts, key=lambda pk: districts[pk].code):
        wish, now = asked[pk], stored[pk]
        if now not in {wish.seen, wish.wanted}:
            plan.clashes.append(Clash(districts[pk], _of(roles, now), _of(roles, wish.wanted)))
        elif now != wish.wanted:
            plan.changes.append(Change(districts[pk], _of(roles, now - wish.wanted), _of(roles, wish.wanted - now)))
    _add_warnings(plan, roles, {change.district.pk: asked[change.district.pk].wanted for change in plan.changes})
    return plan


def _of(roles: dict[int, BureauRole], wanted: Collection[int]) -> tuple[BureauRole, ...]:
    return tuple(role for pk, role in roles.items() if pk in wanted)


def _add_warnings(plan: Plan, roles: dict[int, BureauRole], rows: dict[int, Roles]) -> None:
    """For districts that no active reviewer has any more, and people who have no district any more."""
    reviewers = {pk for pk, role in roles.items() if _reviews(role)}
    everywhere = BureauRole.objects.filter(role=BureauRoleName.REVIEWER, scope=Scope.ALL, user__is_active=True)
    if not everywhere.exists():
        plan.without_reviewer.extend(change.district for change in plan.changes if not rows[change.district.pk] & reviewers)
    lost = {role.pk: role for change in plan.changes for role in change.taken_from}
    kept = set(
        PortfolioEntry.objects.filter(bureaurole__in=lost).exclude(district__in=rows).values_list("bureaurole_id", flat=True)
    )
    kept |= {pk for row in rows.values() for pk in row}
    plan.without_district.extend(role for pk, role in lost.items() if pk not in kept)
