"""One page, asked for by every role with every method at an own, a foreign and a missing row."""

from dataclasses import dataclass, field
from typing import Any

from tests.matrix.urls import Url
from tests.matrix.verdicts import MISSING, Page
from tests.matrix.visitor import Answer, Visitor
from tests.matrix.world import ROLES, Tenant, World

METHODS = ("GET", "POST", "PUT", "DELETE")
Asked = tuple[str, str, str]
"""(the target, the method, the role)."""


@dataclass
class Round:
    statuses: dict[Asked, int] = field(default_factory=dict)
    leaks: dict[Asked, list[str]] = field(default_factory=dict)
    """The words that were let out."""
    changed: set[Asked] = field(default_factory=set)
    told_apart: set[Asked] = field(default_factory=set)
    """Where a foreign row was answered in another way than a missing one."""


def expected(page: Page) -> Round:
    asked = [(target, method, role) for target in targets(page) for method in METHODS for role in ROLES]
    return Round(
        statuses={(target, method, role): page.codes_of(method, target)[role] for target, method, role in asked},
        changed={
            (target, method, role) for target, method, role in asked if method == "POST" and role in page.writers_of(target)
        },
    )


def walk(visitor: Visitor, page: Page, url: Url) -> Round:
    found, world = Round(), visitor.world
    answers: dict[Asked, Answer] = {}
    for target in targets(page):
        path, body = path_of(page, url, world, target), body_of(visitor, page, url, target)
        for method in METHODS:
            for role in ROLES:
                answers[target, method, role] = visitor.ask(role, method, path, body)
    for asked, answer in answers.items():
        found.statuses[asked] = answer.status
        if answer.leaks:
            found.leaks[asked] = sorted(answer.leaks)
        if answer.changed:
            found.changed.add(asked)
        target, method, role = asked
        if target == "foreign" and page.hides(role):
            masks = {value for one in ("foreign", "missing") for value in arguments(page, world, one).values()}
            if answer.masked(*masks) != answers["missing", method, role].masked(*masks):
                found.told_apart.add(asked)
    return found


def targets(page: Page) -> tuple[str, ...]:
    return ("own", *(["foreign"] if page.is_tenants else []), *(["missing"] if page.row else []))


def tenant_of(world: World, target: str) -> Tenant:
    return world.south if target == "foreign" else world.north


def path_of(page: Page, url: Url, world: World, target: str) -> str:
    path = url.path(arguments(page, world, target))
    return f"{path}?{page.query}" if page.query else path


def body_of(visitor: Visitor, page: Page, url: Url, target: str) -> dict[str, Any]:
    form = visitor.form(path_of(page, url, visitor.world, "own")) if page.form else {}
    return form | page.body(visitor.world, tenant_of(visitor.world, target))


def arguments(page: Page, world: World, target: str) -> dict[str, Any]:
    tenant, found = tenant_of(world, target), dict(page.more)
    if page.arguments:
        return page.arguments(world, tenant)
    for name in found:
        if name == "part" or name.endswith("_pk"):
            found[name] = world.row(found[name], tenant).pk
    if page.row == "code":
        return {"code": "nowhere" if target == "missing" else tenant.district.code}
    if page.row:
        row = tenant.reports[page.row] if page.row in tenant.reports else world.row(page.row, tenant)
        found["pk"] = found["object_id"] = MISSING if target == "missing" else row.pk
    return found
